"""What is known of every kind of event, and the kinds of streams that they stand in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["STREAM_PERMISSIONS", "Row", "StreamKind", "row"]

StreamKind = Literal["workspace", "user", "alerts", "incidents", "threats", "workflow", "sources", "metrics"]
"""The part of a channel's name before the colon."""
LeastRole = Literal["viewer", "editor", "admin", "owner"]

STREAM_PERMISSIONS: Mapping[StreamKind, str] = MappingProxyType(
    {
        "workspace": "collaboration.view",
        "user": "account.view",
        "alerts": "alerts.view",
        "incidents": "security.view",
        "threats": "security.view",
        "workflow": "workflow.view",
        "sources": "performance.view",
        "metrics": "performance.view",
    }
)
"""The permission in the organisation that listening takes; besides, one is a member of the workspace, or the user."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a kind of event.

    type          the CloudEvents type; a change that old readers would misread gets a new number
    feed_type     the type of its message in `/ws/data-sources`
    stream        the kind of stream that it stands in
    summary       a line for people: `{actor}`, and fields of the event
    permission    the permission in the organisation without which nobody sees it
    role          the least role in the workspace to see it, where that is more than being a member
    priority      1 (can wait) to 5 (at once), as `/ws/data-sources` says it
    """

    type: str
    feed_type: str
    stream: StreamKind
    summary: str
    permission: str = "collaboration.view"
    role: LeastRole = "viewer"
    priority: int = 3

    @property
    def is_narrow(self) -> bool:
        """Not everybody who may listen to the stream may see it."""
        return self.role != "viewer" or self.permission != STREAM_PERMISSIONS[self.stream]


def row(
    name: str,
    feed_type: str,
    stream: StreamKind,
    summary: str,
    *,
    permission: str = "collaboration.view",
    role: LeastRole = "viewer",
    priority: int = 3,
) -> Row:
    return Row(f"counterpoint.{name}.v1", feed_type, stream, summary, permission, role, priority)
