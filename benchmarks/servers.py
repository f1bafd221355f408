"""A server under test, on a core, a port and a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cores import SERVER_CPU, on_core, put_first
from benchmarks.postgres import Database, postgres

__all__ = ["BUILD", "Place", "Running", "Server", "free_port", "place_for", "running"]

BUILD = Path(__file__).resolve().parent / "build"
MEMORY = Path("/dev/shm")  # a tmpfs on every Linux
START_SECONDS = 30.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server runs: what its command and its environment are made from."""

    port: int
    folder: Path
    database: Database | None = None
    broker: int | None = None  # the port of a Valkey


@dataclass(frozen=True, slots=True)
class Server:
    """`protocol` is y, hocus or bare; `path` may hold {room}; `stores` says what it keeps, and how safely."""

    name: str
    protocol: str
    path: str
    stores: str
    command: Callable[[Place], list[str]]
    environment: Callable[[Place], Mapping[str, str]] = field(default=lambda place: {})
    in_memory: bool = False  # its folder is on a tmpfs
    on_postgres: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """`pids` are those whose use is measured, with all that they start."""

    server: Server
    port: int
    pids: tuple[int, ...]


@contextmanager
def place_for(server: Server, *, first: bool = False) -> Iterator[Place]:
    """A free port and an empty folder, removed at the end; a PostgreSQL on the server's core where it needs one."""
    BUILD.mkdir(exist_ok=True)
    parent = MEMORY if server.in_memory else BUILD
    folder = Path(tempfile.mkdtemp(prefix=f"bench-{os.getpid()}-", dir=parent))
    database: AbstractContextManager[Database | None] = postgres(first=first) if server.on_postgres else nullcontext()
    try:
        with database as url:
            yield Place(free_port(), folder, url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(server: Server, place: Place, environment: Mapping[str, str], *, first: bool = False) -> Iterator[Running]:
    """Started on its core, and stopped at the end. `first`: see `put_first`. RuntimeError when it does not start."""
    log_path = BUILD / f"{server.name.replace(' ', '-')}.log"
    with log_path.open("ab") as log, on_core(SERVER_CPU):
        process = subprocess.Popen(
            server.command(place),
            env={**environment, **server.environment(place)},
            cwd=place.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        if first:
            put_first(process.pid)
        _wait_for(place.port, process, server.name, log_path)
        pids = (process.pid, place.database.pid) if place.database else (process.pid,)
        yield Running(server, place.port, pids)
    finally:
        _stop(process)


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with {process.returncode}; see {log}")
        if _answers(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{name} did not listen within {START_SECONDS:.0f} s; see {log}")


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
