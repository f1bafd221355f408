"""What a threshold says of a value, and what that is worth."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persistence.thresholds import ThresholdRow
from server.performance.metrics.judged import level_of, score_of, strictest

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def threshold(operator: str, warning: float, critical: float, number: int = 1) -> ThresholdRow:
    return ThresholdRow(
        id=number,
        organisation_id="o",
        source_id=None,
        metric_name="load",
        operator=operator,
        warning=warning,
        critical=critical,
        for_seconds=0,
        keep_firing_seconds=0,
        clear_at=None,
        labels={},
        enabled=True,
        version=1,
        created_by="u",
        created_at=NOON,
        updated_at=NOON,
    )


@pytest.mark.parametrize(
    ("operator", "value", "level"),
    [
        ("gt", 80, None),
        ("gt", 80.1, "warning"),
        ("gt", 90.1, "critical"),
        ("lt", 90, None),
        ("lt", 89, "warning"),
        ("lt", 79, "critical"),
        ("ne", 200, None),
        ("ne", 500, "critical"),
        ("eq", 200, "critical"),
        ("eq", 500, None),
    ],
)
def test_a_level_is_what_the_value_passes(operator: str, value: float, level: str | None) -> None:
    warning, critical = {"gt": (80.0, 90.0), "lt": (90.0, 80.0)}.get(operator, (200.0, 200.0))
    assert level_of(threshold(operator, warning, critical), value) == level


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_the_worse_a_value_the_lower_its_score(values: list[float]) -> None:
    scores = [score_of(threshold("gt", 80, 90), value) for value in sorted(values)]
    assert all(earlier >= later for earlier, later in pairwise(scores))
    assert all(0 <= score <= 100 for score in scores)


def test_the_worst_of_several_counts_and_none_is_unknown() -> None:
    low, high = threshold("lt", 10, 5), threshold("gt", 80, 90, 2)
    assert strictest([low, high], 85) == ("warning", high)
    assert strictest([low, high], 1) == ("critical", low)
    assert strictest([low], 50) == ("good", low)
    assert strictest([], 50) == ("unknown", None)
