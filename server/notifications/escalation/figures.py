"""What became of escalations, and how late their timers ran out, for /metrics."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from persistence.escalation_rows import Fired

__all__ = ["EscalationCollector", "EscalationFigures"]

WHAT = ("started", "stepped", "acknowledged", "exhausted", "ended")


@dataclass
class EscalationFigures:
    """`told`: how often somebody was told. `late`: seconds between a timer's time and its step, all together."""

    changes: Counter[str] = field(default_factory=Counter)
    told: int = 0
    late: float = 0.0

    def count(self, what: str) -> None:
        self.changes[what] += 1

    def fired(self, fired: Fired, now: datetime) -> None:
        self.count("exhausted" if fired.row.state == "exhausted" else "stepped")
        self.told += len(fired.told)
        self.late += max(0.0, (now - fired.due_at).total_seconds())


class EscalationCollector(Collector):
    def __init__(self, figures: EscalationFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        changes = CounterMetricFamily(
            "counterpoint_escalation_changes", "What became of escalations on this node.", labels=["change"]
        )
        for what in WHAT:
            changes.add_metric([what], self._figures.changes[what])
        yield changes
        yield CounterMetricFamily(
            "counterpoint_escalation_told", "How often a step of an escalation has told somebody.", self._figures.told
        )
        yield CounterMetricFamily(
            "counterpoint_escalation_late_seconds",
            "How late the steps of escalations were taken, all together.",
            self._figures.late,
        )
