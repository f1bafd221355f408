"""The tables, from what was measured."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.generator import Result

__all__ = ["TABLES", "Number", "Row", "at", "is_complete", "page", "table", "with_aims"]

Number = float | int


@dataclass(frozen=True, slots=True)
class Row:
    """All runs of one server under one load; `failed` holds why a run gave no figures."""

    table: str
    load: str
    server: str
    runs: list[Result] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    value: Callable[[Result], Number]
    digits: int = 0


def at(path: str, scale: float = 1.0) -> Callable[[Result], Number]:
    """The figure at a path such as latency_ms.p99, times `scale`."""

    def value(run: Result) -> Number:
        found: object = run
        for key in path.split("."):
            found = found[key]  # type: ignore[index]
        assert isinstance(found, (int, float))
        return found * scale

    return value


def _median_of(*path: str) -> Callable[[Result], Number]:
    def value(run: Result) -> Number:
        found = run[path[0]]
        if isinstance(found, Mapping):
            found = found[path[1]]
        return statistics.median(each if isinstance(each, (int, float)) else each["open_ms"][0] for each in found)

    return value


def _most_of_cold(run: Result) -> Number:
    return float(max(each["peak_kb"] for each in run["cold"])) / 1024


AIM_HEAD = ("aim", "limit", "reached", "met")
BEGIN, END = "<!-- aims: written by --publish -->\n", "<!-- end of aims -->"
MB = 1 / 1024
OTHERS = Column("others %", at("others_pct"))
CPU = Column("server CPU %", at("cpu_pct"))
LATENCY = (Column("p50 ms", at("latency_ms.p50"), 2), Column("p99 ms", at("latency_ms.p99"), 1))
PEAK = Column("peak MB", at("peak_kb", MB))

TYPING = (
    Column("updates/s in", at("sent_per_s")),
    Column("updates/s delivered", at("delivered_per_s")),
    Column("frames/s", at("frames_per_s")),
    Column("CPU us / delivered", at("us_per_delivery"), 2),
    *LATENCY,
    CPU,
    OTHERS,
    PEAK,
)

# By table: its title, and its columns beside load, server and complete.
TABLES: Mapping[str, tuple[str, Sequence[Column]]] = {
    "fan-out": ("(a) One writer, many readers of one document", TYPING),
    "documents": ("(b) 200 documents with two writers each", TYPING),
    "nodes": (
        "(h) Two nodes with a Valkey between them: the writer at one, the readers at the other; CPU of all processes",
        (Column("CPU us / update", at("us_per_update"), 1), *TYPING),
    ),
    "events": (
        "(i) Events of 100 bytes: one publisher, many subscribers",
        (
            Column("events/s", at("sent_per_s")),
            Column("delivered/s", at("delivered_per_s")),
            Column("bytes/delivery", at("bytes_per_frame")),
            Column("CPU us / delivered", at("us_per_delivery"), 2),
            *LATENCY,
            Column("last p99 ms", at("last_ms.p99"), 1),
            CPU,
            OTHERS,
            PEAK,
        ),
    ),
    "posted": (
        "(j) From a request to the last of 1,000 subscribers",
        (
            Column("events/s", at("sent_per_s"), 1),
            Column("delivered/s", at("delivered_per_s")),
            Column("bytes/delivery", at("bytes_per_frame")),
            Column("CPU us / delivered", at("us_per_delivery"), 2),
            Column("last p50 ms", at("last_ms.p50"), 1),
            Column("last p99 ms", at("last_ms.p99"), 1),
            CPU,
            OTHERS,
        ),
    ),
    "idle": (
        "(c) Idle connections",
        (
            Column("connects/s", at("connects_per_s")),
            Column("CPU us / connect", at("us_per_connect")),
            Column("KB RSS each", at("rss_kb_each"), 1),
            Column("KB PSS each", at("pss_kb_each"), 1),
            Column("MB before", at("empty_rss_kb", MB)),
            Column("MB with all", at("held_rss_kb", MB)),
            Column("idle CPU %", at("idle_cpu_pct"), 1),
            OTHERS,
        ),
    ),
    "trace": (
        "(d) An editing history, replayed and opened",
        (
            Column("edits/s replayed", at("edits_per_s")),
            Column("CPU us / edit", at("us_per_edit"), 1),
            Column("MB RSS after", at("rss_kb", MB)),
            Column("MB PSS after", at("pss_kb", MB)),
            Column("s until stored", at("storing_s"), 1),
            Column("warm ms", _median_of("warm", "open_ms"), 1),
            Column("cold ms", _median_of("cold"), 1),
            Column("peak MB cold", _most_of_cold),
            OTHERS,
        ),
    ),
    "cursors": (
        "(e) 300 people type in one document, each keystroke moves a cursor",
        (
            Column("keystrokes/s", at("sent_per_s")),
            *LATENCY,
            Column("cursor p50 ms", at("cursor_ms.p50"), 2),
            Column("cursor p99 ms", at("cursor_ms.p99"), 1),
            Column("frames/s", at("frames_per_s")),
            Column("CPU us / keystroke", at("us_per_update")),
            CPU,
            OTHERS,
            PEAK,
        ),
    ),
    "acknowledgements": (
        "(f) Until an update is acknowledged",
        (
            Column("updates/s", at("sent_per_s")),
            Column("ack p50 ms", at("ack_ms.p50"), 2),
            Column("ack p95 ms", at("ack_ms.p95"), 2),
            Column("ack p99 ms", at("ack_ms.p99"), 2),
            Column("delivery p99 ms", at("latency_ms.p99"), 1),
            CPU,
            OTHERS,
        ),
    ),
    "storm": (
        "(g) A join storm: 500 clients open a document of 5 MB at once",
        (
            Column("s until all have it", at("all_s"), 2),
            Column("join p50 ms", at("join_ms.p50")),
            Column("typist p99 ms, before", at("calm_ms.p99"), 1),
            Column("typist p99 ms, meanwhile", at("typist_ms.p99"), 1),
            Column("MB before", at("rss_before_kb", MB)),
            Column("peak MB", at("peak_kb", MB)),
            Column("CPU s", at("cpu_ms", 0.001), 2),
            OTHERS,
        ),
    ),
}


def page(rows: Sequence[Row], facts: Mapping[str, str], aims: Iterable[Sequence[str]], when: str) -> str:
    """The whole page in Markdown; `aims` are the rows of the table of what was aimed at."""
    lines = ["# Results", "", f"Measured {when}. How to read this: [README.md](README.md).", ""]
    lines += table(("what", "which"), facts.items())
    lines += ["", "## What was aimed at, and what was reached", ""]
    lines += table(AIM_HEAD, aims)
    for key, (title, columns) in TABLES.items():
        here = [row for row in rows if row.table == key]
        if here:
            lines += ["", f"## {title}", ""]
            lines += table(
                ("load", "server", *(column.title for column in columns), "complete"),
                (_cells(row, columns) for row in here),
            )
    return "\n".join(lines) + "\n"


def with_aims(text: str, aims: Iterable[Sequence[str]]) -> str:
    """`text` with the table of aims between its marks. ValueError when it has no such marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the text has no marks for the table of aims")
    return before + begin + "\n".join(table(AIM_HEAD, aims)) + "\n" + end + after


def _cells(row: Row, columns: Sequence[Column]) -> tuple[str, ...]:
    if not row.runs:
        why = row.failed[0].replace("|", "/").replace("\n", " ") if row.failed else "not run: the time was over"
        return (row.load, row.server, f"no figures: {why[:160]}", *("-",) * len(columns))
    complete = sum(1 for run in row.runs if is_complete(run))
    figures = (_spread([column.value(run) for run in row.runs], column.digits) for column in columns)
    return (row.load, row.server, *figures, f"{complete}/{len(row.runs) + len(row.failed)}")


def is_complete(run: Result) -> bool:
    """Every receiver got all that it should, in order, and nobody was refused or cut off."""
    return bool(run["verify"]["complete"] if "verify" in run else run["complete"])


def _spread(values: Sequence[Number], digits: int) -> str:
    """Least / **median** / most; the one value of a single run."""
    if len(values) == 1:
        return f"{values[0]:,.{digits}f}"
    return f"{min(values):,.{digits}f} / **{statistics.median(values):,.{digits}f}** / {max(values):,.{digits}f}"


def table(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table in Markdown."""
    rows = [head, ["---"] * len(head), *body]
    return ["| " + " | ".join(row) + " |" for row in rows]
