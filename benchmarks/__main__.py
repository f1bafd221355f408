"""Run the loads on the servers and write the tables: `make bench`, or `python -m benchmarks --help`."""

import argparse
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import contenders, generator, report, trace
from benchmarks.aims import reached
from benchmarks.generator import Result
from benchmarks.loads import LOADS, Load
from benchmarks.machine import facts
from benchmarks.measures import Conditions
from benchmarks.report import Row, is_complete
from benchmarks.servers import BUILD, Server
from hatch_build import node_environment

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# A run that lost more than this of a core to other programs says little about the server.
NOISE_PCT = 10.0


def main() -> None:
    options = _options()
    if not {0, 1} <= os.sched_getaffinity(0):
        raise SystemExit("Two cores are needed: one for the server, one for the generator.")
    generator.build()
    contenders.install()
    loads = [each for each in LOADS if options.only in f"{each.table}: {each.name}" and (each.usual or options.full)]
    if not loads:
        raise SystemExit(f"No load has {options.only!r} in its name; --full has more.")
    if any(each.table == "trace" for each in loads):
        trace.prepared()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    page, rows = "", list[Row]()
    for rows in _rounds(loads, options):
        page = _write(rows, options.out)
    if options.publish:
        (HERE / "RESULTS.md").write_text(page)
        readme = HERE / "README.md"
        readme.write_text(report.with_aims(readme.read_text(), reached(rows)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [each.name for each in contenders.SERVERS]
    parser.add_argument("--server", action="append", choices=names, help="only this one")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="loads with TEXT in their name, such as 'storm' or 'w1'"
    )
    parser.add_argument("--full", action="store_true", help="10 and 500 readers as well, and no limit of time")
    parser.add_argument("--repeats", type=int, default=3, help="runs of a load at most (%(default)s)")
    parser.add_argument("--minutes", type=float, default=13.5, help="after them no run is repeated (%(default)s)")
    parser.add_argument("--tries", type=int, default=2, help="of a run that other programs disturbed (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="measured in each run of typing (%(default)s)")
    parser.add_argument("--first", action="store_true", help="before other programs of this machine; needs root")
    parser.add_argument(
        "--publish", action="store_true", help="also write RESULTS.md and the table of aims in README.md"
    )
    parser.add_argument("--out", type=Path, default=BUILD / "results", help="writes OUT.md and OUT.json (%(default)s)")
    return parser.parse_args()


def _rounds(loads: Sequence[Load], options: argparse.Namespace) -> Iterator[list[Row]]:
    """What has been measured after each round: rounds are outermost, so that a bad minute hits all servers alike.

    The first round is run whole; later ones repeat what fits into the minutes.
    """
    deadline = float("inf") if options.full else time.monotonic() + options.minutes * 60
    conditions = Conditions(node_environment(), options.seconds, options.first)
    rows = {
        (load, contenders.named(name)): Row(load.table, load.name, name)
        for load in loads
        for name in load.servers
        if not options.server or name in options.server
    }
    for turn in range(options.repeats):
        for (load, server), row in rows.items():
            if turn >= load.rounds or (turn > 0 and time.monotonic() > deadline):
                continue
            print(f"{turn + 1} {row.table}: {row.load}: {row.server}", end=" ", flush=True)
            tries = options.tries if time.monotonic() < deadline else 1
            try:
                row.runs.append(_quiet_run(load, server, conditions, tries))
            except Exception as error:  # noqa: BLE001 - one load that fails is reported, and the others go on
                row.failed.append(str(error) or type(error).__name__)
                print(f"FAILED: {error}", flush=True)
            else:
                print(_said(row.runs[-1]), flush=True)
        yield list(rows.values())


def _quiet_run(load: Load, server: Server, conditions: Conditions, tries: int) -> Result:
    """The least disturbed of up to `tries` runs, each on a fresh server."""
    best: Result | None = None
    for _ in range(tries):
        result = load.measure(server, conditions)
        if best is None or _noise(result) < _noise(best):
            best = result
        if _noise(best) <= NOISE_PCT:
            break
    assert best is not None, "tries is at least one"
    return best


def _noise(result: Result) -> float:
    return float(max(result["others_pct"], result["starved_pct"]))


def _said(result: Result) -> str:
    """The run in one line, while the tables are being made."""
    if "latency_ms" in result:
        latency = result["ack_ms"] if result["ack_ms"]["n"] else result["latency_ms"]
        what = (
            f"{result['delivered_per_s']:,.0f}/s delivered, {result['us_per_delivery']:.2f} us each, "
            f"p50 {latency['p50']:.2f} ms, p99 {latency['p99']:.2f} ms"
        )
    elif "connects_per_s" in result:
        what = f"{result['connects_per_s']:,.0f} connects/s, {result['rss_kb_each']:.1f} KB each"
    elif "edits_per_s" in result:
        cold = [round(each["open_ms"][0]) for each in result["cold"]]
        what = f"{result['edits_per_s']:,.0f} edits/s, warm {result['warm']['open_ms']} ms, cold {cold} ms"
    else:
        what = f"all have it in {result['all_s']:.2f} s, typist p99 {result['typist_ms']['p99']:.0f} ms"
    return f"{what}, others {result['others_pct']:.0f} %, complete: {is_complete(result)}"


def _write(rows: Sequence[Row], out: Path) -> str:
    """The page, which is written to OUT.md; the figures go to OUT.json."""
    node = shutil.which("node", path=node_environment()["PATH"]) or "node"
    known = facts(ROOT, node)
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    out.parent.mkdir(parents=True, exist_ok=True)
    page = report.page(rows, known, reached(rows), when)
    out.with_suffix(".md").write_text(page)
    out.with_suffix(".json").write_text(
        json.dumps(
            {"when": when, "machine": known, "command": sys.argv[1:], "rows": [asdict(row) for row in rows]}, indent=1
        )
    )
    print(f"Written: {out.with_suffix('.md')}, {out.with_suffix('.json')}")
    return page


if __name__ == "__main__":
    main()
