"""Whole documents brought to a wanted content; Node's Yjs and the real editor say what became of them."""

from collections.abc import Iterator
from typing import Any

import pycrdt
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crdt.document import seed
from crdt.editor import Node
from crdt.edits import Splice
from crdt.edits.editing import patch, put
from crdt.edits.normal import key_of
from crdt.errors import InvalidContent, MalformedUpdate
from crdt.guard import check
from crdt.projection import json_of, markdown_of, text_of
from crdt.updates import DeleteRanges, merge, state_of
from tests.crdt.editor_oracle import EditorOracle
from tests.crdt.edits.documents import CLIENT, editor, nodes_of, two_documents, wished
from tests.crdt.oracle import Oracle

MARKDOWN = "# Fuge 😀\n\nEins **zwei** drei\n\n- a\n- b\n\n```\nx\ny\n```\n\nEnde\n"
EMPTY = b"\0\0"
# Shrinking asks Node thousands of times more.
QUICK: dict[str, Any] = {"deadline": None, "phases": [Phase.explicit, Phase.reuse, Phase.generate]}


def paragraph(text: str) -> Node:
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


@pytest.fixture(scope="module")
def node() -> Iterator[EditorOracle]:
    oracle = EditorOracle()
    yield oracle
    oracle.close()


@given(two_documents())
@settings(max_examples=40, **QUICK)
def test_E2_the_real_editor_shows_what_was_wished_for(
    node: EditorOracle, documents: tuple[list[Node], list[Node]]
) -> None:
    before, after = documents
    _, whole = wished(editor(before), after)
    assert key_of(nodes_of(whole)) == key_of(after)
    if after:  # the editor puts an empty paragraph into an empty document
        shown = node.opens(whole)
        assert shown.untouched
        assert key_of(shown.shown["content"]) == key_of(after)


@given(two_documents())
@settings(max_examples=40, **QUICK)
def test_E1_an_edit_passes_the_guard_under_its_own_client_id(documents: tuple[list[Node], list[Node]]) -> None:
    before, after = documents
    update = editor(before)
    edit, _ = wished(update, after)
    checked = check(edit, state_of(update), DeleteRanges())
    assert set(checked.fresh) <= {CLIENT}
    assert not checked.overlap
    assert not checked.missing


@given(st.lists(st.sampled_from(["keep", "drop", "replace", "insert"]), min_size=1, max_size=8))
@settings(max_examples=40, **QUICK)
def test_E3_what_others_type_in_blocks_that_stay_lives(fates: list[str]) -> None:
    """Somebody types in each of them, not knowing of the edit."""
    before = [f"block {number} of {len(fates)}" for number in range(len(fates))]
    after: list[str] = []
    for line, fate in zip(before, fates, strict=True):
        after += [f"neu: {len(after)}"] if fate in {"insert", "replace"} else []
        after += [line] if fate in {"keep", "insert"} else []
    update = seed("\n".join(before), "text")
    edit, _ = wished(update, [paragraph(line) for line in after])
    kept = [number for number, line in enumerate(before) if line in after]
    typed = patch([update], 7, [Splice(f"/content/{number}", 0, 0, "typed ") for number in kept])
    shown = text_of(merge([update, edit, typed])).split("\n") if after else []
    assert [line.removeprefix("typed ") for line in shown if line in after or line.startswith("typed")] == after
    assert sum(line.startswith("typed ") for line in shown) == len(kept)


@given(two_documents())
@settings(max_examples=40, **QUICK)
def test_E3_a_wish_that_is_fulfilled_changes_nothing(documents: tuple[list[Node], list[Node]]) -> None:
    before, after = documents
    _, whole = wished(editor(before), after)
    assert wished(whole, after)[0] == EMPTY


def test_E3_text_is_changed_where_it_differs() -> None:
    update = seed(MARKDOWN, "markdown")
    edit, whole = wished(update, MARKDOWN.replace("drei", "drei und vier").replace("Ende", "Das Ende"), "markdown")
    assert len(edit) < 60
    assert markdown_of(whole) == MARKDOWN.replace("drei", "drei und vier").replace("Ende", "Das Ende")


def test_E6_what_others_type_meanwhile_in_a_changed_block_lives() -> None:
    update = seed("Eins zwei drei", "text")
    typed = patch([update], 7, [Splice("/content/0", 9, 0, ", dazwischen,")])
    edit, _ = wished(update, "Eins zwei drei vier", "text")
    assert text_of(merge([update, edit, typed])) == "Eins zwei, dazwischen, drei vier"


def test_E6_what_others_type_in_a_block_that_is_emptied_lives() -> None:
    update = seed("Eins", "text")
    typed = patch([update], 7, [Splice("/content/0", 4, 0, " zwei")])
    edit, _ = wished(update, [{"type": "paragraph"}])
    assert text_of(merge([update, edit, typed])) == " zwei"


