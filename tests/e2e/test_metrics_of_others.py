"""What others measure, by their own programs: the OpenTelemetry SDK, and a Prometheus if there is one."""

import asyncio
import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

ENVIRONMENT = {"COUNTERPOINT_EGRESS_ALLOW": "127.0.0.0/8"}
PROMETHEUS = shutil.which("prometheus")
RULES = """\
groups:
  - name: ours
    rules:
      - alert: TargetDown
        expr: up{job="gone"} == 0
        labels: {severity: page}
        annotations: {summary: "{{ $labels.instance }} is gone"}
"""


async def added(api: Api, **fields: Any) -> int:
    body = {"name": "Shop", "source_type": "http", "host": "http://127.0.0.1:9/", **fields}
    return int((await api.call("POST", "/scan/data-sources", json=body))["id"])


async def figures(api: Api, source: int) -> dict[str, float]:
    body = await api.call("GET", f"/performance/metrics/{source}?time_range=1h")
    return {each["metric_type"]: each["value"] for each in body["metrics"]}


async def test_the_opentelemetry_sdk_sends_its_metrics_here(api: Api) -> None:
    source = await added(api)
    headers = {"Authorization": f"Bearer {api.token}"}
    url = f"{api.server.url}/v1/metrics"
    exporter = OTLPMetricExporter(endpoint=url, headers=headers, compression=Compression.Gzip)
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
    provider = MeterProvider([reader], Resource.create({"service.name": "Shop"}))
    meter = provider.get_meter("shop")
    orders, depth, seconds = (
        meter.create_counter("orders"),
        meter.create_gauge("queue.depth"),
        meter.create_histogram("checkout", unit="s"),
    )
    for count in (5, 7):
        orders.add(count)
        depth.set(count)
        seconds.record(count)
        assert await asyncio.to_thread(provider.force_flush)
    found = await figures(api, source)
    await asyncio.to_thread(provider.shutdown)
    assert (found["custom.queue.depth"], found["custom.checkout.mean"]) == (7, 7)
    assert found["custom.orders"] > 0
    assert found["custom.checkout.rate"] == pytest.approx(found["custom.orders"] / 7)
    [monitor] = [each for each in await api.call("GET", "/performance/monitors") if each["data_source_id"] == source]
    assert monitor["status"] == "pushed"


@pytest.mark.skipif(PROMETHEUS is None, reason="this machine has no prometheus")
async def test_a_real_prometheus_sends_its_alerts_here_and_is_scraped_itself(api: Api, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(api.token)
    port, target = _free_port(), _free_port()
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "prometheus.yml").write_text(_configuration(api, token, target))
    process = await asyncio.create_subprocess_exec(
        str(PROMETHEUS),
        f"--config.file={tmp_path}/prometheus.yml",
        f"--storage.tsdb.path={tmp_path}/data",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    )
    try:
        await _tells_and_ends_its_alert(api, target)
        await _is_scraped(api, port)
    finally:
        process.kill()
        await process.wait()


async def _tells_and_ends_its_alert(api: Api, target: int) -> None:
    async def alerts() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await api.call("GET", "/performance/alerts")
        return [each for each in found if each["title"].endswith("is gone")]

    async def is_told() -> bool:
        return bool(await alerts())

    await until(is_told, "Prometheus' alert", seconds=30)
    [alert] = await alerts()
    assert (alert["alert_type"], alert["severity"], alert["status"]) == ("external", "critical", "open")
    assert f"127.0.0.1:{target}" in alert["title"]

    async def is_over() -> bool:
        return [each["status"] for each in await alerts()] == ["resolved"]

    server = await asyncio.start_server(_answer, "127.0.0.1", target)
    async with server:
        await until(is_over, "its end", seconds=30)


async def _is_scraped(api: Api, port: int) -> None:
    wanted = [
        {"name": "custom.series", "sample": "prometheus_tsdb_head_series"},
        {"name": "throughput", "sample": "prometheus_tsdb_head_samples_appended_total"},
    ]
    url = f"http://127.0.0.1:{port}/metrics"
    source = await added(api, name="Prometheus", host=url, options={"prometheus": wanted})
    await api.call("POST", "/performance/monitoring/start", json={"data_source_ids": [source], "interval": 5})

    async def has_a_rate() -> bool:
        return "throughput" in await figures(api, source)

    await until(has_a_rate, "a rate of two scrapes", seconds=20)
    assert (await figures(api, source))["custom.series"] > 0


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A target that is there again."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 4\r\nconnection: close\r\n\r\na 1\n")
    await writer.drain()
    writer.close()


def _configuration(api: Api, token: Path, target: int) -> str:
    """JSON is YAML."""
    alertmanager = {
        "scheme": "http",
        "static_configs": [{"targets": [api.server.url.removeprefix("http://")]}],
        "authorization": {"credentials_file": str(token)},
    }
    return json.dumps(
        {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yml"],
            "alerting": {"alertmanagers": [alertmanager]},
            "scrape_configs": [{"job_name": "gone", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}],
        }
    )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
