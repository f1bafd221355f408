"""The schema of our editor: what may become a document, and what is said when something may not."""

from typing import Any

import pytest

from crdt.editor import MAX_DEPTH, check_document, is_safe_link
from crdt.errors import InvalidContent


def paragraph(*content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def text(words: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": words, "marks": list(marks)}


def link(href: Any) -> dict[str, Any]:
    return {"type": "link", "attrs": {"href": href}}


@pytest.mark.parametrize(
    ("block", "path"),
    [
        (7, "content[0]"),
        ({}, "content[0].type"),
        ({"type": ["p"]}, "content[0].type"),
        ({"type": "table"}, "content[0].type"),
        ({"type": "text", "text": "loose"}, "content[0].type"),
        ({"type": "paragraph", "content": "words"}, "content[0].content"),
        ({"type": "paragraph", "attrs": []}, "content[0].attrs"),
        ({"type": "paragraph", "attrs": {"colour": "red"}}, "content[0].attrs.colour"),
        ({"type": "paragraph", "style": "red"}, "content[0].style"),
        ({"type": "heading", "attrs": {"level": 7}}, "content[0].attrs.level"),
        ({"type": "heading", "attrs": {"level": "2"}}, "content[0].attrs.level"),
        ({"type": "heading", "attrs": {"level": True}}, "content[0].attrs.level"),
        ({"type": "heading", "attrs": {"level": float("inf")}}, "content[0].attrs.level"),
        ({"type": "bulletList"}, "content[0].content"),
        ({"type": "bulletList", "content": [{"type": "taskItem"}]}, "content[0].content[0].type"),
        ({"type": "blockquote", "content": [{"type": "listItem"}]}, "content[0].content[0].type"),
        (
            {"type": "taskList", "content": [{"type": "taskItem", "attrs": {"checked": 1}, "content": [paragraph()]}]},
            "content[0].content[0].attrs.checked",
        ),
        (
            {"type": "orderedList", "content": [{"type": "listItem", "content": [{"type": "heading"}]}]},
            "content[0].content[0].content[0].type",
        ),
        ({"type": "image"}, "content[0].attrs.src"),
        ({"type": "image", "attrs": {"src": "data:image/svg+xml,<svg>"}}, "content[0].attrs.src"),
        ({"type": "image", "attrs": {"src": "/a.png", "width": -1}}, "content[0].attrs.width"),
        ({"type": "codeBlock", "content": [{"type": "hardBreak"}]}, "content[0].content[0].type"),
        ({"type": "codeBlock", "content": [text("x", {"type": "bold"})]}, "content[0].content[0].marks"),
        (paragraph({"type": "text"}), "content[0].content[0].text"),
        (paragraph({"type": "text", "text": ""}), "content[0].content[0].text"),
        (paragraph(text("\ud83d")), "content[0].content[0].text"),
        (paragraph({"type": "text", "text": "x", "marks": {}}), None),
        (paragraph({"type": "text", "text": "x", "marks": "bold"}), "content[0].content[0].marks"),
        (paragraph(text("x", {"type": "blink"})), "content[0].content[0].marks[0].type"),
        (paragraph(text("x", {"type": "link"})), "content[0].content[0].marks[0].attrs.href"),
        (paragraph(text("x", link("javascript:alert(1)"))), "content[0].content[0].marks[0].attrs.href"),
        (paragraph(text("x", link(5))), "content[0].content[0].marks[0].attrs.href"),
        (paragraph(text("x", {"type": "code"}, {"type": "bold"})), "content[0].content[0].marks"),
    ],
)
def test_the_first_fault_is_named_with_its_path(block: Any, path: str | None) -> None:
    document = {"type": "doc", "content": [block]}
    if path is None:
        check_document(document)
        return
    with pytest.raises(InvalidContent) as caught:
        check_document(document)
    assert caught.value.path == path
    assert str(caught.value) == f"{path}: {caught.value.issue}"


@pytest.mark.parametrize("content", [{}, {"a": 1}, {"type": "page"}, 7, "text", None])
def test_other_json_is_refused(content: Any) -> None:
    with pytest.raises(InvalidContent, match="only the editor's own JSON"):
        check_document(content)


def test_depth_is_limited_before_the_interpreter_is() -> None:
    block: dict[str, Any] = {"type": "paragraph"}
    for _ in range(5_000):
        block = {"type": "blockquote", "content": [block]}
    with pytest.raises(InvalidContent, match=f"deeper than {MAX_DEPTH}"):
        check_document({"type": "doc", "content": [block]})


def test_defaults_are_filled_in_nulls_dropped_and_marks_ordered() -> None:
    given = {
        "type": "doc",
        "attrs": None,
        "content": [
            {"type": "heading", "attrs": {"level": None}, "marks": []},
            {"type": "taskList", "content": [{"type": "taskItem", "content": [paragraph()]}]},
            paragraph(text("x", {"type": "italic", "attrs": {}}, {"type": "bold"})),
        ],
    }
    assert check_document(given)["content"] == [
        {"type": "heading", "attrs": {"level": 1}},
        {
            "type": "taskList",
            "content": [{"type": "taskItem", "attrs": {"checked": False}, "content": [{"type": "paragraph"}]}],
        },
        paragraph({"type": "text", "text": "x", "marks": [{"type": "bold"}, {"type": "italic"}]}),
    ]


def test_a_pasted_raster_image_may_stay() -> None:
    image = {"type": "image", "attrs": {"src": "data:image/png;base64,iVBORw0KGgo="}}
    assert check_document({"type": "doc", "content": [image]})["content"] == [image]


@pytest.mark.parametrize("url", ["https://a.b/c?d#e", "/docs/1", "#top", "mailto:a@b.c", "tel:+1", "page.html", ""])
def test_addresses_to_go_to_are_safe(url: str) -> None:
    assert is_safe_link(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        " javascript:x",
        "java\nscript:x",
        "\x01javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:x",
        "http://[broken",
    ],
)
def test_addresses_that_run_or_embed_are_not(url: str) -> None:
    assert not is_safe_link(url)
