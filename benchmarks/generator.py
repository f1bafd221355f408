"""The load generator: one epoll thread in C++ on a core of its own, which checks all that it receives."""

import json
import random
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.cores import GENERATOR_CPU, on_core, put_first
from benchmarks.servers import BUILD, Running

__all__ = ["Result", "build", "new_room", "run", "started"]

SOURCES = Path(__file__).with_name("loadgen")
PROGRAM = BUILD / "loadgen"
RUN_SECONDS = 240.0

Result = dict[str, Any]


def build() -> None:
    """Compile it when a source is newer. SystemExit without a compiler."""
    sources = sorted(SOURCES.iterdir())
    if PROGRAM.exists() and PROGRAM.stat().st_mtime > max(each.stat().st_mtime for each in sources):
        return
    BUILD.mkdir(exist_ok=True)
    units = [str(each) for each in sources if each.suffix == ".cpp"]
    try:
        subprocess.run(["g++", "-O2", "-std=c++17", "-o", str(PROGRAM), *units], check=True)
    except FileNotFoundError:
        raise SystemExit("The load generator needs g++ (on Debian: apt install g++).") from None


def new_room() -> str:
    """A name that no run has used."""
    return f"bench-{random.randrange(1 << 30)}"


def run(
    target: Running, mode: str, arguments: Sequence[str], *, room: str | None = None, first: bool = False
) -> Result:
    """One load on one server: what the generator has counted, and how much others disturbed it.

    `others_pct` is added: the share of the server's core that other programs took, in percent of the time measured;
    and `starved_pct`, what the generator missed of its own core while it typed. `first`: see `put_first`.
    RuntimeError when there is no result.
    """
    with started(target, mode, arguments, room=room, first=first) as process:
        try:
            said = process.communicate(timeout=RUN_SECONDS)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            said = process.communicate()[0]
    return result_in(said, process.returncode)


@contextmanager
def started(
    target: Running, mode: str, arguments: Sequence[str], *, room: str | None = None, first: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """The generator at work, for who wants to do something meanwhile. It is ended on leaving."""
    server = target.server
    command = [str(PROGRAM), "--mode", mode, "--protocol", server.protocol, "--path", server.path]
    command += ["--port", str(target.port), "--pids", ",".join(map(str, target.pids)), "--room", room or new_room()]
    with on_core(GENERATOR_CPU):
        process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        if first:
            put_first(process.pid)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def result_in(said: str, code: int | None) -> Result:
    """The RESULT line of what the generator has said. RuntimeError when there is none."""
    for line in said.splitlines():
        if line.startswith("RESULT "):
            return _with_disturbance(json.loads(line.removeprefix("RESULT ")))
    raise RuntimeError(f"the generator ended with {code}: {said[-400:].strip()}")


def _with_disturbance(result: Result) -> Result:
    milliseconds = result["secs"] * 1000
    others = max(0.0, result["core0_busy_ms"] - result["ticks_ms"])
    starved = max(0.0, milliseconds - result["generator"]["own_cpu_ms"]) if "generator" in result else 0.0
    return {
        **result,
        "others_pct": round(100 * others / milliseconds, 1),
        "starved_pct": round(100 * starved / milliseconds, 1),
    }
