"""How the system is as a whole: this node by its own measurements, and the sources by their rows (contract, P1)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from persistence.alerts import AlertStore
from persistence.data_sources import DataSourceRow, DataSourceStore
from server.clock import Clock
from server.operations.self_watch import Measured, SelfWatch

__all__ = ["Component", "SystemHealth", "SystemReport"]

Status = Literal["healthy", "warning", "critical", "unknown"]
GOOD, POOR, BAD = 100.0, 50.0, 0.0
NAMES = {"store": "Store", "log": "Log of edits", "loop": "Event loop", "broker": "Broker"}
WEIGHTS = {"store": 3.0, "log": 3.0, "loop": 2.0, "broker": 1.0, "machine": 1.0, "sources": 2.0}
LATE_MS, BUSY, FULL = 100.0, 90.0, 97.0
MOST_SOURCES = 500
SUMMARY = ("response_time", "throughput", "error_rate", "cpu_usage", "memory_usage", "disk_usage")


class Component(BaseModel):
    """`score` null: it was not measured, and `issues` says why."""

    component: str
    status: Status
    score: float | None
    metrics: dict[str, float]
    last_check: datetime | None
    issues: list[str]


class SystemReport(BaseModel):
    """overall_score        weighted mean of what was measured; null before the first measurement
    coverage             per cent of the weights that were measured
    uptime               seconds since this node began
    performance_summary  of this node: its requests in the last ten seconds, its machine; what is absent is not known
    alerts               live ones, by severity
    """

    overall_score: float | None
    score: float | None
    overall: Status
    status: Status
    coverage: float
    components: list[Component]
    last_updated: datetime | None
    uptime: float
    performance_summary: dict[str, float]
    alerts: dict[str, int]
    node: str


class SystemHealth:
    def __init__(
        self, watch: SelfWatch, sources: DataSourceStore, alerts: AlertStore, clock: Clock, *, node: str
    ) -> None:
        self._watch = watch
        self._sources = sources
        self._alerts = alerts
        self._clock = clock
        self._node = node
        self._began = clock.monotonic()

    async def report(self, organisation: str, *, detailed: bool) -> SystemReport:
        """Nothing is asked but rows. `detailed`: each source is a component of its own."""
        measured = self._watch.latest
        sources = await self._sources.page(organisation, {}, 0, MOST_SOURCES)
        own = list(_own(measured)) if measured is not None else []
        parts = [*own, *([_sources(sources)] if sources else [])]
        score, coverage = _overall(parts)
        status = _status(parts)
        numbers = measured.numbers if measured is not None else {}
        summary = {**numbers.get("requests", {}), **numbers.get("machine", {})}
        return SystemReport(
            overall_score=score,
            score=score,
            overall=status,
            status=status,
            coverage=coverage,
            components=[*parts, *(map(_source, sources) if detailed else ())],
            last_updated=measured.at if measured is not None else None,
            uptime=round(self._clock.monotonic() - self._began, 1),
            performance_summary={name: summary[name] for name in SUMMARY if name in summary},
            alerts=await self._alerts.live(organisation),
            node=self._node,
        )


def _own(measured: Measured) -> Iterable[Component]:
    for finding in measured.findings:
        metrics = dict(measured.numbers.get(finding.name, {}))
        late = finding.name == "loop" and metrics.get("worst_ms", 0.0) > LATE_MS
        score = BAD if finding.reason is not None else POOR if late else GOOD
        issues = [each for each in (finding.reason, finding.note) if each]
        yield _component(NAMES.get(finding.name, finding.name), score, metrics, measured.at, issues)
    machine = dict(measured.numbers["machine"])
    fullest = max(machine[name] for name in ("cpu_usage", "memory_usage", "disk_usage"))
    score = GOOD if fullest < BUSY else POOR if fullest < FULL else BAD
    issues = [f"{name.replace('_usage', '')} is {value:g} % used" for name, value in machine.items() if value >= BUSY]
    yield _component("Machine", score, machine, measured.at, [each for each in issues if "resident" not in each])


def _sources(sources: Sequence[DataSourceRow]) -> Component:
    """All of them together; those that were never reached or are paused say nothing."""
    judged = [each for each in sources if each.status in ("active", "error")]
    failing = [each for each in judged if each.status == "error"]
    metrics = {"sources": float(len(sources)), "answering": float(len(judged) - len(failing))}
    if not judged:
        return _component("Data sources", None, metrics, None, ["None of them was sampled yet."])
    issues = [f"{each.name}: {each.status_reason or 'it does not answer'}" for each in failing[:10]]
    score = round(GOOD * (len(judged) - len(failing)) / len(judged), 1)
    return _component("Data sources", score, metrics, max(each.status_at for each in judged), issues)


def _source(row: DataSourceRow) -> Component:
    score = {"active": GOOD, "error": BAD}.get(row.status)
    why = row.status_reason or (None if score is not None else f"It is {row.status}.")
    return _component(row.name, score, {}, row.status_at, [why] if why else [])


def _component(
    name: str, score: float | None, metrics: dict[str, float], at: datetime | None, issues: list[str]
) -> Component:
    return Component(component=name, status=_word(score), score=score, metrics=metrics, last_check=at, issues=issues)


def _word(score: float | None) -> Status:
    if score is None:
        return "unknown"
    return "healthy" if score >= GOOD else "critical" if score <= BAD else "warning"


def _weight(part: Component) -> float:
    words = {**{NAMES[name]: weight for name, weight in WEIGHTS.items() if name in NAMES}, "Machine": 1.0}
    return words.get(part.component, WEIGHTS["sources"])


def _overall(parts: Sequence[Component]) -> tuple[float | None, float]:
    every = sum(map(_weight, parts))
    measured = [(each.score, _weight(each)) for each in parts if each.score is not None]
    known = sum(weight for _, weight in measured)
    if not known:
        return None, 0.0
    return round(sum(score * weight for score, weight in measured) / known, 1), round(100 * known / every, 1)


def _status(parts: Sequence[Component]) -> Status:
    words = {each.status for each in parts}
    vital = {each.status for each in parts if each.component in (NAMES["store"], NAMES["log"])}
    if "critical" in vital:
        return "critical"
    if words & {"warning", "critical"}:
        return "warning"
    return "healthy" if "healthy" in words else "unknown"
