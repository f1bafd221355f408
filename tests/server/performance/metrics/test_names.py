"""Names and times as clients ask for them."""

import pytest

from persistence.buckets import COARSE, FINE
from server.errors import Invalid
from server.performance.metrics.names import asked_metrics
from server.performance.metrics.ranges import RANGES, range_of
from server.sources.metrics import metric_of


def test_metrics_are_named_with_commas_or_again_and_again_under_either_name() -> None:
    assert asked_metrics(["cpu,memory", "connections", "cpu_usage", ""]) == ("cpu_usage", "memory_usage", "connections")
    assert asked_metrics([]) is asked_metrics([""]) is asked_metrics(["all"]) is None
    assert asked_metrics(["custom.queue_depth"]) == ("custom.queue_depth",)
    assert metric_of("custom.queue_depth").title == "Queue depth"


@pytest.mark.parametrize("name", ["cpus", "custom.", "custom.A", "custom." + "a" * 58, "custom.a\nb"])
def test_what_is_no_metric_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked_metrics([name])
    [issue] = refused.value.details
    assert issue.field == "metric_types"
    assert "connections" in issue.issue


@pytest.mark.parametrize("name", ["2h", "1H", "all", "-1h"])
def test_a_time_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        range_of(name)


def test_no_chart_has_more_points_than_a_screen_and_long_ones_are_read_from_rollups() -> None:
    assert range_of(None) == range_of("") == RANGES["24h"]
    for each in RANGES.values():
        seconds = each.length.total_seconds()
        assert 100 <= seconds / each.step <= 732
        assert each.grain % (FINE if seconds <= 21_600 else COARSE) == 0
        assert each.keep <= seconds / 100
