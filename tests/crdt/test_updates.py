"""Guard and updates beside Node's Yjs, over random histories with every kind of content (G10 to G14, U2 to U6)."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from crdt.guard import check
from crdt.updates import (
    DeleteRanges,
    decode_state_vector,
    deletes_of,
    diff,
    encode_state_vector,
    merge,
    same_content,
    squash,
    state_of,
    take,
)
from crdt.updates.structs import HAS_KEY, parse, write_update
from tests.crdt.crafting import Known, string, update
from tests.crdt.oracle import History, Oracle, Report


def same(one: Report, other: Report) -> bool:
    """Are two documents the same to Yjs: what shows, what is known, what is deleted, and where each piece hangs?"""
    everything = {client: (0, end) for client, end in one.state.items()}
    return (one.state, one.deletes, one.pending, one.content) == (
        other.state,
        other.deletes,
        other.pending,
        other.content,
    ) and same_content(one.update, other.update, everything)


def known_after(updates: list[bytes]) -> Known:
    known = Known()
    for each in updates:
        known.take(each)
    return known


def cuts(history: History) -> Iterator[int]:
    """Some places to cut a history, the same at every run."""
    pick = random.Random(len(history.updates))
    return (pick.randrange(len(history.updates) + 1) for _ in range(3))


def without_idle_key_bits(data: bytes) -> bytes:
    """Yjs clears the key bit of a struct whose origin tells its key, whenever it copies one; it never looks at it."""
    parsed = parse(data)
    blocks = []
    for block in parsed.blocks:
        structs = [bytearray(data[each.start : each.end]) for each in block.structs]
        for struct, written in zip(block.structs, structs, strict=True):
            if struct.origin or struct.right_origin:
                written[0] &= ~HAS_KEY
        blocks.append((block.client, block.clock, list(map(bytes, structs))))
    return write_update(blocks, parsed.deletes.encode())


def test_the_histories_have_every_kind_of_edit(histories: list[History]) -> None:
    made = sum((Counter(each.kinds) for each in histories), Counter[str]())
    assert set(made) >= {"text", "styled", "format", "embed", "erase", "set", "setType", "arrayType", "legacy"}
    assert set(made) >= {"subdoc", "xml", "attribute", "prune", "unset", "remove", "undo", "redo"}


def test_G10_no_real_update_is_refused_and_the_state_is_that_of_yjs(histories: list[History]) -> None:
    for history in histories:
        assert known_after(history.updates).state == history.end.state


def test_G11_G12_what_integrates_beside_a_hole_is_what_yjs_integrates(histories: list[History], oracle: Oracle) -> None:
    waiting = 0
    for number, history in enumerate(histories):
        pick = random.Random(number)
        holed = merge([each for each in history.updates if pick.random() > 0.05])
        checked = check(holed, {}, DeleteRanges())
        told = oracle.apply([holed])
        assert {client: end for client, (_, end) in checked.fresh.items()} == told.state
        assert bool(checked.missing) is told.pending
        if checked.contiguous is not None:
            waiting += 1
            part = take(holed, checked.contiguous)
            assert not check(part, {}, DeleteRanges()).missing
            alone = oracle.apply([part])
            assert not alone.pending
            assert (alone.state, alone.content) == (told.state, told.content)
    assert waiting


def test_G14_U5_a_sync_of_known_clocks_is_no_reuse_of_an_id(histories: list[History]) -> None:
    compared = 0
    for history in histories:
        known = known_after(history.updates)
        whole = merge(history.updates)
        for kept in (whole, squash(whole)):
            for sync in history.syncs:
                checked = check(sync, known.state, known.deleted)
                assert not checked.fresh
                assert not checked.missing
                start = {client: first for client, (first, _) in checked.overlap.items()}
                ours = diff(kept, encode_state_vector(known.state | start))
                assert same_content(ours, sync, checked.overlap)
                compared += len(checked.overlap)
    assert compared


def test_U2_merge_is_the_merge_of_yjs(histories: list[History], oracle: Oracle) -> None:
    for history in histories:
        expected = oracle.apply(history.updates)
        assert same(oracle.apply([merge(history.updates)]), expected)


def test_U2_merge_writes_the_bytes_of_yjs(histories: list[History], oracle: Oracle) -> None:
    for history in histories:
        merged = merge(history.updates)
        assert without_idle_key_bits(merged) == without_idle_key_bits(oracle.merge(history.updates))
        every_other = [parse(each) if number % 2 else None for number, each in enumerate(history.updates)]
        assert merge(history.updates, every_other) == merged


def test_U2_diff_is_the_diff_of_yjs(histories: list[History], oracle: Oracle) -> None:
    for history in histories:
        whole = merge(history.updates)
        expected = oracle.apply([whole])
        for cut in cuts(history):
            before = history.updates[:cut]
            state = known_after(before).state
            assert same(oracle.apply([*before, diff(whole, encode_state_vector(state))]), expected)


def test_U2_diff_writes_the_bytes_of_yjs(histories: list[History], oracle: Oracle) -> None:
    for history in histories:
        for cut in cuts(history):
            state = known_after(history.updates[:cut]).state
            expected = oracle.diff(history.end.update, encode_state_vector(state))
            rest = diff(history.end.update, encode_state_vector(state))
            assert without_idle_key_bits(rest) == without_idle_key_bits(expected)


def test_U2_state_and_deletes_of_an_update(histories: list[History], oracle: Oracle) -> None:
    for history in histories:
        whole = merge(history.updates)
        assert state_of(whole) == oracle.state_of(whole) == history.end.state
        assert deletes_of(history.end.update) == history.end.deletes
        for each in history.updates + history.syncs:
            assert state_of(each) == oracle.state_of(each)


def test_U3_take_leaves_nothing_pending(histories: list[History], oracle: Oracle) -> None:
    for history in histories:
        whole = merge(history.updates)
        for cut in cuts(history):
            state = known_after(history.updates[:cut]).state
            for source in (whole, squash(whole)):
                taken = oracle.apply([take(source, state)])
                assert taken.state == state
                assert not taken.pending
        assert same(oracle.apply([take(whole, history.end.state)]), oracle.apply([whole]))


def test_U4_squash_loses_nothing(histories: list[History], oracle: Oracle) -> None:
    before = after = 0
    for history in histories:
        whole = merge(history.updates)
        squashed = squash(whole)
        assert same(oracle.apply([squashed]), oracle.apply([whole]))
        assert same(oracle.apply([squashed], gc=False), oracle.apply([whole], gc=False))
        assert squash(squashed) == squashed
        before, after = before + len(whole), after + len(squashed)
    assert after < before


def test_U6_state_vectors_read_as_yjs_writes_them(histories: list[History]) -> None:
    for history in histories:
        assert decode_state_vector(encode_state_vector(history.end.state)) == history.end.state


@pytest.mark.parametrize("text", ["😀", "a😀b", "👩‍👩‍👧"])
def test_U5_a_cut_pair_is_cut_as_yjs_cuts_it(oracle: Oracle, text: str) -> None:
    typed = update((7, 0, [string(text)]))
    for clock in range(1, len(text.encode("utf-16-le")) // 2):
        state = encode_state_vector({7: clock})
        assert diff(typed, state) == oracle.diff(typed, state)
        head, tail = take(typed, {7: clock}), diff(typed, state)
        assert same_content(typed, merge([head, tail]), {7: (0, 99)})
