"""Lines and columns are those of the text that a reader sees, whatever the document is made of."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from crdt.document import seed
from crdt.lines import Lines, offsets_of, place_at
from crdt.places import Place
from crdt.projection import text_of

WORDS = st.text(alphabet="ab é😀\n", max_size=30)


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(WORDS, st.integers(0, 40))
def test_an_offset_comes_back_from_its_line_and_column(text: str, offset: int) -> None:
    lines = Lines(text)
    offset = min(offset, len(text))
    line, column = lines.position(offset)
    assert (line, column) == (text[:offset].count("\n") + 1, utf16(text[:offset].rpartition("\n")[2]) + 1)
    assert lines.offset(line, column) == (offset, False)


@pytest.mark.parametrize(
    ("position", "offset"), [((0, 1), 0), ((1, 0), 0), ((9, 1), 5), ((1, 9), 2), ((2, 4), 5), ((9, 9), 5)]
)
def test_what_is_beyond_the_text_is_moved_into_it(position: tuple[int, int], offset: int) -> None:
    assert Lines("ab\ncd").offset(*position) == (offset, True)


def test_the_middle_of_a_surrogate_pair_is_before_it() -> None:
    assert Lines("a😀b").offset(1, 3) == (1, False)


@given(WORDS, st.integers(0, 6), st.integers(0, 20))
@settings(max_examples=60)
def test_the_place_of_a_line_and_column_is_found_there_again(text: str, line: int, column: int) -> None:
    update = seed(text, "text")
    place, clamped = place_at(update, line, column, "default")
    said, (offset,) = offsets_of(update, [place])
    wanted, moved = Lines(said).offset(line, column)
    assert (offset, clamped) == (wanted, moved)
    assert said == text_of(update)


@given(WORDS.filter(bool), st.integers(1, 6), st.integers(1, 20))
@settings(max_examples=40)
def test_in_a_plain_text_too(text: str, line: int, column: int) -> None:
    doc: Doc[Any] = Doc()
    doc.get("notes", type=Text).insert(0, text)
    place, _ = place_at(doc.get_update(), line, column, "default")
    said, (offset,) = offsets_of(doc.get_update(), [place])
    assert (said, offset) == (text, Lines(text).offset(line, column)[0])


def test_embeds_are_units_without_a_character() -> None:
    doc: Doc[Any] = Doc()
    text = doc.get("notes", type=Text)
    text.insert(0, "abcd")
    text.insert_embed(2, {"image": 1})
    assert offsets_of(doc.get_update(), [Place("notes", 2), Place("notes", 3), Place("notes", 4)])[1] == [2, 2, 3]
    assert place_at(doc.get_update(), 1, 4, "default")[0] == Place("notes", 4)


def test_a_place_between_blocks_is_the_line_of_the_next_one() -> None:
    update = seed("one\ntwo", "text")
    offsets = offsets_of(update, [Place("default", at) for at in range(3)])[1]
    assert offsets == [0, 4, 7]


def test_a_place_that_the_text_does_not_show_has_no_offset() -> None:
    doc: Doc[Any] = Doc()
    doc.get("list", type=Array).append(1)
    doc.get("map", type=Map)["x"] = Text("")
    assert offsets_of(doc.get_update(), [Place("list", 0), Place("map", 0, ("x",))])[1] == [None, None]


def test_an_empty_line_of_other_applications_is_none() -> None:
    doc: Doc[Any] = Doc()
    root = doc.get("prosemirror", type=XmlFragment)
    for said in ("one", "", "two"):
        root.children.append(XmlElement("paragraph", {}, [XmlText(said)]))
    places = [Place("prosemirror", 0, (0, 0)), Place("prosemirror", 0, (1, 0)), Place("prosemirror", 1, (2, 0))]
    text, offsets = offsets_of(doc.get_update(), places)
    assert (text, offsets) == (text_of(doc.get_update()), [0, None, text.index("two") + 1])


def test_words_in_the_text_are_no_marks() -> None:
    update = seed("\ue0000\ue001 a", "text")
    assert offsets_of(update, [Place("default", 3, (0, 0))])[1] == [3]
