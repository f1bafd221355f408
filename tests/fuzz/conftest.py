"""Fuzzing: a short run by default, a long one with `make fuzz` (the marker `long`)."""

from tests.crdt.conftest import oracle

__all__ = ["oracle"]
