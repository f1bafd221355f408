"""Settings are read once, from COUNTERPOINT_* in the environment; what cannot be understood stops the start."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from server.settings import PREFIX, Settings, variable

__all__ = ["SettingsError", "read_settings"]


class SettingsError(Exception):
    """Settings that the program cannot start with: one line per fault, and never a value that could be a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def read_settings(environment: Mapping[str, str], **given: Any) -> Settings:
    """The settings of an environment; `given` ones (from the command line) win, empty ones count as not set.

    A secret may also come from a file: COUNTERPOINT_ADMIN_PASSWORD_FILE names it. Raises SettingsError, which
    names every setting that is unknown or wrong, and why.
    """
    faults: list[str] = []
    values: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or not value:
            continue
        field = name.removeprefix(PREFIX).lower()
        if field not in Settings.model_fields and field.removesuffix("_file") in _secrets():
            values[field.removesuffix("_file")] = _from_file(name, value, faults)
            continue
        if field not in Settings.model_fields or name != name.upper():
            faults.append(_unknown(name))
            continue
        values[field] = value
    try:
        settings = Settings.model_validate(values | {key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        faults += [_fault(each) for each in error.errors(include_url=False, include_input=False)]
        raise SettingsError(faults) from None  # the cause would show the value
    if faults:
        raise SettingsError(faults)
    return settings


def _secrets() -> set[str]:
    return {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}


def _from_file(name: str, path: str, faults: list[str]) -> str | None:
    try:
        return Path(path).read_text("utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{name}: the file cannot be read ({type(error).__name__})")
        return None


def _unknown(name: str) -> str:
    near = get_close_matches(name.upper(), [variable(field) for field in Settings.model_fields], n=1)
    return f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def _fault(error: Any) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return f"{variable(str(error['loc'][0]))}: {message}" if error["loc"] else message
