"""What goes in and out of the routes of escalations and their policies."""

from datetime import datetime
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from server.events.escalations import EscalationState
from server.http.text import Line, Prose
from server.identity.roles import OrganisationRole
from server.notifications.delivery import Channel, Severity

__all__ = [
    "Escalation",
    "NewEscalation",
    "NewPolicy",
    "Policy",
    "PolicyChanges",
    "Recipients",
    "State",
    "Step",
    "Steps",
    "Told",
]

MOST_STEPS = 20
MOST_NAMED = 50
MOST_REPEATS = 20
WEEK_MINUTES = 7 * 24 * 60
DAY_MINUTES = 24 * 60
PATH = r"^/([A-Za-z0-9._~%?=&#:+@,-][A-Za-z0-9._~%?=&#:+@,/-]*)?$"
"""Of the web app: a second slash at the beginning would name another host."""

State = Literal["open", "exhausted", "acknowledged", "ended"]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Recipients(_Body):
    """Whom a step tells: people, all of a group, all who have a role in the organisation, as it is at that moment."""

    users: Annotated[list[Id], Field(max_length=MOST_NAMED)] = []
    groups: Annotated[list[Id], Field(max_length=MOST_NAMED)] = []
    roles: Annotated[list[OrganisationRole], Field(max_length=len(OrganisationRole))] = []

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        if not (self.users or self.groups or self.roles):
            raise ValueError("must name somebody: users, groups or roles")
        return self


class Step(_Body):
    """Who is told when nobody has acknowledged it after so many minutes since it began.

    In the inbox always, and by `channels`: none named means by all that each of them wants. What is critical goes by
    the channels at once, whatever they want and in quiet hours too.
    """

    after_minutes: Annotated[int, Field(ge=0, le=WEEK_MINUTES)] = 0
    notify: Recipients
    channels: Annotated[list[Channel], Field(max_length=3)] = []
    repeat: Annotated[int, Field(ge=0, le=MOST_REPEATS, description="So many times more, `every_minutes`.")] = 0
    every_minutes: Annotated[int, Field(ge=1, le=DAY_MINUTES)] = 5


def _in_order(steps: list[Step]) -> list[Step]:
    if any(later.after_minutes < step.after_minutes for step, later in pairwise(steps)):
        raise ValueError("must be in the order of their after_minutes")
    return steps


Steps = Annotated[list[Step], Field(min_length=1, max_length=MOST_STEPS), AfterValidator(_in_order)]
Severities = Annotated[
    list[Severity],
    Field(max_length=4, description="Escalations of these severities follow this policy when they name none."),
]


class NewPolicy(_Body):
    name: Annotated[Line, Field(max_length=100)]
    steps: Steps
    severities: Severities = []


class PolicyChanges(_Body):
    """What is not given stays."""

    name: Annotated[Line, Field(max_length=100)] | None = None
    steps: Steps | None = None
    severities: Severities | None = None


class Policy(BaseModel):
    """Escalations that have begun keep the steps that it had then."""

    id: str
    name: str
    steps: list[Step]
    severities: list[Severity]
    created_at: datetime
    updated_at: datetime


class NewEscalation(_Body):
    """It follows `policy_id`, or `steps` of its own, or else the organisation's policy for its severity.

    `path`: where the notification of it leads in the web app.
    """

    subject: Annotated[
        str,
        Field(
            pattern=r"^[a-z][a-z_-]{0,31}/[A-Za-z0-9._:-]{1,64}$",
            examples=["incident/42"],
            description="What it is about. One subject is escalated once at a time.",
        ),
    ]
    severity: Severity = "high"
    title: Annotated[Line, Field(max_length=200)]
    text: Annotated[Prose, Field(max_length=1_000)] = ""
    path: Annotated[str, Field(pattern=PATH, max_length=500)] = "/inbox"
    policy_id: Id | None = None
    steps: Steps | None = None

    @model_validator(mode="after")
    def _follows_one(self) -> Self:
        if self.policy_id is not None and self.steps is not None:
            raise ValueError("has a policy_id or steps of its own, not both")
        return self


class Told(BaseModel):
    """Somebody who was told by the call of this number."""

    call: int
    user_id: str
    name: str
    at: datetime


class Escalation(BaseModel):
    """One escalation with its steps, and who was told."""

    escalation: EscalationState
    steps: list[Step]
    told: list[Told]
