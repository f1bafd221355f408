"""What is read by its shape, beside the parser that reads everything (G15, U7)."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.errors import MalformedUpdate, RefusedUpdate
from crdt.guard import Checked, Limits, check, check_any
from crdt.updates import DeleteRanges, merge, squash
from crdt.updates.keystrokes import Typed, join_typed, read_erased, read_typed
from crdt.updates.structs import parse
from tests.crdt.crafting import Known, deleted, string, update
from tests.crdt.oracle import History
from tests.fuzz.hostile import Attacker, mangled

ADA, BEN, CYD = 7, 700_012_345, 2**53 - 1
CLIENTS = st.sampled_from([ADA, BEN, CYD])
ANY_CLIENT = st.one_of(CLIENTS, st.integers(0, 2**53), st.integers(0, 53).map(lambda bits: 2**bits))
CLOCKS = st.sampled_from([0, 1, 4, 5, 6, 126, 127, 128, 16_383, 16_384, 2_097_152, 2**31 - 2, 2**31 - 1])
IDS = st.tuples(CLIENTS, CLOCKS)
TEXTS = st.sampled_from(["a", "", "word", "é", "😀", "\ufffd", "\x00", "x" * 126, "x" * 127, "x" * 128, "é" * 63])
STATES = st.dictionaries(CLIENTS, CLOCKS.filter(bool))


@st.composite
def typed(draw: st.DrawFn) -> bytes:
    """Somebody types, or means harm."""
    client, clock = draw(ANY_CLIENT), draw(CLOCKS)
    origin = draw(st.one_of(st.none(), IDS, st.just((client, max(0, clock - 1)))))
    struct = string(draw(TEXTS), origin=origin, right=draw(st.none() | IDS))
    return update((client, clock, [struct]))


@st.composite
def erased(draw: st.DrawFn) -> bytes:
    client, start = draw(IDS)
    return update(deletes={client: [(start, start + draw(st.sampled_from([0, 1, 2, 200, 2**31])))]})


@given(ANY_CLIENT.filter(lambda client: client < 2**53), st.integers(0, 2**31 - 3))
def test_G15_C2_numbers_are_read_as_they_are_written(client: int, clock: int) -> None:
    read = read_typed(update((client, clock, [string("a", origin=(client, clock), right=(client, 0))])))
    assert read is not None
    assert (read.client, read.clock, read.end) == (client, clock, clock + 1)
    assert (read.origin, read.right_origin) == ((client, clock), (client, 0))


def verdict(of: Callable[..., Checked], *about: object) -> Checked | str:
    try:
        return of(*about)
    except MalformedUpdate:
        return "malformed"
    except RefusedUpdate as error:
        return error.reason


def same_verdict(data: bytes, state: dict[int, int], known: DeleteRanges) -> Checked | str:
    quick = verdict(check, data, state, known)
    assert quick == verdict(check_any, data, state, known, Limits())
    return quick


@settings(max_examples=400)
@given(data=typed() | erased(), state=STATES, seed=st.none() | st.integers(0, 1000))
def test_G15_a_keystroke_gets_the_verdict_of_the_parser(data: bytes, state: dict[int, int], seed: int | None) -> None:
    known = DeleteRanges({client: [(0, 1), (3, 5)] for client, end in state.items() if end > 5})
    same_verdict(data if seed is None else mangled(data, random.Random(seed)), state, known)


@pytest.mark.parametrize("seed", range(20))
def test_G15_hostile_updates_get_the_verdict_of_the_parser(seed: int) -> None:
    attacker, known = Attacker(seed), Known()
    for _ in range(40):
        data = attacker.update(known)
        same_verdict(mangled(data, attacker.random), known.state, known.deleted)
        checked = same_verdict(data, known.state, known.deleted)
        if isinstance(checked, Checked) and not checked.missing:
            known.take(data)


def test_G15_real_updates_get_the_verdict_of_the_parser(histories: list[History]) -> None:
    read_by_shape = 0
    for history in histories:
        known = Known()
        for each in history.updates:
            checked = same_verdict(each, known.state, known.deleted)
            read_by_shape += isinstance(checked, Checked) and isinstance(checked.read, Typed | None)
            known.take(each)
    assert read_by_shape > 100


def test_G15_what_is_read_by_its_shape_is_what_is_written() -> None:
    read = read_typed(update((BEN, 16_384, [string("aé😀", origin=(CYD, 5), right=(ADA, 128))])))
    assert read is not None
    assert (read.client, read.clock, read.end, read.text.decode()) == (BEN, 16_384, 16_388, "aé😀")
    assert (read.origin, read.right_origin) == ((CYD, 5), (ADA, 128))
    assert read_erased(update(deletes={CYD: [(128, 130)]})) == (CYD, 128, 130)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        update(),
        update((ADA, 0, [string("a")])),
        update((ADA, 1, [string("a", right=(ADA, 0))])),
        update((ADA, 1, [deleted(1, origin=(ADA, 0))])),
        update((ADA, 1, [string("a", origin=(ADA, 0)), string("b", origin=(ADA, 1))])),
        update((ADA, 1, [string("a", origin=(ADA, 0))]), (BEN, 0, [string("b", origin=(ADA, 0))])),
        update((ADA, 1, [string("a", origin=(ADA, 0))]), deletes={ADA: [(0, 1)]}),
        update(deletes={ADA: [(0, 1), (2, 3)]}),
        update(deletes={ADA: [(0, 1)], BEN: [(0, 1)]}),
    ],
)
def test_G15_other_shapes_are_left_to_the_parser(data: bytes) -> None:
    assert read_typed(data) is None
    assert read_erased(data) is None


@st.composite
def sessions(draw: st.DrawFn) -> list[bytes]:
    """A turn of people who type into each other's text: mostly on, sometimes elsewhere."""
    state = {ADA: 5, BEN: 200, CYD: 16_380}
    updates = []
    for client, text, jump in draw(st.lists(st.tuples(CLIENTS, TEXTS.filter(bool), st.booleans()), min_size=1)):
        other = draw(CLIENTS)
        origin = (other, draw(st.integers(0, state[other] - 1))) if jump else (client, state[client] - 1)
        right = draw(st.none() | st.just((ADA, 0)))
        data = update((client, state[client], [string(text, origin=origin, right=right)]))
        if read_typed(data) is not None:
            updates.append(data)
            state[client] += len(text.encode("utf-16-le")) // 2
    return updates or [update((ADA, 5, [string("a", origin=(ADA, 4))]))]


@given(sessions())
def test_U7_what_was_typed_is_joined_to_the_squashed_merge(updates: list[bytes]) -> None:
    read = [each for each in map(read_typed, updates) if each is not None]
    assert join_typed(read) == squash(merge(updates))


def test_U7_one_struct_is_left_of_a_turn_at_one_place() -> None:
    word = [update((ADA, clock, [string("abcdefgh"[clock], origin=(ADA, clock - 1))])) for clock in range(1, 8)]
    joined = join_typed([each for each in map(read_typed, word) if each is not None])
    assert parse(joined).structs == 1
