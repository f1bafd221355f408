"""Answers of the last second: asked once, refused never remembered, and gone when rights change."""

import asyncio

from server.errors import NotFound
from server.identity.recent import SECONDS, Recent
from tests.server.realtime.stage import HandClock


class Asked:
    """A store that counts its questions."""

    def __init__(self) -> None:
        self.questions = 0
        self.answer = asyncio.Event()
        self.answer.set()
        self.refuses = False

    async def look_up(self) -> int:
        self.questions += 1
        question = self.questions
        await self.answer.wait()
        if self.refuses:
            raise NotFound
        return question


async def test_who_asks_within_a_second_gets_the_same_answer() -> None:
    clock, asked = HandClock(), Asked()
    recent: Recent[str, int] = Recent(clock)
    assert [await recent.get("a", asked.look_up()) for _ in range(3)] == [1, 1, 1]
    assert await recent.get("b", asked.look_up()) == 2
    clock.ahead += SECONDS
    assert await recent.get("a", asked.look_up()) == 3


async def test_many_who_ask_at_once_ask_once_and_one_who_goes_takes_nobody_along() -> None:
    asked = Asked()
    recent: Recent[str, int] = Recent(HandClock())
    asked.answer.clear()
    waiting = [asyncio.create_task(recent.get("a", asked.look_up())) for _ in range(10)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    asked.answer.set()
    assert await asyncio.gather(*waiting[1:]) == [1] * 9


async def test_a_refusal_is_told_to_all_who_wait_and_not_remembered() -> None:
    asked = Asked()
    recent: Recent[str, int] = Recent(HandClock())
    asked.refuses = True
    told = await asyncio.gather(*(recent.get("a", asked.look_up()) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in told] == [NotFound] * 3
    asked.refuses = False
    assert await recent.get("a", asked.look_up()) == 2


async def test_a_change_is_seen_by_whoever_asks_after_it_also_while_a_question_is_under_way() -> None:
    asked = Asked()
    recent: Recent[str, int] = Recent(HandClock())
    asked.answer.clear()
    before = asyncio.create_task(recent.get("a", asked.look_up()))
    await asyncio.sleep(0)
    recent.forget()
    after = asyncio.create_task(recent.get("a", asked.look_up()))
    await asyncio.sleep(0)
    asked.answer.set()
    assert (await before, await after) == (1, 2)
    assert await recent.get("a", asked.look_up()) == 2
