"""POST /v1/metrics: metrics of an OpenTelemetry SDK or collector (OTLP/HTTP, protobuf or JSON)."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from server.errors import FieldIssue, Invalid
from server.identity.dependencies import Caller
from server.performance.house import PerformanceWing
from server.performance.otlp.reading import Form, batches_of, opened
from server.performance.otlp.service import Taken

__all__ = ["router"]

FORMS: dict[str, Form] = {"application/x-protobuf": "protobuf", "application/json": "json"}
BODY = {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in FORMS}, "required": True}

router = APIRouter(tags=["monitoring"])


def _wing(request: Request) -> PerformanceWing:
    wing: PerformanceWing = request.app.state.house.performance
    return wing


@router.post("/v1/metrics", summary="Metrics of OpenTelemetry (OTLP/HTTP)", openapi_extra={"requestBody": BODY})
async def export_metrics(
    caller: Caller, wing: Annotated[PerformanceWing, Depends(_wing)], request: Request
) -> Response:
    """A resource whose attribute `counterpoint.data_source_id` is the id of a source, or whose `service.name` is its
    name, becomes a sample of it. Names are put behind `custom.`; sums that grow become rates, histograms and summaries
    a rate and a mean. What is not taken is told as `partial_success`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    form = FORMS.get(kind)
    if form is None:
        raise Invalid(details=[FieldIssue("content-type", f"must be one of {', '.join(FORMS)}", kind[:100])])
    body = opened(await request.body(), request.headers.get("content-encoding", "").strip().lower())
    batches = await asyncio.to_thread(batches_of, body, form)
    return Response(_answer(await wing.otlp.take(caller, batches), form), media_type=kind)


def _answer(taken: Taken, form: Form) -> bytes:
    from google.protobuf.json_format import MessageToJson  # noqa: PLC0415 - only where messages come
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (  # noqa: PLC0415
        ExportMetricsServiceResponse,
    )

    answer = ExportMetricsServiceResponse()
    if taken.why:
        answer.partial_success.rejected_data_points = taken.rejected
        answer.partial_success.error_message = " ".join(taken.why)
    packed: bytes = MessageToJson(answer).encode() if form == "json" else answer.SerializeToString()
    return packed
