"""Who is called when: after the minutes of each step, again where it is repeated, late calls as one, then no more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from persistence.escalation_rows import EscalationRow, Targets
from server.notifications.escalation.timeline import GRACE, advance, first_due

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def step(after: int, user: str, repeat: int = 0, every: int = 5, channels: tuple[str, ...] = ()) -> dict[str, Any]:
    notify = {"users": [user], "groups": [], "roles": []}
    return {
        "after_minutes": after,
        "notify": notify,
        "channels": list(channels),
        "repeat": repeat,
        "every_minutes": every,
    }


def row(*steps: dict[str, Any]) -> EscalationRow:
    words = ("i", "o", "incident/1", "high", "Disk full", "", "/inbox", None, None)
    return EscalationRow(*words, steps, "open", 0, 0, first_due(steps, NOW), NOW, None, "Ada")


def story(begun: EscalationRow) -> list[tuple[int, int, str, list[str]]]:
    """When (minutes), on which level, in which state then, whom: as a clock would have it."""
    told, here = [], begun
    while here.due_at is not None:
        minutes = int((here.due_at - NOW).total_seconds() // 60)
        done = advance(here, here.due_at)
        told.append((minutes, done.level, done.state, sorted(done.targets.users)))
        here = replace(here, state=done.state, position=done.position, level=done.level, due_at=done.due_at)
    return told


def test_steps_are_taken_in_their_time_and_then_it_is_exhausted() -> None:
    grace = int(GRACE.total_seconds() // 60)
    assert story(row(step(0, "ada"), step(10, "ben"))) == [
        (0, 1, "open", ["ada"]),
        (10, 2, "open", ["ben"]),
        (10 + grace, 2, "exhausted", []),
    ]


def test_a_step_is_repeated_beside_those_that_come_after_it() -> None:
    assert story(row(step(0, "ada", repeat=3, every=4), step(6, "ben")))[:-1] == [
        (0, 1, "open", ["ada"]),
        (4, 1, "open", ["ada"]),
        (6, 2, "open", ["ben"]),
        (8, 2, "open", ["ada"]),
        (12, 2, "open", ["ada"]),
    ]


def test_steps_of_one_moment_are_one_call() -> None:
    assert story(row(step(5, "ada"), step(5, "ben")))[0] == (5, 2, "open", ["ada", "ben"])


def test_what_a_server_that_did_not_run_has_missed_is_told_once() -> None:
    late = NOW + timedelta(minutes=61)
    done = advance(row(step(0, "ada", repeat=9, every=5), step(60, "ben"), step(90, "cyd")), late)
    assert done.targets == Targets(users=frozenset({"ada", "ben"}))
    assert (done.position, done.level, done.due_at) == (11, 2, NOW + timedelta(minutes=90))


def test_who_was_told_late_has_time_to_answer() -> None:
    late = NOW + timedelta(days=1)
    assert advance(row(step(0, "ada")), late).due_at == late + GRACE


def test_a_call_goes_by_the_channels_that_its_steps_name_or_by_all() -> None:
    push, mail, all_ = step(0, "ada", channels=("push",)), step(0, "ben", channels=("email",)), step(0, "cyd")
    assert advance(row(push, mail), NOW).channels == ("email", "push")
    assert advance(row(push, all_), NOW).channels == ()
