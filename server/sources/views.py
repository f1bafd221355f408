"""Data sources as they are answered and told."""

from collections.abc import Iterable

from persistence.data_sources import DataSourceRow
from server.events.sources import SourceState
from server.sources.metrics import NOT_BY_TYPE, OF_TYPE, SUMMARY, metric_names, metric_of
from server.sources.model import Capabilities, DataSource, MetricCapability, SourceOptions, Unavailable
from server.sources.probe import SourceType
from server.sources.set_up import SET_UP

__all__ = ["capabilities_of", "data_source_view", "source_state", "type_named", "type_of", "unmeasured"]

UNKNOWN = {
    "health_score": "No threshold of it has been judged yet; GET /performance/metrics/{id} says what it rests on.",
    "compliance_score": "It was not scanned.",
    "avg_response_time": "GET /scan/data-sources/{id}/stats tells it from stored samples.",
    "uptime_percentage": "GET /scan/data-sources/{id}/stats tells it from stored samples.",
    "cost_per_month": "Nobody tells this server what a source costs.",
    "scan_frequency": "No scan of it is scheduled.",
}


def type_of(row: DataSourceRow) -> SourceType:
    return type_named(row.source_type)


def type_named(name: str) -> SourceType:
    """Raises StopIteration for a type of a later version."""
    return next(kind for kind in OF_TYPE if kind == name)


def data_source_view(row: DataSourceRow) -> DataSource:
    return DataSource.model_validate({**_shown(row), "unknown": UNKNOWN})


def _shown(row: DataSourceRow) -> dict[str, object]:
    hidden = {"secret", "organisation_id", "created_by", "deleted_at", "options"}
    shown = {name: getattr(row, name) for name in DataSourceRow.__dataclass_fields__ if name not in hidden}
    return {**shown, "has_password": row.secret is not None, "options": SourceOptions.model_validate(row.options)}


def source_state(row: DataSourceRow) -> SourceState:
    return SourceState.model_validate({name: getattr(row, name) for name in SourceState.model_fields})


def capabilities_of(row: DataSourceRow) -> Capabilities:
    kind = type_of(row)
    names = metric_names(kind, row.options)
    shown = [
        MetricCapability(name=name, title=metric.title, unit=metric.unit, worse=metric.worse)
        for name, metric in ((name, metric_of(name)) for name in names)
    ]
    return Capabilities(source_type=kind, metrics=shown, unavailable=list(unmeasured(kind, names)), set_up=SET_UP[kind])


def unmeasured(kind: SourceType, names: Iterable[str]) -> Iterable[Unavailable]:
    """Figures of the summary that this source cannot deliver, and why."""
    reasons, known = NOT_BY_TYPE.get(kind, {}), set(names)
    return (Unavailable(metric=name, reason=reasons[name]) for name in SUMMARY if name in reasons and name not in known)
