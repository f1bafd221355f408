"""The checker finds each thing that may not happen, and nothing where all is well."""

import pytest

from tests.e2e.chaos.checker import Typed, wrongs_of_a_document, wrongs_of_a_viewer, wrongs_of_once

TYPED = [Typed("a", ["⟦a:1⟧", "⟦a:2⟧"], {"⟦a:1⟧"}), Typed("b", ["⟦b:1⟧"], {"⟦b:1⟧"})]
WHOLE = "⟦b:1⟧⟦a:1⟧⟦a:2⟧"


def test_all_is_well_where_each_has_each_token_once() -> None:
    assert wrongs_of_a_document(TYPED, {"a": WHOLE, "the store": WHOLE}) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("⟦b:1⟧⟦a:2⟧", "acknowledged and lost"),
        ("⟦b:1⟧⟦a:1⟧", "held by its client and not there"),
        (WHOLE + "⟦a:1⟧", "there more than once"),
        (WHOLE + "⟦c:1⟧", "typed by nobody"),
        (WHOLE + "a:1⟧", "no token"),
    ],
)
def test_what_one_reader_sees_wrongly_is_said(text: str, words: str) -> None:
    (wrong,) = wrongs_of_a_document(TYPED, {"the store": text})
    assert wrong.startswith("the store: ")
    assert words in wrong


def test_replicas_that_differ_are_said_though_each_has_every_token() -> None:
    (wrong,) = wrongs_of_a_document(TYPED, {"a": WHOLE, "b": "⟦a:1⟧⟦b:1⟧⟦a:2⟧"})
    assert wrong.startswith("replicas differ")


def test_what_a_viewer_still_holds_need_not_come() -> None:
    assert wrongs_of_a_document([Typed("v", ["⟦v:1⟧"], set(), is_allowed=False)], {"the store": ""}) == []


def test_a_late_word_of_a_viewer_is_found_where_it_is_acknowledged_and_where_it_is_written() -> None:
    assert wrongs_of_a_viewer({"⟦v:2⟧"}, {"⟦v:1⟧"}, {"the store": "⟦v:1⟧"}) == []
    assert len(wrongs_of_a_viewer({"⟦v:2⟧"}, {"⟦v:2⟧"}, {"the store": "⟦v:1⟧"})) == 1
    assert len(wrongs_of_a_viewer({"⟦v:2⟧"}, {"⟦v:1⟧"}, {"the store": "⟦v:2⟧"})) == 1


def test_a_comment_that_is_lost_or_doubled_or_foreign_is_found() -> None:
    assert wrongs_of_once("comments", ["1", "2"], ["2", "1"]) == []
    for there in (["1"], ["1", "2", "2"], ["1", "2", "3"]):
        assert len(wrongs_of_once("comments", ["1", "2"], there)) == 1
