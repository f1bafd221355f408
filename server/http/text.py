"""Text that people typed into a field: trimmed, bounded, and without characters that steer terminals or hide others."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

__all__ = ["Line", "Prose", "checked_text"]

# Bidirectional overrides let a name show as another one (CVE-2021-42574); lone surrogates are no text at all.
DECEPTIVE = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
NOT_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})


def checked_text(value: str, allowed: str = "") -> str:
    """The value itself, or ValueError with the first character that may not be in it."""
    for character in value:
        if character in allowed:
            continue
        if character in DECEPTIVE or unicodedata.category(character) in NOT_TEXT:
            raise ValueError(f"must not have the character U+{ord(character):04X}")
    return value


def _line(value: str) -> str:
    return checked_text(value)


def _prose(value: str) -> str:
    return checked_text(value, "\n\r\t")


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_line)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_prose)]
