"""Awareness entries and their bytes (y-protocols 1.0.7, `awareness.js`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from crdt.codec import Reader, var_string, var_uint
from crdt.errors import MalformedFrame

__all__ = ["Entry", "decode_awareness", "encode_awareness"]

MAX_ENTRIES = 50_000
"""A stock client sends back the states of everybody in the room at once, so this bounds the peers of a room."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one client says of itself: its JSON text, or None when it is gone. A higher clock is newer."""

    client_id: int
    clock: int
    state: str | None


def decode_awareness(data: bytes) -> list[Entry]:
    """The entries of an awareness update. The JSON is not looked at; raises MalformedFrame for anything else."""
    reader = Reader(data)
    count = reader.var_uint()
    if count > MAX_ENTRIES:
        raise MalformedFrame(f"{count} awareness entries in one frame: the limit is {MAX_ENTRIES}")
    entries = [_read_entry(reader) for _ in range(count)]
    reader.finish()
    return entries


def encode_awareness(entries: Sequence[Entry]) -> bytes:
    """The awareness update that says these entries."""
    parts = [var_uint(len(entries))]
    for entry in entries:
        text = "null" if entry.state is None else entry.state
        parts += (var_uint(entry.client_id), var_uint(entry.clock), var_string(text))
    return b"".join(parts)


def _read_entry(reader: Reader) -> Entry:
    client_id, clock, text = reader.var_uint(), reader.var_uint(), reader.var_string()
    return Entry(client_id, clock, None if text.strip(" \t\r\n") == "null" else text)
