"""Words of our own app over Hocuspocus' stateless messages: barriers, and how store and content are (decision 7)."""

import json

from crdt.messages import Stateless

__all__ = ["WHOLE", "health", "is_barrier"]

LONGEST = 64
WHOLE = json.dumps({"content": "whole"})
"""All of the document can be read by the server again."""


def is_barrier(payload: str) -> bool:
    """Is this `{"barrier": n}`? It comes back when everything that its peer said before it is committed."""
    if len(payload) > LONGEST or "barrier" not in payload:
        return False
    try:
        said = json.loads(payload)
    except ValueError:
        return False
    return isinstance(said, dict) and type(said.get("barrier")) is int


def health(trouble: str | None) -> Stateless:
    """The store fails, and why; or it works."""
    return Stateless(json.dumps({"store": "failing", "reason": trouble} if trouble else {"store": "ok"}))
