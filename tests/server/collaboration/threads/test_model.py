"""What a comment may be, before anybody is asked."""

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crdt.relative_positions import RelativePosition
from server.collaboration.threads.model import MAX_CONTENT_BYTES, NewComment, TextRange

ITEM = RelativePosition(item=(7, 3))


def comment(**fields: Any) -> NewComment:
    return NewComment.model_validate({"content": "Why?", **fields})


def test_a_body_is_kept_as_it_was_written_but_for_the_ends_of_lines() -> None:
    assert comment(content="  # One\r\n\ttwo\rthree <b>\n").content == "# One\n\ttwo\nthree <b>"


@pytest.mark.parametrize(
    "content", ["", " \n ", "a\0b", "a\x1bb", "\u202eabc", "é" * (MAX_CONTENT_BYTES // 2 + 1), None, 5]
)
def test_a_body_that_is_none_is_refused(content: object) -> None:
    with pytest.raises(ValidationError) as caught:
        comment(content=content)
    assert caught.value.errors()[0]["loc"] == ("content",)


def test_the_longest_body_is_taken() -> None:
    assert len(comment(content="x" * MAX_CONTENT_BYTES).content) == MAX_CONTENT_BYTES


def test_an_own_id_is_a_uuid_in_either_form() -> None:
    plain = "0192d3c4e5f60718293a4b5c6d7e8f90"
    assert comment(id="0192d3c4-e5f6-0718-293a-4b5c6d7e8f90").id == comment(id=plain).id == plain
    for wrong in ("1", "x" * 32, "../../etc/passwd", plain.upper()):
        with pytest.raises(ValidationError):
            comment(id=wrong)


def test_both_forms_of_a_relative_position_are_the_same() -> None:
    said = b64encode(ITEM.encode()).decode()
    by_bytes, by_json = TextRange.model_validate({"start": said}), TextRange.model_validate({"start": ITEM.to_json()})
    assert by_bytes.encoded() == by_json.encoded() == (ITEM.encode(), None)


@pytest.mark.parametrize("start", [None, "", "!!!", "//8=", {}, {"item": 5}, 7, [], "A" * 9_000])
def test_an_anchor_that_is_none_is_refused_and_named(start: object) -> None:
    with pytest.raises(ValidationError) as caught:
        comment(anchor={"start": start})
    assert caught.value.errors()[0]["loc"][0] == "anchor"


@given(st.text(max_size=40) | st.dictionaries(st.sampled_from(["item", "tname", "type", "assoc"]), st.integers()))
@settings(max_examples=50)
def test_no_anchor_raises_anything_else(start: object) -> None:
    try:
        encoded = TextRange.model_validate({"start": start}).encoded()[0]
    except ValidationError:
        return
    assert RelativePosition.decode(encoded).encode() == encoded


def test_a_place_is_given_once() -> None:
    with pytest.raises(ValidationError, match="not both"):
        comment(anchor={"start": ITEM.to_json()}, position={"line": 1, "column": 1})
    with pytest.raises(ValidationError):
        comment(position={"line": -1, "column": 1})
