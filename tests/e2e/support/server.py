"""The real server as a subprocess: `counterpoint serve`, on a free port and a folder of its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.support.forking import ProcessLike, forked
from tests.e2e.support.waiting import until

__all__ = ["ADMIN_EMAIL", "ADMIN_PASSWORD", "CounterpointServer", "free_port"]

ADMIN_EMAIL = "ada@example.org"
ADMIN_PASSWORD = "correct horse battery staple"
FIRST_ACCOUNT = {"COUNTERPOINT_ADMIN_EMAIL": ADMIN_EMAIL, "COUNTERPOINT_ADMIN_PASSWORD": ADMIN_PASSWORD}
# A second work tree shares the virtual environment of the first, whose command imports the first one's server.
TREE = str(Path(__file__).resolve().parents[3])
# Three times the slowest start seen on two busy cores.
START_SECONDS = 30.0
STOP_SECONDS = 20.0


def free_port() -> int:
    """A port that nobody listens on now; the same one can be used again after a kill."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class CounterpointServer:
    """One server that can be started, stopped, killed and started again on the same data."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        *,
        open_mode: bool = False,
        module: str | None = None,
        from_the_command: bool = False,
    ) -> None:
        """`module`: run this module of the tests instead of the installed command.

        `from_the_command`: begin where the command begins, with its imports.
        """
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sockets = f"ws://127.0.0.1:{self.port}"
        self.log_path = folder / "server.log"
        self.start_seconds: list[tuple[float, float]] = []
        command = [sys.executable, "-m", module] if module else [str(Path(sys.executable).with_name("counterpoint"))]
        self._arguments = ["serve", *(["--open"] if open_mode else [])]
        self._command = [*command, *self._arguments] if module or from_the_command else None
        self._environment = {
            "PYTHONPATH": os.pathsep.join(filter(None, [TREE, os.environ.get("PYTHONPATH")])),
            "COUNTERPOINT_HOST": "127.0.0.1",
            "COUNTERPOINT_PORT": str(self.port),
            "COUNTERPOINT_DATA_DIR": str(folder / "data"),
            # A stop spreads its goodbyes over a part of this.
            "COUNTERPOINT_DRAIN_SECONDS": "4",
            **({} if open_mode else FIRST_ACCOUNT),
            **(environment or {}),
        }
        self._process: ProcessLike | None = None

    @property
    def database_url(self) -> str | None:
        """The PostgreSQL that it was given, or None on SQLite."""
        return self._environment.get("COUNTERPOINT_DATABASE_URL")

    @property
    def store_file(self) -> Path:
        return self.folder / "data" / "counterpoint.sqlite3"

    @property
    def process(self) -> ProcessLike:
        assert self._process is not None, "the server was not started"
        return self._process

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self) -> "CounterpointServer":
        """Start it and wait until /readyz says 200.

        The time from exec to there goes to `start_seconds`: by the wall clock, and without the time for which the
        process was ready to run and the machine was busy with other things.
        """
        # A server that may not keep its bytecode would compile itself at each start, as nobody's does.
        not_for_it = ("COUNTERPOINT_", "PYTHONDONTWRITEBYTECODE")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(not_for_it)}
        began = time.monotonic()
        self._process = self._begin({**inherited, **self._environment})
        try:
            await until(self.ready, "the server to be ready", seconds=START_SECONDS, every=0.01)
        except AssertionError as error:
            await self.kill()
            raise AssertionError(f"{error}\n{self.log_tail()}") from None
        elapsed = time.monotonic() - began
        self.start_seconds.append((elapsed, elapsed - self._seconds_without_a_processor()))
        return self

    def _begin(self, environment: Mapping[str, str]) -> ProcessLike:
        if self._command is None:
            return forked(self._arguments, environment, self.log_path)
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                self._command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A terminal's Ctrl-C is for the tests, which then stop their servers themselves.
                start_new_session=True,
            )

    def _seconds_without_a_processor(self) -> float:
        """How long the process has stood in the scheduler's queue (Linux: proc(5), schedstat); elsewhere unknown, 0."""
        counts = Path(f"/proc/{self.process.pid}/schedstat")
        return int(counts.read_text().split()[1]) / 1e9 if counts.exists() else 0.0

    async def ready(self) -> bool:
        """/readyz says 200. AssertionError when the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise AssertionError(f"the server ended with {code}")
        return await self.readiness() == 200

    async def readiness(self) -> int | None:
        """The status of /readyz, or None when it cannot be reached. (No HTTP library: this is timed.)"""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except ConnectionError:
            return None
        try:
            writer.write(f"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n".encode())
            words = (await asyncio.wait_for(reader.readline(), 5)).split()
            return int(words[1]) if len(words) > 1 else None
        except (ConnectionError, TimeoutError):
            return None
        finally:
            writer.close()

    async def stop(self) -> None:
        """SIGTERM; it must end by itself, with 0."""
        self.process.send_signal(signal.SIGTERM)
        await self._ended(STOP_SECONDS)
        code = self.process.returncode
        assert code == 0, f"after SIGTERM the server ended with {code}\n{self.log_tail()}"

    async def kill(self) -> None:
        """kill -9, with everything that it started."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            await self._ended(5)

    async def _ended(self, seconds: float) -> None:
        async def look() -> bool:
            return self.process.poll() is not None

        await until(look, "the server's process to end", seconds=seconds)

    def log_text(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_tail(self, lines: int = 40) -> str:
        return "\n".join(self.log_text().splitlines()[-lines:])
