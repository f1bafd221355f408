"""The page docs/reference/settings.md, made from the settings themselves so that it cannot be out of date."""

from typing import Any

from pydantic import ByteSize, SecretStr
from pydantic.fields import FieldInfo

from server.settings import Settings, variable

__all__ = ["default_of", "settings_page", "settings_table"]

HEAD = """# Settings

<!-- Made by `counterpoint doctor --settings-page`; change server/settings.py, not this page. -->

Counterpoint is set by environment variables, read once at its start. An unknown `COUNTERPOINT_` name or a wrong value
stops the start, with the name and the reason. An empty value counts as not set. Sizes may be written as `16MiB`.

A secret can also be read from a file: `COUNTERPOINT_JWT_SECRET_FILE=/run/secrets/jwt` stands for the content of that
file. This works for every setting whose default is marked *secret*.

On Kubernetes a service named `counterpoint` makes the cluster set variables such as `COUNTERPOINT_PORT=tcp://...`.
Set `enableServiceLinks: false` on the pod, or name the service otherwise.

| Setting | Default | Unit | Meaning |
|---|---|---|---|
"""
MIB, KIB = 1024 * 1024, 1024


def settings_table() -> list[tuple[str, str, str, str]]:
    """(variable, default, unit, meaning) of every setting, in the order of the class."""
    rows = []
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        unit = str(extra["unit"]) if isinstance(extra, dict) else ""
        rows.append((variable(name), default_of(field), unit, field.description or ""))
    return rows


def settings_page() -> str:
    """The whole page as Markdown."""
    lines = [
        f"| `{name}` | {default or '-'} | {unit or '-'} | {meaning.replace('|', chr(92) + '|')} |"
        for name, default, unit, meaning in settings_table()
    ]
    return HEAD + "\n".join(lines) + "\n"


def default_of(field: FieldInfo) -> str:
    """A default as a person would write it; secrets are marked."""
    if SecretStr in _types_in(field.annotation):
        return "*secret*"
    value = field.default
    if value is None or value == ():
        return ""
    if ByteSize in _types_in(field.annotation):
        return f"{value // MIB} MiB" if value % MIB == 0 else f"{value // KIB} KiB"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _types_in(annotation: Any) -> tuple[Any, ...]:
    return getattr(annotation, "__args__", (annotation,))
