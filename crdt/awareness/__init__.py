"""Presence in a room: who is there, where their cursors are, and that nobody speaks for another."""

from crdt.awareness.afar import Seen
from crdt.awareness.entries import Entry, decode_awareness, encode_awareness
from crdt.awareness.presence import Awareness
from crdt.awareness.states import Identity
from crdt.awareness.told import Told

__all__ = ["Awareness", "Entry", "Identity", "Seen", "Told", "decode_awareness", "encode_awareness"]
