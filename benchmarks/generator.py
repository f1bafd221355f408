"""The load generator: one epoll thread in C++ on a core of its own, which checks all that it receives."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.cores import GENERATOR_CPU, on_core, put_first
from benchmarks.servers import BUILD, Running

__all__ = ["Result", "build", "run"]

SOURCE = Path(__file__).with_name("loadgen.cpp")
PROGRAM = BUILD / "loadgen"
RUN_SECONDS = 120.0

Result = dict[str, Any]


def build() -> None:
    """Compile it when its source is newer. SystemExit without a compiler."""
    if PROGRAM.exists() and PROGRAM.stat().st_mtime > SOURCE.stat().st_mtime:
        return
    BUILD.mkdir(exist_ok=True)
    try:
        subprocess.run(["g++", "-O2", "-std=c++17", "-o", str(PROGRAM), str(SOURCE)], check=True)
    except FileNotFoundError:
        raise SystemExit("The load generator needs g++ (on Debian: apt install g++).") from None


def run(target: Running, arguments: list[str], *, first: bool = False) -> Result:
    """One load on one server: what the generator has counted (its RESULT line). RuntimeError when it has none.

    `others_pct` is added: the share of the server's core that other programs took, in percent of the time measured.
    `first`: see `put_first`.
    """
    server = target.server
    command = [str(PROGRAM), "--proto", server.protocol, "--path", server.path, "--port", str(target.port)]
    command += ["--pids", str(target.pid), "--room", f"bench-{random.randrange(1 << 30)}", *arguments]
    with on_core(GENERATOR_CPU):
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
    if first:
        put_first(process.pid)
    said = _all_it_says(process)
    for line in said.splitlines():
        if line.startswith("RESULT "):
            return _with_interference(json.loads(line.removeprefix("RESULT ")))
    raise RuntimeError(f"the generator ended with {process.returncode}: {said[-400:]}")


def _all_it_says(process: subprocess.Popen[str]) -> str:
    try:
        return process.communicate(timeout=RUN_SECONDS)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


def _with_interference(result: Result) -> Result:
    milliseconds = result["secs"] * 1000
    others = max(0.0, result["cpu0_busy_ms"] - result["cpu_stat_ms"])
    starved = max(0.0, milliseconds - result["gen"]["self_cpu_ms"])
    return {
        **result,
        "others_pct": round(100 * others / milliseconds, 1),
        "generator_starved_pct": round(100 * starved / milliseconds, 1),
    }
