"""One worker process of the materialiser, seen from the server: start, call, kill."""

import asyncio
import io
import os
import pickle
import sys
from typing import Any, Literal, Self

from crdt.errors import CrdtError

__all__ = ["FailureReason", "MaterialiserFailed", "WorkerProcess"]

FailureReason = Literal["timeout", "died", "memory", "refused", "busy", "closed"]

HEADER_BYTES = 8
START_SECONDS = 30.0
"""Starting an interpreter takes 0.2 s; a machine in trouble may take a hundred times that."""
CLOSE_SECONDS = 1.0
MAX_ANSWER_BYTES = 512 << 20
"""Ten times the largest document: what a worker in a hostile document's hands can make the server read."""


class MaterialiserFailed(Exception):
    """The document could not be opened in a worker.

    timeout   the call took too long, and the worker was killed
    died      the worker died (segmentation fault, out of memory, killed)
    memory    the worker's memory limit was reached
    refused   the function failed in a way that it does not foresee (also: a panic of native code)
    busy      too many calls wait
    closed    the materialiser is closed
    """

    def __init__(self, reason: FailureReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: FailureReason = reason


class WorkerProcess:
    """A running worker. One call at a time; after a failed call it may be dead (`alive`)."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._broken = False
        self._closing = False

    @classmethod
    async def start(cls, memory_bytes: int) -> Self:
        """Start a process and wait until it is ready."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "crdt.worker", str(memory_bytes)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a panic's message can quote the document
            env=_environment(),
        )
        worker = cls(process)
        await worker._exchange(None, START_SECONDS)
        return worker

    @property
    def alive(self) -> bool:
        return not self._broken and self._process.returncode is None

    async def call(self, name: str, args: tuple[Any, ...], seconds: float) -> Any:
        """The function's result. Raises its CrdtError, or MaterialiserFailed."""
        match await self._exchange(pickle.dumps((name, args, seconds)), seconds):
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

    async def kill(self) -> None:
        """End the process at once, and wait until it is gone."""
        self._broken = True
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def close(self) -> None:
        """Let the process end by itself; kill it when it does not."""
        self._closing = True
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def _exchange(self, call: bytes | None, seconds: float) -> Any:
        """Say one frame (or nothing) and hear one; whatever goes wrong, the process is gone afterwards."""
        try:
            async with asyncio.timeout(seconds):
                return await self._say_and_hear(call)
        except TimeoutError:
            await self.kill()
            raise MaterialiserFailed("timeout", f"no answer within {seconds} s") from None
        except (EOFError, OSError) as error:
            await self.kill()
            if self._closing:
                raise MaterialiserFailed("closed", "the materialiser was closed meanwhile") from None
            raise MaterialiserFailed("died", f"the worker ended with {self._process.returncode}") from error
        except asyncio.CancelledError:
            self._broken = True  # its late answer must not be taken for the next call's
            if self._process.returncode is None:
                self._process.kill()
            raise

    async def _say_and_hear(self, call: bytes | None) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise EOFError
        if call is not None:
            stdin.write(len(call).to_bytes(HEADER_BYTES, "big"))
            stdin.write(call)
            await stdin.drain()
        length = int.from_bytes(await stdout.readexactly(HEADER_BYTES), "big")
        if length > MAX_ANSWER_BYTES:
            raise EOFError
        answer = await stdout.readexactly(length)
        try:
            return _Answer(io.BytesIO(answer)).load()
        except Exception as error:  # an answer of a hostile worker can fail in any way; it counts as its death
            raise EOFError from error


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
