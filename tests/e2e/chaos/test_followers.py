"""Whoever follows is wrong where an event is missing, comes twice or is lost without a word, and nowhere else."""

from typing import Any

import pytest

from tests.e2e.chaos.followers import wrongs_of_a_follower
from tests.e2e.support.followers import Told

BEGAN = {"subscribed": 1, "wasRecovering": False, "recovered": False}
CAME_BACK = {"subscribed": 3, "wasRecovering": True, "recovered": True}
LOST = {"subscribed": 3, "wasRecovering": True, "recovered": False}
WHOLE: list[dict[str, Any]] = [BEGAN, {"event": 2}, CAME_BACK, {"event": 3}]


@pytest.mark.parametrize("log", [WHOLE, [BEGAN, LOST], [BEGAN, {"event": 2}, LOST]])
def test_all_is_well_where_each_event_came_once_or_a_reload_was_asked_for(log: list[dict[str, Any]]) -> None:
    wrongs, _ = wrongs_of_a_follower(Told(log, {"a"}), 3, {"a"})
    assert wrongs == []


@pytest.mark.parametrize(
    "log",
    [
        [BEGAN, {"event": 3}],
        [BEGAN, {"event": 2}, {"event": 2}, {"event": 3}],
        [BEGAN, CAME_BACK, {"event": 3}],
        [BEGAN, {"event": 2}],
    ],
)
def test_what_was_missed_or_told_twice_is_said(log: list[dict[str, Any]]) -> None:
    wrongs, _ = wrongs_of_a_follower(Told(log, {"a"}), 3, {"a"})
    assert len(wrongs) == 1


@pytest.mark.parametrize("documents", [set(), {"a", "b"}])
def test_what_it_does_not_know_or_knows_wrongly_is_said(documents: set[str]) -> None:
    wrongs, _ = wrongs_of_a_follower(Told(WHOLE, documents), 3, {"a"})
    assert len(wrongs) == 1
