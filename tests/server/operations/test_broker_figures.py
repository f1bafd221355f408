"""The broker's figures and its note in /readyz are what it is."""

from prometheus_client import CollectorRegistry, generate_latest

from server.operations.broker_figures import BrokerCollector
from server.operations.health import broker_note
from server.realtime.broker import Broker, MemoryBroker
from server.realtime.json_topic import JsonTopic
from tests.e2e.support.valkey import Valkey
from tests.server.realtime.redis.nodes import nodes


def figures_of(broker: Broker) -> str:
    registry = CollectorRegistry()
    registry.register(BrokerCollector(broker))
    return generate_latest(registry).decode()


def test_without_a_broker_there_is_no_connection_to_tell_of() -> None:
    broker = MemoryBroker()
    JsonTopic("t", (("a", (int,)),)).subscribe(broker, lambda _: None)
    broker.publish("t", b"no object")
    text = figures_of(broker)
    assert "counterpoint_broker_published_total 1.0" in text
    assert "counterpoint_broker_garbage_total 1.0" in text
    assert "counterpoint_broker_up" not in text
    assert "no broker is set" in (broker_note(broker)() or "")


async def test_a_connection_that_carries_and_one_that_is_lost(valkey: Valkey) -> None:
    async with nodes(valkey, 2, "t") as (one, two):
        one.broker.publish("t", b"1")
        await two.until(lambda: bool(two.heard))
        text = figures_of(two.broker)
        assert "counterpoint_broker_up 1.0" in text
        assert "counterpoint_broker_heard_total 1.0" in text
        assert "counterpoint_broker_echo_seconds 0.0" in text
        assert broker_note(two.broker)() is None
        valkey.kill()
        try:
            await two.until_lost()
            text = figures_of(two.broker)
            assert "counterpoint_broker_up 0.0" in text
            assert "counterpoint_broker_losses_total" in text
            assert (broker_note(two.broker)() or "").startswith("degraded: what other nodes do")
        finally:
            valkey.begin_again()
