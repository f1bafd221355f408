"""Alerts in words: what is wrong, with what was measured, and the labels that they go by."""

from datetime import datetime

from persistence.threshold_states import Watched
from persistence.thresholds import ThresholdRow
from server.performance.alerts.book import Draft, fingerprint_of
from server.performance.alerts.views import shown
from server.performance.metrics.judged import Level
from server.sources.metrics import metric_of

__all__ = ["no_data_draft", "of_threshold", "silent_draft", "threshold_draft", "unreachable_draft"]

PASSES = {"gt": "above", "lt": "below", "eq": "at", "ne": "other than"}


def of_threshold(source: Watched, threshold: ThresholdRow, *, missing: bool = False) -> str:
    """The fingerprint of what a threshold finds of a source."""
    kind = "no_data" if missing else "threshold"
    return fingerprint_of(source.organisation_id, kind=kind, threshold=threshold.id, source=source.id)


def threshold_draft(source: Watched, threshold: ThresholdRow, level: Level, value: float) -> Draft:
    metric = metric_of(threshold.metric_name)
    limit = threshold.critical if level == "critical" else threshold.warning
    passed = f"{PASSES[threshold.operator]} {shown(limit, metric.unit)}"
    lasting = f" for {threshold.for_seconds:g} s" if threshold.for_seconds else ""
    return Draft(
        organisation_id=source.organisation_id,
        fingerprint=of_threshold(source, threshold),
        alert_type="threshold",
        severity=level,
        title=f"{metric.title} of {source.name}: {shown(value, metric.unit)}, {passed}",
        description=f"{metric.title} was {passed}{lasting}: {shown(value, metric.unit)} was measured.",
        labels=_labels(source, metric=metric.name, **threshold.labels),
        conditions=[
            {
                "metric": metric.name,
                "operator": threshold.operator,
                "threshold": limit,
                "value": value,
                "unit": metric.unit,
                "for_seconds": threshold.for_seconds,
                "threshold_id": threshold.id,
            }
        ],
        source_id=source.id,
        threshold_id=threshold.id,
    )


def no_data_draft(source: Watched, threshold: ThresholdRow, reason: str) -> Draft:
    metric = metric_of(threshold.metric_name)
    return Draft(
        organisation_id=source.organisation_id,
        fingerprint=of_threshold(source, threshold, missing=True),
        alert_type="no_data",
        severity="error",
        title=f"{metric.title} of {source.name} cannot be read",
        description=f"A threshold cannot be judged: {reason}",
        labels=_labels(source, metric=metric.name, **threshold.labels),
        conditions=[{"metric": metric.name, "value": None, "reason": reason, "threshold_id": threshold.id}],
        source_id=source.id,
        threshold_id=threshold.id,
    )


def unreachable_draft(source: Watched, reason: str) -> Draft:
    return Draft(
        organisation_id=source.organisation_id,
        fingerprint=fingerprint_of(source.organisation_id, kind="unreachable", source=source.id),
        alert_type="unreachable",
        severity="critical",
        title=f"{source.name} does not answer",
        description=f"{source.failures_in_a_row} samples in a row have failed: {reason}",
        labels=_labels(source, metric="up"),
        conditions=[{"metric": "up", "value": 0, "failures": source.failures_in_a_row, "reason": reason}],
        source_id=source.id,
    )


def silent_draft(source: Watched, since: datetime | None) -> Draft:
    """`since`: of the last sample; None where there was none, or where only the fingerprint is wanted."""
    when = f"since {since.isoformat(timespec='seconds')}" if since is not None else "yet"
    return Draft(
        organisation_id=source.organisation_id,
        fingerprint=fingerprint_of(source.organisation_id, kind="silent", source=source.id),
        alert_type="no_data",
        severity="error",
        title=f"There are no samples of {source.name}",
        description=f"Its monitoring is on, and there was no sample of it {when}.",
        labels=_labels(source, metric="samples"),
        conditions=[{"metric": "samples", "value": None, "since": since.isoformat() if since is not None else None}],
        source_id=source.id,
    )


def _labels(source: Watched, **more: str) -> dict[str, str]:
    return {
        **more,
        "source": source.name,
        "source_type": source.source_type,
        "environment": source.environment,
        "criticality": source.criticality,
    }
