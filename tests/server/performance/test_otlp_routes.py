"""OTLP over HTTP: whose a resource is, what becomes a sample, and what is told of the rest."""

from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE

from tests.server.performance.alerts.conftest import scene
from tests.server.performance.alerts.stage import Scene

__all__ = ["scene"]

PATH = "/v1/metrics"
TYPE = "application/x-protobuf"


def message(scene: Scene, seconds: float, total: int, depth: float, **resource: str) -> ExportMetricsServiceRequest:
    """A counter that began a minute ago, and a gauge."""
    sent, at = ExportMetricsServiceRequest(), scene.now.timestamp()
    one = sent.resource_metrics.add()
    for key, value in resource.items():
        one.resource.attributes.add(key=key.replace("__", ".")).value.string_value = value
    metrics = one.scope_metrics.add().metrics
    counter, gauge = metrics.add(name="orders"), metrics.add(name="depth")
    counter.sum.aggregation_temporality = AGGREGATION_TEMPORALITY_CUMULATIVE
    counter.sum.is_monotonic = True
    start, now = int((at - 60) * 1e9), int((at + seconds) * 1e9)
    counter.sum.data_points.add(start_time_unix_nano=start, time_unix_nano=now, as_int=total)
    gauge.gauge.data_points.add(time_unix_nano=now, as_double=depth)
    return sent


async def send(
    scene: Scene, sent: ExportMetricsServiceRequest, status: int = 200, kind: str = TYPE
) -> ExportMetricsServiceResponse:
    answer = await scene.place.admin.ask("POST", PATH, content=sent.SerializeToString(), headers={"content-type": kind})
    assert answer.status_code == status, answer.text
    found = ExportMetricsServiceResponse()
    if status == 200:
        found.ParseFromString(answer.content)
    return found


async def figures(scene: Scene) -> dict[str, Any]:
    body = (await scene.place.admin.get(f"/performance/metrics/{scene.source}?time_range=1h")).json()
    return {each["metric_type"]: each["value"] for each in body["metrics"]}


async def test_a_resource_that_names_a_source_becomes_samples_of_it_with_rates(scene: Scene) -> None:
    await scene.threshold("custom.depth", warning_threshold=10, critical_threshold=20)
    first = await send(scene, message(scene, -20, 10, 3, service__name="Orders"))
    assert not first.HasField("partial_success")
    assert await figures(scene) == {"custom.depth": 3}
    by_id = {"counterpoint__data_source_id": str(scene.source), "service__name": "Another"}
    await send(scene, message(scene, -10, 40, 15, **by_id))
    assert await figures(scene) == {"custom.depth": 15, "custom.orders": 3}
    [alert] = await scene.alerts()
    assert alert["severity"] == "warning"


async def test_a_message_that_is_sent_again_changes_nothing_and_parts_of_one_moment_are_one_sample(
    scene: Scene,
) -> None:
    for _ in range(2):
        await send(scene, message(scene, -10, 10, 3, service__name="Orders"))
    part = message(scene, -10, 10, 3, service__name="Orders")
    part.resource_metrics[0].scope_metrics[0].metrics[1].name = "other"
    await send(scene, part)
    assert await figures(scene) == {"custom.depth": 3, "custom.other": 3}
    chart = (await scene.place.admin.get(f"/performance/metrics/{scene.source}/series?time_range=1h")).json()["data"]
    assert [len(each["points"]) for each in chart["series"]] == [1, 1]


async def test_what_names_no_source_or_is_of_long_ago_is_told_as_rejected(scene: Scene) -> None:
    nobody = await send(scene, message(scene, 0, 1, 1))
    assert nobody.partial_success.rejected_data_points == 2
    assert "counterpoint.data_source_id" in nobody.partial_success.error_message
    gone = await send(scene, message(scene, 0, 1, 1, counterpoint__data_source_id="999"))
    assert gone.partial_success.rejected_data_points == 2
    old = await send(scene, message(scene, -3600, 1, 1, service__name="Orders"))
    assert "at must have a time zone, and be of the last five minutes" in old.partial_success.error_message
    assert await figures(scene) == {}


async def test_json_is_answered_as_json(scene: Scene) -> None:
    answer = await scene.place.admin.post(PATH, {"resourceMetrics": []})
    assert (answer.status_code, answer.json(), answer.headers["content-type"]) == (200, {}, "application/json")


@pytest.mark.parametrize("kind", ["text/plain", "application/grpc"])
async def test_another_form_is_refused_and_a_viewer_may_not(scene: Scene, kind: str) -> None:
    await send(scene, message(scene, 0, 1, 1), 422, kind)
    viewer = await scene.place.colleague("eve@example.org", role="viewer")
    assert (await viewer.post(PATH, {"resourceMetrics": []})).status_code == 403
