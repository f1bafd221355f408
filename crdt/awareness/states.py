"""What may stand in an awareness state, and whose name stands in it."""

import json
import math
from dataclasses import dataclass
from typing import Any

__all__ = ["MAX_STATE_BYTES", "Identity", "same_state", "stamp"]

MAX_STATE_BYTES = 4096
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a peer is. `stamped`: the server writes id and name into the `user` object of the peer's state."""

    user_id: str
    name: str
    stamped: bool


def stamp(text: str, identity: Identity | None, max_bytes: int = MAX_STATE_BYTES) -> str | None:
    """The state as the others get to see it, or None: it may not be shown.

    A state is a JSON object (RFC 8259, so no NaN and no infinity) of at most `max_bytes`, eight levels deep.
    """
    if len(text) > max_bytes or len(text.encode(errors="surrogatepass")) > max_bytes:
        return None
    state = _parse(text)
    if not isinstance(state, dict) or _depth_exceeds(state, MAX_DEPTH):
        return None
    if identity is None or not identity.stamped:
        return text
    said = state.get("user")
    known = {"id": identity.user_id, "name": identity.name}
    state["user"] = {**said, **known} if isinstance(said, dict) else known
    return _json_text(state)


def same_state(one: str | None, other: str | None) -> bool:
    """Do these say the same? A peer that sends our JSON text back may have spaced or ordered it anew."""
    if one is None or other is None:
        return one is other
    return one == other or _parse(one) == _parse(other)


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("written back as Infinity, no browser could read it")
    return number


def _depth_exceeds(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_depth_exceeds(each, left - 1) for each in inner)


def _json_text(state: dict[str, Any]) -> str:
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can carry only as an escape
        return json.dumps(state, separators=(",", ":"))
    return text
