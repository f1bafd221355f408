"""Rows of escalations as lists show them, and as events tell of them."""

from persistence.escalation_policies import PolicyRow
from persistence.escalation_rows import EscalationRow, Telling
from server.events.escalations import EscalationState
from server.events.notifications import PersonState
from server.notifications.escalation.model import Escalation, Policy, Step, Told

__all__ = ["escalation_state", "escalation_view", "policy_view"]

SAME = ("id", "subject", "severity", "title", "text", "path", "policy_id", "policy_name", "state", "level", "told")
TIMES = ("due_at", "started_at", "acknowledged_at", "ended_at")


def escalation_state(row: EscalationRow) -> EscalationState:
    shown = {name: getattr(row, name) for name in (*SAME, *TIMES)}
    return EscalationState(
        **shown,
        steps=len(row.steps),
        started_by=_person(row.started_by, row.started_by_name),
        acknowledged_by=_person(row.acknowledged_by, row.acknowledged_by_name),
        ended_by=_person(row.ended_by, row.ended_by_name),
    )


def escalation_view(row: EscalationRow, tellings: list[Telling]) -> Escalation:
    told = [Told(call=each.position, user_id=each.user_id, name=each.name, at=each.at) for each in tellings]
    return Escalation(
        escalation=escalation_state(row), steps=[Step.model_validate(each) for each in row.steps], told=told
    )


def policy_view(row: PolicyRow) -> Policy:
    return Policy.model_validate(
        {name: getattr(row, name) for name in ("id", "name", "steps", "severities", "created_at", "updated_at")}
    )


def _person(id_: str | None, name: str | None) -> PersonState | None:
    """None: it is a program, or nobody has done it."""
    return PersonState(id=id_, name=name or "") if id_ is not None else None
