"""What nodes tell each other survives the way, and nothing else is taken for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.awareness import Entry, Seen
from server.realtime.replication.message import (
    MAC_BYTES,
    MOST_BYTES,
    BadMessage,
    Committed,
    Digest,
    Message,
    Presence,
    Question,
    Wire,
)

WIRE = Wire(b"k" * 32)
NUMBERS = st.integers(1, 2**53 - 1_000)
OWNERS = st.lists(st.tuples(st.integers(0, 2**53 - 1), st.text(max_size=40)), max_size=4).map(tuple)


@st.composite
def committed(draw: st.DrawFn) -> Committed:
    first = draw(NUMBERS)
    updates = tuple(draw(st.lists(st.binary(max_size=60), max_size=5)))
    last = first + (len(updates) or draw(st.integers(1, 500))) - 1
    return Committed(draw(st.text(max_size=32)), first, last, draw(OWNERS), updates)


SEEN = st.builds(
    Seen,
    st.builds(Entry, st.integers(0, 2**53 - 1), NUMBERS, st.none() | st.text(min_size=1, max_size=20)),
    st.none() | st.text(min_size=1, max_size=20),
)
PRESENCE = st.builds(
    Presence, st.text(max_size=32), st.text(max_size=32), st.booleans(), st.lists(SEEN, max_size=4).map(tuple)
)
QUESTION = st.builds(Question, st.text(max_size=32), st.text(max_size=32))
MESSAGES = (
    committed()
    | PRESENCE
    | QUESTION
    | st.builds(Digest, st.text(max_size=32), NUMBERS, st.binary(min_size=8, max_size=8))
)


@settings(max_examples=60)
@given(message=MESSAGES, document=st.text(max_size=36))
def test_a_message_arrives_as_it_was_sent(message: Message, document: str) -> None:
    assert WIRE.decode(document, WIRE.encode(document, message)) == message


@settings(max_examples=60)
@given(message=MESSAGES, where=st.integers(0), bit=st.integers(0, 7))
def test_a_message_with_any_bit_changed_is_refused(message: Message, where: int, bit: int) -> None:
    payload = bytearray(WIRE.encode("d", message))
    payload[where % len(payload)] ^= 1 << bit
    with pytest.raises(BadMessage):
        WIRE.decode("d", bytes(payload))


def test_a_message_of_another_document_or_key_is_refused() -> None:
    payload = WIRE.encode("d", Committed("i", 1, 1, (), (b"u",)))
    for wire, document in ((WIRE, "e"), (Wire(b"o" * 32), "d")):
        with pytest.raises(BadMessage):
            wire.decode(document, payload)


@settings(max_examples=150)
@given(said=st.binary(max_size=80))
def test_bytes_by_somebody_who_has_the_key_are_a_message_or_refused(said: bytes) -> None:
    """A node of another version, or one with a fault, must not bring this one down."""
    payload = WIRE._mac("d", said) + said
    try:
        message = WIRE.decode("d", payload)
    except BadMessage:
        return
    assert WIRE.decode("d", WIRE.encode("d", message)) == message


@settings(max_examples=100)
@given(message=MESSAGES, cut=st.integers(0, 200), more=st.binary(max_size=3))
def test_a_message_that_is_cut_or_longer_is_refused(message: Message, cut: int, more: bytes) -> None:
    said = WIRE.encode("d", message)[MAC_BYTES:]
    other = said[: cut % len(said)] + more
    if other == said or not said.startswith(other[: cut % len(said)]):
        return
    try:
        read = WIRE.decode("d", WIRE._mac("d", other) + other)
    except BadMessage:
        return
    assert WIRE.encode("d", read)[MAC_BYTES:] == other, "whatever is read is read whole"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\x00\x00\x00\x00", id="positions begin at 1"),
        pytest.param(b"\x05\x04\x00\x00", id="the last is before the first"),
        pytest.param(b"\x01\x03\x00\x01\x01u", id="fewer updates than rows"),
        pytest.param(b"\x01\x01\xff\xff\xff\x7f", id="owners that are not there"),
    ],
)
def test_what_contradicts_itself_is_refused(body: bytes) -> None:
    said = b"\x01\x01\x01i" + body
    with pytest.raises(BadMessage):
        WIRE.decode("d", WIRE._mac("d", said) + said)


def test_updates_that_are_long_stay_in_the_log() -> None:
    message = Committed("i", 3, 4, ((7, "ada"),), (b"u" * MOST_BYTES, b"v"))
    payload = WIRE.encode("d", message)
    assert len(payload) < 100
    assert WIRE.decode("d", payload) == Committed("i", 3, 4, ((7, "ada"),), ())
