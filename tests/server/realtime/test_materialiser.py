"""Whatever a document does to a worker, the server lives, the next call works, and nothing is left behind."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable

import pytest

from crdt.codec import var_string, var_uint
from crdt.document import compact, seed
from crdt.errors import InvalidContent, MalformedUpdate, RefusedUpdate
from crdt.projection import json_of, text_of
from crdt.updates import merge
from server.realtime.materialiser import MAX_WAITING, MAX_WAITING_OF_ONE, Materialiser, MaterialiserFailed
from server.realtime.worker_process import PRIORITY

ZERO_LENGTH = bytes.fromhex("010207010400090500000000")
"""Twelve bytes that pycrdt applies, and after which it can never encode the document again."""
ASTRAL_IN_AN_ARRAY = bytes.fromhex("010106000401016104f09f988000")
"""Fourteen bytes: text in a root that pycrdt would read for ever, if it were taken for an array."""
DEEP_VALUE = bytes.fromhex("010101000801016101") + b"\x75\x01" * 60_000 + b"\x7e\x00"
"""120 KB: nested lists; pycrdt's merge ends in a segmentation fault."""
ENDLESS = bytes.fromhex("01020100 2701016d016b00 04000100") + var_string("😀") + b"\0"
"""A well-formed update: text in an array in a map, which pycrdt reads for ever with the interpreter lock held."""


def nested_types(levels: int) -> bytes:
    """Arrays within arrays: dropping or printing them ends pycrdt in a segmentation fault at 100,000."""
    inner = b"".join(b"\x07\x00\x01" + var_uint(clock) + b"\x00" for clock in range(levels - 1))
    return b"\x01" + var_uint(levels) + b"\x01\x00" + bytes.fromhex("0701016100") + inner + b"\0"


@pytest.fixture
async def materialiser() -> AsyncIterator[Materialiser]:
    pool = Materialiser(workers=2)
    yield pool
    await pool.close()


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def end_of(pid: int) -> None:
    """Wait until any process, also one that is not our child, has ended."""
    descriptor = os.pidfd_open(pid)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def test_calls_give_results_and_workers_start_when_they_are_needed(materialiser: Materialiser) -> None:
    assert materialiser.pids == []
    update = await materialiser.call("d", seed, "Łódź 😀", "text")
    assert await materialiser.call("d", text_of, update) == "Łódź 😀"
    folded = await materialiser.call("d", compact, None, [update])
    assert await materialiser.call("d", text_of, folded.update) == "Łódź 😀"
    assert len(materialiser.pids) == 1


async def test_workers_leave_the_processor_to_the_loop_first(materialiser: Materialiser) -> None:
    await materialiser.call("d", seed, "text", "text")
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in materialiser.pids] == [min(ours + PRIORITY, 19)]


