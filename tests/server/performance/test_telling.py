"""Samples as they come: the first at once, of many the newest, once a second."""

from datetime import UTC, datetime, timedelta

from persistence.samples import SampleRow
from server.events.metrics import MetricsMeasured
from server.events.model import Actor, Event
from server.performance.telling import COALESCE_SECONDS, Teller
from tests.server.realtime.feed.test_presence import Time

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Listening:
    def __init__(self) -> None:
        self.time = Time()
        self.teller = Teller(self.hear, self.time.later)
        self.heard: list[tuple[str, int, float]] = []

    def hear(self, actor: Actor, event: Event) -> None:
        assert isinstance(event, MetricsMeasured)
        assert actor.kind == "sampler"
        self.heard.append((actor.organisation_id, event.data_source_id, event.metrics["load"]))

    def sample(self, source: int, load: float) -> None:
        at = NOON + timedelta(seconds=load)
        self.teller.told("o", SampleRow(source, at, "up", 0.1, {"load": load}, {}, None))


def test_of_many_samples_in_a_second_the_first_and_the_newest_are_told() -> None:
    listening = Listening()
    for load in (1, 2, 3):
        listening.sample(7, load)
    listening.sample(8, 10)
    assert listening.heard == [("o", 7, 1), ("o", 8, 10)]
    listening.time.passes(COALESCE_SECONDS)
    assert listening.heard[2:] == [("o", 7, 3)]
    listening.sample(7, 4)
    assert len(listening.heard) == 3, "it rests again from what it has just told"
    listening.time.passes(2 * COALESCE_SECONDS)
    assert listening.heard[3:] == [("o", 7, 4)]
    listening.sample(7, 5)
    assert listening.heard[4:] == [("o", 7, 5)], "after a quiet second it is told at once"


def test_nothing_is_told_after_the_end() -> None:
    listening = Listening()
    listening.sample(7, 1)
    listening.sample(7, 2)
    listening.teller.stop()
    listening.time.passes(10)
    assert listening.heard == [("o", 7, 1)]
