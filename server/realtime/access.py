"""The topic on which every part of every node hears that somebody's rights may have changed."""

from types import NoneType

from server.realtime.json_topic import JsonTopic

__all__ = ["ACCESS"]

ACCESS = JsonTopic(
    "access", tuple((name, (str, NoneType)) for name in ("organisation", "user", "credential", "document"))
)
"""Who matches all that is named looks his right up again; null stands for every one."""