def test_E3_markdown_that_the_document_says_already_changes_nothing() -> None:
    blocks: list[Node] = [{"type": "paragraph"}, {"type": "paragraph", "content": [{"type": "text", "text": "a"}]}]
    update = editor(blocks)
    assert put([update], CLIENT, markdown_of(update), "markdown") == EMPTY
    assert put([update], CLIENT, text_of(update), "text") == EMPTY
    assert put([update], CLIENT, json_of(update), "json") == EMPTY


@pytest.mark.parametrize("content", ["one\ntwo", "", "🎼\n\n"])
def test_E2_an_empty_document_becomes_one_of_our_editor(content: str) -> None:
    assert text_of(merge([EMPTY, put([], CLIENT, content, "text")])) == content


# Other applications.


def foreign() -> "pycrdt.Doc[Any]":
    doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=3)
    doc.get("text", type=pycrdt.Text).insert(0, "let x = '😀'")
    doc.get("map", type=pycrdt.Map)["size"] = 12
    doc.get("map", type=pycrdt.Map)["note"] = pycrdt.Text("déjà vu")
    doc.get("array", type=pycrdt.Array).extend(["a", pycrdt.Map({"n": 1.5}), b"\0"])
    return doc


WISH = {
    "text": "let y = '😀';",
    "map": {"note": "déjà bu", "on": True},
    "array": ["a", {"n": 2}, {"bytes": 1}, [1, None]],
}


def test_E2_roots_of_other_applications_become_what_was_wished_for(oracle: Oracle) -> None:
    update = foreign().get_update()
    edit, whole = wished(update, {"roots": WISH})
    assert json_of(whole) == {"roots": WISH}
    told = oracle.apply([update, edit])
    assert not told.pending
    assert told.content["text"] == {"delta": [{"insert": "let y = '😀';"}]}
    assert told.content["map"] == {"map": [["note", {"delta": [{"insert": "déjà bu"}]}], ["on", True]]}
    assert told.content["array"]["array"][1] == {"map": [["n", 2]]}
    assert wished(whole, {"roots": WISH})[0] == EMPTY


def test_E2_a_root_that_is_not_named_is_emptied() -> None:
    assert json_of(wished(foreign().get_update(), {"roots": {"text": "x"}})[1])["roots"] == {
        "text": "x",
        "map": {},
        "array": [],
    }


def test_E2_new_roots_get_the_type_of_their_value() -> None:
    whole = wished(EMPTY, {"roots": {"a": "x", "b": {"c": 1}, "d": [2]}})[1]
    assert json_of(whole) == {"roots": {"a": "x", "b": {"c": 1}, "d": [2]}}


def test_E2_the_only_text_of_another_application_is_replaced_by_text() -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc.get("monaco", type=pycrdt.Text).insert(0, "a = 1\nb = 2\n")
    edit, whole = wished(doc.get_update(), "a = 1\nc = 0\nb = 2\n", "text")
    assert json_of(whole) == {"roots": {"monaco": "a = 1\nc = 0\nb = 2\n"}}
    assert len(edit) < 40


@pytest.mark.parametrize(
    ("content", "format_", "path"),
    [
        ({"type": "doc", "content": [{"type": "table"}]}, "json", "content[0].type"),
        (
            {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "\ud83d"}]}]},
            "json",
            "content[0].content[0].text",
        ),
        ({"type": "page"}, "json", "content"),
        ({"roots": {"a": "x"}}, "json", "content"),
        ("\udc00", "text", "content"),
    ],
)
def test_E7_what_is_not_of_the_editor_is_refused_with_its_path(content: Any, format_: Any, path: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        put([seed("a", "text")], CLIENT, content, format_)
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("content", "format_", "path"),
    [
        ({"type": "doc", "content": []}, "json", "content"),
        ("text", "text", "content"),
        ("# text", "markdown", "content"),
        ({"roots": {"text": 5, "map": {}, "array": []}}, "json", "content.roots.text"),
        ({"roots": {"text": "", "map": {"a": 2**53}}}, "json", "content.roots.map"),
        ({"roots": {"text": "", "neu": 7}}, "json", "content.roots.neu"),
        ({"roots": [], "more": 1}, "json", "content.roots"),
    ],
)
def test_E7_what_does_not_fit_another_applications_document_is_refused(content: Any, format_: Any, path: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        put([foreign().get_update()], CLIENT, content, format_)
    assert refused.value.path == path


def test_E7_a_document_with_nodes_of_its_own_keeps_them() -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    table = doc.get("default", type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("table"))
    table.children.append(pycrdt.XmlElement("cell")).children.append(pycrdt.XmlText("wörd"))
    content = json_of(doc.get_update())
    content["content"][0]["content"][0]["content"][0]["text"] = "wörds"
    content["content"].append({"type": "callout", "attrs": {"kind": "note"}})
    whole = wished(doc.get_update(), content)[1]
    assert json_of(whole) == content


def test_E1_broken_bytes_are_malformed() -> None:
    with pytest.raises(MalformedUpdate):
        put([b"\1\2\3"], CLIENT, "a", "text")
