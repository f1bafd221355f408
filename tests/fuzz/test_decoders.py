"""Every decoder of updates, given any bytes, answers or raises its own error; and never anything else."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crdt.errors import MalformedUpdate, RefusedUpdate
from crdt.guard import check
from crdt.updates import (
    DeleteRanges,
    contents_of,
    decode_state_vector,
    deletes_of,
    diff,
    merge,
    same_content,
    squash,
    state_of,
    take,
    with_deletes,
)

EVERY = {7: (0, 99)}

DECODERS: dict[str, Callable[[bytes], object]] = {
    "decode_state_vector": decode_state_vector,
    "DeleteRanges.decode": DeleteRanges.decode,
    "check": lambda data: check(data, {7: 3}, DeleteRanges({7: [(0, 1)]})),
    "state_of": state_of,
    "deletes_of": deletes_of,
    "contents_of": contents_of,
    "squash": squash,
    "take": lambda data: take(data, {7: 2}),
    "with_deletes": lambda data: with_deletes(data, DeleteRanges()),
    "merge": lambda data: merge([data, data]),
    "diff": lambda data: diff(data, b"\x01\x07\x01"),
    "diff to": lambda data: diff(b"\x00\x00", data),
    "same_content": lambda data: same_content(data, data, EVERY),
}

BYTES = st.one_of(
    st.binary(max_size=60),
    # Of the shape of an update: one client, some structs.
    st.builds(
        lambda info, rest: bytes((1, 1, 7, 0, info)) + rest, st.integers(0, 255), st.binary(min_size=1, max_size=40)
    ),
)


def answers_or_refuses(decode: Callable[[bytes], object], data: bytes) -> None:
    try:
        decode(data)
    except (MalformedUpdate, RefusedUpdate):
        return


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
@given(data=BYTES)
@example(data=b"")
@example(data=b"\xff" * 5_000)
@example(data=b"\x01\x01\x07\x00\x04\x01\x01t\x02\xc3\xa9\x01\x07\x01\x00\x01")
@settings(max_examples=60, deadline=None)
def test_any_bytes_short(decode: Callable[[bytes], object], data: bytes) -> None:
    answers_or_refuses(decode, data)


@pytest.mark.long
@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
@given(data=BYTES)
@settings(max_examples=20_000, deadline=None)
def test_any_bytes_long(decode: Callable[[bytes], object], data: bytes) -> None:
    answers_or_refuses(decode, data)
