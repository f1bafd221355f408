"""What is written as Markdown reads back as the same document."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.markdown import read_markdown
from crdt.markdown_writer import write_markdown

CANONICAL = [
    "# Überschrift 😀",
    'a **b** *c* ~~d~~ <u>e</u> `f` [g](https://h.i "t")',
    "line\\\nbreak",
    "- a\n- b\n  - c\n  - d",
    "- a\n\n  second\n\n- b",
    "- a\n\n* b",
    "1. one\n2. two\n\n1) other",
    "- [ ] todo\n- [x] done",
    "> quote\n>\n> - in it",
    "```py\nx = 1\n```",
    "````\n```\n````",
    "---",
    '![alt](/a.png "t")',
    "\\# no heading",
    "1\\. no list",
    "\\- no list",
    "\\*stars\\* \\[brackets\\] \\<tag\\> \\&amp; back\\\\slash \\`tick\\`",
    "[**bold** link](/a)",
    "``a`b``",
]


@pytest.mark.parametrize("markdown", CANONICAL)
def test_canonical_markdown_is_written_as_it_was_read(markdown: str) -> None:
    assert write_markdown(read_markdown(markdown)) == f"{markdown}\n"


words = st.text(st.sampled_from("ab1 #*_~`>-+[]()!<u>.:\\&é😀="), min_size=1, max_size=12).map(
    lambda text: re.sub(" +", " ", text).strip() or "x"
)


def texts() -> st.SearchStrategy[list[dict[str, Any]]]:
    return words.map(lambda text: [{"type": "text", "text": text}])


paragraphs = texts().map(lambda content: {"type": "paragraph", "content": content})
headings = st.builds(
    lambda level, content: {"type": "heading", "attrs": {"level": level}, "content": content},
    st.integers(1, 6),
    texts(),
)
codes = st.text(st.sampled_from("a `\n~"), min_size=1, max_size=12).map(
    lambda text: {"type": "codeBlock", "content": [{"type": "text", "text": text}]}
)
blocks = st.recursive(
    st.one_of(paragraphs, headings, codes, st.just({"type": "horizontalRule"})),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"type": "blockquote", "content": each}),
        st.lists(
            st.builds(
                lambda first, rest: {"type": "listItem", "content": [first, *rest]},
                paragraphs,
                st.lists(inner, max_size=2),
            ),
            min_size=1,
            max_size=3,
        ).map(lambda items: {"type": "bulletList", "content": items}),
    ),
    max_leaves=6,
)


@settings(max_examples=200)
@given(st.lists(blocks, max_size=4))
def test_any_document_of_plain_text_survives(content: list[dict[str, Any]]) -> None:
    document = {"type": "doc", "content": content}
    assert read_markdown(write_markdown(document)) == document


@pytest.mark.parametrize("text", ["#", "a #", "a ##  ", "#a", "a#", "\\#"])
def test_a_heading_keeps_the_signs_at_its_end(text: str) -> None:
    document = {
        "type": "doc",
        "content": [
            {"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": text.strip()}]},
        ],
    }
    assert read_markdown(write_markdown(document)) == document


@pytest.mark.parametrize("text", ["[ ]", "[x] done", "[ ] to do"])
def test_a_list_item_that_looks_like_a_task_stays_text(text: str) -> None:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    document = {
        "type": "doc",
        "content": [{"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph]}]}],
    }
    assert read_markdown(write_markdown(document)) == document


def test_unknown_nodes_give_their_text() -> None:
    cell = {"type": "cell", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}]}
    document = {"type": "doc", "content": [{"type": "table", "content": [cell]}, {"type": "chart"}]}
    assert write_markdown(document).strip() == "x"
