"""The servers under test: how each is started, and the folder, port and core that it gets."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cores import SERVER_CPU, on_core, put_first

__all__ = ["SERVERS", "Running", "Server", "running"]

HERE = Path(__file__).resolve().parent
RIVALS = HERE / "rivals"
BUILD = HERE / "build"
START_SECONDS = 30.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Server:
    """`command` is given the port and a folder of its own; `path` may hold {room}; `protocol` is y or hocus."""

    name: str
    protocol: str
    path: str
    stores: str
    command: Callable[[int, Path], list[str]]
    environment: Callable[[int, Path], Mapping[str, str]] = field(default=lambda port, folder: {})


@dataclass(frozen=True, slots=True)
class Running:
    server: Server
    port: int
    pid: int


def _counterpoint(port: int, folder: Path) -> Mapping[str, str]:
    # One generator stands for hundreds of people, so the limits of one person and one address are lifted.
    return {
        "COUNTERPOINT_PORT": str(port),
        "COUNTERPOINT_DATA_DIR": str(folder),
        "COUNTERPOINT_LOG_LEVEL": "warning",
        "COUNTERPOINT_ALLOWED_ORIGINS": "http://127.0.0.1",  # what the generator says it is
        "COUNTERPOINT_MAX_CONNECTIONS": "20000",
        "COUNTERPOINT_MAX_CONNECTIONS_PER_ADDRESS": "20000",
        "COUNTERPOINT_MAX_CONNECTIONS_PER_USER": "20000",
        "COUNTERPOINT_MESSAGES_PER_SECOND": "1000000",
        "COUNTERPOINT_BYTES_PER_SECOND": "1GiB",
    }


SERVERS = (
    Server(
        name="counterpoint",
        protocol="y",
        path="/sync/{room}",
        stores="every update, SQLite with synchronous=FULL",
        command=lambda port, folder: [str(Path(sys.executable).with_name("counterpoint")), "serve", "--open"],
        environment=_counterpoint,
    ),
    Server(
        name="y-websocket-server",
        protocol="y",
        path="/{room}",
        stores="nothing",
        command=lambda port, folder: ["node", str(RIVALS / "node_modules/@y/websocket-server/src/server.js")],
        environment=lambda port, folder: {"HOST": "127.0.0.1", "PORT": str(port)},
    ),
    Server(
        name="hocuspocus",
        protocol="hocus",
        path="/",
        stores="nothing",
        command=lambda port, folder: ["node", str(RIVALS / "hocuspocus.mjs"), str(port)],
        environment=lambda port, folder: {"NODE_ENV": "production"},
    ),
)


@contextmanager
def running(server: Server, environment: Mapping[str, str], *, first: bool = False) -> Iterator[Running]:
    """A fresh server on an empty folder, alone on its core; stopped and removed at the end.

    `first`: see `put_first`. RuntimeError when it does not start.
    """
    BUILD.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{server.name}-", dir=BUILD))
    port = _free_port()
    with (BUILD / f"{server.name}.log").open("ab") as log, on_core(SERVER_CPU):
        process = subprocess.Popen(
            server.command(port, folder),
            env={**environment, **server.environment(port, folder)},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            if first:
                put_first(process.pid)
            _wait_for(port, process, server)
            yield Running(server, port, process.pid)
        finally:
            _stop(process)
            shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{server.name} ended with {process.returncode}; see {BUILD / server.name}.log")
        if _answers(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{server.name} did not listen within {START_SECONDS:.0f} s")


def _answers(port: int) -> bool:
    """It speaks HTTP. That something accepts is not enough: a connection to a free local port can reach itself."""
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as probe:
            probe.sendall(request.encode())
            return probe.recv(5) == b"HTTP/"
    except OSError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
