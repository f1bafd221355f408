"""Prometheus text, as the official client library writes it: figures that one has named, counters as counters."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from server.performance.rates import measured
from server.sources.probes.prometheus import figures_of, samples_in
from tests.server.receiver import answers, receiving
from tests.server.sources.probes.support import probe_of, target


class Service:
    """What a server tells of itself."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.depth = Gauge("queue_depth", "Waiting.", ["queue"], registry=self.registry)
        self.requests = Counter("requests", "Answered.", registry=self.registry)
        self.seconds = Histogram("seconds", "How long.", registry=self.registry)
        self.depth.labels("a").set(3)
        self.depth.labels("b").set(5)

    def text(self) -> bytes:
        return generate_latest(self.registry)


def figure(name: str, sample: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "sample": sample, **fields}


async def test_an_address_with_prometheus_text_delivers_what_was_named_and_its_counters_become_rates() -> None:
    service = Service()
    wanted = [
        figure("custom.depth_of_a", "queue_depth", labels={"queue": "a"}),
        figure("custom.depth", "queue_depth"),
        figure("custom.deepest", "queue_depth", combine="max"),
        figure("throughput", "requests_total"),
        figure("custom.seconds", "seconds_sum"),
        figure("custom.none", "queue_depth", labels={"queue": "z"}),
    ]
    before = service.text()
    service.requests.inc(30)
    service.seconds.observe(4.5)
    async with receiving(answers(200, before), answers(200, service.text())) as receiver:
        url = f"http://site.example.org:{receiver.port}/metrics"
        probe = probe_of(target("http", url, options={"prometheus": wanted}))
        first = measured(await probe.read(), {}, 1000, 15)
        second = measured(await probe.read(), first.carried, 1015, 15)
    figures = {
        name: second.values[name] for name in second.values if name.startswith("custom.") or name == "throughput"
    }
    assert figures == {
        "custom.depth_of_a": 3,
        "custom.depth": 8,
        "custom.deepest": 5,
        "throughput": 2,
        "custom.seconds": 0.3,
    }
    assert second.missing["custom.none"] == "The answer has no sample queue_depth with these labels."
    assert "first" in first.missing["throughput"]


@pytest.mark.parametrize(
    ("status", "body", "reason"), [(503, b"a 1\n", "status 503"), (200, b"{a 1\n", "cannot be read")]
)
async def test_what_is_no_such_text_leaves_the_rest_as_it_is(status: int, body: bytes, reason: str) -> None:
    async with receiving(answers(status, body)) as receiver:
        url = f"http://site.example.org:{receiver.port}/metrics"
        reading = await probe_of(target("http", url, options={"prometheus": [figure("custom.a", "a")]})).read()
    assert reason in reading.missing["custom.a"]
    assert reading.values["status_code"] == status


@given(st.text(max_size=200) | st.text('ab{}="\\# TYPEHELPcounter\n 1e+.-,_', max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        samples = list(samples_in(text))
    except ValueError:
        return
    for sample in samples:
        values, missing, kinds = figures_of(samples, [figure("custom.x", sample.name, labels=dict(sample.labels))])
        assert set(values) == set(kinds) == {"custom.x"}
        assert missing == {}
