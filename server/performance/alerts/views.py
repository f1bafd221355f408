"""Alerts, thresholds and silences as they are answered and told."""

from typing import Any, cast

from persistence.alert_rows import AlertRow, EntryRow
from persistence.silences import SilenceRow
from persistence.thresholds import ThresholdRow
from server.events.alerts import AlertState, SilenceState, ThresholdState
from server.performance.alerts.model import AlertEntry, AlertHistory, Condition, PerfAlert, Silence, Threshold

__all__ = [
    "alert_history",
    "alert_state",
    "perf_alert",
    "shown",
    "silence_state",
    "silence_view",
    "threshold_state",
    "threshold_view",
]

CONDITIONS = (("for", "for_seconds"), ("keep_firing", "keep_firing_seconds"), ("clear_at", "clear_at"))
WORDS = {"%": " %", "ms": " ms", "s": " s", "B": " bytes", "B/s": " bytes a second", "/s": " a second", "days": " days"}


def alert_state(row: AlertRow) -> AlertState:
    return AlertState.model_construct(**_of_alert(row))


def perf_alert(row: AlertRow) -> PerfAlert:
    tags = sorted(f"{name}:{value}" for name, value in row.labels.items())
    return PerfAlert.model_construct(**_of_alert(row), tags=tags, last_seen_at=row.last_seen_at)


def alert_history(row: AlertRow, entries: list[EntryRow]) -> AlertHistory:
    shown_entries = [
        AlertEntry(at=each.at, kind=each.kind, actor=each.actor_name, text=each.text, data=dict(each.data))
        for each in entries
    ]
    return AlertHistory.model_construct(**perf_alert(row).__dict__, entries=shown_entries)


def threshold_view(row: ThresholdRow) -> Threshold:
    found = [(kind, getattr(row, name)) for kind, name in CONDITIONS]
    given = [(kind, value) for kind, value in found if value is not None and (value or kind == "clear_at")]
    conditions = [Condition(type=cast("Any", kind), value=value) for kind, value in given]
    return Threshold.model_construct(
        **threshold_state(row).__dict__,
        conditions=conditions,
        labels=dict(row.labels),
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def threshold_state(row: ThresholdRow) -> ThresholdState:
    return ThresholdState.model_construct(
        id=row.id,
        metric_name=row.metric_name,
        data_source_id=row.source_id,
        operator=row.operator,
        warning_threshold=row.warning,
        critical_threshold=row.critical,
        enabled=row.enabled,
        version=row.version,
    )


def silence_state(row: SilenceRow) -> SilenceState:
    return SilenceState(
        id=row.id,
        matchers=[dict(each) for each in row.matchers],
        comment=row.comment,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        alert_id=row.alert_id,
    )


def silence_view(row: SilenceRow) -> Silence:
    same = silence_state(row).model_dump()
    return Silence(**same, ended_at=row.ended_at, created_by=row.created_by, created_at=row.created_at)


def shown(value: float, unit: str) -> str:
    """A number as people read it in a sentence: four digits, and its unit."""
    return f"{value:.4g}{WORDS.get(unit, '')}"


def _of_alert(row: AlertRow) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in AlertState.model_fields if hasattr(row, name)}
    return same | {
        "data_source_id": row.source_id,
        "labels": dict(row.labels),
        "conditions": [dict(each) for each in row.conditions],
        "acknowledged_by": row.acknowledged_by_name,
        "resolved_by": row.resolved_by_name,
    }
