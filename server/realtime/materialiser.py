"""The pool of worker processes in which documents are opened: nothing that a document does reaches this process.

A document is hashed to a worker; workers start when they are first needed, have a memory limit, and are killed and
replaced when a call takes too long. Own pipes and frames (crdt/worker.py), for the standard library's pools cannot
kill one worker for one late call.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar
from zlib import crc32

from server.realtime.worker_process import FailureReason, MaterialiserFailed, WorkerProcess

__all__ = ["FailureReason", "Materialiser", "MaterialiserFailed"]

T = TypeVar("T")

CALL_SECONDS = 10.0
"""Opening 50 MB takes seconds; a text or JSON of an ordinary document takes milliseconds."""
MAX_WAITING = 64
"""Calls that wait for one worker; one more is refused as busy instead of queued without end."""


class Materialiser:
    """Calls functions of `crdt` in worker processes."""

    def __init__(self, *, workers: int = 2, memory_bytes: int = 1 << 30) -> None:
        self._workers = [_Worker(memory_bytes) for _ in range(workers)]
        self._closed = False

    async def call(self, document_id: str, function: Callable[..., T], *args: Any, seconds: float = CALL_SECONDS) -> T:
        """`function(*args)`, run in the document's worker within `seconds` of its own time.

        `function` stands at the top of a module of `crdt`; arguments and result can be pickled.
        Raises the CrdtError that the function raised, or MaterialiserFailed; ValueError for another function.
        """
        if not function.__module__.startswith("crdt."):
            raise ValueError(f"{function.__module__}.{function.__qualname__} is no function of crdt")
        if self._closed:
            raise MaterialiserFailed("closed", "the materialiser is closed")
        worker = self._workers[crc32(document_id.encode()) % len(self._workers)]
        result: T = await worker.call(f"{function.__module__}:{function.__qualname__}", args, seconds)
        return result

    async def close(self) -> None:
        """End all workers. Calls that still run fail as closed; no process is left."""
        self._closed = True
        await asyncio.gather(*(worker.close() for worker in self._workers))


class _Worker:
    """One place of the pool: one process at a time, one call at a time."""

    def __init__(self, memory_bytes: int) -> None:
        self._memory_bytes = memory_bytes
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._process: WorkerProcess | None = None
        self._closed = False

    async def call(self, name: str, args: tuple[Any, ...], seconds: float) -> Any:
        if self._waiting >= MAX_WAITING:
            raise MaterialiserFailed("busy", f"{MAX_WAITING} calls wait for this worker")
        self._waiting += 1
        try:
            async with self._turn:
                return await (await self._running()).call(name, args, seconds)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        self._closed = True
        if self._process is not None:
            await self._process.close()
        async with self._turn:  # a process that is just being started is closed by its call
            pass

    async def _running(self) -> WorkerProcess:
        if not self._closed and (self._process is None or not self._process.alive):
            if self._process is not None:
                await self._process.kill()
            self._process = await WorkerProcess.start(self._memory_bytes)
        if self._closed or self._process is None:
            if self._process is not None:
                await self._process.close()
            raise MaterialiserFailed("closed", "the materialiser is closed")
        return self._process
