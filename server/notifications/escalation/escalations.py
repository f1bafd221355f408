"""The engine's door for the rest of the house: begin an escalation, acknowledge it, end it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from persistence.escalation_policies import PolicyRow, PolicyStore
from persistence.escalation_rows import EscalationRow, Who
from persistence.escalations import AlreadyEscalated, EscalationStore, Which
from server.clock import Clock
from server.errors import FieldIssue, Invalid
from server.events.escalations import EscalationAcknowledged, EscalationEnded, EscalationEvent, EscalationStarted
from server.events.model import Actor
from server.events.outbox import Outbox, Record
from server.notifications.delivery import Severity
from server.notifications.escalation.desk import EscalationDesk
from server.notifications.escalation.figures import EscalationFigures
from server.notifications.escalation.timeline import first_due
from server.notifications.escalation.views import escalation_state

__all__ = ["Escalations", "Started"]


@dataclass(frozen=True, slots=True)
class Started:
    """`is_new`: False where the subject was being escalated already, and this is that escalation."""

    row: EscalationRow
    is_new: bool


class Escalations:
    """For whatever is urgent: an incident, an alert, an approval. Each call may be repeated, and changes nothing then;
    but what is begun again when nobody has answered for long enough (it is exhausted) calls everybody anew.

    escalations.start(actor, "incident/42", "critical", title="...", path="/incidents/42")
    escalations.acknowledge(actor, ("subject", "incident/42"))
    escalations.end(actor, ("subject", "incident/42"))
    """

    def __init__(
        self,
        store: EscalationStore,
        policies: PolicyStore,
        desk: EscalationDesk,
        *,
        outbox: Outbox,
        clock: Clock,
        figures: EscalationFigures,
    ) -> None:
        self._store = store
        self._policies = policies
        self._desk = desk
        self._outbox = outbox
        self._clock = clock
        self._figures = figures

    async def start(
        self,
        actor: Actor,
        subject: str,
        severity: Severity,
        *,
        title: str,
        text: str = "",
        path: str = "/inbox",
        policy_id: str | None = None,
        steps: Sequence[dict[str, Any]] | None = None,
    ) -> Started:
        """By the steps given, the policy named, or the organisation's for this severity. Raises Invalid without any."""
        at, policy = actor.organisation_id, None
        if steps is None:
            policy = await self._policy(at, severity, policy_id)
            steps = [dict(each) for each in policy.steps]
        now = self._clock.now()
        new = EscalationRow(
            id=uuid4().hex,
            organisation_id=at,
            subject=subject,
            severity=severity,
            title=title,
            text=text,
            path=path,
            policy_id=policy.id if policy is not None else None,
            policy_name=policy.name if policy is not None else None,
            steps=steps,
            state="open",
            position=0,
            level=0,
            due_at=first_due(steps, now),
            started_at=now,
            started_by=actor.id,
            started_by_name=actor.name,
        )
        return await self._begin(actor, new)

    async def acknowledge(self, actor: Actor, which: Which) -> EscalationRow | None:
        """Nobody else is told of it. As it is then, whoever has acknowledged it; None: there is none."""
        record = self._outbox.record(actor)
        also = _telling(record, EscalationAcknowledged)
        who, now = Who(actor.id, actor.name), self._clock.now()
        row = await self._store.acknowledge(actor.organisation_id, which, who, now, also)
        self._published(record, "acknowledged")
        return row

    async def end(self, actor: Actor, which: Which) -> EscalationRow | None:
        """What it was about is over. As it is then; None: there is none."""
        record = self._outbox.record(actor)
        also = _telling(record, EscalationEnded)
        row = await self._store.end(actor.organisation_id, which, Who(actor.id, actor.name), self._clock.now(), also)
        self._published(record, "ended")
        return row

    # Private.

    async def _policy(self, organisation: str, severity: Severity, policy: str | None) -> PolicyRow:
        if policy is not None:
            found = await self._policies.get(organisation, policy)
            issue = FieldIssue("policy_id", "there is no such escalation policy")
        else:
            found = await self._policies.of_severity(organisation, severity)
            issue = FieldIssue("policy_id", f"is needed, or steps: no policy is the one for the severity {severity}")
        if found is None:
            raise Invalid(details=[issue])
        return found

    async def _begin(self, actor: Actor, new: EscalationRow) -> Started:
        record = self._outbox.record(actor)

        def also(connection: Connection, begun: tuple[EscalationRow | None, EscalationRow]) -> None:
            former, row = begun
            ended = [EscalationEnded(escalation=escalation_state(former))] if former is not None else []
            record(connection, *ended, EscalationStarted(escalation=escalation_state(row)))

        try:
            row, is_new = await self._store.start(new, also)
        except AlreadyEscalated:  # another node was faster, and now it is there to be found
            row, is_new = await self._store.start(new, also)
        self._published(record, "started")
        self._desk.wake()
        return Started(row, is_new)

    def _published(self, record: Record, what: str) -> None:
        if record.stored:
            self._outbox.published(record)
            self._figures.count(what)


def _telling(record: Record, kind: type[EscalationEvent]) -> Callable[[Connection, EscalationRow], None]:
    def also(connection: Connection, row: EscalationRow) -> None:
        record(connection, kind(escalation=escalation_state(row)))

    return also
