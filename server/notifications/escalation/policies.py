"""Escalation policies: an administrator's lists of whom to call, and when."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from persistence.escalation_policies import PolicyNameTaken, PolicyRow, PolicyStore, SeverityTaken, TooManyPolicies
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid, NotFound
from server.identity.principal import Principal
from server.notifications.escalation.model import NewPolicy, PolicyChanges, Step
from server.notifications.escalation.timeline import targets_of

__all__ = ["MOST_POLICIES", "PolicyService"]

MOST_POLICIES = 200


class PolicyService:
    def __init__(self, store: PolicyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def all(self, caller: Principal) -> list[PolicyRow]:
        """By name."""
        return await self._store.all(caller.organisation_id)

    async def create(self, caller: Principal, new: NewPolicy) -> PolicyRow:
        """Raises Invalid, Conflict."""
        await self.check(caller, new.steps)
        now = self._clock.now()
        row = PolicyRow(
            id=uuid4().hex,
            organisation_id=caller.organisation_id,
            name=new.name,
            steps=[step.model_dump(mode="json") for step in new.steps],
            created_at=now,
            updated_at=now,
            severities=tuple(sorted(set(new.severities))),
        )
        try:
            await self._store.create(row, MOST_POLICIES)
        except TooManyPolicies:
            raise Conflict(f"The organisation has {MOST_POLICIES} policies already; remove one first.") from None
        except (PolicyNameTaken, SeverityTaken) as taken:
            raise _conflict(taken) from None
        return row

    async def change(self, caller: Principal, policy: str, changes: PolicyChanges) -> PolicyRow:
        """Raises NotFound, Invalid, Conflict."""
        row = await self._store.get(caller.organisation_id, policy)
        if row is None:
            raise NotFound
        given: dict[str, Any] = changes.model_dump(mode="json", exclude_none=True)
        if changes.steps is not None:
            await self.check(caller, changes.steps)
        if "severities" in given:
            given["severities"] = tuple(sorted(set(given["severities"])))
        row = replace(row, **given, updated_at=self._clock.now())
        try:
            if not await self._store.change(row):
                raise NotFound
        except (PolicyNameTaken, SeverityTaken) as taken:
            raise _conflict(taken) from None
        return row

    async def delete(self, caller: Principal, policy: str) -> None:
        """Raises NotFound."""
        if not await self._store.delete(caller.organisation_id, policy):
            raise NotFound

    async def check(self, caller: Principal, steps: Sequence[Step]) -> None:
        """Raises Invalid when a step names users or groups that the organisation does not have."""
        targets = targets_of([step.model_dump(mode="json") for step in steps])
        users, groups = await self._store.unknown(caller.organisation_id, targets)
        issues = [
            FieldIssue(f"steps.{number}.notify.{kind}", f"there is no such {word}: {', '.join(wrong)}")
            for number, step in enumerate(steps)
            for kind, word, unknown in (("users", "user", users), ("groups", "group", groups))
            if (wrong := [each for each in getattr(step.notify, kind) if each in unknown])
        ]
        if issues:
            raise Invalid(details=issues)


def _conflict(taken: PolicyNameTaken | SeverityTaken) -> Conflict:
    if isinstance(taken, SeverityTaken):
        return Conflict(f"Another policy is the one for the severity {taken}; take it from that one first.")
    return Conflict("Another policy has this name.")
