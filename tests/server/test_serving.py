"""Whoever does not finish a request in time is closed; whoever does is not."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from server.realtime.turnstile import Turnstile
from server.serving import BODY_SECONDS, HEAD_SECONDS, PunctualHttp, server_config
from server.settings import Settings


class Wire(asyncio.Transport):
    """A connection that remembers whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def write(self, data: Any) -> None:
        """Answers go nowhere."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default


class Timers(asyncio.SelectorEventLoop):
    """A loop that never runs; its timers are looked at."""

    def due(self) -> list[float]:
        return sorted(round(timer.when() - self.time()) for timer in self._scheduled if not timer.cancelled())


@pytest.fixture
def loop() -> Any:
    loop = Timers()
    yield loop
    loop.close()


async def answers_nothing(scope: Any, receive: Any, send: Any) -> None:
    """The tests are about requests."""


@pytest.fixture
def connection(loop: Timers, tmp_path: Path) -> PunctualHttp:
    config: uvicorn.Config = server_config(answers_nothing, Settings(data_dir=tmp_path))
    config.load()
    protocol = PunctualHttp(config, ServerState(), {}, loop, turnstile=Turnstile())
    # What a whole request starts is uvicorn's, and would run on the loop.
    protocol._start_asgi_task = lambda *_: None  # type: ignore[method-assign]
    protocol.connection_made(Wire())
    return protocol


def test_a_silent_connection_is_closed_after_a_while(connection: PunctualHttp, loop: Timers) -> None:
    assert loop.due() == [HEAD_SECONDS]
    (timer,) = loop._scheduled
    timer._run()
    assert connection.transport.is_closing()


def test_a_head_in_small_pieces_gains_no_time(connection: PunctualHttp, loop: Timers) -> None:
    (before,) = loop._scheduled
    for byte in b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ":
        connection.data_received(bytes((byte,)))
    assert [timer for timer in loop._scheduled if not timer.cancelled()] == [before]


def test_a_whole_request_is_in_time(connection: PunctualHttp, loop: Timers) -> None:
    connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert loop.due() == []


def test_a_body_has_a_time_of_its_own(connection: PunctualHttp, loop: Timers) -> None:
    connection.data_received(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1")
    assert loop.due() == [BODY_SECONDS]
    connection.data_received(b"2")
    assert loop.due() == []


def test_the_next_request_on_a_kept_connection_is_waited_for_as_long(connection: PunctualHttp, loop: Timers) -> None:
    connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    connection.data_received(b"GET /again HTTP/1.1\r\n")
    assert loop.due() == [HEAD_SECONDS]
    connection.connection_lost(None)
    assert loop.due() == []


def test_a_socket_that_announces_a_body_has_no_deadline(
    connection: PunctualHttp, loop: Timers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HttpToolsProtocol, "handle_websocket_upgrade", lambda _: None)
    lines = ["GET / HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", "Content-Length: 5", "", ""]
    connection.data_received("\r\n".join(lines).encode())
    assert loop.due() == []
