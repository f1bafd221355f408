"""Every node knows what the others say of themselves, whatever the broker loses; and nothing of those that are gone."""

from collections.abc import Callable

import pytest

from server.realtime.broker import GapListener, Listener, MemoryBroker
from server.realtime.elsewhere import BEAT_SECONDS, MOST_KEYS, SILENT_SECONDS, Elsewhere
from tests.server.realtime.stage import HandClock

KEY = b"k" * 32


class PoorBroker(MemoryBroker):
    """Loses what the test says, and tells of gaps."""

    def __init__(self) -> None:
        super().__init__()
        self.loses = False
        self.gaps: list[GapListener] = []
        self.bytes = 0

    def publish(self, topic: str, payload: bytes) -> None:
        self.bytes += len(payload)
        if not self.loses:
            super().publish(topic, payload)

    def on_gap(self, listener: GapListener) -> Callable[[], None]:
        self.gaps.append(listener)
        return lambda: None


class Nodes:
    """Nodes that tell when the test says; the task that does it in earnest is tried by itself."""

    def __init__(self, *names: str, key: bytes = KEY) -> None:
        self.broker, self.clock = PoorBroker(), HandClock()
        self.each = {name: Elsewhere(name, self.broker, key, self.clock) for name in names}
        self.changes: list[tuple[str, str, bool]] = []
        for name, node in self.each.items():
            node.table("users").on_change(lambda key, gone, name=name: self.changes.append((name, key, gone)))
            self.join(node)

    def join(self, node: Elsewhere) -> None:
        listener: Listener = node._heard
        self.broker.subscribe("elsewhere", listener)
        self.broker.on_gap(node._after_a_gap)
        node._duties.ask.add(None)

    def put(self, name: str, key: str, value: object) -> None:
        self.each[name].table("users").put(key, value)

    def tell(self, rounds: int = 3) -> None:
        for _ in range(rounds):
            for node in self.each.values():
                node.tell()

    def sees(self, name: str, key: str) -> list[object]:
        return self.each[name].table("users").elsewhere(key)


def test_each_sees_what_the_others_say_and_not_its_own() -> None:
    nodes = Nodes("a", "b", "c")
    nodes.put("a", "ada", 1)
    nodes.put("b", "ada", 2)
    nodes.tell()
    assert {name: sorted(map(str, nodes.sees(name, "ada"))) for name in "abc"} == {
        "a": ["2"],
        "b": ["1"],
        "c": ["1", "2"],
    }
    nodes.put("a", "ada", None)
    nodes.tell()
    assert nodes.sees("c", "ada") == [2]
    assert nodes.changes.count(("c", "ada", False)) == 3


def test_who_comes_later_is_told_everything_in_as_many_payloads_as_it_needs() -> None:
    nodes = Nodes("a")
    for number in range(2 * MOST_KEYS + 1):
        nodes.put("a", f"user {number}", number)
    nodes.tell()
    late = nodes.each["b"] = Elsewhere("b", nodes.broker, KEY, nodes.clock)
    late.table("users").told("a", {"somebody of long ago": 1}, 0.0)
    nodes.join(late)
    nodes.tell()
    assert len(late.table("users").keys_elsewhere) == 2 * MOST_KEYS + 1
    assert nodes.sees("b", "somebody of long ago") == []


@pytest.mark.parametrize("says_so", [True, False])
def test_what_was_lost_is_told_again(says_so: bool) -> None:
    nodes = Nodes("a", "b")
    nodes.tell()
    nodes.broker.loses = True
    nodes.put("a", "ada", 1)
    nodes.tell()
    nodes.broker.loses = False
    if says_so:
        for gap in nodes.broker.gaps:
            gap()
    else:
        nodes.clock.ahead += BEAT_SECONDS  # the next beat has a number too many
    nodes.tell()
    assert nodes.sees("b", "ada") == [1]


def test_a_silent_node_is_forgotten_and_welcome_again() -> None:
    nodes = Nodes("a", "b")
    nodes.put("a", "ada", 1)
    nodes.tell()
    nodes.clock.ahead += SILENT_SECONDS + 1
    nodes.each["b"].tell()
    assert (nodes.sees("b", "ada"), nodes.each["b"].nodes) == ([], [])
    assert nodes.changes[-1] == ("b", "ada", True)
    nodes.tell()
    assert nodes.sees("b", "ada") == [1]


async def test_who_leaves_is_forgotten_at_once() -> None:
    nodes = Nodes("b")
    leaver = Elsewhere("a", nodes.broker, KEY, nodes.clock)
    leaver.table("users").put("ada", 1)
    leaver.start()
    leaver.tell()
    nodes.tell()
    leaver.tell()
    assert nodes.sees("b", "ada") == [1]
    await leaver.leave()
    assert nodes.sees("b", "ada") == []
    assert nodes.changes[-1] == ("b", "ada", True)


def test_nobody_without_the_key_is_believed() -> None:
    nodes, stranger = Nodes("a"), Nodes("b", key=b"another")
    stranger.put("b", "ada", 100)
    stranger.broker.subscribe("elsewhere", lambda payload: nodes.broker.publish("elsewhere", payload))
    stranger.tell()
    nodes.broker.publish("elsewhere", b"")
    nodes.broker.publish("elsewhere", b"\0" * 16 + b"{}")
    assert nodes.sees("a", "ada") == []
    assert nodes.broker.figures.garbage >= 3


def test_what_does_not_change_is_not_told_again() -> None:
    nodes = Nodes("a", "b")
    nodes.put("a", "ada", 1)
    nodes.tell()
    said = nodes.broker.bytes
    nodes.put("a", "ada", 1)
    nodes.tell()
    assert nodes.broker.bytes == said
