"""Escalations for people: who may see them, begin them, and say that they have taken them on."""

from collections.abc import Collection

from persistence.escalation_rows import EscalationRow, Telling
from persistence.escalations import EscalationStore
from server.errors import Conflict, Forbidden, NotFound
from server.http.paging import Place
from server.identity.principal import Principal
from server.identity.roles import Permission
from server.notifications.escalation.escalations import Escalations, Started
from server.notifications.escalation.model import NewEscalation, State
from server.notifications.escalation.policies import PolicyService

__all__ = ["EscalationService"]


class EscalationService:
    """Who was told of an escalation may see it, acknowledge it and resolve it, whatever his role."""

    def __init__(self, store: EscalationStore, escalations: Escalations, policies: PolicyService) -> None:
        self._store = store
        self._escalations = escalations
        self._policies = policies

    async def page(
        self, caller: Principal, states: Collection[State], before: Place | None, limit: int
    ) -> list[EscalationRow]:
        """The newest first, `limit` and one more when there are more."""
        return await self._store.page(caller.organisation_id, states, before, limit + 1)

    async def get(self, caller: Principal, escalation: str) -> tuple[EscalationRow, list[Telling]]:
        """Raises NotFound."""
        row = await self._visible(caller, escalation)
        return row, await self._store.tellings(row.id)

    async def start(self, caller: Principal, new: NewEscalation) -> Started:
        """Raises Invalid."""
        steps = None
        if new.steps is not None:
            await self._policies.check(caller, new.steps)
            steps = [step.model_dump(mode="json") for step in new.steps]
        return await self._escalations.start(
            caller.actor,
            new.subject,
            new.severity,
            title=new.title,
            text=new.text,
            path=new.path,
            policy_id=new.policy_id,
            steps=steps,
        )

    async def acknowledge(self, caller: Principal, escalation: str) -> EscalationRow:
        """Raises NotFound, Forbidden, and Conflict for one that has ended."""
        await self._check_may_answer(caller, escalation)
        row = await self._escalations.acknowledge(caller.actor, ("id", escalation))
        if row is None:
            raise NotFound
        if row.state == "ended":
            raise Conflict("The escalation has ended.")
        return row

    async def resolve(self, caller: Principal, escalation: str) -> EscalationRow:
        """Raises NotFound, Forbidden."""
        await self._check_may_answer(caller, escalation)
        row = await self._escalations.end(caller.actor, ("id", escalation))
        if row is None:
            raise NotFound
        return row

    async def _visible(self, caller: Principal, escalation: str) -> EscalationRow:
        row = await self._store.get(caller.organisation_id, ("id", escalation))
        if row is None:
            raise NotFound
        if Permission.SECURITY_VIEW not in caller.permissions and not await self._was_told(caller, row):
            raise NotFound
        return row

    async def _check_may_answer(self, caller: Principal, escalation: str) -> None:
        row = await self._visible(caller, escalation)
        if Permission.ALERTS_MANAGE not in caller.permissions and not await self._was_told(caller, row):
            raise Forbidden(
                f"Only who was told of it may do that, or who has the permission {Permission.ALERTS_MANAGE}."
            )

    async def _was_told(self, caller: Principal, row: EscalationRow) -> bool:
        return caller.user_id in await self._store.told(row.id)
