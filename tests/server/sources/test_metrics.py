"""The catalogue of metrics holds together: what a type promises has a name, and what it cannot deliver has a reason."""

import pytest

from server.sources.metrics import ALIASES, METRICS, NOT_BY_TYPE, OF_TYPE, SUMMARY, metric_names
from server.sources.probe import SourceType


@pytest.mark.parametrize("source_type", OF_TYPE)
def test_every_figure_of_the_summary_is_delivered_or_has_a_reason(source_type: SourceType) -> None:
    delivered, reasons = set(OF_TYPE[source_type]), set(NOT_BY_TYPE.get(source_type, {}))
    assert delivered <= set(METRICS)
    assert not delivered & reasons
    assert set(SUMMARY) <= delivered | reasons


@pytest.mark.parametrize("source_type", OF_TYPE)
def test_a_node_exporter_adds_what_the_server_does_not_tell(source_type: SourceType) -> None:
    names = metric_names(source_type, {"exporter_url": "http://db.example.org/metrics"})
    assert {"cpu_usage", "memory_usage", "disk_usage"} <= set(names)
    assert len(names) == len(set(names))


def test_other_names_are_of_metrics_that_there_are() -> None:
    assert set(ALIASES.values()) <= set(METRICS)
