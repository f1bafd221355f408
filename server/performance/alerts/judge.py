"""Samples beside thresholds, in the transaction that stores them: what is found, and the alerts that come of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from persistence.alert_rows import live_alerts_of
from persistence.samples import SampleRow
from persistence.threshold_states import StateRow, Watched, keep_state, states_of, watched_of
from persistence.thresholds import ThresholdRow, thresholds_of
from server.events.outbox import Told
from server.performance.alerts.book import AlertBook
from server.performance.alerts.drafts import (
    no_data_draft,
    of_threshold,
    silent_draft,
    threshold_draft,
    unreachable_draft,
)
from server.performance.alerts.states import Happening, step
from server.performance.judging import Judge, sampler_actor
from server.sources.metrics import is_custom, metric_names
from server.sources.views import type_named

__all__ = ["ThresholdJudge"]

FAILURES = 2
"""Samples in a row that must fail before a source is said to be unreachable: one is often only late."""
PATIENCE_INTERVALS, LEAST_PATIENCE = 3, 60.0
OVER = "It is over: the value is good again."


class ThresholdJudge:
    """Four questions to the store for a batch of samples, and writes only where something changes."""

    def judge(self, connection: Connection, samples: Sequence[SampleRow]) -> Sequence[Told]:
        sources = sorted({sample.source_id for sample in samples})
        watched = watched_of(connection, sources)
        book = AlertBook(connection, live_alerts_of(connection, sources))
        thresholds, states = thresholds_of(connection, sources), states_of(connection, sources)
        for sample in sorted(samples, key=lambda each: each.at):
            source = watched.get(sample.source_id)
            if source is None:
                continue
            _reach(book, source, sample)
            if sample.state in ("up", "pushed"):
                for threshold in thresholds.get(source.id, ()):
                    _by_threshold(book, source, threshold, sample, states)
        return book.told


def _reach(book: AlertBook, source: Watched, sample: SampleRow) -> None:
    """It answers, or it does not; and it is sampled at all."""
    actor = sampler_actor(source.organisation_id)
    silent = book.live.get(silent_draft(source, None).fingerprint)
    if silent is not None:
        book.resolve(actor, silent, sample.at, "There are samples of it again.", is_firing=False)
    draft = unreachable_draft(source, sample.reason or "It does not answer.")
    live = book.live.get(draft.fingerprint)
    if sample.state in ("up", "pushed"):
        if live is not None and sample.state == "up":
            book.resolve(actor, live, sample.at, "It answers again.", is_firing=False)
    elif live is not None:
        book.seen(live, sample.at)
    elif source.failures_in_a_row >= FAILURES:
        book.open(actor, draft, sample.at, timedelta(seconds=source.interval_seconds))


def _by_threshold(
    book: AlertBook,
    source: Watched,
    threshold: ThresholdRow,
    sample: SampleRow,
    states: dict[tuple[int, int], StateRow],
) -> None:
    value = sample.readings.get(threshold.metric_name)
    if value is None and not (sample.state == "up" and _can_be_expected(source, threshold.metric_name)):
        return
    key = (threshold.id, source.id)
    former = states.get(key)
    patience = max(LEAST_PATIENCE, PATIENCE_INTERVALS * source.interval_seconds)
    state, happened = step(threshold, former, value, sample.at, patience)
    if _differs(former, state):
        keep_state(book.connection, key, state)
    if state is None:
        states.pop(key, None)
    else:
        states[key] = state
    for each in happened:
        _act(book, source, threshold, sample, each)
    if state is not None and state.state == "firing" and value is not None and "raised" not in happened:
        _go_on(book, source, threshold, sample, state)


def _act(book: AlertBook, source: Watched, threshold: ThresholdRow, sample: SampleRow, happened: Happening) -> None:
    actor = sampler_actor(source.organisation_id)
    live = book.live.get(of_threshold(source, threshold, missing=happened in ("no_data", "data_back")))
    if happened == "no_data":
        reason = sample.missing.get(threshold.metric_name, "The samples do not have it.")
        book.open(actor, no_data_draft(source, threshold, reason), sample.at)
    elif happened in ("over", "data_back"):
        if live is not None:
            text = OVER if happened == "over" else "It can be read again."
            book.resolve(actor, live, sample.at, text, is_firing=False)
    elif happened == "raised" and live is not None:
        value = sample.readings[threshold.metric_name]
        book.raised(actor, live, threshold_draft(source, threshold, "critical", value), sample.at)


def _go_on(book: AlertBook, source: Watched, threshold: ThresholdRow, sample: SampleRow, state: StateRow) -> None:
    """It fires: there is a live alert of it, or there is one from now on.

    Where somebody has resolved it while it still held, a new one comes if it holds for another interval.
    """
    live = book.live.get(of_threshold(source, threshold))
    if live is not None:
        book.seen(live, sample.at)
        return
    value, level = sample.readings[threshold.metric_name], state.level or "warning"
    draft = threshold_draft(source, threshold, level, value)
    book.open(sampler_actor(source.organisation_id), draft, sample.at, timedelta(seconds=source.interval_seconds))


def _differs(former: StateRow | None, state: StateRow | None) -> bool:
    """Is it worth a write? The last value and its time alone are not."""
    if former is None or state is None:
        return former is not state
    kept = ("state", "level", "since", "clear_since")
    return any(getattr(former, name) != getattr(state, name) for name in kept)


def _can_be_expected(source: Watched, metric: str) -> bool:
    """The source can deliver it, and is asked for it; only then it is missed."""
    if is_custom(metric) or (source.metrics is not None and metric not in source.metrics and metric != "up"):
        return False
    kind = type_named(source.source_type)
    names: Mapping[str, None] = dict.fromkeys(metric_names(kind, source.options))
    return metric in names


_keeps_the_promise: type[Judge] = ThresholdJudge
