"""What a threshold makes of reading after reading: as in Prometheus, with a level of its own for the end."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persistence.threshold_states import StateRow
from persistence.thresholds import ThresholdRow
from server.performance.alerts.states import Happening, step
from tests.server.performance.metrics.test_judged import NOON, threshold

Readings = list[tuple[float, float | None]]


def rule(operator: str = "gt", **fields: Any) -> ThresholdRow:
    made = threshold(operator, 80, 90) if operator == "gt" else threshold(operator, 20, 10)
    return ThresholdRow(**{name: getattr(made, name) for name in ThresholdRow.__dataclass_fields__} | fields)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def run(threshold: ThresholdRow, readings: Readings, patience: float = 60) -> list[tuple[float, Happening]]:
    """What has happened, and after how many seconds."""
    state: StateRow | None = None
    found: list[tuple[float, Happening]] = []
    for seconds, value in readings:
        state, happened = step(threshold, state, value, at(seconds), patience)
        found += ((seconds, each) for each in happened)
    return found


@pytest.mark.parametrize(
    ("fields", "readings", "happened"),
    [
        ({}, [(0, 70), (10, 85), (20, 85), (30, 70)], [(10, "fired"), (30, "over")]),
        ({}, [(0, 85), (10, 95), (20, 85), (30, 95)], [(0, "fired"), (10, "raised")]),
        ({"for_seconds": 20}, [(0, 85), (10, 85), (20, 85)], [(20, "fired")]),
        ({"for_seconds": 20}, [(0, 85), (10, 70), (20, 85), (30, 85)], []),
        ({"for_seconds": 20}, [(0, 85), (10, 95), (20, 95)], [(20, "fired")]),
        ({"clear_at": 60}, [(0, 85), (10, 70), (20, 60)], [(0, "fired"), (20, "over")]),
        ({"keep_firing_seconds": 20}, [(0, 85), (10, 70), (20, 70), (30, 70)], [(0, "fired"), (30, "over")]),
        ({"keep_firing_seconds": 20}, [(0, 85), (10, 70), (20, 85), (30, 70), (40, 70)], [(0, "fired")]),
        ({}, [(0, None), (59, None), (60, None), (70, None), (80, 70)], [(60, "no_data"), (80, "data_back")]),
        ({}, [(0, None), (60, None), (70, 95)], [(60, "no_data"), (70, "data_back"), (70, "fired")]),
        ({}, [(0, 85), (60, None), (600, None)], [(0, "fired")]),
        ({}, [(0, None), (30, 70), (60, None), (90, None)], []),
    ],
    ids=[
        "fires and is over",
        "is raised once and never lowered",
        "holds for its time",
        "begins anew when it was good in between",
        "was a warning while it was pending",
        "is over only beyond the level that clears it",
        "is over only when it was good for long enough",
        "was not good for long enough",
        "cannot be read and can again",
        "can be read again and is bad",
        "what cannot be read ends nothing",
        "was missing, but never for long enough",
    ],
)
def test_readings_and_what_comes_of_them(fields: Any, readings: Readings, happened: list[tuple[float, str]]) -> None:
    assert run(rule(**fields), readings) == happened


def test_below_is_the_mirror_of_above() -> None:
    below = [(10.0, 15.0), (20.0, 15.0), (30.0, 25.0), (40.0, 31.0)]
    assert run(rule("lt", clear_at=30), below) == [(10, "fired"), (40, "over")]


@given(
    st.lists(st.none() | st.floats(0, 100), max_size=60),
    st.sampled_from([0.0, 15.0]),
    st.sampled_from([0.0, 15.0]),
    st.sampled_from([None, 60.0]),
)
def test_it_never_fires_twice_without_being_over_in_between(
    values: list[float | None], for_seconds: float, keep: float, clear_at: float | None
) -> None:
    made = rule(for_seconds=for_seconds, keep_firing_seconds=keep, clear_at=clear_at)
    happened = [each for _, each in run(made, [(10.0 * number, value) for number, value in enumerate(values)], 30)]
    firing = [each for each in happened if each in ("fired", "over")]
    assert all(each == ("fired", "over")[number % 2] for number, each in enumerate(firing))
    missing = [each for each in happened if each in ("no_data", "data_back")]
    assert all(each == ("no_data", "data_back")[number % 2] for number, each in enumerate(missing))
    assert happened.count("raised") <= happened.count("fired")
