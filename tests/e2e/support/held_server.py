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
        ctypes.PyDLL(None).usleep(int(seconds * 1_000_000))


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
