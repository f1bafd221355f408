"""The y-websocket protocol, byte for byte (SPEC.md, W1 to W5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.codec import var_bytes
from crdt.errors import MalformedFrame
from crdt.messages import (
    AuthToken,
    AwarenessUpdate,
    Ignored,
    Message,
    PermissionDenied,
    Ping,
    QueryAwareness,
    SyncStatus,
    SyncStep1,
    SyncStep2,
    Update,
)
from crdt.protocols.y_websocket import decode, encode

TRACES: list[tuple[str, Message]] = [
    ("00 00 01 00", SyncStep1(b"\0")),
    ("00 01 02 00 00", SyncStep2(b"\0\0")),
    ("00 02 02 00 00", Update(b"\0\0")),
    ("01 06 01 05 00 02 7b 7d", AwarenessUpdate(bytes.fromhex("010500027b7d"))),
    ("01 01 00", AwarenessUpdate(b"\0")),
    ("02 00 06 6e c3 a9 6d 6f 6e", PermissionDenied("némon")),
    ("03", QueryAwareness()),
]

messages = st.one_of(
    st.builds(SyncStep1, st.binary(max_size=300)),
    st.builds(SyncStep2, st.binary(max_size=300)),
    st.builds(Update, st.binary(max_size=300)),
    st.builds(AwarenessUpdate, st.binary(max_size=300)),
    st.builds(PermissionDenied, st.text(st.characters(codec="utf-8"))),
    st.just(QueryAwareness()),
)


@pytest.mark.parametrize(("trace", "message"), TRACES)
def test_W1_frames_are_those_of_the_published_clients(trace: str, message: Message) -> None:
    frame = bytes.fromhex(trace)
    assert decode(frame) == message
    assert encode(message) == frame


@pytest.mark.parametrize(("trace", "message"), TRACES)
def test_W2_every_prefix_of_a_good_frame_is_malformed(trace: str, message: Message) -> None:
    frame = bytes.fromhex(trace)
    for end in range(len(frame)):
        with pytest.raises(MalformedFrame):
            decode(frame[:end])


@pytest.mark.parametrize(("trace", "message"), [each for each in TRACES if each[1] != QueryAwareness()])
def test_W2_nothing_may_follow_a_message(trace: str, message: Message) -> None:
    with pytest.raises(MalformedFrame):
        decode(bytes.fromhex(trace) + b"\0")


def test_W2_an_unknown_sync_message_is_malformed() -> None:
    with pytest.raises(MalformedFrame, match="sync message 3"):
        decode(bytes.fromhex("00 03 00"))


def test_W3_a_query_with_a_body_is_a_query() -> None:
    assert decode(bytes.fromhex("03 01 00")) == QueryAwareness()


@pytest.mark.parametrize(
    ("trace", "kind"),
    [("04", 4), ("66 01 07", 102), ("80 01 ff", 128), ("02 01", 2), ("02 04 73 61 76 65 01", 2)],
    ids=["unknown", "y-sweet-sync-status", "two-byte-type", "yrs-granted", "jupyter-save"],
)
def test_W4_types_of_other_dialects_are_ignored(trace: str, kind: int) -> None:
    assert decode(bytes.fromhex(trace)) == Ignored(kind)


@pytest.mark.parametrize("message", [AuthToken("t", None), SyncStatus(applied=True), Ping(), Ignored(9)])
def test_W5_what_the_protocol_cannot_say_is_none(message: Message) -> None:
    assert encode(message) is None


@given(messages)
def test_W1_what_is_encoded_is_decoded(message: Message) -> None:
    frame = encode(message)
    assert frame is not None
    assert decode(frame) == message


@given(st.sampled_from([0, 1, 2, 126, 127, 128, 129, 16_383, 16_384, 40_000]), st.integers(-2, 2))
def test_W1_W2_an_edit_is_read_as_every_message_is(size: int, longer: int) -> None:
    frame = b"\x00\x01" + var_bytes(bytes(size))
    frame = frame + bytes(longer) if longer >= 0 else frame[:longer]
    edit = b"\x00\x02" + frame[2:]
    try:
        message = decode(frame)
    except MalformedFrame as error:
        with pytest.raises(MalformedFrame, match=str(error)):
            decode(edit)
    else:
        assert isinstance(message, SyncStep2)
        assert decode(edit) == Update(message.update)


@given(st.binary(max_size=60))
def test_W2_any_bytes_are_a_message_or_malformed(frame: bytes) -> None:
    try:
        message = decode(frame)
    except MalformedFrame:
        return
    again = encode(message)
    assert again is None or decode(again) == message
