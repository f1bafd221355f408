"""Markdown as CommonMark reads it, in our editor's nodes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.editor import check_document
from crdt.markdown import read_markdown


def text(words: str, *marks: str) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"marks": [{"type": mark} for mark in marks]} if marks else {})


def paragraph(*content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)} if content else {"type": "paragraph"}


def item(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "listItem", "content": list(blocks)}


CASES: list[tuple[str, list[dict[str, Any]]]] = [
    ("", []),
    ("two\nlines", [paragraph(text("two lines"))]),
    ("hard\\\nbreak<br>", [paragraph(text("hard"), {"type": "hardBreak"}, text("break"), {"type": "hardBreak"})]),
    ("### Ü *b*", [{"type": "heading", "attrs": {"level": 3}, "content": [text("Ü "), text("b", "italic")]}]),
    ("**a*b***", [paragraph(text("a", "bold"), text("b", "bold", "italic"))]),
    ("~~x~~ <u>y</u> <b>z</b>", [paragraph(text("x", "strike"), text(" "), text("y", "underline"), text(" <b>z</b>"))]),
    ("**`x`**", [paragraph(text("x", "code"))]),
    (
        "[`x`](/a)",
        [paragraph({"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": "/a"}}]})],
    ),
    ("[x](javascript:alert(1))", [paragraph(text("[x](javascript:alert(1))"))]),
    ("[x](file:///etc/passwd)", [paragraph(text("[x](file:///etc/passwd)"))]),
    ("[x](blob:abc)", [paragraph(text("x"))]),
    ("<div>raw</div>", [paragraph(text("<div>raw</div>"))]),
    ("- a\n- b", [{"type": "bulletList", "content": [item(paragraph(text("a"))), item(paragraph(text("b")))]}]),
    ("-", [{"type": "bulletList", "content": [item(paragraph())]}]),
    (
        "- # h",
        [
            {
                "type": "bulletList",
                "content": [
                    item(paragraph(), {"type": "heading", "attrs": {"level": 1}, "content": [text("h")]}),
                ],
            }
        ],
    ),
    ("7. x", [{"type": "orderedList", "attrs": {"start": 7}, "content": [item(paragraph(text("x")))]}]),
    (
        "- [ ] a\n- [x] b\n- [X]",
        [
            {
                "type": "taskList",
                "content": [
                    {"type": "taskItem", "attrs": {"checked": False}, "content": [paragraph(text("a"))]},
                    {"type": "taskItem", "attrs": {"checked": True}, "content": [paragraph(text("b"))]},
                    {"type": "taskItem", "attrs": {"checked": True}, "content": [paragraph()]},
                ],
            }
        ],
    ),
    (
        "- [ ] a\n- b",
        [{"type": "bulletList", "content": [item(paragraph(text("[ ] a"))), item(paragraph(text("b")))]}],
    ),
    (">", [{"type": "blockquote", "content": [paragraph()]}]),
    ("```py x\na\n\nb\n```", [{"type": "codeBlock", "attrs": {"language": "py"}, "content": [text("a\n\nb")]}]),
    ("    code", [{"type": "codeBlock", "content": [text("code")]}]),
    ("***", [{"type": "horizontalRule"}]),
    (
        'a ![alt](/b.png "t") c',
        [
            paragraph(text("a ")),
            {"type": "image", "attrs": {"src": "/b.png", "alt": "alt", "title": "t"}},
            paragraph(text(" c")),
        ],
    ),
    ("![only](/b.png)", [{"type": "image", "attrs": {"src": "/b.png", "alt": "only"}}]),
    ("![bad](data:image/png;base64,AA)", [paragraph(text("bad"))]),
]


@pytest.mark.parametrize(("markdown", "blocks"), CASES)
def test_markdown_becomes_the_editors_nodes(markdown: str, blocks: list[dict[str, Any]]) -> None:
    assert read_markdown(markdown) == {"type": "doc", "content": blocks}


@settings(max_examples=150)
@given(st.text(st.sampled_from("ab1 \n\t#*_~`>-+[]()!<u>/x.:\\😀é"), max_size=60))
def test_any_markdown_is_a_document_of_our_schema(markdown: str) -> None:
    check_document(read_markdown(markdown))


def test_deep_nesting_is_text() -> None:
    check_document(read_markdown("> " * 500 + "deep"))
    check_document(read_markdown("[" * 5_000))
