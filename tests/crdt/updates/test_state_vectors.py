"""State vectors from strangers (U1): a reader can send one, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.errors import MalformedUpdate
from crdt.updates import decode_state_vector, encode_state_vector

STATES = st.dictionaries(st.integers(0, 2**53 - 1), st.integers(0, 2**31 - 1), max_size=6)


@given(STATES)
def test_U1_what_is_written_reads_back(state: dict[int, int]) -> None:
    assert decode_state_vector(encode_state_vector(state)) == state


@given(STATES)
def test_U1_every_prefix_is_malformed(state: dict[int, int]) -> None:
    whole = encode_state_vector(state)
    for end in range(len(whole)):
        with pytest.raises(MalformedUpdate):
            decode_state_vector(whole[:end])


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff\x0f", b"\xff" * 8, b"\x00\x00", b"\x01\x07\x80\x00"])
def test_U1_a_false_header_costs_nothing(data: bytes) -> None:
    with pytest.raises(MalformedUpdate):
        decode_state_vector(data)


def test_U1_the_number_of_clients_is_bounded() -> None:
    state = encode_state_vector({1: 1, 2: 2})
    assert decode_state_vector(state, max_clients=2) == {1: 1, 2: 2}
    with pytest.raises(MalformedUpdate, match="limit is 1"):
        decode_state_vector(state, max_clients=1)
