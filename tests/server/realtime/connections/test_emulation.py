"""Sessions that speak by requests: bound by a secret, in their turn, and no faster than a socket."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from server.errors import NotFound, RateLimited, SessionElsewhere
from server.realtime.connections.base import Connection
from server.realtime.connections.emulation import MOST_WAITING, EmulationDesk
from server.realtime.door import Guest
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from tests.server.realtime.stage import HandClock, Socket


class Ear(Connection):
    """Remembers what it hears. `pause`: how long it would not be read."""

    def __init__(self) -> None:
        clock = HandClock()
        super().__init__(Socket(), clock, Figures(), "here", Meter(clock.monotonic(), 1e12, 1e12))
        self.heard: list[bytes | str] = []
        self.pause = 0.0

    def _receive(self, data: bytes | str, now: float) -> float:
        self.heard.append(data)
        return self.pause

    def drained(self) -> None: ...

    def look_after(self, now: float, at: datetime) -> None: ...

    def access_changed(self, change: dict[str, Any]) -> None: ...

    @property
    def guest(self) -> Guest | None:
        return None


async def test_what_is_said_reaches_its_own_session_until_that_ends() -> None:
    desk, ears = EmulationDesk("n1"), [Ear(), Ear()]
    sessions = [desk.issue() for _ in ears]
    for session, ear in zip(sessions, ears, strict=True):
        desk.open(session, ear)
    await desk.say("n1", sessions[0].id, "a")
    await desk.say("n1", sessions[1].id, "b")
    assert [ear.heard for ear in ears] == [["a"], ["b"]]
    desk.close(sessions[0])
    with pytest.raises(NotFound):
        await desk.say("n1", sessions[0].id, "c")
    assert desk.sessions == 1


async def test_a_session_of_another_node_is_handed_on_or_told_so() -> None:
    handed: list[tuple[str, str, str]] = []

    async def elsewhere(*said: str) -> None:
        handed.append((said[0], said[1], said[2]))

    with pytest.raises(SessionElsewhere):
        await EmulationDesk("n1").say("n2", "s", "a")
    await EmulationDesk("n1", elsewhere).say("n2", "s", "a")
    assert handed == [("n2", "s", "a")]


async def test_who_is_over_his_rate_waits_in_line_and_the_line_is_short() -> None:
    desk, ear = EmulationDesk("n1"), Ear()
    session = desk.issue()
    desk.open(session, ear)
    ear.pause = 3600.0
    waiting = [asyncio.create_task(desk.say("n1", session.id, str(number))) for number in range(MOST_WAITING)]
    await asyncio.sleep(0)
    assert ear.heard == ["0"], "the next is heard when the first has waited"
    with pytest.raises(RateLimited):
        await desk.say("n1", session.id, "one more")
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    ear.pause = 0.0
    await desk.say("n1", session.id, "later")
    assert ear.heard[-1] == "later"
