"""Run every load on every server and write the tables: `make bench`, or `python -m benchmarks --help`."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import generator, report
from benchmarks.machine import facts
from benchmarks.scenarios import SCENARIOS, Scenario
from benchmarks.servers import BUILD, RIVALS, SERVERS, Server, running
from hatch_build import node_environment, npm

ROOT = Path(__file__).resolve().parents[1]
# A run that lost more than this of a core to other programs says little about the server.
NOISE_PCT = 10.0


def main() -> None:
    options = _options()
    if not {0, 1} <= os.sched_getaffinity(0):
        raise SystemExit("Two cores are needed: one for the server, one for the generator.")
    generator.build()
    if not (RIVALS / "node_modules").is_dir():
        npm(RIVALS, "ci")
    scenarios = [each for each in SCENARIOS if options.only in f"{each.group}, {each.load}"]
    if not scenarios:
        raise SystemExit(f"No load has {options.only!r} in its name.")
    servers = [each for each in SERVERS if not options.server or each.name in options.server]
    rows = _measure(scenarios, servers, options)
    _write(rows, options.out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--server", action="append", choices=[each.name for each in SERVERS], help="only this one")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="loads whose name has TEXT, such as 'w1' or '100 readers'"
    )
    parser.add_argument("--repeats", type=int, default=3, help="runs of each load (%(default)s)")
    parser.add_argument("--tries", type=int, default=3, help="of a run that other programs disturbed (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="measured in each run (%(default)s)")
    parser.add_argument("--first", action="store_true", help="before other programs of this machine; needs root")
    parser.add_argument("--out", type=Path, default=BUILD / "results", help="writes OUT.md and OUT.json (%(default)s)")
    return parser.parse_args()


def _measure(scenarios: Sequence[Scenario], servers: Sequence[Server], options: argparse.Namespace) -> list[report.Row]:
    """The repeats are outermost, so that a bad minute of the machine hits all servers alike."""
    rows = {
        (scenario, server): report.Row(scenario.group, scenario.load, server.name)
        for scenario in scenarios
        for server in servers
    }
    for repeat in range(options.repeats):
        for (scenario, server), row in rows.items():
            print(f"{repeat + 1} {row.group}, {row.load}: {row.server}", end=" ", flush=True)
            try:
                row.runs.append(_quiet_run(scenario, server, options))
            except RuntimeError as error:
                row.failed.append(str(error))
                print(f"FAILED: {error}", flush=True)
            else:
                _say(row.runs[-1])
    return list(rows.values())


def _quiet_run(scenario: Scenario, server: Server, options: argparse.Namespace) -> generator.Result:
    """The least disturbed of up to `tries` runs, each on a fresh server."""
    arguments = [*scenario.arguments, "--dur", str(options.seconds)]
    best: generator.Result | None = None
    for _ in range(options.tries):
        with running(server, node_environment(), first=options.first) as target:
            result = generator.run(target, arguments, first=options.first)
        if best is None or _noise(result) < _noise(best):
            best = result
        if _noise(best) <= NOISE_PCT:
            break
    assert best is not None, "tries is at least one"
    return best


def _noise(result: generator.Result) -> float:
    return float(max(result["others_pct"], result["generator_starved_pct"]))


def _say(result: generator.Result) -> None:
    latency = result["lat_ms"]
    print(
        f"{result['delivered_per_s']:,.0f}/s delivered, {result['us_per_delivery']:.2f} us each, "
        f"p50 {latency['p50']:.2f} ms, p99 {latency['p99']:.2f} ms, complete: {result['verify']['complete']}",
        flush=True,
    )


def _write(rows: Sequence[report.Row], out: Path) -> None:
    node = shutil.which("node", path=node_environment()["PATH"]) or "node"
    known = facts(ROOT, node)
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_suffix(".md").write_text(report.page(rows, known, when))
    out.with_suffix(".json").write_text(
        json.dumps(
            {"when": when, "machine": known, "command": sys.argv[1:], "rows": [asdict(row) for row in rows]}, indent=1
        )
    )
    print(f"Written: {out.with_suffix('.md')}, {out.with_suffix('.json')}")


if __name__ == "__main__":
    main()
