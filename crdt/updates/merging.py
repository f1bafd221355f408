"""Merging and cutting updates by pycrdt, the one place where its panics are caught."""

from collections.abc import Callable, Sequence

import pycrdt

from crdt.errors import MalformedUpdate

__all__ = ["EMPTY_UPDATE", "diff", "merge"]

EMPTY_UPDATE = b"\x00\x00"

FAN_OUT = 32
"""pycrdt merges n updates in O(n^2): 100,000 at once take 79 s, and 20,000 in a tree 20 ms."""


def merge(updates: Sequence[bytes]) -> bytes:
    """Merge updates into one, without a document. Raises MalformedUpdate when one of them cannot be read."""
    level = list(updates)
    while len(level) > 1:
        level = [_merge_some(level[start : start + FAN_OUT]) for start in range(0, len(level), FAN_OUT)]
    return level[0] if level else EMPTY_UPDATE


def diff(update: bytes, state_vector: bytes) -> bytes:
    """What somebody with this encoded state vector lacks of `update`; always with all of its delete ranges.

    Raises MalformedUpdate.
    """
    return _guarded(pycrdt.get_update, update, state_vector)


def _merge_some(updates: list[bytes]) -> bytes:
    return updates[0] if len(updates) == 1 else _guarded(pycrdt.merge_updates, *updates)


def _guarded(function: Callable[..., bytes], *arguments: bytes) -> bytes:
    try:
        return function(*arguments)
    except ValueError as problem:
        raise MalformedUpdate(f"the update cannot be read: {problem}") from None
    except BaseException as problem:
        # A Rust panic is a PanicException: a BaseException whose class cannot be imported. All others pass.
        if type(problem).__name__ == "PanicException":
            raise MalformedUpdate("the update cannot be read: the engine gave up on it") from None
        raise
