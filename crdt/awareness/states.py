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
    if isinstance(said, dict) and said.get("id") == identity.user_id and said.get("name") == identity.name:
        return text
    state["user"] = {**said, **known} if isinstance(said, dict) else known
    return _json_text(state)


def same_state(one: str | None, other: str | None) -> bool:
    """Do these say the same? A peer that sends our JSON text back may have spaced or ordered it anew."""
    if one is None or other is None:
        return one is other
    return one == other or _parse(one) == _parse(other)


def _parse(text: str) -> Any:
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("written back as Infinity, no browser could read it")
    return number


def _depth_exceeds(container: dict[str, Any] | list[Any], left: int) -> bool:
    if not left:
        return True
    for each in container.values() if type(container) is dict else container:
        if (type(each) is dict or type(each) is list) and _depth_exceeds(each, left - 1):
            return True
    return False


def _json_text(state: dict[str, Any]) -> str:
    text = ENCODER.encode(state)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can carry only as an escape
        return json.dumps(state, separators=(",", ":"))
    return text


# Made once: `loads` and `dumps` with options make a new one for each call, which costs more than a small state.
DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
