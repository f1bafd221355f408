"""The figures of documents across nodes for Prometheus, read at the moment of the scrape."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.realtime.replication.replication import Replication

__all__ = ["ReplicationCollector"]


class ReplicationCollector(Collector):
    def __init__(self, replication: Replication) -> None:
        self._replication = replication

    def collect(self) -> Iterator[Metric]:
        figures = self._replication.figures
        for name, meaning, value in (
            ("told", "Messages to other nodes about documents.", figures.told),
            ("heard_rows", "Rows of other nodes that a message brought, in order.", figures.heard),
            ("repeated", "Messages about rows that were here already.", figures.repeated),
            (
                "read_rows",
                "Rows of other nodes that were read from the log, for no message had brought them.",
                figures.read,
            ),
            ("behind", "Times that a look at the log found a document behind.", figures.polled),
            (
                "incarnations",
                "Rooms that ended, for their document was brought back from a backup.",
                figures.incarnations,
            ),
            ("mismatches", "Digests that differed at the same position: alert on any.", figures.mismatches),
        ):
            yield CounterMetricFamily(f"counterpoint_replication_{name}", meaning, value)
        yield GaugeMetricFamily(
            "counterpoint_replication_documents", "Documents that are kept in step now.", self._replication.documents
        )
        yield GaugeMetricFamily(
            "counterpoint_replication_documents_behind",
            "Of them, those that lack rows which they have heard of.",
            self._replication.behind,
        )
