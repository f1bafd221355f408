"""Joining structs (U4)."""

import pycrdt
import pytest

from crdt.updates import merge, squash
from tests.crdt.crafting import any_values, deleted, gc, item, string, update

ADA, BEN = 7, 9


def test_U4_typed_letters_become_one_string() -> None:
    typed = update((ADA, 0, [string("é"), string("😀", origin=(ADA, 0)), string("c", origin=(ADA, 2))]))
    assert squash(typed) == update((ADA, 0, [string("é😀c")]))


def test_U4_deleted_and_gc_join() -> None:
    data = update((ADA, 0, [deleted(2), deleted(3, origin=(ADA, 1)), gc(1), gc(4)]))
    assert squash(data) == update((ADA, 0, [deleted(5), gc(5)]))


@pytest.mark.parametrize(
    "second",
    [
        string("b", origin=(BEN, 0)),
        string("b", origin=(ADA, 0), right=(BEN, 0)),
        string("b", right=(ADA, 0)),
        deleted(1, origin=(ADA, 0)),
        item(4, b"\x01b", origin=(ADA, 0), key="k"),
    ],
)
def test_U4_what_was_not_typed_after_it_stays_apart(second: bytes) -> None:
    data = update((ADA, 0, [string("a"), second]))
    assert squash(data) == data


def test_U4_other_kinds_pass() -> None:
    data = update((ADA, 0, [any_values(b"\x7e"), any_values(b"\x7e", origin=(ADA, 0))]))
    assert squash(data) == data


def test_U4_a_document_of_typed_text_is_the_same_and_smaller() -> None:
    document = pycrdt.Doc[pycrdt.Text]()
    updates: list[bytes] = []
    document.observe(lambda event: updates.append(event.update))
    text = document.get("text", type=pycrdt.Text)
    for number in range(300):
        text.insert(number // 2, "abcdefgh"[number % 8])
        if number % 7 == 6:
            del text[number // 3]
    whole = merge(updates)
    squashed = squash(whole)
    again = pycrdt.Doc[pycrdt.Text]()
    again.apply_update(squashed)
    assert again.get_update() == document.get_update()
    assert len(squashed) < len(whole)
