"""What the tests of updates stand on: one Node process with the real Yjs."""

from collections.abc import Iterator

import pytest

from tests.crdt.oracle import Oracle


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Node's Yjs; needs `npm ci` in tests/node."""
    oracle = Oracle()
    yield oracle
    oracle.close()
