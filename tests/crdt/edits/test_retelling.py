"""Plain text in the place of a document."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.document import seed
from crdt.edits.editing import put
from crdt.projection import markdown_of, text_of
from crdt.updates import merge
from tests.crdt.edits.documents import CLIENT, blocks, editor, words

MARKDOWN = "# Plan\n\nEins **zwei** drei\\\nvier\n\n- a\n- b\n\n---\n\n```py\nx\ny\n```\n\n- [x] fertig\n"


def told(text: str) -> str:
    update = seed(MARKDOWN, "markdown")
    return markdown_of(merge([update, put([update], CLIENT, text, "text")]))


@pytest.mark.parametrize(
    ("old", "new", "markdown"),
    [
        ("Plan", "Plan B", MARKDOWN.replace("Plan", "Plan B")),
        ("zwei", "zweimal", MARKDOWN.replace("zwei", "zweimal")),
        ("vier", "fünf", MARKDOWN.replace("vier", "fünf")),
        ("a\n", "a\nneu\n", MARKDOWN.replace("- a\n", "- a\n- neu\n")),
        ("a\n", "", MARKDOWN.replace("- a\n", "")),
        ("a\nb\n", "", MARKDOWN.replace("- a\n- b\n\n", "")),
        ("x\n", "x\nz\n", MARKDOWN.replace("x\n", "x\nz\n")),
        ("fertig", "fertig\noffen", MARKDOWN + "- [ ] offen\n"),
        ("Plan\n", "Plan\nNull\n", MARKDOWN.replace("# Plan\n", "# Plan\n\nNull\n")),
        ("Plan\n", "Vorher\nPlan\n", "Vorher\n\n" + MARKDOWN),
    ],
)
def test_E8_lines_that_stay_keep_their_blocks(old: str, new: str, markdown: str) -> None:
    text = text_of(seed(MARKDOWN, "markdown"))
    assert told(text.replace(old, new)) == markdown


@given(blocks(), st.lists(words | st.just(""), min_size=1, max_size=8), st.data())
@settings(max_examples=40, deadline=None)
def test_E8_the_text_is_the_one_that_was_put(
    before: list[dict[str, object]], lines: list[str], data: st.DataObject
) -> None:
    update = editor(before)
    mixed = text_of(update).split("\n")
    for line in lines:
        place = data.draw(st.integers(0, len(mixed)))
        mixed[place : place + data.draw(st.integers(0, 2))] = [line]
    wanted = "\n".join(mixed)
    assert text_of(merge([update, put([update], CLIENT, wanted, "text")])) == wanted
