"""The port between the desk that delivers notifications and the channels that carry them out of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

__all__ = ["Channel", "Later", "Note", "Outcome", "Refused", "Sender", "Sent", "Severity"]

Channel = Literal["push", "email", "chat"]
Severity = Literal["info", "warning", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Note:
    """One notification of one person, as a channel needs it.

    `item_id`: of the row in his inbox. `event_id`: of the event that it is about, the same for each channel and try.
    `kind`: as in the preferences ("mention"). `subject`: what it is about ("thread/{id}"). `title`, `text`: plain text.
    `path`: where it is read in the web app; it begins with "/".
    """

    organisation_id: str
    user_id: str
    item_id: str
    event_id: str
    kind: str
    subject: str
    severity: Severity
    title: str
    text: str
    path: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """Whoever carries it on has taken it over."""


@dataclass(frozen=True, slots=True)
class Later:
    """It is tried again. `at`: not before; None: when the desk thinks best."""

    why: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not arrive by this channel, however often it is tried."""

    why: str


Outcome = Sent | Later | Refused


class Sender(Protocol):
    """A channel that leads out of the house."""

    @property
    def channel(self) -> Channel: ...

    async def can_reach(self, user_id: str) -> bool:
        """He has a device, an address, a chat that this channel can send to; False: nothing is queued for it."""
        ...

    async def send(self, user_id: str, notes: Sequence[Note]) -> Outcome:
        """Send what belongs together (a note, or those of a digest) in one go; it raises nothing that is foreseen."""
        ...
