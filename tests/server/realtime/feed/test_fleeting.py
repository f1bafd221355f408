"""What is told and not kept: to those who listen, on every node, without a place to go on from."""

import json
from datetime import UTC, datetime

from server.clock import SystemClock
from server.events.metrics import MetricsMeasured
from server.events.model import Actor
from server.realtime.broker import MemoryBroker
from server.realtime.connections.centrifuge import VOICE as CENTRIFUGE
from server.realtime.connections.data_sources import VOICE as DATA_SOURCES
from server.realtime.connections.event_stream import VOICE as EVENT_STREAM
from server.realtime.feed.centrifuge.replies import subscribed
from server.realtime.feed.fleeting import TOLD, Fleeting, is_fleeting
from tests.server.realtime.feed.band import Ear, everything

SAMPLER = Actor("o", "sampler", None, "Sampler")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def measured(source: int = 7) -> MetricsMeasured:
    return MetricsMeasured(data_source_id=source, at=NOON, state="up", metrics={"load": 0.5}, missing={}, reason=None)


def two_nodes() -> tuple[Fleeting, Fleeting]:
    broker = MemoryBroker()
    nodes = Fleeting(broker, SystemClock()), Fleeting(broker, SystemClock())
    for node in nodes:
        node.start()
    return nodes


def test_everybody_on_every_node_who_listens_to_one_source_or_to_all_of_the_organisation_hears_it() -> None:
    here, there = two_nodes()
    one, every, another, foreign = Ear(), Ear(), Ear(), Ear()
    here.subscribe(("o", "metrics:7"), one, everything)
    there.subscribe(("o", "metrics"), every, everything)
    here.subscribe(("o", "metrics:8"), another, everything)
    here.subscribe(("p", "metrics"), foreign, everything)
    here.tell(SAMPLER, measured())
    assert [each.stream for each in one.heard] == ["metrics:7"]
    assert [each.stream for each in every.heard] == ["metrics"]
    assert another.heard == foreign.heard == []
    there.unsubscribe(("o", "metrics"), every)
    here.stop()
    there.tell(SAMPLER, measured())
    assert (len(one.heard), len(every.heard)) == (1, 1)


def test_no_door_says_a_place_that_a_client_could_ask_to_go_on_from() -> None:
    node, _ = two_nodes()
    ear = Ear()
    subscription = node.subscribe(("o", "metrics:7"), ear, everything)
    assert json.loads(subscribed(1, subscription, None).payload) == {
        "id": 1,
        "subscribe": {"was_recovering": False, "recovered": False},
    }
    node.tell(SAMPLER, measured())
    [publication] = ear.heard
    pushed = json.loads(publication.frame(CENTRIFUGE).payload)["push"]
    assert (pushed["channel"], set(pushed["pub"])) == ("metrics:7", {"data"})
    assert "sequence" not in pushed["pub"]["data"]
    message = json.loads(publication.frame(DATA_SOURCES).payload)
    assert (message["type"], message["metadata"]["dataSourceId"]) == ("metrics_update", 7)
    assert set(message["metadata"]["headers"]) == {"channel", "event"}
    assert message["payload"]["message"] == "Data source 7 was measured"
    assert publication.frame(EVENT_STREAM).payload.startswith(b"event: counterpoint.metrics.measured.v1\ndata: {")


def test_what_another_node_sends_that_is_none_of_it_is_passed_over() -> None:
    broker = MemoryBroker()
    node, ear = Fleeting(broker, SystemClock()), Ear()
    node.start()
    node.subscribe(("o", "metrics:7"), ear, everything)
    for payload in (b"{", b"[]", b'{"organisation": "o"}', b'{"organisation": 1, "stream": [], "id_": "", "body": ""}'):
        broker.publish(TOLD.name, payload)
    assert ear.heard == []
    assert broker.figures.garbage == 4


def test_only_kinds_of_which_nothing_is_kept_go_this_way() -> None:
    assert is_fleeting(("o", "metrics:7"))
    assert is_fleeting(("o", "metrics"))
    assert not is_fleeting(("o", "workspace:metrics"))
    assert not is_fleeting(("o", "sources"))
