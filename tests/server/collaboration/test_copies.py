"""A copy of before a restore is kept once, with an event, for whom may write; and only if it has something new."""

import asyncio
from typing import Any

import pytest
from pycrdt import Doc, Text

from crdt.room import Right
from persistence.branches import BranchStore
from server.collaboration import copies
from server.errors import Invalid, NotFound, OtherIncarnation, Refused
from server.realtime.copies import CopyKeeper
from server.realtime.door import Admission, Guest
from tests.server.support import Person, Place

OLD = "0" * 32


def copy_of(text: str) -> bytes:
    doc: Doc[Any] = Doc()
    doc["text"] = Text(text)
    return doc.get_update()


def keeper_of(place: Place) -> CopyKeeper:
    return place.house.realtime.hall.copies


@pytest.fixture
async def document(ada: Person) -> str:
    return await ada.document(await ada.workspace())


async def admitted(place: Place, who: Person, document: str, right: Right | None = Right.WRITE) -> Admission:
    async def recheck() -> Right | None:
        return right

    organisation = (await who.get("/auth/me")).json()["organisation"]["id"]
    return Admission(Guest(who.id, "Ada", organisation, "", None), document, Right.WRITE, recheck)


async def test_a_copy_is_kept_once_and_the_workspace_hears_of_it(place: Place, ada: Person, document: str) -> None:
    admission, copy = await admitted(place, ada, document), copy_of("mine")
    first = await keeper_of(place).keep(admission, [], OLD, [copy])
    assert await keeper_of(place).keep(admission, [], OLD, [copy]) == first
    store = BranchStore(place.house.database)
    [row] = await store.of(document)
    assert (row.id, row.user_id, row.incarnation, row.state) == (first, ada.id, OLD, "kept")
    data = await store.data(document, row.id)
    assert data is not None
    doc: Doc[Any] = Doc()
    doc.apply_update(data)
    assert str(doc.get("text", type=Text)) == "mine"
    assert row.size == len(data)
    workspace = (await ada.get(f"/collaboration/documents/{document}")).json()["data"]["workspace_id"]
    activity = (await ada.get(f"/collaboration/workspaces/{workspace}/activity")).json()["data"]["items"]
    kept = [item for item in activity if item["type"] == "counterpoint.document.branch_kept.v1"]
    assert [(item["actor"]["id"], item["target"]) for item in kept] == [(ada.id, {"type": "document", "id": document})]


async def test_copies_of_a_users_tabs_are_one_branch_that_has_all(place: Place, ada: Person, document: str) -> None:
    admission, doc = await admitted(place, ada, document), Doc[Any]()
    doc["text"] = text = Text("one ")
    states = [doc.get_update()]
    for word in ("two ", "three"):
        text += word
        states.append(doc.get_update())
    first, middle, last = states
    keep = keeper_of(place).keep
    branches = await asyncio.gather(*(keep(admission, [], OLD, [copy]) for copy in (middle, last, first, middle)))
    assert len(set(branches)) == 1
    store = BranchStore(place.house.database)
    [row] = await store.of(document)
    data = await store.data(document, row.id)
    assert data is not None
    found: Doc[Any] = Doc()
    found.apply_update(data)
    assert str(found.get("text", type=Text)) == "one two three"
    assert await keep(admission, [], OLD, [copy_of("something else")]) != row.id


async def test_a_copy_with_nothing_new_is_not_kept(place: Place, ada: Person, document: str) -> None:
    copy = copy_of("ours")
    assert await keeper_of(place).keep(await admitted(place, ada, document), [copy], OLD, [copy]) is None
    assert await BranchStore(place.house.database).of(document) == []


@pytest.mark.parametrize(("right", "error"), [(None, NotFound), (Right.COMMENT, OtherIncarnation)])
async def test_who_may_not_write_has_no_copy_kept(
    place: Place, ada: Person, document: str, right: Right | None, error: type[Exception]
) -> None:
    admission = await admitted(place, ada, document, right)
    with pytest.raises(error):
        await keeper_of(place).keep(admission, [], OLD, [copy_of("mine")])
    assert await BranchStore(place.house.database).of(document) == []


async def test_what_is_no_update_is_refused(place: Place, ada: Person, document: str) -> None:
    admission = await admitted(place, ada, document)
    with pytest.raises(Invalid):
        await keeper_of(place).keep(admission, [], OLD, [b"\xff"])


async def test_one_user_has_so_many_copies_of_a_document(
    place: Place, ada: Person, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "MOST_OF_A_USER", 1)
    admission = await admitted(place, ada, document)
    assert await keeper_of(place).keep(admission, [], OLD, [copy_of("one")])
    with pytest.raises(Refused, match="Merge or discard"):
        await keeper_of(place).keep(admission, [], OLD, [copy_of("two")])


async def test_a_document_that_is_not_there_keeps_nothing(place: Place, ada: Person) -> None:
    with pytest.raises(NotFound):
        await keeper_of(place).keep(await admitted(place, ada, "none"), [], OLD, [copy_of("mine")])
