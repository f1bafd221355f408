"""A row is one line, and comes back from it; a tally knows rows and not their order."""

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persistence.transfer.errors import TransferRefused
from persistence.transfer.rows import Tally, decoded, encoded
from persistence.transfer.shapes import Shape, shapes, shapes_from

ALL = Shape(
    "all",
    (("a", "text"), ("b", "integer"), ("c", "boolean"), ("d", "number"), ("e", "bytes"), ("f", "time"), ("g", "json")),
    ("a",),
)
texts = st.text(st.characters(exclude_categories=["Cs"]))
rows = st.tuples(
    texts,
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.booleans(),
    st.floats(allow_nan=False),
    st.binary(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])),
    texts,
)


@given(rows, st.integers(0, 7))
def test_a_row_comes_back_from_its_line(row: tuple[object, ...], empty: int) -> None:
    row = tuple(None if at == empty else value for at, value in enumerate(row))
    line = encoded(ALL, row)
    assert b"\n" not in line
    assert decoded(ALL, line) == row


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=8))
def test_a_tally_knows_rows_and_not_their_order(lines: list[bytes]) -> None:
    one, other, less = Tally(), Tally(), Tally()
    one.add(lines)
    other.add(reversed(lines))
    less.add(lines[1:])
    assert one == other != less


@pytest.mark.parametrize(
    "line", [b"", b"[", b"{}", b"[1]", b'["a",1,true,1.0,"*","2026-01-01T00:00:00+00:00","x"]', b"[" * 9000]
)
def test_what_is_no_row_is_refused(line: bytes) -> None:
    with pytest.raises(TransferRefused, match="cannot be read"):
        decoded(ALL, line)


def test_shapes_come_back_from_json() -> None:
    found = shapes()
    assert shapes_from([each.as_json() for each in found]) == found


@pytest.mark.parametrize(
    "given",
    [
        None,
        [{}],
        [{"name": "a", "columns": [["a", "blob"]], "key": ["a"]}],
        [{"name": "a", "columns": [["a", "text"]], "key": ["b"]}],
        [{"name": 'a"; DROP TABLE users', "columns": [["a", "text"]], "key": ["a"]}],
    ],
)
def test_shapes_of_no_version_are_refused(given: object) -> None:
    with pytest.raises(TransferRefused):
        shapes_from(given)
