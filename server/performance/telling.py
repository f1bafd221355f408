"""Samples as they come, for those who look at a chart: of each source once a second at the most."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeAlias, cast

from persistence.samples import SampleRow
from server.events.metrics import MetricsMeasured, SampleState
from server.events.model import Actor, Event
from server.performance.judging import sampler_actor

__all__ = ["COALESCE_SECONDS", "Later", "Tell", "Teller"]

COALESCE_SECONDS = 1.0

Tell: TypeAlias = Callable[[Actor, Event], None]
"""To everybody who listens now. Never raises."""


class Handle(Protocol):
    def cancel(self) -> None: ...


Later: TypeAlias = Callable[[float, Callable[[], None]], Handle]
"""Call it in so many seconds, unless it is cancelled."""


class Teller:
    """The first sample of a source is told at once; of those that come within a second of it, the newest."""

    def __init__(self, tell: Tell, later: Later | None = None) -> None:
        self._tell = tell
        self._later = later or _on_the_loop
        self._resting: dict[int, Handle] = {}
        self._newest: dict[int, tuple[str, SampleRow]] = {}

    def told(self, organisation: str, sample: SampleRow) -> None:
        """It is stored now. Never raises."""
        if sample.source_id in self._resting:
            self._newest[sample.source_id] = (organisation, sample)
            return
        self._resting[sample.source_id] = self._later(COALESCE_SECONDS, partial(self._rested, sample.source_id))
        self._tell(sampler_actor(organisation), event_of(sample))

    def stop(self) -> None:
        for handle in self._resting.values():
            handle.cancel()
        self._resting.clear()
        self._newest.clear()

    def _rested(self, source: int) -> None:
        del self._resting[source]
        newest = self._newest.pop(source, None)
        if newest is not None:
            self.told(*newest)


def event_of(sample: SampleRow) -> MetricsMeasured:
    return MetricsMeasured(
        data_source_id=sample.source_id,
        at=sample.at,
        state=cast("SampleState", sample.state),
        metrics=dict(sample.readings),
        missing=dict(sample.missing),
        reason=sample.reason,
    )


def _on_the_loop(seconds: float, call: Callable[[], None]) -> Handle:
    return asyncio.get_running_loop().call_later(seconds, call)
