"""Anchors follow the text as Yjs's own relative positions do, and say when it is gone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Text, XmlFragment

from crdt.anchors import MAX_QUOTE, AnchorWish, FoundAnchor, anchored
from crdt.document import seed
from crdt.errors import MalformedUpdate
from crdt.lines import Lines
from crdt.places import Place
from crdt.positions import positions_at
from crdt.reading import Hidden
from crdt.relative_positions import RelativePosition
from tests.crdt.conftest import HISTORIES
from tests.crdt.oracle import Oracle

NOTHING = Hidden()


def found(update: bytes, wish: AnchorWish) -> FoundAnchor:
    return anchored([update], NOTHING, [wish])[0]


def spot(update: bytes, start: Place, end: Place | None = None) -> AnchorWish:
    places = [start] if end is None else [start, end]
    said = [each.encode() for each in positions_at(update, places)]
    return AnchorWish(said[0], said[1] if end is not None else None, is_new=True)


def plain(text: str) -> "Doc[Any]":
    doc: Doc[Any] = Doc(client_id=1)
    doc.get("text", type=Text).insert(0, text)
    return doc


def test_a_range_says_where_it_is_and_what_it_was() -> None:
    update = seed("Grüße 😀 an alle\n\nzweite Zeile", "text")
    anchor = found(update, spot(update, Place("default", 0, (2, 0)), Place("default", 6, (2, 0), -1)))
    assert (anchor.state, anchor.line, anchor.column, anchor.end_line, anchor.end_column) == ("attached", 3, 1, 3, 7)
    assert anchor.quote == "zweite"


def test_it_follows_what_others_type_before_it_and_in_it() -> None:
    update = seed("one two three", "text")
    wish = spot(update, Place("default", 4, (0, 0)), Place("default", 7, (0, 0), -1))
    doc: Doc[Any] = Doc()
    doc.apply_update(update)
    text = doc.get("default", type=XmlFragment).children[0].children[0]
    text.insert(5, "XX")
    text.insert(0, "zero ")
    anchor = found(doc.get_update(), AnchorWish(wish.start, wish.end))
    assert (anchor.state, anchor.column, anchor.end_column) == ("attached", 10, 15)


def test_it_is_orphaned_when_its_text_is_deleted_and_not_before() -> None:
    doc = plain("one two three")
    wish = spot(doc.get_update(), Place("text", 4), Place("text", 7, assoc=-1))
    text = doc.get("text", type=Text)
    del text[4:6]
    assert found(doc.get_update(), wish).state == "attached"
    del text[4:5]
    anchor = found(doc.get_update(), wish)
    assert (anchor.state, anchor.reason, anchor.line, anchor.column) == ("orphaned", "deleted", 1, 5)


def test_a_point_is_orphaned_with_what_it_stuck_to() -> None:
    doc = plain("one two")
    wish = AnchorWish(None, None, 1, 5, is_new=True)
    made = found(doc.get_update(), wish)
    assert (made.column, made.quote, made.end) == (5, "one two", None)
    del doc.get("text", type=Text)[4:5]
    assert found(doc.get_update(), AnchorWish(made.start)).state == "orphaned"


def test_it_is_gone_with_its_paragraph() -> None:
    update = seed("one\ntwo", "text")
    wish = spot(update, Place("default", 1, (1, 0)), Place("default", 3, (1, 0), -1))
    doc: Doc[Any] = Doc()
    doc.apply_update(update)
    del doc.get("default", type=XmlFragment).children[1]
    anchor = found(doc.get_update(), wish)
    assert (anchor.state, anchor.reason, anchor.line) == ("orphaned", "gone", None)


def test_a_long_quote_is_cut() -> None:
    doc = plain("x" * 1000)
    quote = found(doc.get_update(), spot(doc.get_update(), Place("text", 0), Place("text", 1000, assoc=-1))).quote
    assert quote == "x" * (MAX_QUOTE - 1) + "…"


@pytest.mark.parametrize(("line", "clamped"), [(1, False), (2, True)])
def test_a_document_without_text_has_one_place(line: int, clamped: bool) -> None:
    anchor = anchored([], NOTHING, [AnchorWish(None, None, line, 1)])[0]
    assert (anchor.state, anchor.line, anchor.column, anchor.clamped) == ("attached", 1, 1, clamped)


def test_bytes_that_are_no_position_are_malformed() -> None:
    with pytest.raises(MalformedUpdate):
        found(seed("x", "text"), AnchorWish(b"\x09"))


def test_lines_and_columns_are_those_of_yjs(oracle: Oracle) -> None:
    """Random edits of several clients around anchors that Yjs makes; where Yjs finds them in a text, they are."""
    compared = 0
    for number in range(HISTORIES // 4):
        history = oracle.history(number, steps=40, only=["text", "erase", "typing"])
        half = history.updates[: len(history.updates) // 2]
        asked = oracle.positions(half, history.updates, seed=number, number=30)
        wishes = [AnchorWish(RelativePosition.from_json(each["json"]).encode()) for each in asked]
        said = "".join(each["insert"] for each in history.end.content["text"]["delta"])
        for each, anchor in zip(asked, anchored(history.updates, NOTHING, wishes), strict=True):
            at = each["found"]
            if each["place"]["root"] != "text" or at is None or at["gone"] or anchor.line is None:
                continue
            # There is no column within a character.
            before = said.encode("utf-16-le")[: 2 * at["index"]].decode("utf-16-le", "ignore")
            line, column = before.count("\n") + 1, len(before.rpartition("\n")[2].encode("utf-16-le")) // 2 + 1
            assert (anchor.line, anchor.column) == (line, column), number
            compared += 1
    assert compared > 20


@given(st.data())
@settings(max_examples=40)
def test_random_edits_move_it_with_its_character(data: st.DataObject) -> None:
    """The oracle is the character itself, which is the only one of its kind."""
    doc = plain("abc\ndef#ghi\njkl")
    wish = spot(doc.get_update(), Place("text", 7))
    text = doc.get("text", type=Text)
    for _ in range(data.draw(st.integers(1, 12))):
        said = str(text)
        at = data.draw(st.integers(0, len(said)))
        if data.draw(st.booleans()):
            text.insert(at, data.draw(st.sampled_from(["x", "\n", "xy\nz"])))
        else:
            del text[at : min(at + data.draw(st.integers(0, 3)), len(said))]
    anchor = found(doc.get_update(), wish)
    said = str(text)
    assert (anchor.state == "attached") == ("#" in said)
    if "#" in said:
        assert (anchor.line, anchor.column) == Lines(said).position(said.index("#"))
