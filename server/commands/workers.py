"""Several nodes on one port: processes that all listen on it; the kernel spreads the connections."""

import asyncio
import multiprocessing
import os
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import click

from server.commands.context import settings_or_exit
from server.commands.running import run_node
from server.operations.logs import configure_logging
from server.operations.stack_signal import tell_stacks_on_signal
from server.settings import Settings, variable
from server.supervisor import Supervisor

__all__ = ["check_workers", "run_workers"]

STOP_MARGIN_SECONDS = 15.0
"""A worker that has drained may take so long to let go of everything else; then it is killed."""

Address = tuple[int, tuple[Any, ...]]
"""(family, socket address)"""


def check_workers(settings: Settings) -> None:
    """Raises click.UsageError when this server cannot be several processes."""
    if settings.server_processes == 1:
        return
    missing = []
    if settings.is_sqlite:
        missing.append(f"PostgreSQL ({variable('database_url')})")
    if settings.redis_url is None:
        missing.append(f"a Redis or Valkey ({variable('redis_url')})")
    if missing:
        raise click.UsageError(
            f"{settings.server_processes} workers are as many nodes: they need {' and '.join(missing)}. "
            "See docs/how-to/run-several-nodes.md."
        )
    if not hasattr(socket, "SO_REUSEPORT"):
        raise click.UsageError("this system cannot share a port between processes (it has no SO_REUSEPORT).")


def run_workers(settings: Settings) -> int:
    """Serve with as many processes as the settings say, until SIGTERM or Ctrl-C; the answer is the exit code.

    SIGHUP restarts them one by one, with the program as it then is on the disk. Raises OSError when the port is taken.
    """
    addresses = _addresses(settings.host, settings.port)
    for listener in _bound(addresses, shared=False):  # two servers that share a port by mistake would never notice
        listener.close()
    held = _bound(addresses, shared=True)
    try:
        addresses = [(each.family, each.getsockname()) for each in held]
        return asyncio.run(_supervise(settings, addresses))
    finally:
        for listener in held:
            listener.close()


async def _supervise(settings: Settings, addresses: list[Address]) -> int:
    port = addresses[0][1][1]
    name = settings.node_name or f"{socket.gethostname()}:{port}"
    greeted = False

    def begin(number: int) -> WorkerProcess:
        nonlocal greeted
        greets, greeted = not greeted, True  # a second greeting would end the set-up link of the first
        given = {"host": settings.host, "port": port, "node_name": f"{name}/{number}"}
        return WorkerProcess.begin(Orders(number, given, tuple(addresses), greets))

    stop_seconds = settings.drain_seconds + STOP_MARGIN_SECONDS
    supervisor = Supervisor(settings.server_processes, begin, stop_seconds=stop_seconds)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.stop)
    loop.add_signal_handler(signal.SIGHUP, supervisor.restart)
    return await supervisor.run()


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is told; all else it reads from its environment, as the program of that time understands it."""

    number: int
    given: dict[str, Any]
    addresses: tuple[Address, ...]
    greets: bool


class WorkerProcess:
    """A Worker of the supervisor."""

    def __init__(self, process: SpawnProcess, said: Connection) -> None:
        self.ready = asyncio.Event()
        self.over = asyncio.Event()
        self._process = process
        self._said = said
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(said.fileno(), self._hear)
        self._loop.add_reader(process.sentinel, self._bury)

    @classmethod
    def begin(cls, orders: Orders) -> "WorkerProcess":
        context = multiprocessing.get_context("spawn")
        heard, said = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(orders, said), name=f"worker {orders.number}")
        process.start()
        said.close()
        return cls(process, heard)

    @property
    def exit_code(self) -> int:
        return self._process.exitcode or 0

    def stop(self) -> None:
        if not self.over.is_set():
            self._process.terminate()

    def kill(self) -> None:
        if not self.over.is_set():
            self._process.kill()

    def _hear(self) -> None:
        """One byte: it is ready. The end of the pipe: it is not, and never will be."""
        self._loop.remove_reader(self._said.fileno())
        if os.read(self._said.fileno(), 1):
            self.ready.set()
        self._said.close()

    def _bury(self) -> None:
        self._loop.remove_reader(self._process.sentinel)
        if not self._said.closed:
            self._hear()
        self._process.join()
        self.over.set()


def _work(orders: Orders, said: Connection) -> None:
    """What a worker's process runs."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # for the supervisor; a terminal tells the whole group
    settings = settings_or_exit(**orders.given)
    configure_logging(settings.log_level)
    tell_stacks_on_signal()

    def started() -> None:
        _stop_with_parent()
        os.write(said.fileno(), b"1")
        said.close()

    listeners = _bound(orders.addresses, shared=True)
    run_node(settings, greets=orders.greets, listeners=listeners, on_start=started)


def _stop_with_parent() -> None:
    """Nobody would begin this worker anew, or stop it: it finishes, and ends."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    loop, gone = asyncio.get_running_loop(), parent.sentinel

    def stop() -> None:
        loop.remove_reader(gone)
        signal.raise_signal(signal.SIGTERM)

    loop.add_reader(gone, stop)


def _addresses(host: str, port: int) -> list[Address]:
    """With port 0 one address only: two families would get two ports."""
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = list(dict.fromkeys((int(family), address) for family, _, _, _, address in found))
    return addresses if port else addresses[:1]


def _bound(addresses: Sequence[Address], *, shared: bool) -> list[socket.socket]:
    listeners = []
    for family, address in addresses:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listeners.append(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            listener.bind(address)
        except OSError:
            for each in listeners:
                each.close()
            raise
    return listeners
