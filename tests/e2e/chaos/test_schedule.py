"""The schedule of faults comes from the seed alone."""

from itertools import chain

from tests.e2e.chaos.schedule import KINDS, acts, rolls


def printed(seed: int, minutes: float) -> list[str]:
    return [str(act) for act in acts(seed, minutes)]


def test_the_same_seed_gives_the_same_schedule_and_another_one_another() -> None:
    assert printed(17, 5) == printed(17, 5)
    assert printed(17, 5) != printed(18, 5)


def test_a_longer_run_begins_as_the_shorter_one_does() -> None:
    assert printed(17, 60)[:2] == printed(17, 5)[:2]


def test_an_hour_has_every_kind_on_every_target_and_a_rolling_restart_by_itself() -> None:
    rounds = list(chain.from_iterable(act.rounds for act in acts(17, 60)))
    found = {(fault.kind, fault.target) for each in rounds for fault in each.faults}
    assert found >= {(kind.name, target) for kind in KINDS for target in kind.targets}
    alone = [each for each in rounds if any(fault.kind == "roll" for fault in each.faults)]
    assert alone
    assert all(len(each.faults) == 1 for each in alone)


def test_rolls_are_nothing_but_rolls() -> None:
    assert [[fault.kind for fault in each.faults] for each in rolls(1, 3).rounds] == [["roll"]] * 3
