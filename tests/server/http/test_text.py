"""Text of a field: trimmed, and nothing in it that steers a terminal, breaks a line or shows another name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from server.http.text import DECEPTIVE, Line, Prose

line, prose = TypeAdapter(Line), TypeAdapter(Prose)


def test_ends_are_trimmed() -> None:
    assert line.validate_python("  Die Kunst der Fuge ") == "Die Kunst der Fuge"
    assert prose.validate_python(" a\n\tb\r\n ") == "a\n\tb"


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_a_line_is_not_empty_and_prose_may_be(text: str) -> None:
    with pytest.raises(ValidationError):
        line.validate_python(text)
    assert prose.validate_python(text) == ""


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x9b", "\u2028", "\u2029", *sorted(DECEPTIVE)])
def test_what_deceives_is_refused_by_its_number(character: str) -> None:
    for adapter in (line, prose):
        with pytest.raises(ValidationError, match=rf"U\+{ord(character):04X}"):
            adapter.validate_python(f"a{character}b")


def test_a_line_has_no_break() -> None:
    with pytest.raises(ValidationError, match=r"U\+000A"):
        line.validate_python("a\nb")


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M"]), min_size=1))
@settings(max_examples=50)
def test_ordinary_text_of_any_script_stays_as_it_is(text: str) -> None:
    assert line.validate_python(text) == text.strip()
