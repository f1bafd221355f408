"""How many push messages were taken, and how many were not, for /metrics."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

__all__ = ["PushCollector", "PushFigures"]

RESULTS = ("taken", "later", "refused", "gone")


@dataclass
class PushFigures:
    """By what the push service has said of a message to one device; gone: its subscription is over, and deleted."""

    messages: Counter[str] = field(default_factory=Counter)


class PushCollector(Collector):
    def __init__(self, figures: PushFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        messages = CounterMetricFamily(
            "counterpoint_push_messages", "Messages to devices, each try, by what became of them.", labels=["result"]
        )
        for result in RESULTS:
            messages.add_metric([result], self._figures.messages[result])
        yield messages
