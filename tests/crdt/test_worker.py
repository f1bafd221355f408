"""The worker process by itself: frames in, frames out, and its end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crdt.codec import var_uint
from crdt.errors import InvalidContent
from crdt.worker_frames import read_frame, write_frame


class Worker:
    """A worker, seen from its pipes."""

    def __init__(self, memory_bytes: int = 1 << 30) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "crdt.worker", str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)},
        )
        assert self.heard() == ("ready",)

    def says(self, name: str, *args: Any, seconds: float = 10.0) -> Any:
        assert self.process.stdin is not None
        write_frame(self.process.stdin, (name, args, seconds))
        self.process.stdin.flush()
        return self.heard()

    def heard(self) -> Any:
        assert self.process.stdout is not None
        try:
            return read_frame(self.process.stdout, 1 << 30)
        except EOFError:
            return None

    def end(self) -> int:
        """Its exit code; it has 10 s to end by itself when its input has ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(timeout=10)


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.end()


def test_it_answers_calls_until_its_input_ends(worker: Worker) -> None:
    assert worker.says("crdt.projection:text_of", b"\0\0") == ("returned", "")
    assert worker.says("crdt.codec:var_uint", 300) == ("returned", b"\xac\x02")
    assert worker.end() == 0


def typed(count: int) -> Iterator[bytes]:
    """One update for each of `count` keystrokes, which stand side by side and cannot be joined."""
    for clock in range(count):
        left = b"\x84\x01" + var_uint(clock - 1) if clock else b"\x04\x01\x01t"
        yield b"\x01\x01\x01" + var_uint(clock) + left + b"\x01" + (b"a" if clock % 2 else b"b") + b"\0"


@pytest.mark.parametrize(("function", "edits"), [("crdt.document:compact", 60_000), ("crdt.reading:project", 10_000)])
def test_between_calls_it_keeps_no_memory_of_a_large_document(worker: Worker, function: str, edits: int) -> None:
    def resident() -> int:
        worker.says("crdt.codec:var_uint", 300)  # it has gone back when the next call is answered
        pages = Path(f"/proc/{worker.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    before = resident()
    rows = list(typed(edits))
    assert worker.says(function, *([None] if "compact" in function else []), rows)[0] == "returned"
    assert resident() - before < 5 << 20


def test_foreseen_errors_keep_what_they_carry(worker: Worker) -> None:
    said, kind, args, attributes = worker.says("crdt.document:seed", {"a": 1}, "json")
    assert (said, kind) == ("raised", InvalidContent)
    assert attributes["path"] == "type"
    assert args == ('type: must be "doc": only the editor\'s own JSON can be taken',)
    assert worker.says("crdt.codec:var_uint", 1) == ("returned", b"\x01")


def test_after_anything_else_it_ends(worker: Worker) -> None:
    assert worker.says("crdt.codec:var_uint", "one") == ("failed", "TypeError")
    assert worker.process.wait(timeout=10) == 0


def test_what_is_printed_does_not_disturb_the_frames(worker: Worker) -> None:
    assert worker.says("builtins:print", "loud") == ("returned", None)


def test_too_much_memory_is_said() -> None:
    worker = Worker(memory_bytes=64 << 20)
    assert worker.says("crdt.codec:var_bytes", b"x" * (48 << 20)) == ("failed", "memory")
    assert worker.process.wait(timeout=10) == 0
    worker.end()


def test_a_call_without_end_is_ended_by_the_kernel_after_its_own_time() -> None:
    worker = Worker()
    endless = bytes.fromhex("01020100 2701016d016b00 04000100 04f09f9880 00")
    assert worker.says("crdt.projection:json_of", endless, seconds=0.1) is None
    assert worker.process.wait(timeout=10) == -signal.SIGPROF
    worker.end()


def test_a_worker_that_sleeps_is_ended_by_the_kernel_even_without_a_parent() -> None:
    worker = Worker()
    assert worker.says("signal:pause", seconds=0.02) is None
    assert worker.process.wait(timeout=10) == -signal.SIGALRM
    worker.end()


def test_large_byte_strings_come_back_as_they_went(worker: Worker) -> None:
    large = os.urandom(3 << 20)
    said, joined = worker.says("crdt.updates.merging:merge", [large])
    assert (said, joined == large, type(joined)) == ("returned", True, bytes)
    assert worker.says("crdt.codec:var_bytes", large)[1][-len(large) :] == large
