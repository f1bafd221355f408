"""Which rows a room holds: nothing is passed over, nothing is taken twice, in whatever order word of it comes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from server.realtime.replication.positions import Positions, Standing


def test_rows_of_this_node_follow_on_each_other() -> None:
    positions = Positions(4)
    assert positions.own(5, 6)
    assert positions.own(7, 7)
    assert positions.held == positions.latest == 7


def test_rows_of_this_node_beyond_a_gap_count_when_it_is_filled() -> None:
    positions = Positions(4)
    assert not positions.own(7, 8)
    assert (positions.held, positions.latest, positions.version) == (4, 8, 8)
    positions.heard(9)
    assert positions.version == 8, "nobody here has seen the row at 9"
    assert [positions.is_own(each) for each in (6, 7)] == [False, True]
    assert positions.standing(7, 8) is Standing.HELD
    assert positions.standing(5, 6) is Standing.NEXT
    positions.learnt(6)
    assert positions.held == 8


def test_what_another_node_has_committed_is_next_or_held_or_beyond() -> None:
    positions = Positions(4)
    assert positions.standing(5, 9) is Standing.NEXT
    assert positions.standing(2, 4) is Standing.HELD
    assert positions.standing(6, 6) is Standing.BEYOND
    assert positions.standing(3, 6) is Standing.BEYOND, "part of it is held: the rest is read from the log"


@settings(max_examples=100)
@given(st.data())
def test_every_row_is_taken_once_whatever_is_heard_of_it(data: st.DataObject) -> None:
    """Rows of two nodes in one log: this node's own come in order, word of the others' in any, never or twice."""
    lengths = data.draw(st.lists(st.tuples(st.booleans(), st.integers(1, 3)), min_size=1, max_size=12))
    commits, head = [], 0
    for own, length in lengths:
        commits.append((own, head + 1, head + length))
        head += length
    positions, taken = Positions(0), []
    mine = [each for each in commits if each[0]]
    heard = data.draw(st.lists(st.sampled_from(commits), max_size=20))
    for own, first, last in data.draw(st.permutations([*mine, *[(False, *each[1:]) for each in heard]])):
        if own:
            if (first, last) == mine[0][1:]:
                mine.pop(0)
                positions.own(first, last)
                taken += range(first, last + 1)
        elif positions.standing(first, last) is Standing.NEXT and not any(each[1] == first for each in mine):
            taken += range(first, last + 1)
            positions.learnt(last)
        assert set(range(1, positions.held + 1)) <= set(taken)
    for _, first, last in mine:
        positions.own(first, last)
        taken += range(first, last + 1)
    for position in range(positions.held + 1, head + 1):  # the log is read
        if position > positions.held and not positions.is_own(position):
            taken.append(position)
            positions.learnt(position)
    assert positions.held == head
    assert sorted(taken) == list(range(1, head + 1))
