"""A crowd comes in a few at a time, in the order in which it came, and holds nobody up."""

import asyncio
from collections import Counter

from server.realtime.turnstile import AT_ONCE, Turnstile

CROWD = 5 * AT_ONCE


class Rounds:
    """Counts the rounds of the event loop."""

    def __init__(self) -> None:
        self.number = 0
        self._next()

    def _next(self) -> None:
        self.number += 1
        self._handle = asyncio.get_running_loop().call_soon(self._next)

    def stop(self) -> None:
        self._handle.cancel()


async def test_who_comes_alone_does_not_wait() -> None:
    rounds = Rounds()
    for _ in range(AT_ONCE):
        began = rounds.number
        await Turnstile().turn()
        assert rounds.number == began
    rounds.stop()


async def test_of_a_crowd_a_few_come_in_at_each_round_in_their_order() -> None:
    turnstile, rounds = Turnstile(), Rounds()
    entered: list[tuple[int, int]] = []

    async def enter(number: int) -> None:
        await turnstile.turn()
        entered.append((rounds.number, number))

    await asyncio.gather(*(enter(number) for number in range(CROWD)))
    rounds.stop()
    assert [number for _, number in entered] == list(range(CROWD))
    assert set(Counter(at for at, _ in entered).values()) == {AT_ONCE}


async def test_who_comes_later_does_not_overtake() -> None:
    turnstile = Turnstile()
    entered: list[str] = []

    async def enter(name: str) -> None:
        await turnstile.turn()
        entered.append(name)

    crowd = [asyncio.create_task(enter("early")) for _ in range(CROWD)]
    await asyncio.sleep(0)
    late = asyncio.create_task(enter("late"))
    await asyncio.gather(*crowd, late)
    assert entered[-1] == "late"


async def test_who_went_away_takes_no_place() -> None:
    turnstile, rounds = Turnstile(), Rounds()
    entered: list[int] = []

    async def enter() -> None:
        await turnstile.turn()
        entered.append(rounds.number)

    crowd = [asyncio.create_task(enter()) for _ in range(3 * AT_ONCE)]
    await asyncio.sleep(0)
    for gone in crowd[AT_ONCE : 2 * AT_ONCE]:
        gone.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    rounds.stop()
    assert list(Counter(entered).values()) == [AT_ONCE, AT_ONCE]
    assert entered[-1] - entered[0] <= 2
