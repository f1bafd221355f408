"""A stack says file, line and function, innermost first, and no value."""

import asyncio
import sys

from server.operations.stacks import place_of, stack_of, task_stacks, thread_stacks
from server.seldom import Seldom


def test_the_innermost_frame_comes_first_and_a_deep_stack_is_cut() -> None:
    def deeper(levels: int) -> str:
        return stack_of(sys._getframe()) if levels == 0 else deeper(levels - 1)

    lines = deeper(0).splitlines()
    assert lines[0].startswith("server/operations/test_stacks.py:")
    assert lines[0].endswith("deeper")
    assert deeper(100).splitlines()[-1] == "..."
    assert len(deeper(100).splitlines()) == 41


def test_the_place_is_the_innermost_function_of_ours() -> None:
    seen = []

    class Spy:
        def __hash__(self) -> int:
            seen.append(place_of(sys._getframe()))
            return 1

    Seldom(at_once=1, every_seconds=1, all_at_once=1, all_every_seconds=1).passes(Spy(), 0.0)
    assert seen[0].endswith("server/seldom.py Seldom.passes")


def test_a_thread_that_has_no_frame_is_nowhere() -> None:
    assert place_of(None) == "nowhere"
    assert stack_of(None) == ""


def test_threads_have_their_names() -> None:
    assert "thread MainThread\n" in thread_stacks()


async def test_tasks_have_their_names_and_say_where_they_wait() -> None:
    asked = asyncio.Event()

    async def waits() -> None:
        await asked.wait()

    task = asyncio.create_task(waits(), name="somebody who waits")
    await asyncio.sleep(0)
    told = task_stacks(asyncio.get_running_loop())
    asked.set()
    await task
    assert "task somebody who waits\nserver/operations/test_stacks.py:" in told
