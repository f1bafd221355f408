"""SIGUSR1: where is every thread, and every task, now? For a server that seems to hang."""

import asyncio
import faulthandler
import logging
import signal
import sys
from contextlib import suppress

from server.operations.stacks import task_stacks

__all__ = ["tell_stacks_on_signal"]

log = logging.getLogger("counterpoint.loop")


def tell_stacks_on_signal() -> None:
    """From now on SIGUSR1 writes all threads' stacks to standard error, and logs those of the loop's tasks.

    Threads are written by `faulthandler` inside the signal, whatever holds the interpreter. Tasks come when the loop
    moves. Call it on the main thread; without effect where there is no such signal (Windows).
    """
    if not hasattr(signal, "SIGUSR1") or sys.__stderr__ is None:
        return
    signal.signal(signal.SIGUSR1, lambda *_: _tell_tasks())
    faulthandler.register(signal.SIGUSR1, file=sys.__stderr__, all_threads=True, chain=True)


def _tell_tasks() -> None:
    with suppress(RuntimeError):  # before the loop runs, and after it, there is no task
        loop = asyncio.get_running_loop()
        # Not inside the signal: it may have come in the middle of another entry of the log.
        loop.call_soon_threadsafe(lambda: log.warning("tasks", extra={"tasks": task_stacks(loop)}))
