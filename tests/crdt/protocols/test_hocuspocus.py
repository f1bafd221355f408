"""The Hocuspocus protocol, byte for byte (SPEC.md, W6 to W13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.errors import MalformedFrame
from crdt.messages import (
    Authenticated,
    AuthToken,
    AwarenessUpdate,
    Detach,
    Detached,
    Ignored,
    Message,
    PermissionDenied,
    Ping,
    Pong,
    QueryAwareness,
    Stateless,
    SyncStatus,
    SyncStep1,
    SyncStep2,
    TokenRequest,
    Update,
)
from crdt.protocols.hocuspocus import decode, encode, split_address

TRACES: list[tuple[str, str, Message]] = [
    ("01 64 02 00 02 74 6b 05 34 2e 38 2e 30", "d", AuthToken("tk", "4.8.0")),
    ("01 64 02 00 02 74 6b", "d", AuthToken("tk", None)),
    ("01 64 02 00 00", "d", AuthToken("", None)),
    ("01 64 00 00 01 00", "d", SyncStep1(b"\0")),
    ("01 64 01 06 01 05 00 02 7b 7d", "d", AwarenessUpdate(bytes.fromhex("010500027b7d"))),
    ("01 64 02 02 0a 72 65 61 64 2d 77 72 69 74 65", "d", Authenticated("read-write")),
    ("01 64 02 02 08 72 65 61 64 6f 6e 6c 79", "d", Authenticated("readonly")),
    ("01 64 00 01 02 00 00", "d", SyncStep2(b"\0\0")),
    ("01 64 00 02 02 00 00", "d", Update(b"\0\0")),
    ("01 64 08 01", "d", SyncStatus(applied=True)),
    ("01 64 08 00", "d", SyncStatus(applied=False)),
    (
        "01 64 02 01 11 70 65 72 6d 69 73 73 69 6f 6e 2d 64 65 6e 69 65 64",
        "d",
        PermissionDenied("permission-denied"),
    ),
    ("01 64 02 00", "d", TokenRequest()),
    ("01 64 03", "d", QueryAwareness()),
    ("01 64 05 03 68 c3 a9", "d", Stateless("hé")),
    ("01 64 07", "d", Detach()),
    ("01 64 07 04 67 6f 6e 65", "d", Detached("gone")),
    ("04 c3 a9 00 73 07", "é\0s", Detach()),
]

WHOLE_EARLIER = {"01 64 02 00 02 74 6b 05 34 2e 38 2e 30": [4, 7], "01 64 02 00 02 74 6b": [4], "01 64 02 00 00": [4]}
"""Prefixes that are good frames of their own: a token without a version, and the request for a token."""
WHOLE_EARLIER |= {"01 64 07 04 67 6f 6e 65": [3]}

text = st.text(st.characters(codec="utf-8"))
addresses = text.filter(lambda name: name.partition("\0")[0].strip().strip("\ufeff"))
messages = st.one_of(
    st.builds(SyncStep1, st.binary(max_size=300)),
    st.builds(SyncStep2, st.binary(max_size=300)),
    st.builds(Update, st.binary(max_size=300)),
    st.builds(AwarenessUpdate, st.binary(max_size=300)),
    st.builds(AuthToken, text, st.none() | text),
    st.builds(Authenticated, st.sampled_from(["read-write", "readonly"])),
    st.builds(SyncStatus, st.booleans()),
    st.builds(PermissionDenied, text),
    st.builds(Stateless, text),
    st.builds(Detached, text),
    st.sampled_from([TokenRequest(), QueryAwareness(), Detach()]),
)


@pytest.mark.parametrize(("trace", "address", "message"), TRACES)
def test_W6_frames_are_those_of_the_published_clients(trace: str, address: str, message: Message) -> None:
    frame = bytes.fromhex(trace)
    assert decode(frame) == (address, message)
    assert encode(address, message) == frame


@pytest.mark.parametrize(("trace", "address", "message"), TRACES)
def test_W7_every_prefix_of_a_good_frame_is_malformed(trace: str, address: str, message: Message) -> None:
    frame = bytes.fromhex(trace)
    for end in set(range(len(frame))) - set(WHOLE_EARLIER.get(trace, ())):
        with pytest.raises(MalformedFrame):
            decode(frame[:end])


@pytest.mark.parametrize(
    ("trace", "address", "message"),
    [each for each in TRACES if not isinstance(each[2], QueryAwareness | Detach | TokenRequest)],
)
def test_W7_nothing_may_follow_a_message(trace: str, address: str, message: Message) -> None:
    with pytest.raises(MalformedFrame):
        decode(bytes.fromhex(trace) + b"\x01")


@pytest.mark.parametrize("trace", ["01 64 00 03 00", "01 64 02 03", "01 64 02 02 01 61", "01 64 08 02"])
def test_W7_unknown_words_are_malformed(trace: str) -> None:
    with pytest.raises(MalformedFrame):
        decode(bytes.fromhex(trace))


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\ufeff", " \0session", "\0session"])
def test_W8_blank_names_are_malformed(name: str) -> None:
    encoded = name.encode()
    with pytest.raises(MalformedFrame, match="blank"):
        decode(bytes([len(encoded)]) + encoded + b"\x07")


def test_W9_the_address_keeps_its_form_and_splits_at_the_first_nul() -> None:
    assert split_address("notes/é") == ("notes/é", None)
    assert split_address("notes\0a1b2") == ("notes", "a1b2")
    assert split_address("notes\0a\0b") == ("notes", "a\0b")
    assert split_address("notes\0") == ("notes", "")


def test_W10_ping_and_pong_are_single_bytes_without_an_address() -> None:
    assert decode(b"\x09") == (None, Ping())
    assert decode(b"\x0a") == (None, Pong())
    assert encode(None, Ping()) == b"\x09"
    assert encode("d", Pong()) == b"\x0a"


def test_W10_a_longer_frame_that_starts_with_nine_is_an_address() -> None:
    assert decode(b"\x09documents\x07") == ("documents", Detach())


def test_W11_what_only_servers_say_to_each_other_is_not_taken_from_a_client() -> None:
    assert decode(bytes.fromhex("01 64 04 00 01 00")) == ("d", Ignored(4))
    with pytest.raises(MalformedFrame, match="BroadcastStateless"):
        decode(bytes.fromhex("01 64 06 01 61"))


@pytest.mark.parametrize("kind", [9, 10, 99])
def test_W11_unknown_types_are_ignored(kind: int) -> None:
    assert decode(b"\x01d" + bytes([kind, 1, 2])) == ("d", Ignored(kind))


def test_W12_a_query_with_a_body_is_a_query() -> None:
    assert decode(b"\x01d\x03\x01\x00") == ("d", QueryAwareness())


@pytest.mark.parametrize(("address", "message"), [(None, Detach()), ("d", Ignored(4))])
def test_W13_what_cannot_be_said_is_a_fault_of_the_caller(address: str | None, message: Message) -> None:
    with pytest.raises(ValueError, match="cannot be said"):
        encode(address, message)


@given(addresses, messages)
def test_W6_what_is_encoded_is_decoded(address: str, message: Message) -> None:
    assert decode(encode(address, message)) == (address, message)


@given(st.one_of(addresses, st.text("\0 \ufeffé~a", max_size=130)), st.integers(0, 40_000), st.integers(-2, 2))
def test_W6_W8_an_edit_is_read_as_every_message_is(address: str, size: int, longer: int) -> None:
    frame = encode(address, SyncStep2(bytes(size)))
    kind = frame.rindex(b"\x00\x01", 0, len(frame) - size)
    edit = frame[:kind] + b"\x00\x02" + frame[kind + 2 :]
    changed = (edit + bytes(longer), frame + bytes(longer)) if longer >= 0 else (edit[:longer], frame[:longer])
    assert outcome(changed[0]) == outcome(changed[1])


def outcome(frame: bytes) -> tuple[str | None, bytes] | str:
    """What an edit or a SyncStep2 says, or why it cannot be read."""
    try:
        address, message = decode(frame)
    except MalformedFrame as error:
        return str(error)
    assert isinstance(message, Update | SyncStep2)
    return address, message.update


@given(st.binary(max_size=60))
def test_W7_any_bytes_are_a_message_or_malformed(frame: bytes) -> None:
    try:
        address, message = decode(b"\x01d" + frame)
    except MalformedFrame:
        return
    if not isinstance(message, Ignored):
        assert decode(encode(address, message)) == (address, message)
