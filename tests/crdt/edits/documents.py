"""Documents and wishes for them: what the tests of edits are tried on."""

from typing import Any

from hypothesis import strategies as st

from crdt.document import seed
from crdt.editor import Node
from crdt.edits import Operation
from crdt.edits.editing import patch, put
from crdt.projection import json_of
from crdt.updates import merge

CLIENT = 4_294_967_295
WORDS = ["Plan", "déjà", "vu", "🎼", "e\u0301", "👩\u200d🚀", "日本", "a", "aa", "one", "two", "x-y"]

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
LINK = {"href": "/a", "target": "_blank", "rel": "noopener noreferrer nofollow"}  # with TipTap's defaults
marks = st.sampled_from([[], [{"type": "bold"}], [{"type": "italic"}], [{"type": "link", "attrs": LINK}]])


def text_nodes() -> st.SearchStrategy[list[Node]]:
    node = st.builds(
        lambda text, marks: {"type": "text", "text": text} | ({"marks": marks} if marks else {}), words, marks
    )
    return st.lists(node | st.just({"type": "hardBreak"}), max_size=4)


def paragraphs() -> st.SearchStrategy[Node]:
    return text_nodes().map(lambda content: {"type": "paragraph"} | ({"content": content} if content else {}))


def headings() -> st.SearchStrategy[Node]:
    return st.builds(
        lambda level, content: {"type": "heading", "attrs": {"level": level}, "content": content},
        st.integers(1, 3),
        text_nodes().filter(bool),
    )


def lists() -> st.SearchStrategy[Node]:
    items = st.lists(paragraphs(), min_size=1, max_size=3)
    bullets = items.map(lambda all_: [{"type": "listItem", "content": [each]} for each in all_])
    tasks = st.builds(
        lambda all_, checked: [{"type": "taskItem", "attrs": {"checked": checked}, "content": [each]} for each in all_],
        items,
        st.booleans(),
    )
    return bullets.map(lambda content: {"type": "bulletList", "content": content}) | tasks.map(
        lambda content: {"type": "taskList", "content": content}
    )


def codes() -> st.SearchStrategy[Node]:
    return words.map(lambda text: {"type": "codeBlock", "content": [{"type": "text", "text": text}]})


def blocks() -> st.SearchStrategy[list[Node]]:
    block = paragraphs() | headings() | lists() | codes() | st.just({"type": "horizontalRule"})
    return st.lists(block, max_size=6)


@st.composite
def two_documents(draw: st.DrawFn) -> tuple[list[Node], list[Node]]:
    """Blocks, and what they become: some kept, some changed, some new."""
    before, others = draw(blocks()), draw(blocks())
    after: list[Node] = []
    for block in before:
        fate = draw(st.sampled_from(["keep", "keep", "drop", "other", "insert"]))
        after += [block] if fate in {"keep", "insert"} else []
        if fate in {"other", "insert"} and others:
            after.append(draw(st.sampled_from(others)))
    return before, after


def editor(blocks: list[Node]) -> bytes:
    """A document of our editor."""
    return seed(blocks, "json") if blocks else b"\0\0"


def wished(update: bytes, content: Any, format_: Any = "json", client: int = CLIENT) -> tuple[bytes, bytes]:
    """The edit, and the document with it."""
    edit = put([update], client, content, format_)
    return edit, merge([update, edit])


def operated(update: bytes, *operations: Operation, client: int = CLIENT) -> bytes:
    """The document after these operations."""
    return merge([update, patch([update], client, operations)])


def nodes_of(update: bytes) -> list[Node]:
    return json_of(update)["content"]  # type: ignore[no-any-return]
