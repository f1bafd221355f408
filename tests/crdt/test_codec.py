"""Section C of the rules: the primitives of a frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.codec import MAX_SAFE_INTEGER, Reader, var_bytes, var_string, var_uint
from crdt.errors import MalformedFrame

NUMBERS = st.integers(0, MAX_SAFE_INTEGER)


@given(NUMBERS, st.text(), st.binary())
def test_C3_what_is_written_reads_back(number: int, text: str, data: bytes) -> None:
    reader = Reader(var_uint(number) + var_string(text) + var_bytes(data) + b"\x07")
    assert (reader.var_uint(), reader.var_string(), reader.var_bytes(), reader.byte()) == (number, text, data, 7)
    assert reader.at_end()
    reader.finish()


def test_C3_a_string_is_as_long_as_its_bytes() -> None:
    assert var_string("é😀") == b"\x06\xc3\xa9\xf0\x9f\x98\x80"


@given(NUMBERS, st.text(min_size=1), st.binary(min_size=1))
def test_C1_every_prefix_is_malformed(number: int, text: str, data: bytes) -> None:
    whole = var_uint(number) + var_string(text) + var_bytes(data)
    for end in range(len(whole)):
        reader = Reader(whole[:end])
        with pytest.raises(MalformedFrame, match="end too early"):
            (reader.var_uint(), reader.var_string(), reader.var_bytes())


@given(st.binary(max_size=40), st.lists(st.sampled_from(["byte", "var_uint", "var_bytes", "var_string", "finish"])))
def test_C1_any_bytes_read_or_are_malformed(data: bytes, calls: list[str]) -> None:
    reader = Reader(data)
    for call in calls:
        try:
            getattr(reader, call)()
        except MalformedFrame:
            return


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff" * 7 + b"\x7f", "above"),
        (b"\xff" * 9, "8 bytes"),
        (b"\xff" * 100_000, "8 bytes"),
        (b"\x80\x00", "over-long"),
        (b"\x85\x80\x00", "over-long"),
    ],
)
def test_C2_a_number_is_short_safe_and_minimal(data: bytes, reason: str) -> None:
    with pytest.raises(MalformedFrame, match=reason):
        Reader(data).var_uint()


def test_C2_the_largest_safe_integer_is_taken() -> None:
    assert Reader(var_uint(MAX_SAFE_INTEGER)).var_uint() == MAX_SAFE_INTEGER
    with pytest.raises(MalformedFrame):
        Reader(var_uint(MAX_SAFE_INTEGER + 1)).var_uint()


@pytest.mark.parametrize("text", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf"])
def test_C3_a_string_must_be_utf8(text: bytes) -> None:
    with pytest.raises(MalformedFrame, match="UTF-8"):
        Reader(var_bytes(text)).var_string()


def test_C4_a_false_length_is_refused() -> None:
    with pytest.raises(MalformedFrame, match="too early"):
        Reader(var_uint(2**50) + b"abc").var_bytes()


def test_C5_nothing_may_follow() -> None:
    reader = Reader(b"\x01\x02")
    assert reader.byte() == 1
    assert not reader.at_end()
    with pytest.raises(MalformedFrame, match="1 bytes follow"):
        reader.finish()
