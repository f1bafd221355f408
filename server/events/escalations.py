"""What becomes of escalations: told in the stream of incidents, for whoever may see those."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from server.events.model import Event
from server.events.notifications import PersonState

__all__ = [
    "EscalationAcknowledged",
    "EscalationEnded",
    "EscalationEvent",
    "EscalationExhausted",
    "EscalationStarted",
    "EscalationState",
    "EscalationStepped",
]


class EscalationState(BaseModel):
    """An escalation as its list shows it.

    `subject`: what it is about, such as `incident/42`. `state`: `open` while its steps are taken; `exhausted` when all
    were and nobody has acknowledged it; `acknowledged`; `ended`. `level`: the highest of its `steps` that was reached.
    `due_at`: when it goes on by itself. `told`: how many people were told. People without an id are programs.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    subject: str
    severity: str
    title: str
    text: str
    path: str
    policy_id: str | None
    policy_name: str | None
    state: Literal["open", "exhausted", "acknowledged", "ended"]
    level: int
    steps: int
    told: int
    due_at: datetime | None
    started_at: datetime
    started_by: PersonState | None
    acknowledged_at: datetime | None
    acknowledged_by: PersonState | None
    ended_at: datetime | None
    ended_by: PersonState | None


class EscalationEvent(Event):
    """`escalation` is as it was from then on."""

    escalation: EscalationState

    @property
    def stream(self) -> str:
        return "incidents"

    @property
    def origin(self) -> str:
        return "/escalations"

    @property
    def subject(self) -> str:
        return f"escalation/{self.escalation.id}"


class EscalationStarted(EscalationEvent):
    """Something urgent calls people, step by step, until somebody acknowledges it."""


class EscalationStepped(EscalationEvent):
    """People were told: so many `people`, by the `call` of this number, by `channels` (none named: by all)."""

    call: int
    people: int
    channels: list[str]


class EscalationAcknowledged(EscalationEvent):
    """Somebody has taken it on: nobody else is told any more."""


class EscalationExhausted(EscalationEvent):
    """All steps were taken, and nobody has acknowledged it."""


class EscalationEnded(EscalationEvent):
    """What it was about is over."""
