"""What one node asks is answered by those that it has asked and that have the key; the others are missing."""

import asyncio
from typing import Any

from server.realtime.broker import MemoryBroker
from server.realtime.questions import Questions

SOON = 0.02


def nodes(broker: MemoryBroker, *names: str, key: bytes | None = b"key") -> list[Questions]:
    made = [Questions(name, broker, key) for name in names]
    for name, each in zip(names, made, strict=True):
        each.answer("name", said(name))
        each.start()
    return made


def said(name: str) -> Any:
    async def answer(body: Any) -> Any:
        return [name, body]

    return answer


async def test_each_of_those_that_are_asked_answers_for_itself() -> None:
    one, *_ = nodes(MemoryBroker(), "one", "two", "three", "four")
    assert await one.ask("name", {"a": 1}, ["two", "three"]) == {
        "two": ["two", {"a": 1}],
        "three": ["three", {"a": 1}],
    }


async def test_who_is_gone_or_has_nothing_to_say_is_missing() -> None:
    broker = MemoryBroker()
    one, two = nodes(broker, "one", "two")
    assert await one.ask("name", None, ["two", "gone"], SOON) == {"two": ["two", None]}
    assert await one.ask("unheard of", None, ["two"], SOON) == {}
    await two.stop()
    assert await one.ask("name", None, ["two"], SOON) == {}


async def test_a_fault_of_whoever_answers_is_its_own() -> None:
    one, two = nodes(MemoryBroker(), "one", "two")

    async def fails(body: Any) -> Any:
        raise LookupError(body)

    two.answer("fails", fails)
    assert await one.ask("fails", None, ["two"], SOON) == {}
    assert await one.ask("name", None, ["two"]) == {"two": ["two", None]}


async def test_who_has_not_the_key_is_neither_asked_nor_heard() -> None:
    broker = MemoryBroker()
    one, _ = nodes(broker, "one", "two")
    [stranger] = nodes(broker, "three", key=b"another")
    assert await stranger.ask("name", None, ["two"], SOON) == {}
    assert broker.figures.garbage == 1
    payloads: list[bytes] = []
    broker.subscribe("questions:two", payloads.append)
    await one.ask("name", None, ["two"])
    broker.publish("questions:one", payloads[0])  # the same words, sent on
    assert broker.figures.garbage == 2


async def test_without_a_broker_nobody_is_asked_and_it_says_why() -> None:
    [one] = nodes(MemoryBroker(), "one", key=None)
    assert await one.ask("name", None, ["two"], 3600) == {}
    assert one.trouble == "no broker is set, so nodes cannot be asked"


async def test_an_answer_that_comes_too_late_is_dropped() -> None:
    one, two = nodes(MemoryBroker(), "one", "two")
    may_go = asyncio.Event()

    async def slow(body: Any) -> Any:
        await may_go.wait()
        return body

    two.answer("slow", slow)
    assert await one.ask("slow", 1, ["two"], SOON) == {}
    may_go.set()
    assert await one.ask("name", 2, ["two"]) == {"two": ["two", 2]}
