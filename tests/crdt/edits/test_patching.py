"""Operations one after the other, all or none; Node's Yjs says what became of random documents."""

import random
import re
import tracemalloc
from typing import Any

import pycrdt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.document import seed
from crdt.edits import Add, Copy, Expect, Move, Operation, Remove, Replace, Splice
from crdt.edits.editing import patch
from crdt.edits.lines import units_in
from crdt.edits.normal import key_of
from crdt.edits.values import check_value
from crdt.errors import InvalidContent, UnmetTest
from crdt.projection import json_of, lines_of, markdown_of, text_of
from crdt.updates import merge
from tests.crdt.edits.documents import CLIENT, WORDS, blocks, editor, nodes_of, operated
from tests.crdt.oracle import History, Oracle

EMPTY = b"\0\0"
PLAN = seed("# Plan 😀\n\nEins **zwei** drei\n\n- a\n- b\n", "markdown")


DOUBLING: dict[str, list[Operation]] = {
    "a value": [Add("/roots/m", {"a": ["x" * 1_000]}), *[Copy("/roots/m/a/-", "/roots/m/a")] * 20],
    "a root": [Add("/roots/m", ["x" * 1_000]), *[Copy("/roots/m/-", "/roots/m")] * 20],
    "from root to root": [
        Add("/roots/m", ["x" * 1_000]),
        Add("/roots/n", ["x"]),
        *[Copy("/roots/n/-", "/roots/m"), Copy("/roots/m/-", "/roots/n")] * 10,
    ],
    "blocks": [
        Add("/content", [{"type": "paragraph", "content": [{"type": "text", "text": "x" * 1_000}]}]),
        Add("/content/-", {"type": "blockquote", "content": []}),
        *[Copy("/content/1/content/-", "/content/0")] * 100,
        *[Copy("/content/-", "/content/1")] * 100,
    ],
    "a long plain text": [
        Add("/roots/m", {"a": "x" * 10_000}),
        *[Splice("/roots/m/a", 0, 0, "y")] * 200,
    ],
    "what stands beside a small change": [
        Add("/roots/m", {"a": ["x" * 10_000, 0]}),
        *[Replace("/roots/m/a/1", 1)] * 200,
    ],
}


