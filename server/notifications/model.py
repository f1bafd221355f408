"""What somebody may be told of, how he wants to be told, and when not."""

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from server.events.notifications import CountsState, NotificationState

__all__ = [
    "KINDS",
    "Choice",
    "Inbox",
    "Kind",
    "Level",
    "Preferences",
    "QuietHours",
    "Subscription",
]

Kind = Literal[
    "mention",
    "reply",
    "comment",
    "reaction",
    "resolved",
    "invitation",
    "membership",
    "escalation",
    "alert",
    "incident",
    "threat",
    "approval",
    "workflow",
]
Level = Literal["all", "mentions", "none"]
"""Of a document: every comment; what mentions him and what is answered where he takes part; nothing."""

MOST_DIGEST_MINUTES = 24 * 60


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Choice(_Body):
    """By which channels he is told of a kind."""

    in_app: bool = True
    push: bool = False
    email: bool = False
    chat: bool = False


KINDS: Mapping[Kind, Choice] = MappingProxyType(
    {
        "mention": Choice(push=True, email=True),
        "reply": Choice(push=True, email=True),
        "comment": Choice(email=True),
        "reaction": Choice(),
        "resolved": Choice(),
        "invitation": Choice(email=True),
        "membership": Choice(),
        "escalation": Choice(push=True, email=True, chat=True),
        "alert": Choice(push=True, email=True, chat=True),
        "incident": Choice(push=True, email=True, chat=True),
        "threat": Choice(push=True, email=True, chat=True),
        "approval": Choice(push=True, email=True),
        "workflow": Choice(),
    }
)
"""What everybody is told who has not said otherwise."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone of the IANA database, such as Europe/Berlin")
    return name


class QuietHours(_Body):
    """Nothing leaves the house between `start` and `end`; an end before the start is on the next day."""

    enabled: bool = False
    start: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["22:00"])] = "22:00"
    end: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["07:00"])] = "07:00"
    time_zone: Annotated[str, AfterValidator(_zone), Field(max_length=64)] = "UTC"

    @property
    def between(self) -> tuple[time, time]:
        return time.fromisoformat(self.start), time.fromisoformat(self.end)


class Preferences(_Body):
    """What differs from what everybody is told; an answer has all kinds.

    What is critical is told by every channel at once, whatever stands here.
    """

    kinds: dict[Kind, Choice] = Field(default_factory=dict)
    quiet_hours: QuietHours = Field(default_factory=QuietHours)
    digest_minutes: Annotated[
        int, Field(ge=0, le=MOST_DIGEST_MINUTES, description="E-mails wait for so long for what comes next.")
    ] = 2

    def choice(self, kind: str) -> Choice:
        """Of a kind that only a later version knows, he is told in the app."""
        return self.whole.kinds.get(kind, Choice())  # type: ignore[call-overload,no-any-return]

    @property
    def whole(self) -> "Preferences":
        """With every kind."""
        return self.model_copy(update={"kinds": {**KINDS, **self.kinds}})


class Subscription(_Body):
    """Of what in a document he is told."""

    level: Level = "mentions"


class Inbox(BaseModel):
    """A page of notifications, and how many there are."""

    items: list[NotificationState]
    counts: CountsState
