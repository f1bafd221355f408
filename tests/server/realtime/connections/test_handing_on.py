"""A command that comes to another node than its session's is handed on, and that node's answer is given."""

import asyncio

import pytest

from server.errors import NotFound, RateLimited, SessionElsewhere
from server.realtime.broker import MemoryBroker
from server.realtime.connections import handing_on as module
from server.realtime.connections.emulation import EmulationDesk
from server.realtime.connections.handing_on import HandingOn
from server.realtime.questions import Questions
from tests.server.realtime.connections.test_emulation import Ear


def desk_of(broker: MemoryBroker, node: str, *others: str) -> EmulationDesk:
    questions = Questions(node, broker, b"key")
    questions.start()
    handing_on = HandingOn(questions, lambda: others)
    desk = EmulationDesk(node, handing_on)
    handing_on.serve(desk, node)
    return desk


async def test_commands_reach_their_session_in_their_order_from_any_node() -> None:
    broker = MemoryBroker()
    one, two, ear = desk_of(broker, "n1", "n2"), desk_of(broker, "n2", "n1"), Ear()
    session = one.issue()
    one.open(session, ear)
    await asyncio.gather(*(two.say("n1", session.id, str(number)) for number in range(5)))
    assert ear.heard == ["0", "1", "2", "3", "4"]


async def test_what_its_node_refuses_is_refused() -> None:
    broker = MemoryBroker()
    one, two, ear = desk_of(broker, "n1", "n2"), desk_of(broker, "n2", "n1"), Ear()
    with pytest.raises(NotFound, match="no such session"):
        await two.say("n1", "unheard of", "a")
    session = one.issue()
    one.open(session, ear)
    one._lines[session.id].waiting = 10_000
    with pytest.raises(RateLimited):
        await two.say("n1", session.id, "a")
    assert ear.heard == []


async def test_a_node_that_is_not_there_or_does_not_answer_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HANDED_ON_SECONDS", 0.01)
    desk = desk_of(MemoryBroker(), "n2", "dead")
    for node in ("dead", "never heard of"):
        with pytest.raises(SessionElsewhere):
            await desk.say(node, "s", "a")
    monkeypatch.setattr(module, "MOST_HANDED_ON", 0)
    with pytest.raises(RateLimited):
        await desk.say("dead", "s", "a")
