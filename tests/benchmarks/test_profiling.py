"""A profile counts each function once for each sample."""

from benchmarks.profiling import read_stacks, top

STACKS = [
    "main (app.py:1);turn (room.py:5) 3",
    "main (app.py:1);turn (room.py:9);turn (room.py:5) 2",
    "main (app.py:2) 5",
]


def test_own_samples_are_those_of_the_innermost_function_whatever_its_line() -> None:
    assert read_stacks(STACKS).own == {"turn (room.py)": 5, "main (app.py)": 5}


def test_samples_within_count_a_recursive_function_once() -> None:
    profile = read_stacks(STACKS)
    assert (profile.samples, profile.within) == (10, {"main (app.py)": 10, "turn (room.py)": 5})


def test_the_table_shows_shares_in_percent() -> None:
    profile = read_stacks(STACKS)
    assert top(profile.within, profile.samples, 1)[-1] == "| 100.0 | `main (app.py)` |"
