"""What is no object of a topic's shape is counted and ignored, whoever has published it."""

from types import NoneType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.realtime.broker import MemoryBroker
from server.realtime.json_topic import JsonTopic

TOPIC = JsonTopic("heights", (("name", (str,)), ("metres", (int,)), ("note", (str, NoneType))))


def heard_of(*payloads: bytes) -> tuple[list[dict[str, Any]], int]:
    broker, heard = MemoryBroker(), list[dict[str, Any]]()
    TOPIC.subscribe(broker, heard.append)
    for payload in payloads:
        broker.publish("heights", payload)
    return heard, broker.figures.garbage


def test_an_object_of_the_shape_arrives_with_all_fields_and_no_others() -> None:
    broker, heard = MemoryBroker(), list[dict[str, Any]]()
    end = TOPIC.subscribe(broker, heard.append)
    TOPIC.publish(broker, {"name": "Rügen", "metres": 161, "of_a_later_version": [1]})
    end()
    TOPIC.publish(broker, {"name": "Sylt", "metres": 52})
    assert heard == [{"name": "Rügen", "metres": 161, "note": None}]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\x00",
        b"null",
        b"[]",
        b"{",
        b'{"name":"a"}',
        b'{"name":1,"metres":1}',
        b'{"name":"a","metres":true}',
        b'{"name":"a","metres":1,"note":2}',
        b"[" * 100_000,
    ],
)
def test_garbage_is_counted_and_ignored(payload: bytes) -> None:
    good = b'{"name":"a","metres":1,"note":"b"}'
    heard, garbage = heard_of(payload, good)
    assert (len(heard), garbage) == (1, 1)


@given(st.binary(max_size=40))
def test_no_bytes_raise(payload: bytes) -> None:
    heard, garbage = heard_of(payload)
    assert len(heard) + garbage == 1
