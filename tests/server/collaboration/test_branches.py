"""Branches are seen by whom may see them, and merged or discarded once, with an event."""

from typing import Any

import pytest
from pycrdt import Doc, Text

from persistence.branches import BranchStore, NewBranch
from server.clock import SystemClock
from tests.server.support import Person, Place

OLD = "0" * 32


def copy_of(text: str, client_id: int | None = None) -> bytes:
    doc: Doc[Any] = Doc() if client_id is None else Doc(client_id=client_id)
    doc["text"] = Text(text)
    return doc.get_update()


@pytest.fixture
async def workspace(ada: Person) -> str:
    return await ada.workspace()


@pytest.fixture
async def document(ada: Person, workspace: str) -> str:
    return await ada.document(workspace)


async def kept(place: Place, who: Person, document: str, data: bytes) -> str:
    """The address of a branch of his."""
    new = NewBranch(document, who.id, OLD, data.hex()[:64], data)
    row = (await BranchStore(place.house.database).keep(new, SystemClock().now(), most=9)).row
    return f"/collaboration/documents/{document}/branches/{row.id}"


async def member(place: Place, workspace: str, email: str, role: str) -> Person:
    person = await place.colleague(email)
    body = {"email": email, "role": role}
    assert (await place.admin.post(f"/collaboration/workspaces/{workspace}/members", body)).is_success
    return person


async def set_role(ada: Person, workspace: str, who: Person, role: str) -> None:
    path = f"/collaboration/workspaces/{workspace}/members/{who.id}"
    assert (await ada.ask("PUT", path, json={"role": role})).is_success


async def text_of(ada: Person, document: str) -> Any:
    shown = await ada.get(f"/collaboration/documents/{document}/content")
    return shown.json()["data"]["content"]["roots"]["text"]


async def test_a_branch_is_merged_once_as_an_edit_of_the_caller(
    place: Place, ada: Person, workspace: str, document: str
) -> None:
    ben = await member(place, workspace, "ben@example.org", "editor")
    branch = await kept(place, ben, document, copy_of("mine"))
    merged = (await ada.post(branch + "/merge")).json()["data"]
    assert (merged["changed"], merged["version"]) == (True, 1)
    assert (merged["branch"]["state"], merged["branch"]["decided_by"]) == ("merged", ada.id)
    assert merged["branch"]["user_name"] == "ben"
    [row] = await place.house.document_log.read(document, 0)
    assert row.writer == ada.id
    assert await text_of(ada, document) == "mine"
    again = (await ada.post(branch + "/merge")).json()["data"]
    assert (again["changed"], again["version"]) == (False, 1)
    assert len(await place.house.document_log.read(document, 0)) == 1
    assert (await ada.ask("DELETE", branch)).status_code == 409
    items = (await ada.get(f"/collaboration/workspaces/{workspace}/activity")).json()["data"]["items"]
    told = [item for item in items if item["type"] == "counterpoint.document.branch_merged.v1"]
    assert [item["actor"]["id"] for item in told] == [ada.id]
    assert told[0]["summary"].endswith("merged a kept copy of ben into Score")


async def test_what_the_document_has_already_is_merged_without_a_change(
    place: Place, ada: Person, document: str
) -> None:
    first, second = [await kept(place, ada, document, copy_of("same", 7)) for _ in range(2)]
    assert first == second
    assert (await ada.post(first + "/merge")).json()["data"]["changed"] is True
    again = await kept(place, ada, document, copy_of("same", 7))
    assert again != first
    assert (await ada.post(again + "/merge")).json()["data"]["changed"] is False


async def test_a_branch_that_contradicts_the_document_is_not_merged(place: Place, ada: Person, document: str) -> None:
    first, second = [await kept(place, ada, document, copy_of(text, 7)) for text in ("mine", "othr")]
    assert (await ada.post(first + "/merge")).status_code == 200
    refused = await ada.post(second + "/merge")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert (await ada.get(second)).json()["data"]["state"] == "kept"
    assert len(await place.house.document_log.read(document, 0)) == 1


async def test_a_branch_is_downloaded_as_an_update_and_as_text(place: Place, ada: Person, document: str) -> None:
    data = copy_of("mine")
    branch = await kept(place, ada, document, data)
    whole = await ada.get(branch + "/content")
    assert (whole.content, whole.headers["content-type"]) == (data, "application/octet-stream")
    assert "attachment" in whole.headers["content-disposition"]
    text = await ada.get(branch + "/content?format=text")
    assert "mine" in text.text
    assert text.headers["content-type"].startswith("text/plain")
    assert (await ada.get(branch + "/content?format=doc")).status_code == 422


async def test_a_discarded_branch_has_no_content_and_cannot_be_merged(place: Place, ada: Person, document: str) -> None:
    branch = await kept(place, ada, document, copy_of("mine"))
    assert (await ada.ask("DELETE", branch)).status_code == 204
    assert (await ada.ask("DELETE", branch)).status_code == 204
    assert (await ada.get(branch)).json()["data"]["state"] == "discarded"
    assert (await ada.get(branch + "/content")).status_code == 409
    assert (await ada.post(branch + "/merge")).status_code == 409


async def test_editors_see_all_branches_others_their_own_and_strangers_none(
    place: Place, ada: Person, workspace: str, document: str
) -> None:
    ben, cyd = [await member(place, workspace, f"{name}@example.org", "editor") for name in ("ben", "cyd")]
    eve = await place.colleague("eve@example.org")
    mine, theirs = [await kept(place, who, document, copy_of(who.id)) for who in (ben, cyd)]
    await set_role(ada, workspace, ben, "viewer")
    listing = f"/collaboration/documents/{document}/branches"

    async def seen(who: Person) -> list[str]:
        return [f"{listing}/{row['id']}" for row in (await who.get(listing)).json()["data"]]

    assert await seen(ada) == await seen(cyd) == [mine, theirs]
    assert await seen(ben) == [mine]
    for path in (theirs, theirs + "/content"):
        assert (await ben.get(path)).status_code == 404
    assert (await ben.get(mine + "/content")).status_code == 200
    assert (await ben.post(mine + "/merge")).status_code == 403
    assert (await ben.ask("DELETE", mine)).status_code == 403
    for method, path in (
        ("GET", listing),
        ("GET", mine),
        ("GET", mine + "/content"),
        ("POST", mine + "/merge"),
        ("DELETE", mine),
    ):
        assert (await eve.ask(method, path)).status_code == 404, path


async def test_a_branch_of_another_document_is_not_there(
    place: Place, ada: Person, workspace: str, document: str
) -> None:
    other = await ada.document(workspace, "Other")
    branch = (await kept(place, ada, document, copy_of("mine"))).rpartition("/")[2]
    assert (await ada.post(f"/collaboration/documents/{other}/branches/{branch}/merge")).status_code == 404
