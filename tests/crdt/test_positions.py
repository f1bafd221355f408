"""Anchors are Yjs's own relative positions: made like them, and found where Yjs finds them (decision 17)."""

import base64
from typing import Any

import pytest
from pycrdt import Doc, Text, XmlFragment

from crdt.document import seed
from crdt.errors import InvalidContent, MalformedUpdate
from crdt.positions import Place, Whereabouts, positions_at, whereabouts
from crdt.relative_positions import RelativePosition
from crdt.updates import merge
from tests.crdt.conftest import HISTORIES
from tests.crdt.oracle import Oracle

ONLY_TEXT = ["text", "erase", "styled", "typing", "format", "embed"]


def place_of(said: dict[str, Any]) -> Place:
    return Place(said["root"], said["index"], tuple(said["path"]), said["assoc"])


def expected(told: dict[str, Any]) -> int | None:
    found = told["found"]
    return None if found is None or found["gone"] else found["index"]


@pytest.mark.parametrize("only", [ONLY_TEXT, None], ids=["text", "everything"])
def test_positions_are_found_where_yjs_finds_them(oracle: Oracle, only: list[str] | None) -> None:
    present = gone = moved = 0
    for number in range(HISTORIES // 3):
        history = oracle.history(number, steps=60, only=only)
        half = history.updates[: len(history.updates) // 2]
        asked = oracle.positions(half, history.updates, seed=number, number=20)
        found = whereabouts(merge(history.updates), [RelativePosition.from_json(each["json"]) for each in asked])
        assert [each.index for each in found] == [expected(each) for each in asked], number
        present += sum(each.index is not None for each in found)
        gone += sum(each.index is None for each in found)
        moved += sum(each.index != told["place"]["index"] for each, told in zip(found, asked, strict=True))
    assert present > 50
    assert moved > 30
    assert gone or only


@pytest.mark.parametrize("only", [ONLY_TEXT, None], ids=["text", "everything"])
def test_positions_are_those_that_yjs_makes(oracle: Oracle, only: list[str] | None) -> None:
    for number in range(HISTORIES // 4):
        history = oracle.history(number, steps=30, only=only)
        asked = oracle.positions(history.updates, history.updates, seed=number, number=6)
        made = positions_at(merge(history.updates), [place_of(each["place"]) for each in asked])
        assert [each.to_json() for each in made] == [each["json"] for each in asked], number
        assert [each.encode() for each in made] == [base64.b64decode(each["bytes"]) for each in asked]
        for each, told in zip(made, asked, strict=True):
            decoded = RelativePosition.decode(base64.b64decode(told["bytes"]))
            assert whereabouts(merge(history.updates), [decoded]) == whereabouts(merge(history.updates), [each])


def test_an_anchor_in_the_editors_text_stays_at_its_word() -> None:
    document = seed("Grüße 😀 an alle\nzweite Zeile", "text")
    (anchor,) = positions_at(document, [Place("default", 9, (0, 0))])
    doc: Doc[Any] = Doc()
    doc.apply_update(document)
    doc.get("default", type=XmlFragment).children[0].children[0].insert(0, "viele 👋 ")
    assert whereabouts(doc.get_update(), [anchor]) == [Whereabouts(9 + 9, is_deleted=False)]


def test_what_was_deleted_says_where_it_was() -> None:
    doc: Doc[Any] = Doc()
    text = doc.get("text", type=Text)
    text.insert(0, "one two three")
    (anchor,) = positions_at(doc.get_update(), [Place("text", 5)])
    del text[4:8]
    assert whereabouts(doc.get_update(), [anchor]) == [Whereabouts(4, is_deleted=True)]


def test_what_nobody_knows_is_gone() -> None:
    unknown = [RelativePosition(item=(9, 9)), RelativePosition(type=(9, 9))]
    assert {each.index for each in whereabouts(seed("text", "text"), unknown)} == {None}
    assert whereabouts(b"\0\0", []) == []


def test_an_empty_root_has_a_beginning() -> None:
    (anchor,) = positions_at(b"\0\0", [Place("text", 0)])
    assert anchor == RelativePosition(root="text")
    assert whereabouts(b"\0\0", [anchor]) == [Whereabouts(0, is_deleted=False)]


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (Place("default", 9, (0, 0)), "places[0].index"),
        (Place("default", 0, (5,)), "places[0].path[0]"),
        (Place("nowhere", 1), "places[0].root"),
    ],
)
def test_a_place_that_is_not_there_is_named(place: Place, path: str) -> None:
    with pytest.raises(InvalidContent) as caught:
        positions_at(seed("text", "text"), [place])
    assert caught.value.path == path


@pytest.mark.parametrize("data", [b"", b"\x03", b"\x00\x01", b"\x01\x05ab", b"\x02\x01\x01\x00\x00"])
def test_bytes_that_are_no_relative_position_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedUpdate):
        RelativePosition.decode(data)


@pytest.mark.parametrize(
    "said",
    [None, {}, {"item": 5}, {"item": {"client": -1, "clock": 0}}, {"tname": 5}, {"tname": "t", "assoc": "left"}],
)
def test_json_that_is_no_relative_position_is_invalid(said: object) -> None:
    with pytest.raises(InvalidContent):
        RelativePosition.from_json(said)


@pytest.mark.parametrize("assoc", [0, -1, 1, 63, 64, -64, 2**40])
def test_every_association_comes_back(assoc: int) -> None:
    position = RelativePosition(root="text", assoc=assoc)
    assert RelativePosition.decode(position.encode()) == position
    assert RelativePosition.from_json(position.to_json()) == position
