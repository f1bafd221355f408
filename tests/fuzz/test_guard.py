"""Whatever the guard passes, Yjs takes: without throwing, without leaving anything pending, to the predicted state."""

import random
from collections import Counter

import pytest

from crdt.errors import MalformedUpdate, RefusedUpdate
from crdt.guard import check
from crdt.updates import (
    DeleteRanges,
    deletes_of,
    diff,
    encode_state_vector,
    merge,
    same_content,
    squash,
    state_of,
    take,
    with_deletes,
)
from tests.crdt.crafting import Known
from tests.crdt.oracle import Oracle, OracleError
from tests.fuzz.hostile import Attacker, mangled


def offer(known: Known, taken: list[bytes], data: bytes) -> str:
    """What a room does with an update that a stranger offers; answers what became of it."""
    try:
        checked = check(data, known.state, known.deleted)
    except MalformedUpdate:
        return "malformed"
    except RefusedUpdate:
        return "refused"
    if checked.overlap and not same_content(merge(taken), data, checked.overlap):
        return "reused"
    if checked.missing:
        if checked.contiguous is None:
            return "held"
        offer(known, taken, take(data, checked.contiguous))
        return "held in part"
    if checked.overlap:
        data = diff(data, encode_state_vector({client: end for client, (_, end) in checked.overlap.items()}))
        data = with_deletes(data, checked.deletes)
    known.take(data)
    taken.append(data)
    return "taken"


def attack(seed: int, oracle: Oracle) -> Counter[str]:
    attacker = Attacker(seed)
    known = Known()
    taken: list[bytes] = []
    became: Counter[str] = Counter()
    for _ in range(40):
        data = attacker.update(known)
        became[offer(known, taken, mangled(data, attacker.random) if attacker.random.random() < 0.2 else data)] += 1
    whole = merge(taken)
    assert (state_of(whole), deletes_of(whole)) == (known.state, known.deleted)
    for updates in (taken, [whole], [squash(whole)]):
        told = oracle.apply(updates)
        assert told.state == known.state
        assert not told.pending
        assert told.deletes.covers(known.deleted)
    return became


def test_hostile_updates_short(oracle: Oracle) -> None:
    became = sum((attack(seed, oracle) for seed in range(25)), Counter[str]())
    assert set(became) == {"taken", "held", "held in part", "malformed", "refused", "reused"}


@pytest.mark.long
def test_hostile_updates_long(oracle: Oracle) -> None:
    """Yjs itself cannot collect a map whose chain a hostile right origin has led into a list; no update shows that."""
    first = random.SystemRandom().randrange(10**9)
    uncollectable = 0
    for seed in range(first, first + 3_000):
        try:
            attack(seed, oracle)
        except OracleError as error:
            if "Unexpected case" not in str(error):
                raise AssertionError(f"seed {seed}") from error
            uncollectable += 1
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
    assert uncollectable < 90


def test_mangled_real_updates_are_taken_or_refused_by_name(oracle: Oracle) -> None:
    pick = random.Random(5)
    for history in (oracle.history(seed) for seed in range(3)):
        for each in [*history.updates, *history.syncs]:
            for _ in range(10):
                try:
                    check(mangled(each, pick), history.end.state, DeleteRanges())
                except (MalformedUpdate, RefusedUpdate):
                    continue
