"""What the tests of updates stand on: one Node process with the real Yjs, and random histories that it made."""

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.crdt.oracle import History, Oracle

HISTORIES = int(os.environ.get("HISTORIES", "24"))
"""How many random histories each comparison with Yjs runs over; `HISTORIES=2000` for a long run."""

TEXT_ONLY = ["text", "typing", "erase", "format", "undo", "redo"]


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Node's Yjs; needs `npm ci` in tests/node."""
    oracle = Oracle()
    yield oracle
    oracle.close()


@pytest.fixture(scope="session")
def histories(oracle: Oracle) -> list[History]:
    """Three in four with every kind of content, the fourth a longer one of text alone, garbage kept."""
    return list(itertools.islice(_histories(oracle), HISTORIES))


def _histories(oracle: Oracle) -> Iterator[History]:
    return itertools.chain.from_iterable(
        (
            oracle.history(seed, people=2 + seed % 3),
            oracle.history(seed + 1, gc=False),
            oracle.history(seed + 2, steps=60),
            oracle.history(seed + 3, people=4, steps=80, only=TEXT_ONLY, gc=False),
        )
        for seed in itertools.count(1, 4)
    )
