"""Who is in a workspace: told once in a while, by people, and after a grace for those who were cut off."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from server.clock import SystemClock
from server.realtime.door import Guest
from server.realtime.feed.presence import COALESCE_SECONDS, GRACE_SECONDS, ChannelPresence, PresenceChange, has_presence
from tests.server.realtime.linked import Linked

KEY = ("o", "workspace:w")


class Time(SystemClock):
    """A clock and its alarms, which ring when the test lets time pass."""

    def __init__(self) -> None:
        self.now_at = 100.0
        self.alarms: list[Alarm] = []

    def monotonic(self) -> float:
        return self.now_at

    def later(self, seconds: float, call: Callable[[], None]) -> "Alarm":
        alarm = Alarm(self.now_at + seconds, call)
        self.alarms.append(alarm)
        return alarm

    def passes(self, seconds: float) -> None:
        until = self.now_at + seconds
        while due := [each for each in self.alarms if each.at <= until and not each.is_over]:
            alarm = min(due, key=lambda each: each.at)
            alarm.is_over = True
            self.now_at = alarm.at
            alarm.call()
        self.now_at = until


@dataclass(eq=False)
class Alarm:
    at: float
    call: Callable[[], None]
    is_over: bool = False

    def cancel(self) -> None:
        self.is_over = True


@dataclass(eq=False)
class Tab:
    user: str
    client: str
    changes: list[PresenceChange] = field(default_factory=list)

    def met(self, change: PresenceChange) -> None:
        self.changes.append(change)

    @property
    def told(self) -> list[str]:
        return [
            " ".join([f"+{each.user_id}" for each in change.joined] + [f"-{each.user_id}" for each in change.left])
            for change in self.changes
        ]


class Stage:
    def __init__(self) -> None:
        self.time = Time()
        self.presence = ChannelPresence(self.time, self.time.later)
        self.count = 0

    def comes(self, user: str) -> Tab:
        self.count += 1
        tab = Tab(user, f"{user}-{self.count}")
        self.presence.enter(KEY, tab, Guest(user, user.title(), "o", "credential", None))
        return tab

    def goes(self, tab: Tab, *, clean: bool = True) -> None:
        self.presence.leave(KEY, tab, clean=clean)

    def watcher(self) -> Tab:
        tab = self.comes("watcher")
        self.presence.watch(KEY, tab)
        self.time.passes(COALESCE_SECONDS)
        return tab

    @property
    def here(self) -> list[str]:
        return sorted(each.client for each in self.presence.here(KEY))


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_the_first_is_told_at_once_and_the_next_together(stage: Stage) -> None:
    watcher = stage.watcher()
    stage.comes("ada")
    assert watcher.told == ["+ada"]
    stage.comes("ben")
    stage.comes("cleo")
    assert watcher.told == ["+ada"]
    stage.time.passes(COALESCE_SECONDS)
    assert watcher.told == ["+ada", "+ben +cleo"]


def test_whoever_leaves_on_purpose_is_gone_at_once(stage: Stage) -> None:
    watcher, ada = stage.watcher(), stage.comes("ada")
    stage.time.passes(COALESCE_SECONDS)
    stage.goes(ada)
    assert watcher.told == ["+ada", "-ada"]
    assert stage.here == ["watcher-1"]


def test_whoever_was_cut_off_is_here_for_a_while(stage: Stage) -> None:
    watcher, ada = stage.watcher(), stage.comes("ada")
    stage.time.passes(COALESCE_SECONDS)
    stage.goes(ada, clean=False)
    stage.time.passes(GRACE_SECONDS - 0.1)
    assert watcher.told == ["+ada"]
    assert stage.here == ["ada-2", "watcher-1"]
    stage.time.passes(0.1)
    assert watcher.told == ["+ada", "-ada"]


def test_whoever_comes_back_in_time_has_not_been_away(stage: Stage) -> None:
    watcher, ada = stage.watcher(), stage.comes("ada")
    stage.time.passes(COALESCE_SECONDS)
    stage.goes(ada, clean=False)
    stage.time.passes(GRACE_SECONDS - 0.1)
    stage.comes("ada")
    stage.time.passes(2 * GRACE_SECONDS)
    assert watcher.told == ["+ada"]
    assert stage.here == ["ada-3", "watcher-1"]


def test_a_second_connection_is_no_second_person(stage: Stage) -> None:
    watcher, first = stage.watcher(), stage.comes("ada")
    second = stage.comes("ada")
    stage.time.passes(COALESCE_SECONDS)
    assert stage.here == ["ada-2", "ada-3", "watcher-1"]
    stage.goes(first)
    stage.time.passes(COALESCE_SECONDS)
    assert watcher.told == ["+ada"]
    stage.goes(second)
    assert watcher.told == ["+ada", "-ada"]


def test_whoever_came_and_went_within_the_second_was_never_here(stage: Stage) -> None:
    watcher = stage.watcher()
    stage.comes("ada")
    for clean in (True, False):
        stage.goes(stage.comes("ben"), clean=clean)
        assert "ben" not in "".join(stage.here)
    stage.time.passes(2 * GRACE_SECONDS)
    assert watcher.told == ["+ada"]


def test_what_is_here_and_what_is_told_later_make_the_truth(stage: Stage) -> None:
    """Somebody who is not told yet is not listed: if he went before he is told, nobody would take him off the list."""
    stage.watcher()
    stage.comes("ada")
    ben = stage.comes("ben")
    late = stage.comes("late")
    stage.presence.watch(KEY, late)
    assert stage.here == ["ada-2", "watcher-1"]
    stage.goes(ben)
    stage.time.passes(COALESCE_SECONDS)
    assert late.told == ["+late"]


def test_a_watcher_that_leaves_is_told_no_more(stage: Stage) -> None:
    watcher = stage.watcher()
    stage.goes(watcher)
    stage.comes("ada")
    stage.time.passes(COALESCE_SECONDS)
    assert watcher.told == []


def test_a_watcher_may_leave_while_it_is_told(stage: Stage) -> None:
    class Falls(Tab):
        def met(self, change: PresenceChange) -> None:
            super().met(change)
            stage.goes(self)

    falls = Falls("falls", "falls-0")
    stage.presence.enter(KEY, falls, Guest("falls", "Falls", "o", "credential", None))
    stage.presence.watch(KEY, falls)
    stage.time.passes(COALESCE_SECONDS)
    ada = stage.comes("ada")
    stage.presence.watch(KEY, ada)
    stage.time.passes(COALESCE_SECONDS)
    assert falls.told == ["+ada"]
    assert ada.told == ["-falls"]


def test_nothing_is_kept_of_a_channel_that_is_empty(stage: Stage) -> None:
    ada = stage.comes("ada")
    stage.time.passes(COALESCE_SECONDS)
    stage.goes(ada, clean=False)
    stage.time.passes(2 * GRACE_SECONDS)
    assert stage.presence._rooms == {}


def test_a_change_is_encoded_once_for_all(stage: Stage) -> None:
    one, two = stage.watcher(), stage.watcher()
    stage.comes("ada")
    assert one.changes[-1] is two.changes[-1]


def test_only_workspaces_have_presence() -> None:
    assert has_presence(KEY)
    assert not has_presence(("o", "user:ada"))
    assert not has_presence(("o", "alerts"))


class TwoNodes:
    """A workspace whose people are on two nodes; each node tells the other when time passes."""

    def __init__(self) -> None:
        self.one, self.two = Stage(), Stage()
        self.two.time = self.one.time
        self.link = Linked(self.one.time, "one", "two")
        for stage, table in zip((self.one, self.two), self.link.tables("channels"), strict=True):
            stage.presence = ChannelPresence(self.one.time, self.one.time.later, table)

    def passes(self, seconds: float = COALESCE_SECONDS) -> None:
        self.link.tell()
        self.one.time.passes(seconds)
        self.link.tell()


def test_who_is_on_another_node_is_here_too() -> None:
    nodes = TwoNodes()
    watcher = nodes.one.watcher()
    ada = nodes.two.comes("ada")
    nodes.passes()
    assert watcher.told == ["+ada"]
    assert nodes.one.here == ["ada-1", "watcher-1"]
    assert nodes.two.here == ["ada-1", "watcher-1"]
    nodes.two.goes(ada)
    nodes.passes()
    assert watcher.told == ["+ada", "-ada"]
    assert nodes.one.here == ["watcher-1"]


def test_whoever_changes_the_node_has_never_left() -> None:
    nodes = TwoNodes()
    watcher = nodes.one.watcher()
    ada = nodes.two.comes("ada")
    nodes.passes()
    nodes.two.goes(ada, clean=False)
    nodes.passes(GRACE_SECONDS / 2)
    nodes.one.comes("ada")
    nodes.passes(GRACE_SECONDS * 2)
    assert watcher.told == ["+ada"]


def test_people_of_a_node_that_is_gone_have_a_grace_to_come_back() -> None:
    nodes = TwoNodes()
    watcher = nodes.one.watcher()
    nodes.two.comes("ada")
    nodes.two.comes("ben")
    nodes.passes()
    nodes.link.dies(1)
    nodes.one.comes("ada")
    nodes.passes(GRACE_SECONDS / 2)
    assert watcher.told == ["+ada +ben"]
    nodes.passes(GRACE_SECONDS)
    assert watcher.told == ["+ada +ben", "-ben"]
