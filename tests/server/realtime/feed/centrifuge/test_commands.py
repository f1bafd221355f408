"""What clients of Centrifugo's protocol say: read whole, or refused with the name of the field."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persistence.events import StreamPosition
from server.errors import Invalid
from server.realtime.feed.centrifuge.commands import (
    MOST_COMMANDS,
    Connect,
    NotServed,
    Pong,
    Presence,
    PresenceStats,
    Publish,
    Refresh,
    Send,
    Subscribe,
    Unsubscribe,
    decode,
)


def said(**command: Any) -> str:
    return json.dumps(command)


def test_each_method_of_the_protocol_is_known() -> None:
    commands = decode(
        "\n".join(
            [
                said(id=1, connect={"token": "t", "name": "js"}),
                said(id=2, subscribe={"channel": "alerts"}),
                said(id=3, unsubscribe={"channel": "alerts"}),
                said(id=4, publish={"channel": "alerts", "data": {}}),
                said(id=5, refresh={"token": "u"}),
                said(send={"data": 1}),
                "{}",
                said(id=6, history={"channel": "alerts"}),
                said(id=7, later={}),
                said(id=8, presence={"channel": "alerts"}),
                said(id=9, presence_stats={"channel": "alerts"}),
                said(id=10, subscribe={"channel": "alerts", "join_leave": True}),
                "",
            ]
        )
    )
    assert commands == [
        Connect(1, "t"),
        Subscribe(2, "alerts"),
        Unsubscribe(3, "alerts"),
        Publish(4),
        Refresh(5, "u"),
        Send(),
        Pong(),
        NotServed(6, known=True),
        NotServed(7, known=False),
        Presence(8, "alerts"),
        PresenceStats(9, "alerts"),
        Subscribe(10, "alerts", join_leave=True),
    ]


def test_a_position_counts_only_where_it_is_asked_to_recover() -> None:
    at = {"channel": "alerts", "epoch": "e", "offset": 41}
    assert decode(said(id=1, subscribe=at)) == [Subscribe(1, "alerts")]
    assert decode(said(id=1, subscribe={**at, "recover": True})) == [Subscribe(1, "alerts", StreamPosition("e", 41))]
    asked = {"channel": "alerts", "recover": True, "flag": 3}
    assert decode(said(id=1, subscribe=asked)) == [Subscribe(1, "alerts", StreamPosition("", 0), or_error=True)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "commands"),
        ("\n\n", "commands"),
        ("{}\n" * (MOST_COMMANDS + 1), "commands"),
        ("[]", "JSON object"),
        ("{", "JSON object"),
        ("[" * 60_000, "JSON object"),
        ('{"id":NaN,"connect":{}}', "JSON object"),
        ('{"id":' + "9" * 5000 + ',"connect":{}}', "JSON object"),
        (said(connect={}), "id"),
        (said(id=True, connect={}), "id"),
        (said(id=0, connect={}), "id"),
        (said(id=1 << 32, connect={}), "id"),
        (said(id=1.5, connect={}), "id"),
        (said(id=1, connect=[]), "connect"),
        (said(id=1, connect={"token": 5}), "token"),
        (said(id=1, connect={"token": "x" * 8193}), "token"),
        (said(id=1, subscribe={}), "channel"),
        (said(id=1, subscribe={"channel": "x" * 256}), "channel"),
        (said(id=1, subscribe={"channel": "\ud800"}), "channel"),
        (said(id=1, subscribe={"channel": "a\0"}), "channel"),
        (said(id=1, subscribe={"channel": "a", "recover": True, "offset": -1}), "offset"),
        (said(id=1, subscribe={"channel": "a", "recover": True, "offset": 1 << 63}), "offset"),
        (said(id=1, subscribe={"channel": "a", "recover": True, "epoch": 1}), "epoch"),
        (said(id=1, subscribe={"channel": "a", "flag": "2"}), "flag"),
    ],
)
def test_what_no_client_says_is_refused_and_named(text: str, names: str) -> None:
    with pytest.raises(Invalid, match=names):
        decode(text)


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    ["id", "connect", "subscribe", "unsubscribe", "publish", "refresh", "send", "rpc", "history", "sub_refresh"]
)
bodies = anything | st.dictionaries(
    st.sampled_from(["channel", "token", "recover", "offset", "epoch", "flag"]), anything, max_size=6
)
commands = st.dictionaries(fields, st.integers(0, 99) | bodies, max_size=3)


@settings(max_examples=200, deadline=None)
@given(st.lists(commands, min_size=1, max_size=3))
def test_any_objects_are_commands_or_invalid_and_nothing_else(given_: list[Any]) -> None:
    try:
        heard = decode("\n".join(json.dumps(each) for each in given_))
    except Invalid:
        return
    assert len(heard) == len(given_)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_commands_or_invalid_and_nothing_else(text: str) -> None:
    with suppress(Invalid):
        decode(text)


@given(
    st.integers(1, (1 << 32) - 1),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=255),
    st.integers(0, (1 << 63) - 1),
    st.booleans(),
)
def test_a_subscription_is_read_as_it_was_meant(number: int, channel: str, offset: int, or_error: bool) -> None:
    body = {"channel": channel, "recover": True, "epoch": "é", "offset": offset, "flag": 2 if or_error else 0}
    expected = Subscribe(number, channel, StreamPosition("é", offset), or_error=or_error)
    assert decode(json.dumps({"id": number, "subscribe": body})) == [expected]
