"""The broker of one process: at once, in order, to who listens now."""

from typing import Any

from server.realtime.broker import MemoryBroker


def test_everyone_who_listens_hears_everything_in_order() -> None:
    broker, one, two = MemoryBroker(), list[Any](), list[Any]()
    broker.subscribe("access", one.append)
    broker.publish("access", {"n": 1})
    broker.subscribe("access", two.append)
    broker.publish("access", {"n": 2})
    assert (one, two) == ([{"n": 1}, {"n": 2}], [{"n": 2}])


def test_topics_are_apart_and_nobody_need_listen() -> None:
    broker, heard = MemoryBroker(), list[Any]()
    broker.subscribe("access", heard.append)
    broker.publish("other", {})
    assert heard == []


def test_who_has_ended_hears_no_more_also_in_the_middle_of_a_message() -> None:
    broker, heard = MemoryBroker(), list[str]()
    end_two = broker.subscribe("t", lambda _: None)
    end_two()

    def once(_: dict[str, Any]) -> None:
        heard.append("once")
        end_once()

    end_once = broker.subscribe("t", once)
    broker.subscribe("t", lambda _: heard.append("always"))
    broker.publish("t", {})
    broker.publish("t", {})
    assert heard == ["once", "always", "always"]
