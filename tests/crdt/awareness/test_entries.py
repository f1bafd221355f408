"""Awareness bytes (SPEC.md, A1 and A2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.awareness import Entry, decode_awareness, encode_awareness
from crdt.errors import MalformedFrame

texts = st.text(st.characters(codec="utf-8")).filter(lambda text: text.strip(" \t\r\n") != "null")
entries = st.lists(
    st.builds(Entry, st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1), st.none() | texts),
    max_size=5,
)


def test_A1_bytes_are_those_of_y_protocols() -> None:
    told = [Entry(5, 0, "{}"), Entry(300, 7, None), Entry(1, 128, '{"n":"é😀"}')]
    frame = bytes.fromhex("03 0500027b7d ac0207046e756c6c 01 8001") + b"\x0e" + '{"n":"é😀"}'.encode()
    assert encode_awareness(told) == frame
    assert decode_awareness(frame) == told


def test_A1_null_may_be_spaced_as_json_allows() -> None:
    assert decode_awareness(b"\x01\x05\x00\x06 null\n") == [Entry(5, 0, None)]


def test_A2_every_prefix_and_any_tail_is_malformed() -> None:
    whole = encode_awareness([Entry(5, 0, "{}"), Entry(300, 7, None)])
    for end in range(len(whole)):
        with pytest.raises(MalformedFrame):
            decode_awareness(whole[:end])
    with pytest.raises(MalformedFrame):
        decode_awareness(whole + b"\0")


def test_A2_a_claimed_count_costs_nothing() -> None:
    with pytest.raises(MalformedFrame, match="limit"):
        decode_awareness(bytes.fromhex("80 a8 d6 b9 07"))


@given(entries)
def test_A1_what_is_encoded_is_decoded(told: list[Entry]) -> None:
    assert decode_awareness(encode_awareness(told)) == told


@given(st.binary(max_size=80))
def test_A2_any_bytes_are_entries_or_malformed(data: bytes) -> None:
    try:
        told = decode_awareness(data)
    except MalformedFrame:
        return
    assert decode_awareness(encode_awareness(told)) == told