@pytest.mark.parametrize("operations", DOUBLING.values(), ids=DOUBLING)
def test_E10_what_is_made_of_little_is_bounded_before_it_is_made(operations: list[Operation]) -> None:
    tracemalloc.start()
    with pytest.raises(InvalidContent) as refused:
        patch([], CLIENT, operations, 1 << 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert re.fullmatch(r"operations\[\d+\]\.(from|path)", refused.value.path)
    assert refused.value.issue == "would make more than 1048576 bytes with what is made before it"
    assert peak < 16 << 20


# Splices.


def units(content: dict[str, Any]) -> str:
    """A text of Node's as UTF-16 units, an embed as one; halves of surrogate pairs are U+FFFD there."""
    return "".join(each["insert"] if isinstance(each["insert"], str) else "\ufffc" for each in content["delta"])


def test_E4_a_splice_of_any_random_text_is_what_yjs_makes_of_it(histories: list[History], oracle: Oracle) -> None:
    dice = random.Random(4)
    tried = 0
    for history in histories:
        before = units(history.end.content["text"])
        start, end = sorted(dice.choices(range(len(before) + 1), k=2))
        word = dice.choice([*WORDS, ""])
        at, gone = units_in(before[:start]), units_in(before[start:end])
        if not before or not (word or gone):
            continue
        edit = patch([history.end.update], CLIENT, [Splice("/roots/text", at, gone, word)])
        told = oracle.apply([history.end.update, edit])
        assert units(told.content["text"]) == before[:start] + word + before[end:]
        assert not told.pending
        tried += 1
    assert tried > len(histories) // 2


@given(blocks().filter(bool), st.data())
@settings(max_examples=40, deadline=None)
def test_E4_a_splice_of_a_block_counts_it_as_one_text(before: list[dict[str, Any]], data: st.DataObject) -> None:
    texts = [number for number, block in enumerate(before) if block["type"] in {"paragraph", "heading", "codeBlock"}]
    if not texts:
        return
    number = data.draw(st.sampled_from(texts))
    said = "\n".join(lines_of(before[number]))
    start, end = sorted((data.draw(st.integers(0, len(said))), data.draw(st.integers(0, len(said)))))
    word = data.draw(st.sampled_from(WORDS))
    splice = Splice(f"/content/{number}", units_in(said[:start]), units_in(said[start:end]), word)
    after = nodes_of(operated(editor(before), splice))
    assert "\n".join(lines_of(after[number])) == said[:start] + word + said[end:]
    others = [each for each in range(len(before)) if each != number]
    assert key_of([after[each] for each in others]) == key_of([before[each] for each in others])


@pytest.mark.parametrize(
    ("splice", "field"),
    [
        (Splice("/content/0", 6, 0, "x"), "index"),
        (Splice("/content/0", 5, 1, ""), "delete"),
        (Splice("/content/0", 6, 1, ""), "index"),
        (Splice("/content/0", 8, 0, "x"), "index"),
        (Splice("/content/0", 3, 9, "x"), "delete"),
        (Splice("/content/0/content/0/text", 6, 0, "x"), "index"),
        (Splice("/content/0", 0, 0, "\ud83d"), "insert"),
        (Splice("/content/0", 0, 0, "a\nb"), "insert"),
        (Splice("/content/2", 0, 0, "x"), "path"),
        (Splice("/content", 0, 0, "x"), "path"),
        (Splice("", 0, 0, "x"), "path"),
        (Splice("/content/9", 0, 0, "x"), "path"),
        (Splice("/content/0/attrs/level", 0, 0, "x"), "path"),
        (Splice("content/0", 0, 0, "x"), "path"),
        (Splice("/content/~2", 0, 0, "x"), "path"),
        (Splice("/roots/default", 0, 0, "x"), "path"),
    ],
)
def test_E4_a_splice_that_does_not_fit_names_its_field(splice: Splice, field: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        patch([PLAN], CLIENT, [Expect("/type", "doc"), splice])
    assert refused.value.path == f"operations[1].{field}"


def test_E4_a_pair_that_somebody_has_split_is_two_units() -> None:
    """One client deletes half of an emoji: Yjs shows U+FFFD and counts on."""
    doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=3)
    doc.get("text", type=pycrdt.Text).insert(0, "a😀b")
    half_deleted = merge([doc.get_update(), b"\x00\x01\x03\x01\x01\x01"])
    assert json_of(operated(half_deleted, Splice("/roots/text", 2, 0, "!"))) == {"roots": {"text": "a\ufffd!b"}}


def test_E4_a_run_keeps_its_marks_and_what_is_typed_behind_a_link_is_not_linked() -> None:
    update = seed("**b** [l](/x)", "markdown")
    after = operated(
        update,
        Splice("/content/0/content/0", 1, 0, "old"),
        Splice("/content/0", 6, 0, "!"),
        Splice("/content/0", 0, 0, ">"),
    )
    assert markdown_of(after) == "**\\>bold** [l](/x)!\n"


def test_E4_what_takes_the_place_of_a_word_gets_its_marks() -> None:
    update = seed("Say **hello**, [you](/x)!", "markdown")
    after = operated(update, Splice("/content/0", 4, 5, "goodbye"), Splice("/content/0", 13, 3, "all"))
    assert markdown_of(after) == "Say **goodbye**, [all](/x)!\n"


# Pointers.


def test_E5_operations_on_nodes_are_done_in_order() -> None:
    new = {"type": "paragraph", "content": [{"type": "text", "text": "neu"}]}
    after = operated(
        PLAN,
        Expect("/content/0/attrs/level", 1),
        Replace("/content/0/attrs/level", 2),
        Add("/content/1", new),
        Remove("/content/3/content/0"),
        Splice("/content/1", 3, 0, "er"),
        Copy("/content/-", "/content/0"),
        Move("/content/0", "/content/1"),
        Add("/content/2/content/1/marks/-", {"type": "italic"}),
    )
    assert markdown_of(after) == "neuer\n\n## Plan 😀\n\nEins ***zwei*** drei\n\n- b\n\n## Plan 😀\n"


def test_E3_a_block_that_is_addressed_is_the_one_that_changes() -> None:
    """Three equal lines: the second one goes, and what somebody types in the others lives."""
    update = seed("a\na\na", "text")
    typed = [patch([update], number, [Splice(f"/content/{number}", 1, 0, f"!{number}")]) for number in (0, 2)]
    gone = patch([update], CLIENT, [Remove("/content/1")])
    assert text_of(merge([update, gone, *typed])) == "a!0\na!2"


@pytest.mark.parametrize(
    ("operations", "error", "path"),
    [
        ([Splice("/content/0", 0, 0, "x"), Expect("/content/0/attrs/level", 2)], UnmetTest, "operations[1].value"),
        ([Expect("/content/0/attrs/level", True)], UnmetTest, "operations[0].value"),
        ([Remove("/content/7")], InvalidContent, "operations[0].path"),
        ([Remove("/content/01")], InvalidContent, "operations[0].path"),
        ([Replace("/content/-", {})], InvalidContent, "operations[0].path"),
        ([Move("/content/0/content/0", "/content/0")], InvalidContent, "operations[0].path"),
        ([Copy("/content/-", "/nothing")], InvalidContent, "operations[0].from"),
        ([Add("/content/0/attrs/level", 9)], InvalidContent, "operations"),
        ([Add("/content/-", {"type": "script"})], InvalidContent, "operations"),
        ([Add("/content/0/attrs/level", 2**60)], InvalidContent, "operations[0].value"),
        ([Remove("")], InvalidContent, "operations[0].path"),
        ([Add("/roots/x/y", 1)], InvalidContent, "operations[0].path"),
    ],
)
def test_E5_E7_what_does_not_fit_is_refused_as_a_whole(operations: list[Operation], error: Any, path: str) -> None:
    with pytest.raises(error) as refused:
        patch([PLAN], CLIENT, operations)
    assert refused.value.path == path


def test_E5_maps_and_arrays_of_other_applications(oracle: Oracle) -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=3)
    shapes = doc.get("map", type=pycrdt.Map)
    shapes["a/b"] = pycrdt.Map({"x": 1, "name": pycrdt.Text("Krëis 😀")})
    shapes["plain"] = {"deep": [1, {"k": "wört"}], "raw": b"\1"}
    doc.get("array", type=pycrdt.Array).extend([1, 2, 3])
    update = doc.get_update()
    operations: list[Operation] = [
        Expect("/roots/map/a~1b/x", 1.0),
        Replace("/roots/map/a~1b/x", 2),
        Splice("/roots/map/a~1b/name", 6, 2, "!"),
        Add("/roots/map/plain/deep/1/l", None),
        Splice("/roots/map/plain/deep/1/k", 0, 1, "W"),
        Add("/roots/array/1", {"a": [True]}),
        Remove("/roots/array/0"),
        Add("/roots/array/-", "end"),
        Move("/roots/map/moved", "/roots/array/1"),
        Copy("/roots/array/0/b", "/roots/map/moved"),
        Add("/roots/text", "new"),
    ]
    edit = patch([update], CLIENT, operations)
    told = oracle.apply([update, edit])
    assert json_of(merge([update, edit]))["roots"] == {
        "map": {
            "a/b": {"x": 2, "name": "Krëis !"},
            "plain": {"deep": [1, {"k": "Wört", "l": None}], "raw": {"bytes": 1}},
            "moved": 2,
        },
        "array": [{"a": [True], "b": 2}, 3, "end"],
        "text": "new",
    }
    assert told.content["array"] == {"array": [{"a": [True], "b": 2}, 3, "end"]}
    assert told.content["text"] == {"delta": [{"insert": "new"}]}
    assert ["moved", 2] in told.content["map"]["map"]


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        (Replace("/roots/text/0", "x"), "operations[0].path"),
        (Replace("/roots/text", 5), "operations[0].value"),
        (Remove("/roots/map/none"), "operations[0].path"),
        (Splice("/roots/map/n", 0, 0, "x"), "operations[0].path"),
        (Add("/roots/none/x", 1), "operations[0].path"),
        (Add("/roots/none", 1), "operations[0].value"),
        (Add("/content/0", {}), "operations[0].path"),
        (Add("/roots/map/n/deeper", 1), "operations[0].path"),
    ],
)
def test_E7_what_does_not_fit_another_application_names_its_field(operation: Operation, path: str) -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc.get("text", type=pycrdt.Text).insert(0, "a")
    doc.get("map", type=pycrdt.Map)["n"] = 1
    with pytest.raises(InvalidContent) as refused:
        patch([doc.get_update()], CLIENT, [operation])
    assert refused.value.path == path


def test_E5_xml_of_other_applications_is_a_list_of_nodes() -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    root = doc.get("prosemirror", type=pycrdt.XmlFragment)
    root.children.append(pycrdt.XmlElement("para")).children.append(pycrdt.XmlText("wörd"))
    after = operated(
        doc.get_update(),
        Splice("/roots/prosemirror/0", 4, 0, "s"),
        Add("/roots/prosemirror/-", {"type": "figure", "attrs": {"n": 1}}),
        Replace("/roots/prosemirror/0/content/0/text", "Wörds"),
    )
    assert json_of(after)["roots"]["prosemirror"] == [
        {"type": "para", "content": [{"type": "text", "text": "Wörds"}]},
        {"type": "figure", "attrs": {"n": 1}},
    ]


def test_a_number_that_no_float_holds_is_invalid_and_ends_no_worker() -> None:
    with pytest.raises(InvalidContent, match="beyond 2"):
        check_value(10**400)
