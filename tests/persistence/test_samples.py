"""Samples and rollups: what is put together is what was measured, and nothing goes before it stands in a rollup."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from persistence.buckets import COARSE, FINE, buckets
from persistence.database import Database
from persistence.samples import SampleRow, SampleStore
from persistence.series import SeriesStore
from tests.persistence.conftest import NOW, Place
from tests.persistence.test_monitors import monitors_in, source_in

HOUR = NOW.replace(minute=0, second=0, microsecond=0)
MakePlace = Callable[[], Awaitable[Place]]


def sample(source: int, seconds: float, state: str = "up", **readings: float) -> SampleRow:
    reason = None if state == "up" else "It does not answer."
    return SampleRow(source, HOUR + timedelta(seconds=seconds), state, 0.01, readings, {}, reason)


async def test_a_moment_is_measured_once(database: Database, make_place: MakePlace) -> None:
    store, source = SampleStore(database), await source_in(database, await make_place())
    assert await store.push(sample(source, 0, connections=1))
    assert not await store.push(sample(source, 0, connections=2))
    assert await store.push(sample(source, 5, connections=3))
    assert await store.newest(source, HOUR, 9) == [sample(source, 5, connections=3), sample(source, 0, connections=1)]
    assert await store.newest(source, HOUR, 1) == [sample(source, 5, connections=3)]
    assert await store.newest(source, HOUR + timedelta(seconds=6), 9) == []
    assert await store.newest(source + 1, HOUR, 9) == []


async def test_a_sample_whose_judge_fails_is_not_stored(database: Database, make_place: MakePlace) -> None:
    store, source = SampleStore(database), await source_in(database, await make_place())

    def fails(_: Connection, __: Sequence[SampleRow]) -> None:
        raise LookupError("no judge today")

    with pytest.raises(LookupError):
        await store.push(sample(source, 0, connections=1), fails)
    assert await store.newest(source, HOUR, 1) == []


async def test_only_what_stands_in_rollups_goes(database: Database, make_place: MakePlace) -> None:
    store, [source] = SampleStore(database), await monitors_in(database, await make_place(), 1)
    for second in (0, 3599, 3600):
        await store.push(sample(source, second, connections=1))
    later = HOUR + timedelta(days=1)
    assert await store.purge(later, HOUR, HOUR) == 0, "nothing is rolled up yet"
    await store.roll_up(source, HOUR + timedelta(seconds=3700))
    assert await store.purge(later, HOUR, HOUR) == 2
    assert await store.purge(later, later, HOUR) == 2, "rollups of 5 minutes, by a time of their own"
    left = await SeriesStore(database).read(source, HOUR, later, COARSE)
    assert [each.count for each in left.points["connections"]] == [2, 1], "of a rollup, and of the sample that is left"
    assert await store.purge(later, later, later) == 1


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 20_000), st.sampled_from(["up", "down"]), st.floats(-1e6, 1e6)), max_size=60),
    st.sampled_from([FINE, COARSE]),
)
def test_a_rollup_loses_no_sample_and_keeps_its_extremes(found: list[tuple[int, str, float]], width: int) -> None:
    rows = [(HOUR + timedelta(seconds=second), state, {"load": value}) for second, state, value in sorted(found)]
    found_in = buckets(rows, width)
    assert sum(bucket.samples for bucket in found_in) == len(rows)
    assert sum(bucket.up for bucket in found_in) == sum(state == "up" for _, state, _ in rows)
    for bucket in found_in:
        inside = [r["load"] for at, _, r in rows if bucket.at <= at < bucket.at + timedelta(seconds=width)]
        count, low, high, total, last = bucket.readings["load"]
        assert (count, low, high, last) == (len(inside), min(inside), max(inside), inside[-1])
        assert total == pytest.approx(sum(inside))
