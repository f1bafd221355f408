"""Updates that end whoever reads them, as another version of the server might have logged them."""

from crdt.codec import var_string, var_uint
from tests.crdt.crafting import item, string, update

__all__ = ["MALFORMED", "POISON", "honest", "nested_types"]

ROOT = "notes"


def nested_types(levels: int, client: int = 66) -> bytes:
    """Arrays within arrays: dropping or printing them ends a worker."""
    inner = [b"\x07\x00" + var_uint(client) + var_uint(clock) + b"\x00" for clock in range(levels - 1)]
    return update((client, 0, [item(7, b"\x00", parent="a"), *inner]))


MALFORMED = {
    "a string of length zero": [bytes.fromhex("010207010400090500000000")],
    "a value 60,000 deep": [bytes.fromhex("010101000801016101") + b"\x75\x01" * 60_000 + b"\x7e\x00"],
    "a header of 4e9 clients": [var_uint(4_000_000_000)],
}
"""Rows that are no updates: nobody takes them."""

POISON = {
    "types 5,000 deep": [nested_types(5_000)],
    "origins in a circle": [
        update((61, 0, [string("a", origin=(62, 0))])),
        update((62, 0, [string("b", origin=(61, 0))])),
    ],
    "an endless loop": [bytes.fromhex("01 02 42 00 2701016d016b00 04004200") + var_string("😀") + b"\0"],
    # One character beyond 16 bits makes every copy of the text four bytes a character.
    "a memory bomb": [update((66, 0, [string("x" * 5_000_000 + "😀", parent="bomb")]))],
}
"""Rows that a client may take, and no worker can."""


def honest(number: int, client: int = 7) -> bytes:
    """The word number `number` of a text that one client types; three letters each."""
    word = f"{number:02} "
    start = number * 3
    origin = (client, start - 1) if start else None
    return update((client, start, [string(word, origin=origin, parent=ROOT)]))
