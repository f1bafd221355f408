"""Workers are begun, begun anew, restarted in turn and stopped, in the order that the page promises."""

import asyncio
from collections.abc import Callable

import pytest

from server import supervisor
from server.supervisor import Supervisor


class Hand:
    """A worker that gets ready and ends when the test says so."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.ready = asyncio.Event()
        self.over = asyncio.Event()
        self.exit_code = 0
        self.told: list[str] = []
        self.ends_when_told = True

    def stop(self) -> None:
        self.told.append("stop")
        if self.ends_when_told:
            self.over.set()

    def kill(self) -> None:
        self.told.append("kill")
        self.end(-9)

    def end(self, code: int) -> None:
        self.exit_code = code
        self.over.set()


class Crew:
    """A supervisor of three, and all workers that it has begun."""

    def __init__(self, stop_seconds: float = 60) -> None:
        self.begun: list[Hand] = []
        self.supervisor = Supervisor(3, self._begin, stop_seconds=stop_seconds)
        self.run = asyncio.create_task(self.supervisor.run())

    def _begin(self, number: int) -> Hand:
        self.begun.append(Hand(number))
        return self.begun[-1]

    @property
    def numbers(self) -> list[int]:
        return [each.number for each in self.begun]

    async def all_ready(self) -> None:
        await until(lambda: len(self.begun) == 1)
        self.begun[0].ready.set()
        await until(lambda: len(self.begun) == 3)
        for each in self.begun:
            each.ready.set()
        await until(lambda: self.run.done() is False)


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        await asyncio.sleep(0)
        if true():
            return
    raise AssertionError("it never came to that")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.0)


async def test_the_first_goes_ahead_and_a_stop_ends_all_with_0() -> None:
    crew = Crew()
    await until(lambda: crew.numbers == [1])
    crew.begun[0].ready.set()
    await until(lambda: crew.numbers == [1, 2, 3])
    crew.supervisor.stop()
    assert await crew.run == 0
    assert [each.told for each in crew.begun] == [["stop"]] * 3


@pytest.mark.parametrize(("code", "answer"), [(3, 3), (0, 1), (-9, 1)])
async def test_when_the_first_does_not_get_ready_no_other_is_begun(code: int, answer: int) -> None:
    crew = Crew()
    await until(lambda: crew.numbers == [1])
    crew.begun[0].end(code)
    assert await crew.run == answer
    assert crew.numbers == [1]


async def test_one_that_dies_is_begun_anew_and_the_others_stay() -> None:
    crew = Crew()
    await crew.all_ready()
    crew.begun[1].end(-9)
    await until(lambda: crew.numbers == [1, 2, 3, 2])
    crew.supervisor.stop()
    assert await crew.run == 0
    assert crew.begun[1].told == []


async def test_a_restart_takes_the_next_when_the_one_before_is_ready() -> None:
    crew = Crew()
    await crew.all_ready()
    crew.supervisor.restart()
    for number in (1, 2, 3):
        await until(lambda: len(crew.begun) == 3 + number)  # noqa: B023 - called at once
        assert crew.numbers[3:] == [1, 2, 3][:number]
        crew.begun[-1].ready.set()
    crew.supervisor.stop()
    assert await crew.run == 0


async def test_a_restart_ends_with_the_first_that_does_not_get_ready() -> None:
    crew = Crew()
    await crew.all_ready()
    crew.supervisor.restart()
    await until(lambda: len(crew.begun) == 4)
    crew.begun[3].end(3)
    await until(lambda: crew.numbers == [1, 2, 3, 1, 1])
    assert [each.told for each in crew.begun[1:3]] == [[], []]
    crew.supervisor.stop()
    assert await crew.run == 0


async def test_one_that_does_not_end_in_time_is_killed_and_the_exit_says_so() -> None:
    crew = Crew(stop_seconds=0.01)
    await crew.all_ready()
    crew.begun[2].ends_when_told = False
    crew.supervisor.stop()
    assert await crew.run == 1
    assert crew.begun[2].told == ["stop", "kill"]


async def test_a_stop_before_anything_is_ready() -> None:
    crew = Crew()
    await until(lambda: crew.numbers == [1])
    crew.supervisor.stop()
    assert await crew.run == 0
