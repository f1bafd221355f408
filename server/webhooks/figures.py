"""How many deliveries arrived, failed, or were withheld, for /metrics."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from persistence.webhook_deliveries import Ended

__all__ = ["WebhookCollector", "WebhookFigures"]


@dataclass
class WebhookFigures:
    """`tries` by what became of the delivery: pending means that it is tried again."""

    tries: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def count(self, ended: Ended) -> None:
        self.tries[ended.state] += 1
        self.seconds += ended.attempt.seconds


class WebhookCollector(Collector):
    def __init__(self, figures: WebhookFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        tries = CounterMetricFamily(
            "counterpoint_webhook_tries",
            "Tries to deliver an event to a webhook; pending ones are made again.",
            labels=["state"],
        )
        for state in ("delivered", "pending", "failed", "withheld"):
            tries.add_metric([state], self._figures.tries[state])
        yield tries
        yield CounterMetricFamily(
            "counterpoint_webhook_seconds", "How long tries have taken, all together.", self._figures.seconds
        )
