"""What an update contains by itself (U2)."""

import pytest

from crdt.errors import MalformedUpdate
from crdt.updates import DeleteRanges, contents_of, deletes_of, state_of
from tests.crdt.crafting import gc, skip, string, update

HOLED = update((7, 0, [string("ab"), skip(2), gc(1)]), (9, 3, [gc(4)]), (11, 0, [gc(2)]), deletes={7: [(0, 1)]})


def test_U2_the_state_ends_at_the_first_gap() -> None:
    assert state_of(HOLED) == {7: 2, 11: 2}


def test_U2_contents_end_where_the_structs_end() -> None:
    assert contents_of(HOLED) == ({7: 5, 9: 7, 11: 2}, DeleteRanges({7: [(0, 1)]}))


def test_U2_deletes_are_those_of_the_delete_set() -> None:
    assert deletes_of(HOLED) == DeleteRanges({7: [(0, 1)]})


@pytest.mark.parametrize("question", [state_of, contents_of, deletes_of])
def test_U1_every_prefix_is_malformed(question: object) -> None:
    assert callable(question)
    for end in range(len(HOLED)):
        with pytest.raises(MalformedUpdate):
            question(HOLED[:end])
