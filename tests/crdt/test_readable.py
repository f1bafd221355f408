"""A pycrdt Doc shows what Yjs shows (decision 16)."""

import random

import pycrdt
import pytest

from crdt.codec import var_string
from crdt.document import open_document
from crdt.errors import MalformedUpdate
from crdt.readable import readable
from crdt.updates import decode_state_vector, merge, state_of
from tests.crdt.oracle import Oracle

TEXT_EDITS = ["text", "erase", "styled", "typing"]


def plain(delta: list[dict[str, object]]) -> str:
    return "".join(piece["insert"] for piece in delta if isinstance(piece["insert"], str))


def split_pairs_that_read_alike(oracle: Oracle, seeds: range) -> int:
    """How many of these histories split a pair; each must read as Yjs reads it."""
    split = 0
    for number in seeds:
        history = oracle.history(number, steps=60, only=TEXT_EDITS)
        whole = merge(history.updates)
        doc = open_document(whole)
        told = oracle.apply([whole]).content
        assert str(doc.get("text", type=pycrdt.Text)) == plain(told["text"]["delta"]), number
        assert decode_state_vector(doc.get_state()) == history.end.state, number
        split += readable(whole) != whole
    return split


def out_of_order_histories_that_read_alike(oracle: Oracle, seeds: range) -> None:
    """Rows in any order, some of them twice, are the document that Yjs makes of them."""
    for number in seeds:
        history = oracle.history(number, steps=60)
        chance = random.Random(number)
        rows = [*history.updates, *chance.choices(history.updates, k=5)]
        chance.shuffle(rows)
        whole = merge(rows)
        told, doc = oracle.apply([whole]), open_document(whole)
        assert decode_state_vector(doc.get_state()) == told.state == oracle.apply(rows).state == history.end.state, (
            number
        )
        assert str(doc.get("text", type=pycrdt.Text)) == plain(told.content["text"]["delta"]), number
        again = oracle.apply([doc.get_update()])
        assert (again.state, again.pending) == (told.state, False), number


def test_texts_with_split_pairs_read_as_yjs_reads_them(oracle: Oracle) -> None:
    assert split_pairs_that_read_alike(oracle, range(24)) > 12, "these must split pairs, or they prove nothing"


def test_rows_out_of_order_read_as_yjs_reads_them(oracle: Oracle) -> None:
    out_of_order_histories_that_read_alike(oracle, range(12))


@pytest.mark.long
def test_three_hundred_histories_of_each_kind_read_as_yjs_reads_them(oracle: Oracle) -> None:
    assert split_pairs_that_read_alike(oracle, range(1_000, 1_300)) > 150
    out_of_order_histories_that_read_alike(oracle, range(1_000, 1_300))


def test_every_kind_of_content_is_opened(oracle: Oracle) -> None:
    kinds: set[str] = set()
    for number in range(12):
        history = oracle.history(number, steps=80)
        kinds |= set(history.kinds)
        whole = merge(history.updates)
        opened = readable(whole)
        assert state_of(opened) == state_of(whole) == history.end.state
        assert oracle.apply([opened]).deletes == oracle.apply([whole]).deletes
        doc = open_document(whole)
        doc.get_update()
    assert len(kinds) > 15


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (bytes.fromhex("0201016102") + var_string('"é"') + var_string("7"), ["é", 7]),
        (bytes.fromhex("0201016102") + var_string("undefined") + var_string('{"a":[true,null,1e400]}'), None),
        (bytes.fromhex("0701016105") + var_string("hook"), None),
        (bytes.fromhex("05010161") + var_string('{"n":123456789012345678901234567890,"e":1e999}'), None),
        (bytes.fromhex("05010161") + var_string('{"half":"\\ud83d"}'), None),
    ],
    ids=["json", "undefined", "hook", "embed", "half a pair"],
)
def test_what_pycrdt_cannot_read_is_said_in_other_words(content: bytes, value: list[object] | None) -> None:
    update = b"\x01\x01\x01\x00" + content + b"\0"
    with pytest.raises(ValueError, match="Cannot decode"):
        pycrdt.Doc().apply_update(update)
    doc = open_document(update)
    assert state_of(readable(update)) == state_of(update)
    if value is not None:
        assert doc.get("a", type=pycrdt.Array).to_py() == value


def test_what_needs_no_other_words_is_the_same_object() -> None:
    doc: pycrdt.Doc = pycrdt.Doc()  # type: ignore[type-arg]
    doc.get("t", type=pycrdt.Text).insert(0, "é", {"bold": True})
    update = doc.get_update()
    assert readable(update) is update


def test_whole_emoji_stay() -> None:
    doc: pycrdt.Doc = pycrdt.Doc()  # type: ignore[type-arg]
    doc.get("t", type=pycrdt.Text).insert(0, "a😀b")
    update = doc.get_update()
    assert readable(update) == update


def test_broken_bytes_are_malformed() -> None:
    with pytest.raises(MalformedUpdate):
        readable(b"\x01\xf0\x9f\x98\x80")
