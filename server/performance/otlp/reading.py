"""From an OTLP message to figures: what each point says, under which name, and what counts up.

Source: opentelemetry-proto, `metrics.proto` and the OTLP/HTTP specification. Protocol buffers are imported when the
first message comes: servers that get none do without their memory.
"""

import math
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from server.errors import FieldIssue, Invalid, TooLarge

__all__ = ["Batch", "Form", "Total", "batches_of", "opened"]

MOST_OPENED = 4 * 1024 * 1024
"""Bytes of a message once it is unpacked."""
LONGEST_OWN = 57
NOT_IN_NAMES = re.compile(r"[^a-z0-9_.]")
NO_VALUE_FLAG = 1
CUMULATIVE, DELTA = 2, 1
Form = Literal["protobuf", "json"]


@dataclass(slots=True)
class Total:
    """What has been counted `since` until `until` (seconds since 1970): of a time of its own, or `cumulative`."""

    value: float
    since: float
    until: float
    cumulative: bool


@dataclass(slots=True)
class Batch:
    """What one resource says of one moment.

    resource   its attributes, as text
    gauges     by our name: mean of the points with different attributes
    totals     by our name: sum of them; of histograms and summaries `name.count` and `name.sum`
    points     how many there were
    rejected   how many of them say nothing that can be stored
    """

    resource: Mapping[str, str]
    at: datetime | None = None
    gauges: dict[str, float] = field(default_factory=dict)
    totals: dict[str, Total] = field(default_factory=dict)
    points: int = 0
    rejected: int = 0


def opened(body: bytes, encoding: str) -> bytes:
    """Raises Invalid and TooLarge."""
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "deflate"):
        raise Invalid(details=[FieldIssue("content-encoding", "must be gzip or deflate", encoding)])
    unpacking = zlib.decompressobj(wbits=47)  # both forms, known by their first bytes
    try:
        found = unpacking.decompress(body, MOST_OPENED)
    except zlib.error:
        raise Invalid(details=[FieldIssue("body", f"is not packed by {encoding}", None)]) from None
    if unpacking.unconsumed_tail:
        raise TooLarge(details=[FieldIssue("body", f"must have at most {MOST_OPENED} bytes unpacked", None)])
    if not unpacking.eof:
        raise Invalid(details=[FieldIssue("body", "ends in the middle", None)])
    return found


def batches_of(body: bytes, form: Form) -> list[Batch]:
    """Raises Invalid for what is no ExportMetricsServiceRequest."""
    from google.protobuf.json_format import Parse, ParseError  # noqa: PLC0415
    from google.protobuf.message import DecodeError  # noqa: PLC0415
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (  # noqa: PLC0415
        ExportMetricsServiceRequest,
    )

    message = ExportMetricsServiceRequest()
    try:
        if form == "json":
            Parse(body, message, ignore_unknown_fields=True)
        else:
            message.ParseFromString(body)
    except (DecodeError, ParseError, UnicodeDecodeError, RecursionError):
        issue = FieldIssue("body", f"must be an ExportMetricsServiceRequest as {form}", None)
        raise Invalid(details=[issue]) from None
    return [_batch(resource) for resource in message.resource_metrics]


def _batch(resource: Any) -> Batch:
    batch, newest = Batch({each.key: _text(each.value) for each in resource.resource.attributes}), 0.0
    for scope in resource.scope_metrics:
        for metric in scope.metrics:
            points = list(_points(metric))
            batch.points += len(points)
            good = [point for point in points if _says_something(point)]
            batch.rejected += len(points) - len(good)
            _put(batch, metric, good)
            newest = max([newest, *(_seconds(point.time_unix_nano) for point in good)])
    batch.at = _moment(newest)
    return batch


def _moment(seconds: float) -> datetime | None:
    """None where none is told, or one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _points(metric: Any) -> Iterator[Any]:
    kind = metric.WhichOneof("data")
    return iter(getattr(metric, kind).data_points) if kind is not None else iter(())


def _put(batch: Batch, metric: Any, points: Sequence[Any]) -> None:
    if not points:
        return
    kind, name = metric.WhichOneof("data"), _name(metric.name)
    if kind == "gauge" or (kind == "sum" and metric.sum.aggregation_temporality == CUMULATIVE and not _grows(metric)):
        values = [_value(point) for point in points]
        batch.gauges[name] = sum(values) / len(values) if kind == "gauge" else sum(values)
        return
    cumulative = kind == "summary" or getattr(metric, kind).aggregation_temporality != DELTA
    if kind == "sum":
        batch.totals[name] = _total([_value(point) for point in points], points, cumulative=cumulative)
        return
    batch.totals[f"{name}.count"] = _total([float(point.count) for point in points], points, cumulative=cumulative)
    batch.totals[f"{name}.sum"] = _total([float(point.sum) for point in points], points, cumulative=cumulative)


def _total(values: Sequence[float], points: Sequence[Any], *, cumulative: bool) -> Total:
    since = min(_seconds(point.start_time_unix_nano) for point in points)
    until = max(_seconds(point.time_unix_nano) for point in points)
    return Total(sum(values), since, until, cumulative)


def _grows(metric: Any) -> bool:
    return bool(metric.sum.is_monotonic)


def _says_something(point: Any) -> bool:
    if point.flags & NO_VALUE_FLAG:
        return False
    if hasattr(point, "as_double"):
        return point.WhichOneof("value") is not None and math.isfinite(_value(point))
    return math.isfinite(point.sum)


def _value(point: Any) -> float:
    return float(getattr(point, point.WhichOneof("value")))


def _name(name: str) -> str:
    return "custom." + (NOT_IN_NAMES.sub("_", name.lower())[: LONGEST_OWN - len(".count")] or "_")


def _seconds(nanoseconds: int) -> float:
    return nanoseconds / 1e9


def _text(value: Any) -> str:
    kind = value.WhichOneof("value")
    return str(getattr(value, kind))[:200] if kind in ("string_value", "int_value") else ""
