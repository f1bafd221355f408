"""Seeds as the real editor reads them, and compaction without loss."""

from collections.abc import Iterator
from typing import Any

import pycrdt
import pytest

from crdt.document import compact, open_document, seed
from crdt.errors import InvalidContent, MalformedUpdate
from crdt.guard import check
from crdt.projection import json_of, text_of
from crdt.updates import DeleteRanges, decode_state_vector, deletes_of, merge, state_of
from tests.crdt.editor_oracle import EditorOracle
from tests.crdt.oracle import Oracle

EVERYTHING: dict[str, Any] = {
    "type": "doc",
    "content": [
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Überschrift 😀"}]},
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "Łódź 👩‍👩‍👧 "},
                {"type": "text", "text": "fett", "marks": [{"type": "bold"}]},
                {"type": "text", "text": "beides", "marks": [{"type": "bold"}, {"type": "italic"}]},
                {"type": "text", "text": "weg", "marks": [{"type": "strike"}]},
                {"type": "text", "text": "unter", "marks": [{"type": "underline"}]},
                {"type": "text", "text": "c😀de", "marks": [{"type": "code"}]},
                {"type": "hardBreak"},
                {
                    "type": "text",
                    "text": "link",
                    "marks": [{"type": "link", "attrs": {"href": "https://example.org/ä"}}],
                },
            ],
        },
        {"type": "paragraph"},
        {
            "type": "bulletList",
            "content": [
                {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "eins"}]}]},
                {
                    "type": "listItem",
                    "content": [
                        {"type": "paragraph"},
                        {
                            "type": "orderedList",
                            "attrs": {"start": 3},
                            "content": [{"type": "listItem", "content": [{"type": "paragraph"}]}],
                        },
                    ],
                },
            ],
        },
        {
            "type": "taskList",
            "content": [
                {"type": "taskItem", "attrs": {"checked": True}, "content": [{"type": "paragraph"}]},
                {"type": "taskItem", "attrs": {"checked": False}, "content": [{"type": "paragraph"}]},
            ],
        },
        {"type": "blockquote", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Zitat"}]}]},
        {"type": "codeBlock", "attrs": {"language": "python"}, "content": [{"type": "text", "text": "x = 'é'\n\ny"}]},
        {"type": "horizontalRule"},
        {"type": "image", "attrs": {"src": "https://example.org/a.png", "alt": "Bild"}},
    ],
}


@pytest.fixture(scope="module")
def editor() -> Iterator[EditorOracle]:
    oracle = EditorOracle()
    yield oracle
    oracle.close()


def without_empty(node: Any) -> Any:
    """Nulls and empty attributes, which the editor writes out and we do not, taken away."""
    if isinstance(node, list):
        return [without_empty(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: without_empty(value) for key, value in node.items() if value is not None and value != {}}


def test_the_real_editor_shows_what_was_seeded_and_writes_nothing_back(editor: EditorOracle) -> None:
    shown = editor.opens(seed(EVERYTHING, "json"))
    assert without_empty(shown.raw) == EVERYTHING
    assert shown.untouched
    for there, ours in zip(shown.shown["content"], EVERYTHING["content"], strict=True):
        assert there["type"] == ours["type"]
    assert shown.shown["content"][0]["attrs"] == {"level": 2}


def test_what_the_real_editor_writes_is_read(editor: EditorOracle) -> None:
    shown = editor.opens(seed(EVERYTHING, "json")).shown
    again = json_of(editor.writes(shown))
    links = again["content"][1]["content"][-1]["marks"]
    assert links[0]["attrs"].pop("rel") == "noopener noreferrer nofollow"
    assert links[0]["attrs"].pop("target") == "_blank"
    assert again == EVERYTHING


def test_what_the_real_editor_gives_can_be_seeded_again(editor: EditorOracle) -> None:
    shown = editor.opens(seed(EVERYTHING, "json")).shown
    assert editor.opens(seed(shown, "json")).shown == shown


def test_a_heading_level_is_a_number_and_a_check_a_boolean(editor: EditorOracle) -> None:
    raw = editor.opens(seed(EVERYTHING, "json")).raw
    assert raw["content"][0]["attrs"]["level"] == 2
    assert raw["content"][4]["content"][0]["attrs"]["checked"] is True


def test_a_seed_passes_the_guard_and_no_two_share_a_client_id() -> None:
    one, other = seed(EVERYTHING, "json"), seed(EVERYTHING, "json")
    checked = check(one, {}, DeleteRanges())
    assert not checked.missing
    assert max(checked.fresh) < 2**32
    assert set(state_of(one)) != set(state_of(other))


@pytest.mark.parametrize(
    ("given", "lines"),
    [("a", ["a"]), ("a\nb", ["a", "b"]), ("a\r\n\r\nb\rc", ["a", "", "b", "c"]), ("é😀\n", ["é😀", ""])],
)
def test_text_becomes_a_paragraph_per_line(given: str, lines: list[str]) -> None:
    update = seed(given, "text")
    assert text_of(update) == "\n".join(lines)
    assert [block["type"] for block in json_of(update)["content"]] == ["paragraph"] * len(lines)


@pytest.mark.parametrize("nothing", [None, "", [], {"type": "doc"}, {"type": "doc", "content": []}])
def test_nothing_is_the_empty_update(nothing: Any) -> None:
    assert seed(nothing, "json") == b"\0\0"


def test_a_list_of_blocks_is_a_document() -> None:
    assert json_of(seed(EVERYTHING["content"], "json")) == EVERYTHING


@pytest.mark.parametrize("format_", ["text", "markdown"])
@pytest.mark.parametrize("content", [{"type": "doc"}, ["x"], "half \ud83d"])
def test_other_content_is_refused_as_text(content: Any, format_: Any) -> None:
    with pytest.raises(InvalidContent):
        seed(content, format_)


def test_compaction_loses_nothing(oracle: Oracle) -> None:
    for number in range(4):
        history = oracle.history(number, steps=60)
        first = compact(None, history.updates[:10])
        folded = compact(first.update, history.updates[10:])
        assert oracle.apply([folded.update]).content == oracle.apply([merge(history.updates)]).content
        assert decode_state_vector(folded.state_vector) == history.end.state
        assert DeleteRanges.decode(folded.deletes) == deletes_of(merge(history.updates))


def test_the_state_vector_ends_at_the_first_hole() -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=7)
    text = doc.get("t", type=pycrdt.Text)
    rows: list[bytes] = []
    for letter in "abc":
        before = doc.get_state()
        text.insert(len(text), letter)
        rows.append(doc.get_update(before))
    folded = compact(None, [rows[0], rows[2]])
    assert decode_state_vector(folded.state_vector) == {7: 1}
    assert text_of(compact(folded.update, [rows[1]]).update) == "abc"


def test_an_empty_document_is_compacted_to_nothing() -> None:
    assert compact(None, []).update == b"\0\0"


def test_what_cannot_be_opened_is_malformed() -> None:
    with pytest.raises(MalformedUpdate):
        open_document(b"\x01\x02")
    with pytest.raises(MalformedUpdate):
        compact(None, [b"\x05", b"\x05"])


def test_pycrdt_keeps_what_the_projection_relies_on() -> None:
    """Upgrading pycrdt: heading levels are numbers, formats are objects."""
    doc = open_document(seed(EVERYTHING, "json"))
    root = doc.get("default", type=pycrdt.XmlFragment)
    assert root.children[0].attributes["level"] == 2
    assert root.children[1].children[0].diff()[1] == ("fett", {"bold": {}})
