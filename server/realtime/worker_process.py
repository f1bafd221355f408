"""One worker process of the materialiser, seen from the server: start, call, kill."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, Literal, Self

from crdt.errors import CrdtError
from crdt.worker_frames import read_frame, write_frame

__all__ = ["FailureReason", "MaterialiserFailed", "WorkerProcess"]

FailureReason = Literal["timeout", "died", "memory", "refused", "lost", "busy", "closed"]

START_SECONDS = 30.0
"""Starting an interpreter takes 0.2 s; a machine in trouble may take a hundred times that."""
CLOSE_SECONDS = 1.0
WALL_FACTOR = 30.0
"""A worker may take this many times its own seconds of the wall's: it shares its core, and slow ones stand back."""
PRIORITY, LOW_PRIORITY = 5, 10
"""A worker's start takes 0.3 s of a processor: where that is the loop's own, all sockets would wait for half of it."""
CRASHES = frozenset({-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGILL, -signal.SIGFPE, -signal.SIGTRAP})
MAX_ANSWER_BYTES = 512 << 20
"""Ten times the largest document: what a worker in a hostile document's hands can make the server read."""


class MaterialiserFailed(Exception):
    """The document could not be opened in a worker.

    timeout   the call took more of the worker's own time than it may, and the kernel ended it
    died      the worker crashed (segmentation fault, abort: what a process does to itself)
    memory    the worker's memory limit was reached
    refused   the function failed in a way that it does not foresee (also: a panic of native code)
    lost      the worker was killed from outside (by the system when its memory ran out, by an operator), got no time
              of the machine's, or could not be started: this says nothing about the call
    busy      too many calls wait
    closed    the materialiser is closed
    """

    def __init__(self, reason: FailureReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: FailureReason = reason


class WorkerProcess:
    """A running worker. One call at a time; after a failed call it may be dead (`alive`).

    Frames are written and read in a thread that waits in the kernel: 16 MB go through the pipe without the loop.
    """

    def __init__(self, process: subprocess.Popen[bytes], pipes: tuple[int, int], threads: Executor) -> None:
        self._process = process
        self._calls = os.fdopen(pipes[0], "wb", buffering=0)
        self._answers = os.fdopen(pipes[1], "rb")
        self._threads = threads
        self.idle_since = 0.0
        """On the loop's clock; kept by whoever lets it wait."""
        self._exchanging: asyncio.Future[Any] | None = None
        self._broken = False
        self._closing = False

    @classmethod
    async def start(cls, memory_bytes: int, threads: Executor) -> Self:
        """Start a process and wait until it is ready."""
        spawning = asyncio.get_running_loop().run_in_executor(None, _spawned, memory_bytes)
        try:
            process, pipes = await asyncio.shield(spawning)
        except asyncio.CancelledError:
            spawning.add_done_callback(_unwanted)
            raise
        worker = cls(process, pipes, threads)
        worker._lower(PRIORITY)
        try:
            await worker._exchange(None, START_SECONDS)
        except BaseException:
            await worker.kill()
            raise
        return worker

    @property
    def alive(self) -> bool:
        return not self._broken and self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    async def call(self, name: str, args: tuple[Any, ...], seconds: float) -> Any:
        """The function's result. Raises its CrdtError, or MaterialiserFailed."""
        match await self._exchange((name, args, seconds), seconds * WALL_FACTOR):
            case ("returned", value):
                return value
            case ("raised", type() as kind, args, dict() as attributes) if issubclass(kind, CrdtError):
                error = kind.__new__(kind)
                error.args = args
                error.__dict__.update(attributes)
                raise error
            case ("failed", "memory"):
                await self.kill()
                raise MaterialiserFailed("memory", f"{name} needs more memory than a worker may have")
            case ("failed", what):
                await self.kill()
                raise MaterialiserFailed("refused", f"{name} ended in {what}")
            case _:
                await self.kill()
                raise MaterialiserFailed("died", f"{name} got an answer that is none")

    def stand_back(self) -> None:
        """Leave the processor to others from now on; this cannot be taken back."""
        self._lower(LOW_PRIORITY)

    def _lower(self, niceness: int) -> None:
        with suppress(OSError):  # it has ended, or its priority is the operator's
            os.setpriority(os.PRIO_PROCESS, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0) + niceness)

    def end(self) -> None:
        """End the process at once; `kill` clears up after it."""
        self._broken = True
        self._process.kill()

    async def kill(self) -> None:
        """End the process at once, and wait until nothing of it is left."""
        self.end()
        await asyncio.to_thread(self._process.wait)
        await self._gone()

    async def close(self) -> None:
        """Let the process end by itself; kill it when it does not."""
        self._closing = True
        if self._exchanging is None:
            self._calls.close()
        try:
            await asyncio.to_thread(self._process.wait, CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            await self.kill()
        await self._gone()

    async def _gone(self) -> None:
        """The process has ended, so its pipes have, and the thread at them ends now."""
        if self._exchanging is not None:
            await asyncio.wait({self._exchanging})
        self._calls.close()
        self._answers.close()

    async def _exchange(self, call: tuple[Any, ...] | None, seconds: float) -> Any:
        """Say one frame (or nothing) and hear one; whatever goes wrong, the process is gone afterwards."""
        loop = asyncio.get_running_loop()
        self._exchanging = exchanging = loop.run_in_executor(self._threads, self._say_and_hear, call)
        exchanging.add_done_callback(self._exchanged)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(exchanging)
        except TimeoutError:
            await self.kill()
            raise MaterialiserFailed("lost", f"no answer within {seconds} s of the wall's") from None
        except (EOFError, OSError) as error:
            await self.kill()
            raise self._failure() from error
        except asyncio.CancelledError:
            self.end()  # its late answer must not be taken for the next call's
            raise

    def _exchanged(self, exchanging: asyncio.Future[Any]) -> None:
        self._exchanging = None
        if not exchanging.cancelled():
            exchanging.exception()  # whoever gave the call up does not ask for it

    def _failure(self) -> MaterialiserFailed:
        if self._closing:
            return MaterialiserFailed("closed", "the materialiser was closed meanwhile")
        code = self._process.poll()
        if code == -signal.SIGPROF:
            return MaterialiserFailed("timeout", "it took more of a worker's time than it may")
        return MaterialiserFailed("died" if code in CRASHES else "lost", f"the worker ended with {code}")

    def _say_and_hear(self, call: tuple[Any, ...] | None) -> Any:
        """In a thread."""
        if call is not None:
            write_frame(self._calls, call)
        try:
            return read_frame(self._answers, MAX_ANSWER_BYTES, _Answer)
        except (EOFError, OSError):
            raise
        except Exception as error:  # an answer of a hostile worker can fail in any way; it counts as its death
            raise EOFError from error


def _spawned(memory_bytes: int) -> tuple[subprocess.Popen[bytes], tuple[int, int]]:
    """The process, and our ends of its pipes. In a thread, and not by the loop.

    uvloop forks in the loop's own thread, runs the interpreter's handlers in the child, and waits until that has become
    another program. A lock that some other thread held at the fork is held in the child for good: a node has stood
    still so. This one is a vfork, which runs nothing of ours in the child.
    """
    (its_calls, calls), (answers, its_answers) = os.pipe(), os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            (sys.executable, "-P", "-m", "crdt.worker", str(memory_bytes)),
            stdin=its_calls,
            stdout=its_answers,
            stderr=subprocess.DEVNULL,  # a panic's message can quote the document
            env=_environment(),
        )
    except BaseException:
        os.close(calls)
        os.close(answers)
        raise
    finally:
        os.close(its_calls)
        os.close(its_answers)
    return process, (calls, answers)


def _unwanted(spawning: "asyncio.Future[tuple[subprocess.Popen[bytes], tuple[int, int]]]") -> None:
    """Whoever wanted it has gone away meanwhile."""
    if spawning.cancelled() or spawning.exception() is not None:
        return
    process, pipes = spawning.result()
    for pipe in pipes:
        os.close(pipe)
    process.kill()
    process.wait()  # nothing can keep it: it is gone at once


class _Answer(pickle.Unpickler):
    """A hostile document may have taken the worker over: its answers can make values and classes of `crdt` only."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith("crdt.") else None
        if isinstance(found, type) and found.__module__.startswith("crdt."):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} may not stand in an answer")


def _environment() -> dict[str, str]:
    """No secrets: only what finds the code, and quiet panics."""
    paths = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 - what an empty entry of sys.path means
    found = {"PYTHONPATH": os.pathsep.join(paths), "RUST_BACKTRACE": "0", "PYTHONUTF8": "1"}
    libraries = os.environ.get("LD_LIBRARY_PATH")  # an interpreter that was not installed may need it
    return found | ({"LD_LIBRARY_PATH": libraries} if libraries else {})
