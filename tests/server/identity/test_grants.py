"""Patterns in applications' tokens."""

import fnmatch
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt.room import Right
from server.identity.grants import granted, matches
from server.identity.principal import DocumentGrant


@pytest.mark.parametrize(
    ("pattern", "name", "does"),
    [
        ("report-7", "report-7", True),
        ("report-7", "report-70", False),
        ("report-*", "report-", True),
        ("report-*", "report-7/b", True),
        ("*", "anything at all", True),
        ("a*c*e", "abcde", True),
        ("a*c*e", "ace", True),
        ("ab*ba", "aba", False),
        ("*x*", "abc", False),
        ("a?c", "abc", False),
        ("[ab]", "a", False),
        ("a.c", "abc", False),
        ("Ä*", "Ärger", True),
        ("REPORT", "report", False),
    ],
)
def test_only_the_star_is_special(pattern: str, name: str, does: bool) -> None:
    assert matches(pattern, name) is does


@settings(max_examples=200)
@given(st.text("ab*", max_size=12), st.text("ab", max_size=12))
def test_it_matches_what_a_shell_matches(pattern: str, name: str) -> None:
    assert matches(pattern, name) is (re.fullmatch(fnmatch.translate(pattern), name) is not None)


def test_the_highest_of_the_matching_grants_counts() -> None:
    grants = [DocumentGrant("*", Right.READ), DocumentGrant("a*", Right.WRITE), DocumentGrant("ab", Right.COMMENT)]
    assert granted(grants, "0" * 32, "ab") is Right.WRITE
    assert granted(grants, "0" * 32, "b") is Right.READ
    assert granted([], "0" * 32, "ab") is None


def test_an_id_is_matched_only_whole() -> None:
    document = "abc" + "0" * 29
    assert granted([DocumentGrant("*", Right.WRITE), DocumentGrant("a*", Right.WRITE)], document, None) is None
    assert granted([DocumentGrant(document, Right.READ)], document, None) is Right.READ
