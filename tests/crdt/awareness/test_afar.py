"""Who is present at other nodes: A13 to A15 of SPEC.md."""

from collections.abc import Sequence

from crdt.awareness import Awareness, Entry, Identity, Seen
from crdt.awareness.afar import AFAR_SECONDS

ADA, BEN = Identity("ada", "Ada", stamped=False), Identity("ben", "Ben", stamped=False)


def nobody(_: int) -> None:
    return None


def far(client: int, clock: int, state: str | None = "{}", user: str = "ada") -> Seen:
    return Seen(Entry(client, clock, state), user)


def hear(awareness: Awareness, node: str, *seen: Seen, whole: bool = False, now: float = 0.0) -> Sequence[Entry]:
    return awareness.hear_afar(node, seen, whole=whole, now=now)


def says(awareness: Awareness, peer: int, who: Identity, client: int, clock: int) -> Sequence[Entry]:
    return awareness.hear(peer, who, [Entry(client, clock, "{}")], nobody, 0.0)


def test_A13_what_another_node_shows_is_told_here_and_to_newcomers_and_not_to_a_third_node() -> None:
    awareness = Awareness()
    assert hear(awareness, "n", far(7, 3)) == [Entry(7, 3, "{}")]
    assert awareness.everyone() == [Entry(7, 3, "{}")]
    assert awareness.anyone
    assert awareness.seen_here() == []


def test_A13_a_message_that_comes_again_or_late_is_no_news() -> None:
    awareness = Awareness()
    hear(awareness, "n", far(7, 3))
    assert hear(awareness, "n", far(7, 3)) == []
    assert hear(awareness, "n", far(7, 2, '{"old":1}')) == []
    assert hear(awareness, "n", far(7, 2, None)) == [], "a removal that was overtaken"


def test_A13_whoever_comes_from_another_node_goes_on_above_what_was_told() -> None:
    awareness = Awareness()
    hear(awareness, "n", far(7, 8))
    assert hear(awareness, "m", far(7, 2)) == [Entry(7, 9, "{}")]
    assert hear(awareness, "n", far(7, 8, None)) == [], "it is at m by now"
    assert hear(awareness, "m", far(7, 3)) == [Entry(7, 10, "{}")]
    assert hear(awareness, "m", far(7, 3, None)) == [Entry(7, 10, None)]
    assert hear(awareness, "n", far(7, 1)) == [Entry(7, 11, "{}")], "the clock is remembered"


def test_A13_whoever_comes_here_from_another_node_is_not_removed_when_he_leaves_there() -> None:
    awareness = Awareness()
    hear(awareness, "n", far(7, 8))
    assert says(awareness, 1, ADA, 7, 2) == [Entry(7, 9, "{}")]
    assert hear(awareness, "n", far(7, 8, None)) == []
    assert awareness.everyone() == [Entry(7, 9, "{}")]
    assert awareness.seen_here() == [Seen(Entry(7, 9, "{}"), "ada")]


def test_A13_whoever_goes_from_here_to_another_node_is_not_removed_when_he_fades_here() -> None:
    awareness = Awareness()
    says(awareness, 1, ADA, 7, 5)
    assert hear(awareness, "n", far(7, 6)) == [Entry(7, 6, "{}")]
    assert awareness.leave(1, 0.0) == []
    assert awareness.everyone() == [Entry(7, 6, "{}")]


def test_A13_other_nodes_are_told_of_moves_and_removals() -> None:
    awareness = Awareness()
    says(awareness, 1, ADA, 7, 5)
    assert awareness.seen_here([7]) == [Seen(Entry(7, 5, "{}"), "ada")]
    awareness.leave(1, 0.0)
    assert awareness.seen_here([7, 8]) == [Seen(Entry(7, 5, None), "ada")]


def test_A14_another_user_cannot_take_an_id_that_another_node_shows() -> None:
    awareness = Awareness()
    hear(awareness, "n", far(7, 3))
    assert says(awareness, 1, BEN, 7, 9) == []
    assert awareness.ignored["anothers_id"] == 1


def test_A15_a_node_that_is_gone_takes_its_people_with_it() -> None:
    awareness = Awareness()
    hear(awareness, "n", far(7, 3), far(8, 1))
    hear(awareness, "m", far(9, 1))
    assert hear(awareness, "n", whole=True) == [Entry(7, 3, None), Entry(8, 1, None)]
    assert awareness.everyone() == [Entry(9, 1, "{}")]


def test_A15_who_is_not_in_a_whole_list_has_gone() -> None:
    awareness = Awareness()
    hear(awareness, "n", far(7, 3), far(8, 1))
    assert hear(awareness, "n", far(8, 1), whole=True) == [Entry(7, 3, None)]


def test_A15_a_state_that_its_node_does_not_renew_goes() -> None:
    awareness = Awareness()
    assert awareness.expire_afar(1000.0) == []
    hear(awareness, "n", far(7, 3), far(8, 1), now=0.0)
    hear(awareness, "n", far(8, 2), now=20.0)
    assert awareness.expire_afar(AFAR_SECONDS + 1) == [Entry(7, 3, None)]
