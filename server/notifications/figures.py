"""What has left the house for people, for /metrics."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

__all__ = ["NotificationCollector", "NotificationFigures"]


@dataclass
class NotificationFigures:
    """By channel and what became of it: pending means that it is looked at again."""

    deliveries: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, channel: str, state: str, deliveries: int) -> None:
        self.deliveries[channel, state] += deliveries


class NotificationCollector(Collector):
    def __init__(self, figures: NotificationFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        found = CounterMetricFamily(
            "counterpoint_notification_deliveries",
            "Notifications that were looked at to be sent, by channel; pending ones are looked at again.",
            labels=["channel", "state"],
        )
        for (channel, state), count in sorted(self._figures.deliveries.items()):
            found.add_metric([channel, state], count)
        yield found
