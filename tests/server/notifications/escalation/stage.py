"""A house whose escalations go on when a test says what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from server.clock import SystemClock
from server.notifications.escalation.desk import EscalationDesk
from server.notifications.escalation.house import escalation_parts
from tests.server.notifications.stage import Ground
from tests.server.support import Person

__all__ = ["LaterClock", "Stage", "step"]


class LaterClock(SystemClock):
    """The time of day, and so much more."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def step(after: int = 0, *users: Person, **more: Any) -> dict[str, Any]:
    notify = {"users": [person.id for person in users]} if users else {"roles": ["admin"]}
    return {"after_minutes": after, "notify": notify, **more}


class Stage:
    """`desk` is that of a process which looks at its timers when it is told to; the house's own one stands still."""

    def __init__(self, inboxes: Ground) -> None:
        self.inboxes = inboxes
        self.clock = LaterClock()
        self.desk = self.another_desk()

    def another_desk(self) -> EscalationDesk:
        """Of another process on the same store."""
        house = self.inboxes.house
        return escalation_parts(house.database, house.events.outbox, self.clock).desk

    async def after(self, minutes: float = 0, *desks: EscalationDesk) -> None:
        """So much later, and all that is due is done."""
        self.clock.ahead += timedelta(minutes=minutes)
        for desk in desks or (self.desk,):
            while await desk.work() == 0.0:
                pass
        await self.inboxes.settled()

    async def start(self, *steps: dict[str, Any], severity: str = "high", **more: Any) -> str:
        body = {"subject": "incident/42", "severity": severity, "title": "Disk full", "steps": list(steps), **more}
        made = await self.inboxes.do(self.inboxes.ada, "POST", "/escalations", body)
        return str(made["id"])

    async def state(self, escalation: str) -> dict[str, Any]:
        found = await self.inboxes.do(self.inboxes.ada, "GET", f"/escalations/{escalation}")
        shown: dict[str, Any] = found["escalation"]
        return shown

    async def titles(self, of: Person) -> list[str]:
        return [item["title"] for item in await self.inboxes.inbox(of) if item["kind"] == "escalation"]
