"""Escalations as they stand in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from persistence.tables.escalations import escalation_tellings, escalations

__all__ = ["ESCALATION", "STORED", "Advance", "EscalationRow", "Fired", "Targets", "Telling", "Who", "escalation_of"]


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, or nobody in person (`id` None)."""

    id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """`steps` as the policy had them; `due_at`: when the next call is due; `told`: how many people were told."""

    id: str
    organisation_id: str
    subject: str
    severity: str
    title: str
    text: str
    path: str
    policy_id: str | None
    policy_name: str | None
    steps: Sequence[Mapping[str, Any]]
    state: str
    position: int
    level: int
    due_at: datetime | None
    started_at: datetime
    started_by: str | None
    started_by_name: str
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_by_name: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_by_name: str | None = None
    told: int = 0


@dataclass(frozen=True, slots=True)
class Targets:
    """Whom a step tells: people, all of a group, all who have a role in the organisation."""

    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Advance:
    """What a timer that ran out does; `targets`: whom it tells, by these `channels` (none: by all)."""

    state: str
    position: int
    level: int
    due_at: datetime | None
    targets: Targets
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer that has run out: when it was due, what it has done, the escalation as it is since, and whom it told."""

    due_at: datetime
    advance: Advance
    row: EscalationRow
    told: Sequence[str]


@dataclass(frozen=True, slots=True)
class Telling:
    position: int
    user_id: str
    name: str
    at: datetime


STORED = tuple(each.name for each in fields(EscalationRow) if each.name != "told")
_TOLD = (
    select(func.count(escalation_tellings.c.user_id.distinct()))
    .where(escalation_tellings.c.escalation_id == escalations.c.id)
    .correlate(escalations)
    .scalar_subquery()
)
ESCALATION = (*(escalations.c[name] for name in STORED), _TOLD.label("told"))


def escalation_of(row: Row[*tuple[Any, ...]]) -> EscalationRow:
    """Of a row that has the columns of ESCALATION."""
    return EscalationRow(*row)
