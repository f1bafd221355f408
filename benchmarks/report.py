"""The tables, from what the generator has counted."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.generator import Result

__all__ = ["Row", "page"]

HEAD = (
    "server",
    "load",
    "updates/s in",
    "updates/s delivered",
    "frames/s",
    "p50 ms",
    "p99 ms",
    "CPU us / delivered",
    "server CPU %",
    "others %",
    "peak MB",
    "complete",
)


@dataclass(frozen=True, slots=True)
class Row:
    """All runs of one server under one load; `failed` holds why a run gave no figures."""

    group: str
    load: str
    server: str
    runs: list[Result] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def page(rows: Sequence[Row], facts: dict[str, str], when: str) -> str:
    """The whole page in Markdown."""
    lines = ["# Results", "", f"Measured {when}. How to read this: [README.md](README.md).", ""]
    lines += _table(("what", "which"), facts.items())
    for group in dict.fromkeys(row.group for row in rows):
        lines += ["", f"## {group[0].upper()}{group[1:]}", ""]
        lines += _table(HEAD, (_cells(row) for row in rows if row.group == group))
    return "\n".join(lines) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    if not row.runs:
        return (row.server, row.load, f"no figures: {row.failed[0]}", *("-",) * (len(HEAD) - 3))
    complete = sum(1 for run in row.runs if run["verify"]["complete"])
    return (
        row.server,
        row.load,
        _spread([run["sent_per_s"] for run in row.runs], 0),
        _spread([run["delivered_per_s"] for run in row.runs], 0),
        _spread([run["frames"] / run["secs"] for run in row.runs], 0),
        _spread([run["lat_ms"]["p50"] for run in row.runs], 2),
        _spread([run["lat_ms"]["p99"] for run in row.runs], 1),
        _spread([run["us_per_delivery"] for run in row.runs], 2),
        _spread([run["cpu_pct"] for run in row.runs], 0),
        _spread([run["others_pct"] for run in row.runs], 0),
        _spread([run["hwm_kb"] / 1024 for run in row.runs], 0),
        f"{complete}/{len(row.runs) + len(row.failed)}",
    )


def _spread(values: Sequence[float], digits: int) -> str:
    """Least / **median** / most; the one value of a single run."""
    if len(values) == 1:
        return f"{values[0]:,.{digits}f}"
    return f"{min(values):,.{digits}f} / **{statistics.median(values):,.{digits}f}** / {max(values):,.{digits}f}"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    rows = [head, ["---"] * len(head), *body]
    return ["| " + " | ".join(row) + " |" for row in rows]