async def test_a_worker_that_nobody_needs_ends_and_the_next_call_has_another(
    materialiser: Materialiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.realtime.materialiser.IDLE_SECONDS", 0.05)
    assert await materialiser.call("d", text_of, b"\0\0") == ""
    await end_of(materialiser.pids[0])
    assert materialiser.pids == []
    assert await materialiser.call("d", text_of, b"\0\0") == ""


async def test_of_several_workers_those_end_that_are_not_needed(
    materialiser: Materialiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.gather(*(materialiser.call(document, text_of, b"\0\0") for document in "ab"))
    both = materialiser.pids
    assert len(both) == 2
    monkeypatch.setattr("server.realtime.materialiser.IDLE_SECONDS", 0.2)
    materialiser._retire_later()
    while len(materialiser.pids) == 2:
        assert await materialiser.call("c", text_of, b"\0\0") == ""
    assert materialiser.pids == [both[1]]
    assert materialiser.figures.starts == 2


async def test_the_functions_own_errors_come_back_whole(materialiser: Materialiser) -> None:
    with pytest.raises(InvalidContent) as caught:
        await materialiser.call("d", seed, {"type": "doc", "content": [{"type": "table"}]}, "json")
    assert caught.value.path == "content[0].type"
    assert str(caught.value).startswith("content[0].type: ")
    with pytest.raises(MalformedUpdate):
        await materialiser.call("d", json_of, ZERO_LENGTH)


async def test_what_the_function_does_not_foresee_is_refused_and_the_next_call_works(
    materialiser: Materialiser,
) -> None:
    with pytest.raises(MaterialiserFailed, match="TypeError") as caught:
        await materialiser.call("d", text_of, None)
    assert caught.value.reason == "refused"
    assert await materialiser.call("d", text_of, b"\0\0") == ""


async def test_only_functions_of_the_ground_floor_are_called(materialiser: Materialiser) -> None:
    with pytest.raises(ValueError, match="getpid"):
        await materialiser.call("d", os.getpid)


async def test_the_twelve_bytes_kill_nobody(materialiser: Materialiser) -> None:
    with pytest.raises(MalformedUpdate):
        await materialiser.call("d", text_of, ZERO_LENGTH)
    with pytest.raises(MalformedUpdate):
        await materialiser.call("d", compact, None, [ZERO_LENGTH, ZERO_LENGTH])
    assert await materialiser.call("d", text_of, b"\0\0") == ""


async def test_the_fourteen_bytes_are_read_as_text(materialiser: Materialiser) -> None:
    assert await materialiser.call("d", json_of, ASTRAL_IN_AN_ARRAY) == {"roots": {"a": "😀"}}


async def test_a_segmentation_fault_costs_one_worker(materialiser: Materialiser) -> None:
    with pytest.raises(RefusedUpdate):
        await materialiser.call("d", merge, [DEEP_VALUE, DEEP_VALUE])
    with pytest.raises(MaterialiserFailed) as caught:  # around our own checks
        await materialiser.call_named(
            "d", "pycrdt:merge_updates", (DEEP_VALUE, DEEP_VALUE), 10, background=False, suspect=False
        )
    assert caught.value.reason == "died"
    assert await materialiser.call("d", text_of, b"\0\0") == ""


async def test_deeply_nested_types_cost_at_most_one_worker(materialiser: Materialiser) -> None:
    with pytest.raises(MaterialiserFailed):
        await materialiser.call("d", json_of, nested_types(5_000))
    assert await materialiser.call("d", text_of, b"\0\0") == ""


async def test_an_endless_loop_is_killed_and_other_documents_do_not_wait(materialiser: Materialiser) -> None:
    stuck = asyncio.create_task(materialiser.call("d", json_of, ENDLESS, seconds=1.5))
    other = asyncio.create_task(materialiser.call("c", text_of, b"\0\0"))
    done, _ = await asyncio.wait({stuck, other}, return_when=asyncio.FIRST_COMPLETED)
    assert done == {other}
    with pytest.raises(MaterialiserFailed) as caught:
        await stuck
    assert caught.value.reason == "timeout"
    assert await materialiser.call("d", text_of, b"\0\0") == ""


async def test_memory_is_limited() -> None:
    pool = Materialiser(workers=1, memory_bytes=64 << 20)
    try:
        with pytest.raises(MaterialiserFailed) as caught:
            await pool.call("d", seed, "line\n" * 400_000, "text")
        assert caught.value.reason in ("memory", "died")
        assert await pool.call("d", text_of, b"\0\0") == ""
    finally:
        await pool.close()


async def test_a_worker_that_was_killed_from_outside_is_replaced(materialiser: Materialiser) -> None:
    await materialiser.call("d", text_of, b"\0\0")
    (pid,) = materialiser.pids
    os.kill(pid, signal.SIGKILL)
    (noticed,) = await asyncio.gather(materialiser.call("d", text_of, b"\0\0"), return_exceptions=True)
    assert noticed == "" or (isinstance(noticed, MaterialiserFailed) and noticed.reason == "lost")
    assert await materialiser.call("d", text_of, b"\0\0") == ""
    assert materialiser.pids != [pid]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_parents_signals_do_not_reach_the_work(materialiser: Materialiser, number: signal.Signals) -> None:
    await materialiser.call("d", text_of, b"\0\0")
    (pid,) = materialiser.pids
    os.kill(pid, number)
    assert await materialiser.call("d", text_of, b"\0\0") == ""
    assert materialiser.pids == [pid]


async def test_a_call_that_is_given_up_does_not_answer_the_next_one(materialiser: Materialiser) -> None:
    await materialiser.call("d", text_of, b"\0\0")
    given_up = asyncio.create_task(materialiser.call("d", json_of, ENDLESS, seconds=60))
    following = asyncio.create_task(materialiser.call("d", seed, "x", "text"))
    while not any(call.name.endswith("json_of") and call.process for call in materialiser._quick.running):
        await asyncio.wait({given_up}, timeout=0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert await materialiser.call("d", text_of, await following) == "x"


async def test_too_many_waiting_calls_are_refused_as_busy(materialiser: Materialiser) -> None:
    calls = [materialiser.call("d", text_of, b"\0\0") for _ in range(MAX_WAITING + 3)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    failed = [answer for answer in answers if isinstance(answer, MaterialiserFailed)]
    assert {error.reason for error in failed} == {"busy"}
    assert len(failed) == 3


async def test_closing_leaves_no_process_and_ends_what_runs() -> None:
    pool = Materialiser(workers=2)
    await pool.call("d", text_of, b"\0\0")
    stuck = asyncio.create_task(pool.call("d", json_of, ENDLESS, seconds=60))
    await pool.call("c", text_of, b"\0\0")
    started = pool.pids
    await pool.close()
    with pytest.raises(MaterialiserFailed) as caught:
        await stuck
    assert caught.value.reason in ("closed", "died")
    assert all(is_gone(pid) for pid in started)
    with pytest.raises(MaterialiserFailed) as refused:
        await pool.call("d", text_of, b"\0\0")
    assert refused.value.reason == "closed"
    await pool.close()


async def test_a_worker_does_not_outlive_its_parent() -> None:
    program = (
        "import asyncio\n"
        "from crdt.projection import text_of\n"
        "from server.realtime.materialiser import Materialiser\n"
        "async def main():\n"
        "    pool = Materialiser(workers=1)\n"
        "    await pool.call('d', text_of, b'\\0\\0')\n"
        "    print(pool.pids[0], flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, env=environment
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    parent.kill()
    await asyncio.wait_for(end_of(pid), 10)
    await parent.wait()


async def test_documents_that_hang_keep_nobody_waiting_for_a_second(materialiser: Materialiser) -> None:
    """More of them than there are workers: each gives its place up as soon as somebody waits for it."""
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(materialiser.call(f"warm {number}", text_of, b"\0\0") for number in range(2)))
    hanging = [asyncio.create_task(materialiser.call(f"h{n}", json_of, ENDLESS, seconds=60)) for n in range(6)]
    began, used = loop.time(), time.process_time()
    for number in range(20):
        assert await materialiser.call(f"honest {number}", text_of, seed(f"{number}", "text")) == str(number)
    # The wall is not asked: what is bounded is how long a hanging call keeps its place (SLOW_SECONDS).
    assert materialiser.figures.set_aside >= 4
    assert materialiser.figures.failures["timeout"] == 0
    assert not any(task.done() for task in hanging)
    assert loop.time() - began < 60
    assert time.process_time() - used < 5
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)


async def test_what_has_ended_a_worker_begins_in_the_penalty_lane_until_it_succeeds(materialiser: Materialiser) -> None:
    with pytest.raises(MaterialiserFailed, match="timeout"):
        await materialiser.call("d", json_of, ENDLESS, seconds=0.3)
    again = asyncio.create_task(materialiser.call("d", json_of, ENDLESS, seconds=0.3))
    other = asyncio.create_task(materialiser.call("d", text_of, b"\0\0"))
    assert await other == "", "another function of the same document is no suspect"
    with pytest.raises(MaterialiserFailed, match="timeout"):
        await again
    assert [call_lane(materialiser, "d", json_of)] == [materialiser._penalty]
    assert (await materialiser.call("d", json_of, b"\0\0"))["type"] == "doc"
    assert call_lane(materialiser, "d", json_of) is materialiser._quick


def call_lane(pool: Materialiser, document: str, function: Callable[..., object]) -> object:
    return pool._records.get((document, f"{function.__module__}:{function.__qualname__}"), pool._quick)


async def test_urgent_calls_overtake_background_ones() -> None:
    pool = Materialiser(workers=1)
    try:
        order: list[str] = []

        async def ask(name: str, *, background: bool) -> None:
            await pool.call(name, seed, "x" * 1000, "text", background=background)
            order.append(name)

        await pool.call("first", text_of, b"\0\0")
        await asyncio.gather(*(ask(f"b{n}", background=True) for n in range(4)), ask("urgent", background=False))
        assert order.index("urgent") <= 1
    finally:
        await pool.close()


async def test_calls_of_one_document_run_in_their_order(materialiser: Materialiser) -> None:
    order: list[int] = []

    async def ask(number: int, lines: int) -> None:
        await materialiser.call("d", seed, "line\n" * lines, "text")
        order.append(number)

    await asyncio.gather(*(ask(number, lines) for number, lines in enumerate([2000, 1, 1000, 1])))
    assert order == [0, 1, 2, 3]


async def test_sixteen_megabytes_do_not_hold_the_loop(materialiser: Materialiser) -> None:
    large = b"x" * (16 << 20)
    await materialiser.call("d", text_of, b"\0\0")
    began = time.thread_time()
    assert await materialiser.call("d", merge, [large]) == large
    assert time.thread_time() - began < 0.005, "the loop's own thread"


async def test_users_take_turns_however_much_one_of_them_asks_for() -> None:
    pool = Materialiser(workers=1)
    try:
        order: list[str] = []

        async def ask(user: str, number: int) -> None:
            await pool.call(f"{user} {number}", text_of, b"\0\0", user=user)
            order.append(user)

        await asyncio.gather(*(ask("eve", number) for number in range(20)), ask("ada", 1), ask("ada", 2))
        assert max(number for number, user in enumerate(order) if user == "ada") <= 5
    finally:
        await pool.close()


async def test_one_user_cannot_fill_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.realtime.materialiser.MAX_WAITING_TOGETHER", MAX_WAITING_OF_ONE)
    pool = Materialiser(workers=1)
    try:
        calls = [pool.call(f"{number}", text_of, b"\0\0", user="eve") for number in range(MAX_WAITING_OF_ONE + 5)]
        answers = await asyncio.gather(*calls, pool.call("d", text_of, b"\0\0", user="ada"), return_exceptions=True)
        assert answers[-1] == ""
        assert sum(isinstance(answer, MaterialiserFailed) for answer in answers) == 5
    finally:
        await pool.close()
