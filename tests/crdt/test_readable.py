"""A pycrdt Doc shows what Yjs shows (decision 16)."""

import pycrdt
import pytest

from crdt.codec import var_string
from crdt.document import open_document
from crdt.errors import MalformedUpdate
from crdt.readable import readable
from crdt.updates import merge, state_of
from tests.crdt.oracle import Oracle

TEXT_EDITS = ["text", "erase", "styled", "typing"]


def plain(delta: list[dict[str, object]]) -> str:
    return "".join(piece["insert"] for piece in delta if isinstance(piece["insert"], str))


def test_texts_with_split_pairs_read_as_yjs_reads_them(oracle: Oracle) -> None:
    split = 0
    for number in range(40):
        history = oracle.history(number, steps=60, only=TEXT_EDITS)
        whole = merge(history.updates)
        doc = open_document(whole)
        told = oracle.apply([whole]).content
        assert str(doc.get("text", type=pycrdt.Text)) == plain(told["text"]["delta"])
        split += readable(whole) != whole
    assert split > 20, "these histories must split pairs, or they prove nothing"


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
