"""The broker of one process: at once, in order, to who listens now."""

from server.realtime.broker import MemoryBroker


def test_everyone_who_listens_hears_everything_in_order() -> None:
    broker, one, two = MemoryBroker(), list[bytes](), list[bytes]()
    broker.subscribe("access", one.append)
    broker.publish("access", b"1")
    broker.subscribe("access", two.append)
    broker.publish("access", b"2")
    assert (one, two) == ([b"1", b"2"], [b"2"])


def test_topics_are_apart_and_nobody_need_listen() -> None:
    broker, heard = MemoryBroker(), list[bytes]()
    broker.subscribe("access", heard.append)
    broker.publish("other", b"")
    assert heard == []


def test_who_has_ended_hears_no_more_also_in_the_middle_of_a_message() -> None:
    broker, heard = MemoryBroker(), list[str]()
    end_two = broker.subscribe("t", lambda _: None)
    end_two()
    end_two()

    def once(_: bytes) -> None:
        heard.append("once")
        end_once()

    end_once = broker.subscribe("t", once)
    broker.subscribe("t", lambda _: heard.append("always"))
    broker.publish("t", b"")
    broker.publish("t", b"")
    assert heard == ["once", "always", "always"]


def test_it_has_no_gaps() -> None:
    broker, gaps = MemoryBroker(), list[int]()
    end = broker.on_gap(lambda: gaps.append(1))
    broker.publish("t", b"")
    end()
    assert (gaps, broker.figures.gaps) == ([], 0)
