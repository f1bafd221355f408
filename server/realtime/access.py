"""The topics on which every node hears that somebody's rights may have changed, or connections are to be closed."""

from types import NoneType

from server.realtime.json_topic import JsonTopic

__all__ = ["ACCESS", "KICKS"]

ACCESS = JsonTopic(
    "access", tuple((name, (str, NoneType)) for name in ("organisation", "user", "credential", "document"))
)
"""Who matches all that is named looks his right up again; null stands for every one."""

KICKS = JsonTopic("kicks", ())
"""The store has connections that are to be closed: whoever is at the broker can make nodes look, and close nothing."""
