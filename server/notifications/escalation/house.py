"""Escalation, put together."""

from dataclasses import dataclass

from persistence.database import Database
from persistence.escalation_policies import PolicyStore
from persistence.escalations import EscalationStore
from server.clock import Clock
from server.events.outbox import Outbox
from server.notifications.escalation.desk import EscalationDesk
from server.notifications.escalation.escalations import Escalations
from server.notifications.escalation.figures import EscalationFigures
from server.notifications.escalation.policies import PolicyService
from server.notifications.escalation.service import EscalationService

__all__ = ["EscalationParts", "escalation_parts"]


@dataclass(frozen=True, slots=True)
class EscalationParts:
    """`escalations` is for what is urgent elsewhere in the house; `desk` is started after the migrations."""

    escalations: Escalations
    service: EscalationService
    policies: PolicyService
    desk: EscalationDesk
    figures: EscalationFigures
    store: EscalationStore


def escalation_parts(database: Database, outbox: Outbox, clock: Clock) -> EscalationParts:
    store, shelf, figures = EscalationStore(database), PolicyStore(database), EscalationFigures()
    desk = EscalationDesk(store, outbox, clock, figures)
    escalations = Escalations(store, shelf, desk, outbox=outbox, clock=clock, figures=figures)
    policies = PolicyService(shelf, clock)
    return EscalationParts(escalations, EscalationService(store, escalations, policies), policies, desk, figures, store)
