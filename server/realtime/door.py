"""The port through which connections ask who somebody is and what he may do; identity stands behind it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from crdt.room import Right
from server.events.model import Actor

__all__ = ["Admission", "Door", "Guest"]


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is at the other end, a person or a program with somebody's token (`kind`).

    stamped: the name is the server's to say; else (--open) the client's own
    """

    user_id: str
    name: str
    organisation_id: str
    credential_id: str
    expires_at: datetime | None
    stamped: bool = True
    kind: Literal["person", "token"] = "person"

    @property
    def actor(self) -> Actor:
        """Who has done it, as events tell it."""
        return Actor(self.organisation_id, self.kind, self.user_id, self.name)


@dataclass(frozen=True, slots=True)
class Admission:
    """A guest may open a document. `recheck` answers the right that it has now, None when it has none any more."""

    guest: Guest
    document: str
    right: Right
    recheck: Callable[[], Awaitable[Right | None]]


class Door(Protocol):
    """Lets a socket into documents. One door stands behind one socket, and knows what its upgrade request brought."""

    @property
    def knows_the_caller(self) -> bool:
        """Did the upgrade request bring a credential (or is none needed), so that a document opens without a token?"""
        ...

    async def admit(self, name: str, token: str | None) -> Admission:
        """Open the document of this name (id or external name), by the token, else by what the upgrade brought.

        Raises Unauthenticated, Forbidden, NotFound (another organisation's, too), Deleted, Busy.
        """
        ...
