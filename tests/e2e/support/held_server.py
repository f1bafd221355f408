"""The real server, with one more route that holds its event loop: `python -m tests.e2e.support.held_server serve`."""

import ctypes
import sys
import time
from collections.abc import Callable

from fastapi import FastAPI

import server.commands.running as running
from server.cli import main


def held(seconds: float, how: str) -> None:
    """Hold the loop: `sleep` lets other threads run, `interpreter` is a C function that keeps the interpreter."""
    if how == "sleep":
        time.sleep(seconds)
    else:
        keep_the_interpreter(seconds)


class Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


def keep_the_interpreter(seconds: float) -> None:
    """Wait for a lock that one holds oneself. A signal ends a sleep in C, and not this (POSIX: never EINTR)."""
    library = ctypes.PyDLL(None)
    mutex = ctypes.create_string_buffer(64)  # zeros: PTHREAD_MUTEX_INITIALIZER
    until = time.time() + seconds
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_timedlock(mutex, ctypes.byref(Timespec(int(until), int(until % 1 * 1e9))))


def with_holding_route(build: Callable[..., FastAPI]) -> Callable[..., FastAPI]:
    def built(*arguments: object, **named: object) -> FastAPI:
        app = build(*arguments, **named)

        @app.post("/hold/{how}/{seconds}")
        async def hold(how: str, seconds: float) -> None:
            held(seconds, how)

        return app

    return built


if __name__ == "__main__":
    running.build = with_holding_route(running.build)  # type: ignore[attr-defined]
    sys.exit(main())
