"""The broker's figures for Prometheus, read at the moment of the scrape."""

from collections.abc import Iterator
from math import isnan

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.realtime.broker import Broker
from server.realtime.redis.broker import RedisBroker

__all__ = ["BrokerCollector"]


class BrokerCollector(Collector):
    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def collect(self) -> Iterator[Metric]:
        broker, figures = self._broker, self._broker.figures
        for name, help_, value in (
            ("published", "Messages that this node has said to itself and to the others.", figures.published),
            ("heard", "Messages that came from other nodes.", figures.heard),
            ("garbage", "Messages that were not what their topic says, and were ignored.", figures.garbage),
            ("unsent", "Messages that other nodes did not get from here.", figures.unsent),
            ("gaps", "Times that messages may have been lost, so that the store was asked.", figures.gaps),
            ("losses", "Connections to the broker that were lost, and attempts that failed.", figures.losses),
        ):
            yield CounterMetricFamily(f"counterpoint_broker_{name}", help_, value)
        if isinstance(broker, RedisBroker):
            yield from _of_the_connection(broker)


def _of_the_connection(broker: RedisBroker) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "counterpoint_broker_up", "1 while messages reach the other nodes.", float(broker.trouble is None)
    )
    yield GaugeMetricFamily("counterpoint_broker_queued", "Messages that wait to be written.", broker.queued)
    if not isnan(broker.round_trip):
        yield GaugeMetricFamily(
            "counterpoint_broker_echo_seconds", "How long the latest echo took, out and back.", broker.round_trip
        )
