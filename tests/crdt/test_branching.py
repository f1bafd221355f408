"""What a copy has that the document lacks is kept whole, and can be brought into it."""

from typing import Any

import pytest
from pycrdt import Doc, Text

from crdt.branching import bring, set_apart
from crdt.errors import RefusedUpdate
from crdt.guard import Limits
from crdt.updates import EMPTY_UPDATE, take

LIMITS = Limits()


def doc_of(client_id: int, *updates: bytes) -> "Doc[Any]":
    doc: Doc[Any] = Doc(client_id=client_id)
    doc["text"] = Text()
    for update in updates:
        doc.apply_update(update)
    return doc


def write(doc: "Doc[Any]", text: str) -> bytes:
    """The update that it is."""
    before = doc.get_state()
    doc["text"] += text
    return doc.get_update(before)


def shared() -> "tuple[Doc[Any], Doc[Any], bytes]":
    """A copy that went on with "mine", a document that went on with "theirs", and what both begin with."""
    past = write(doc_of(1), "past ")
    copy, document = doc_of(2, past), doc_of(3, past)
    write(copy, "mine ")
    write(document, "theirs ")
    return copy, document, past


def test_a_copy_with_something_of_its_own_is_kept_whole() -> None:
    copy, document, _ = shared()
    kept = set_apart([document.get_update()], [copy.get_update()], LIMITS)
    assert kept is not None
    assert str(doc_of(9, kept)["text"]) == "past mine "


def test_a_copy_that_the_document_has_already_is_not_kept() -> None:
    copy, document, past = shared()
    assert set_apart([document.get_update()], [past], LIMITS) is None
    assert set_apart([document.get_update(), copy.get_update()], [copy.get_update()], LIMITS) is None
    assert set_apart([document.get_update()], [EMPTY_UPDATE], LIMITS) is None


def test_a_deletion_is_something_of_its_own() -> None:
    _, document, past = shared()
    erased = doc_of(4, past)
    del erased["text"][0:1]
    assert set_apart([document.get_update()], [erased.get_update()], LIMITS) is not None


def test_the_same_copy_gives_the_same_bytes_however_it_is_cut() -> None:
    copy, document, past = shared()
    more = write(copy, "more")
    whole, parts = copy.get_update(), [past, copy.get_update(doc_of(5, past).get_state()), more]
    assert whole not in parts
    assert set_apart([document.get_update()], parts, LIMITS) == set_apart([document.get_update()], [whole], LIMITS)


def test_a_copy_beyond_the_limits_is_refused() -> None:
    copy, document, _ = shared()
    with pytest.raises(RefusedUpdate):
        set_apart([document.get_update()], [copy.get_update()], Limits(max_bytes=10))


def test_what_the_document_lacks_is_brought_into_it_once() -> None:
    copy, document, _ = shared()
    brought = bring([document.get_update()], 7, copy.get_update(), LIMITS)
    document.apply_update(brought)
    copy.apply_update(document.get_update())
    assert str(document["text"]) == str(copy["text"])
    assert "mine" in str(document["text"])
    assert "theirs" in str(document["text"])
    assert len(brought) < len(copy.get_update())
    assert bring([document.get_update()], 7, copy.get_update(), LIMITS) == EMPTY_UPDATE


def test_what_waits_for_something_that_neither_has_is_left_out() -> None:
    copy, document, past = shared()
    write(copy, "more")
    lonely = doc_of(6, copy.get_update())
    write(lonely, "lonely")
    without_copy = [past, lonely.get_update(copy.get_state())]
    assert bring([document.get_update()], 7, without_copy[1], LIMITS) == EMPTY_UPDATE
    part = take(copy.get_update(), {1: 5, 2: 4})
    assert bring([document.get_update()], 7, part, LIMITS) != EMPTY_UPDATE


def test_the_same_client_id_with_other_content_cannot_be_brought_but_is_kept() -> None:
    past = write(doc_of(1), "past ")
    copy, document = doc_of(2, past), doc_of(2, past)
    write(copy, "mine")
    write(document, "othr")
    with pytest.raises(RefusedUpdate):
        bring([document.get_update()], 7, copy.get_update(), LIMITS)
    assert set_apart([document.get_update()], [copy.get_update()], LIMITS) is not None
