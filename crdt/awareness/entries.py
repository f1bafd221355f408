"""Awareness entries and their bytes (y-protocols 1.0.7, `awareness.js`)."""

from collections.abc import Sequence
from typing import NamedTuple

from crdt.codec import UNREADABLE, Cursor, explained, var_string, var_uint
from crdt.errors import MalformedFrame

__all__ = ["Entry", "decode_awareness", "encode_awareness", "encode_entry", "frame_of"]

MAX_ENTRIES = 50_000
"""A stock client sends back the states of everybody in the room at once, so this bounds the peers of a room."""


class Entry(NamedTuple):
    """What one client says of itself: its JSON text, or None when it is gone. A higher clock is newer."""

    client_id: int
    clock: int
    state: str | None


def decode_awareness(data: bytes) -> list[Entry]:
    """The entries of an awareness update. The JSON is not looked at; raises MalformedFrame for anything else."""
    cursor = Cursor(data)
    entries = []
    try:
        count = cursor.var_uint()
        if count > MAX_ENTRIES:
            raise MalformedFrame(f"{count} awareness entries in one frame: the limit is {MAX_ENTRIES}")
        for _ in range(count):
            client_id, clock = cursor.var_uint(), cursor.var_uint()
            text = cursor.take(cursor.var_uint()).decode()
            entries.append(Entry(client_id, clock, text if text[:1] == "{" or not _is_null(text) else None))
        cursor.finish()
    except UNREADABLE as problem:
        raise MalformedFrame(f"the frame cannot be read: {explained(problem)}") from None
    return entries


def encode_awareness(entries: Sequence[Entry]) -> bytes:
    """The awareness update that says these entries."""
    return frame_of([encode_entry(entry) for entry in entries])


def encode_entry(entry: Entry) -> bytes:
    """One entry as it stands in an awareness update."""
    return (
        var_uint(entry.client_id) + var_uint(entry.clock) + var_string("null" if entry.state is None else entry.state)
    )


def frame_of(entries: Sequence[bytes]) -> bytes:
    """The awareness update of entries that are encoded already."""
    return var_uint(len(entries)) + b"".join(entries)


def _is_null(text: str) -> bool:
    return text.strip(" \t\r\n") == "null"
