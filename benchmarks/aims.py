"""What Counterpoint is meant to reach, as ratios to the other servers of the same run."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.generator import Result
from benchmarks.report import Number, Row, at

__all__ = ["AIMS", "Aim", "reached"]

OURS = "counterpoint"
WITHOUT_DISK = "counterpoint, log on tmpfs"


@dataclass(frozen=True, slots=True)
class Aim:
    """`figure` of `server`, divided by that of `rival` where there is one, is to be at most or at least `limit`."""

    text: str
    table: str
    load: str
    figure: Callable[[Result], Number]
    limit: float
    rival: str | None = None
    at_least: bool = False
    server: str = OURS
    unit: str = ""

    def met(self, value: float) -> bool:
        """Whether `value` is on the right side of the limit."""
        return value >= self.limit if self.at_least else value <= self.limit

    def bound(self) -> str:
        """The limit in words."""
        return f"at {'least' if self.at_least else 'most'} {self.limit:,g}{self._unit()}"

    def shown(self, value: float) -> str:
        """A figure in the aim's unit."""
        return f"{value:,.2f}{self._unit()}" if self.rival else f"{value:,.1f}{self._unit()}"

    def _unit(self) -> str:
        return " x" if self.rival else f" {self.unit}"


CPU = at("us_per_delivery")
DELIVERED = at("delivered_per_s")
INTO = at("sent_per_s")
FIXED, MAX, W1 = "100 readers, fixed 50/s", "100 readers, max", "100 readers, w1"
IDLE, TRACE, TYPING = "10,000 connections, 100 documents", "259,778 edits", "150 keystrokes/s, Hocuspocus' clients"
HOCUS = "counterpoint, Hocuspocus protocol"
ON_POSTGRES = "counterpoint on PostgreSQL"


def _warm(run: Result) -> Number:
    return float(statistics.median(run["warm"]["open_ms"]))


def _cold(run: Result) -> Number:
    return float(statistics.median(each["open_ms"][0] for each in run["cold"]))


AIMS = (
    Aim(
        "(a) 100 readers, 50/s: CPU of a delivery, log on tmpfs, to the C loop",
        "fan-out",
        FIXED,
        CPU,
        1.6,
        "C loop",
        server=WITHOUT_DISK,
    ),
    Aim(
        "(a) 100 readers, 50/s: CPU of a delivery, every commit fsynced, to hocuspocus",
        "fan-out",
        FIXED,
        CPU,
        1.0,
        "hocuspocus",
    ),
    Aim(
        "(a) 100 readers, max: updates delivered/s, to hocuspocus",
        "fan-out",
        MAX,
        DELIVERED,
        1.5,
        "hocuspocus",
        at_least=True,
    ),
    Aim("(a) 100 readers, one in flight: CPU of a delivery, to the C loop", "fan-out", W1, CPU, 1.4, "C loop"),
    Aim(
        "(b) 200 documents, max: updates/s, to y-websocket-server",
        "documents",
        "max",
        INTO,
        1.6,
        "y-websocket-server",
        at_least=True,
    ),
    Aim(
        "(b) 200 documents, one in flight: updates/s, to y-websocket-server",
        "documents",
        "w1",
        INTO,
        1.0,
        "y-websocket-server",
        at_least=True,
    ),
    Aim("(c) 10,000 idle connections: memory of each", "idle", IDLE, at("rss_kb_each"), 12, unit="KB"),
    Aim("(c) 10,000 idle connections: connects", "idle", IDLE, at("connects_per_s"), 2400, at_least=True, unit="/s"),
    Aim("(d) the trace of 259,778 edits: opened warm", "trace", TRACE, _warm, 10, unit="ms"),
    Aim("(d) the trace of 259,778 edits: opened cold", "trace", TRACE, _cold, 100, unit="ms"),
    Aim(
        "(d) the trace of 259,778 edits: memory after it (PSS)", "trace", TRACE, at("pss_kb", 1 / 1024), 100, unit="MB"
    ),
    Aim(
        "(e) 300 people type: p50 of delivery, to hocuspocus",
        "cursors",
        TYPING,
        at("latency_ms.p50"),
        1.0,
        "hocuspocus",
        server=HOCUS,
    ),
    Aim(
        "(e) 300 people type: p99 of delivery, to hocuspocus",
        "cursors",
        TYPING,
        at("latency_ms.p99"),
        1.0,
        "hocuspocus",
        server=HOCUS,
    ),
    Aim(
        "(e) 300 people type: CPU, to hocuspocus",
        "cursors",
        TYPING,
        at("us_per_update"),
        1.0,
        "hocuspocus",
        server=HOCUS,
    ),
    Aim(
        "(g) join storm: time until all have it, to hocuspocus",
        "storm",
        "500 clients, 5 MB",
        at("all_s"),
        1.0,
        "hocuspocus",
    ),
    *(
        Aim(
            f"(i) events, {subscribers} subscribers: CPU of a delivery, to the C loop",
            "events",
            f"{subscribers} subscribers, fixed {rate}/s",
            CPU,
            1.36,  # 10.5 us where the C loop takes 7.7
            "C loop, events",
            server="counterpoint, a node's feed",
        )
        for subscribers, rate in ((100, 50), (500, 10))
    ),
    *(
        Aim(
            f"(h) two nodes, {readers}: CPU of a delivery, to hocuspocus",
            "nodes",
            load,
            CPU,
            0.34,
            "hocuspocus",
            server=ON_POSTGRES,
        )
        for readers, load in (("10 readers", "10 readers, 200/s"), ("100 readers", "100 readers, 50/s"))
    ),
)


def reached(rows: Sequence[Row], aims: Sequence[Aim] = AIMS) -> Iterator[tuple[str, str, str, str]]:
    """Aim, limit, what was reached (of the medians), whether it was met; "unknown" where a side has no figures."""
    runs: Mapping[tuple[str, str, str], list[Result]] = {(row.table, row.load, row.server): row.runs for row in rows}
    for aim in aims:
        ours = _median(runs, aim, aim.server)
        theirs = 1.0 if aim.rival is None else _median(runs, aim, aim.rival)
        if ours is None or not theirs:
            yield aim.text, aim.bound(), "unknown: no figures", "unknown"
        else:
            yield aim.text, aim.bound(), aim.shown(ours / theirs), "yes" if aim.met(ours / theirs) else "no"


def _median(runs: Mapping[tuple[str, str, str], list[Result]], aim: Aim, server: str) -> float | None:
    here = runs.get((aim.table, aim.load, server), [])
    return statistics.median(aim.figure(run) for run in here) if here else None
