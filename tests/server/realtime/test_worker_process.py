"""A worker is started beside the event loop, which goes on meanwhile, and nothing is left of one that nobody wants."""

import asyncio
import subprocess
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

from server.realtime.worker_process import WorkerProcess

MEMORY = 1 << 30


@pytest.fixture
async def threads() -> AsyncIterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


class Started:
    """Every process that is started, and in which thread; its start waits for `gate`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.threads: list[int] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        self.gate = threading.Event()
        self.loop, self.begun = asyncio.get_running_loop(), asyncio.Event()
        really = subprocess.Popen

        def start(*args: Any, **options: Any) -> Any:
            self.threads.append(threading.get_ident())
            self.loop.call_soon_threadsafe(self.begun.set)
            self.gate.wait()
            process = really(*args, **options)
            self.processes.append(process)
            return process

        monkeypatch.setattr("server.realtime.worker_process.subprocess.Popen", start)


async def test_the_loop_goes_on_while_a_process_is_started(
    monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor
) -> None:
    started = Started(monkeypatch)
    starting = asyncio.create_task(WorkerProcess.start(MEMORY, threads))
    await started.begun.wait()
    assert started.threads != [threading.get_ident()]
    started.gate.set()
    worker = await starting
    assert worker.alive
    await worker.close()
    assert started.processes[0].returncode == 0


async def test_one_that_nobody_wants_any_more_is_ended_when_it_is_there(
    monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor
) -> None:
    started = Started(monkeypatch)
    starting = asyncio.create_task(WorkerProcess.start(MEMORY, threads))
    await started.begun.wait()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    started.gate.set()
    while not started.processes or started.processes[0].returncode is None:
        await asyncio.sleep(0)
    assert started.processes[0].returncode < 0


async def test_one_that_cannot_be_started_leaves_no_pipe_open(
    monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor
) -> None:
    monkeypatch.setattr("server.realtime.worker_process.sys.executable", "/nowhere/python")
    before = _open_files()
    with pytest.raises(FileNotFoundError):
        await WorkerProcess.start(MEMORY, threads)
    assert _open_files() == before


def _open_files() -> int:

    return int(psutil.Process().num_fds())
