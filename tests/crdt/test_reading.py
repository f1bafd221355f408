"""Whole documents read around what is hidden of them."""

import json

import pytest

from crdt.codec import var_string
from crdt.document import seed
from crdt.errors import MalformedUpdate
from crdt.projection import json_of, markdown_of, text_of
from crdt.reading import Hidden, clocks_of, project, survives, unreadable
from crdt.updates import DeleteRanges, merge
from tests.crdt.crafting import item, string, update
from tests.crdt.oracle import Oracle

MARKDOWN = "# Plan 😀\n\nOne **two**\n"
POISON = bytes.fromhex("010207010400090500000000")


def test_every_form_is_what_its_own_function_says(oracle: Oracle) -> None:
    documents = [seed(MARKDOWN, "markdown"), b"\0\0", *(merge(oracle.history(n, steps=30).updates) for n in range(4))]
    for document in documents:
        read = project([document])
        assert read.text == text_of(document).replace("\0", "\ufffd")
        assert json.loads(read.json or "") == json_of(document)
        assert read.markdown == markdown_of(document).replace("\0", "\ufffd")


def test_hidden_clocks_are_passed_over() -> None:
    parts = [update((1, 0, [string("one ")])), update((1, 4, [string("two", origin=(1, 3))]))]
    assert project(parts).text == "one two"
    assert project(parts, Hidden(in_place=clocks_of(parts[1]))).text == "one "
    assert project(parts, Hidden(without_place=clocks_of(parts[1]))).text == "one "


def test_a_document_of_which_a_part_waits_is_not_read_as_if_it_were_whole() -> None:
    first = update((1, 0, [string("a", origin=(2, 0))]))
    other = update((2, 0, [string("b", origin=(1, 0))]))
    with pytest.raises(MalformedUpdate, match="wait"):
        project([first, other])
    assert project([first, other], Hidden(without_place=clocks_of(first))).text is not None


def test_what_no_text_column_holds_is_replaced() -> None:
    embed = item(5, var_string('{"deep":"\\ud800","nul":"\\u0000"}'))
    read = project([update((1, 0, [string("a\0b")])), update((2, 0, [embed]))])
    assert "\0" not in (read.text or "")
    for form in (read.text, read.json, read.markdown):
        assert form is not None
        form.encode()


def test_what_is_no_update_is_named_by_its_place() -> None:
    assert unreadable([b"\0\0", POISON, b"", b"\0\0"]).keys() == {1, 2}


def test_the_clocks_of_an_update_are_those_it_brings_and_those_it_deletes() -> None:
    row = update((1, 3, [string("abc", origin=(1, 2))]), deletes={1: [(1, 2)], 7: [(0, 4)]})
    assert DeleteRanges.decode(clocks_of(row)) == DeleteRanges({1: [(1, 2), (3, 6)], 7: [(0, 4)]})


def test_survival_is_measured_in_seconds_of_the_processor() -> None:
    assert 0 <= survives([seed(MARKDOWN, "markdown")], Hidden()).seconds < 5
    with pytest.raises(MalformedUpdate):
        survives([POISON], Hidden())
