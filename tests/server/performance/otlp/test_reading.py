"""Messages as the official SDK writes them: each kind of instrument under its name; what is none is refused."""

import gzip
import json
import zlib
from typing import Any

import pytest
from google.protobuf.json_format import MessageToJson
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource

from server.errors import Invalid, TooLarge
from server.performance.otlp import reading
from server.performance.otlp.reading import Batch, batches_of, opened


def message() -> Any:
    """An ExportMetricsServiceRequest of an SDK that has seen some work."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], Resource.create({"service.name": "Orders", "counterpoint.data_source_id": 7}))
    meter = provider.get_meter("shop")
    meter.create_counter("orders.placed").add(5, {"country": "fr"})
    meter.create_counter("orders.placed").add(7, {"country": "de"})
    meter.create_up_down_counter("orders.Open").add(3)
    meter.create_gauge("queue/depth").set(4, {"queue": "a"})
    meter.create_gauge("queue/depth").set(8, {"queue": "b"})
    seconds = meter.create_histogram("checkout.seconds")
    seconds.record(0.5)
    seconds.record(1.5)
    found = encode_metrics(reader.get_metrics_data())
    provider.shutdown()
    return found


def read(body: bytes, form: reading.Form = "protobuf") -> Batch:
    [batch] = batches_of(body, form)
    return batch


@pytest.mark.parametrize("form", ["protobuf", "json"])
def test_every_instrument_of_the_sdk_is_read_under_its_name(form: reading.Form) -> None:
    sent = message()
    batch = read(sent.SerializeToString() if form == "protobuf" else MessageToJson(sent).encode(), form)
    assert batch.resource["service.name"] == "Orders"
    assert batch.resource["counterpoint.data_source_id"] == "7"
    assert batch.gauges == {"custom.queue_depth": 6, "custom.orders.open": 3}
    totals = {name: (total.value, total.cumulative) for name, total in batch.totals.items()}
    assert totals == {
        "custom.orders.placed": (12, True),
        "custom.checkout.seconds.count": (2, True),
        "custom.checkout.seconds.sum": (2, True),
    }
    assert batch.totals["custom.orders.placed"].since <= batch.totals["custom.orders.placed"].until
    assert (batch.points, batch.rejected) == (6, 0)
    assert batch.at is not None


def test_a_point_without_a_value_or_with_one_that_is_no_number_is_rejected_and_counted() -> None:
    sent = message()
    metrics = sent.resource_metrics[0].scope_metrics[0].metrics
    [gauge] = [each for each in metrics if each.name == "queue/depth"]
    gauge.gauge.data_points[0].as_double = float("nan")
    gauge.gauge.data_points[1].flags = 1
    batch = read(sent.SerializeToString())
    assert (batch.points, batch.rejected, "custom.queue_depth" in batch.gauges) == (6, 2, False)


def test_packed_bodies_are_opened_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"x" * 1000
    assert opened(body, "") == opened(gzip.compress(body), "gzip") == opened(zlib.compress(body), "deflate") == body
    monkeypatch.setattr(reading, "MOST_OPENED", 999)
    with pytest.raises(TooLarge):
        opened(gzip.compress(body), "gzip")


@pytest.mark.parametrize(
    ("body", "encoding", "field"),
    [(b"x", "br", "content-encoding"), (b"xxxxxxx", "gzip", "body"), (gzip.compress(b"x" * 99)[:-5], "gzip", "body")],
)
def test_what_cannot_be_opened_is_named(body: bytes, encoding: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        opened(body, encoding)
    assert caught.value.details[0].field == field


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"\xff\xff\xff", "protobuf"),
        (b"{", "json"),
        (b"\xff", "json"),
        (b"[" * 10_000, "json"),
        (json.dumps({"resourceMetrics": 1}).encode(), "json"),
    ],
)
def test_what_is_no_message_is_refused(body: bytes, form: reading.Form) -> None:
    with pytest.raises(Invalid):
        batches_of(body, form)


@given(st.binary(max_size=300), st.sampled_from(["protobuf", "json"]))
def test_any_bytes_are_read_or_refused(body: bytes, form: reading.Form) -> None:
    try:
        batches_of(body, form)
    except Invalid:
        return


SENT = message().SerializeToString()


@given(st.data())
def test_a_message_with_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    body = bytearray(SENT)
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        batches = batches_of(bytes(body), "protobuf")
    except Invalid:
        return
    assert all(each.rejected <= each.points for each in batches)
