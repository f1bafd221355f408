"""Slots for big first syncs: a few at a time, nobody twice, nobody for ever."""

import asyncio

from server.realtime.pacing import AT_ONCE, Pacing


async def test_a_few_at_a_time_first_come_first_served() -> None:
    pacing = Pacing(asyncio.get_running_loop())
    answered: list[int] = []
    for peer in range(10):
        pacing.ask(peer, lambda peer=peer: answered.append(peer))
    assert answered == list(range(AT_ONCE))
    pacing.written(0, stalled=True)
    pacing.release(0)
    assert answered == list(range(AT_ONCE + 1))
    pacing.written(1, stalled=False)
    assert len(answered) == AT_ONCE + 1, "the loop has its turn in between"
    await asyncio.sleep(0)
    assert len(answered) == AT_ONCE + 2
    pacing.close()


async def test_who_asks_again_is_answered_once_and_who_goes_leaves_the_line() -> None:
    pacing = Pacing(asyncio.get_running_loop())
    answered: list[str] = []
    for peer in range(AT_ONCE):
        pacing.ask(peer, lambda: None)
    for question in ("first", "second"):
        pacing.ask(100, lambda question=question: answered.append(question))
    pacing.ask(101, lambda: answered.append("gone"))
    pacing.forget(101)
    pacing.forget(0)
    assert answered == ["second"]
    for peer in (100, *range(AT_ONCE)):
        pacing.forget(peer)
    assert len(pacing) == 0


async def test_a_slow_socket_gives_its_slot_up_in_time() -> None:
    pacing = Pacing(asyncio.get_running_loop())
    answered = asyncio.Event()
    for peer in range(AT_ONCE):
        pacing.ask(peer, lambda: None)
        pacing.written(peer, stalled=True)
    pacing.ask(100, answered.set)
    assert not answered.is_set()
    async with asyncio.timeout(10):
        await answered.wait()
    pacing.close()


async def test_an_answer_that_a_worker_makes_gives_its_slot_up_in_time_and_at_once_when_it_has_gone_out() -> None:
    pacing = Pacing(asyncio.get_running_loop())
    answered = asyncio.Event()
    for peer in range(AT_ONCE):
        pacing.ask(peer, lambda: None)
        pacing.asked(peer, is_put_off=False)
    pacing.ask(100, lambda: None)
    pacing.ask(101, answered.set)
    pacing.written(0, stalled=False)
    await asyncio.sleep(0)
    assert len(pacing) == AT_ONCE + 1, "100 is next"
    assert not answered.is_set()
    async with asyncio.timeout(10):
        await answered.wait()
    pacing.close()
