"""C9: what has happened in a workspace, for those who may see it."""

from collections import Counter
from typing import Any

import pytest

from persistence.accounts import AccountStore
from server.events.catalogue import CATALOGUE
from server.events.documents import DocumentCreated, DocumentRenamed
from server.events.invitations import MemberInvited
from server.events.model import Actor
from server.identity.roles import WorkspaceRole
from tests.server.events.samples import SAMPLES
from tests.server.support import Person, Place

CREATED, RENAMED = (CATALOGUE[kind].type for kind in (DocumentCreated, DocumentRenamed))


async def activity(person: Person, workspace: str, **asked: Any) -> dict[str, Any]:
    response = await person.get(f"/collaboration/workspaces/{workspace}/activity", params=asked)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def lively(ada: Person) -> tuple[str, str, str]:
    """A workspace with two documents, of which one was renamed four times."""
    workspace = await ada.workspace()
    first, second = await ada.document(workspace, "Score"), await ada.document(workspace, "Libretto")
    for title in ("Score 1", "Score 2", "Score 3", "<b>Score</b> {actor.id}"):
        renamed = await ada.ask("PATCH", f"/collaboration/documents/{first}", json={"title": title})
        assert renamed.status_code == 200
    return workspace, first, second


async def test_it_tells_who_did_what_with_what_newest_first(ada: Person) -> None:
    workspace, first, _ = await lively(ada)
    body = await activity(ada, workspace)
    newest = body["data"]["items"][0]
    assert newest["type"] == RENAMED
    assert newest["actor"] == {"id": ada.id, "kind": "person", "name": "ada"}
    assert newest["target"] == {"type": "document", "id": first}
    assert newest["summary"] == "ada renamed Score 3 to <b>Score</b> {actor.id}"
    sequence = [item["seq"] for item in body["data"]["items"]]
    assert sequence == list(range(8, 0, -1))
    assert body["stream"] == {"channel": f"workspace:{workspace}", "epoch": body["stream"]["epoch"], "offset": 8}


async def test_pages_together_are_the_whole_and_statistics_count_it(ada: Person) -> None:
    workspace, _, _ = await lively(ada)
    whole = (await activity(ada, workspace))["data"]
    found, cursor = [], None
    while True:
        page = (await activity(ada, workspace, limit=3, **({"cursor": cursor} if cursor else {})))["data"]
        found += page["items"]
        assert (page["stats"] is None) == (cursor is not None)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == whole["items"]
    counted = {each["type"]: each["count"] for each in whole["stats"]["by_type"]}
    assert counted == Counter(item["type"] for item in whole["items"])
    assert whole["stats"]["by_user"] == [{"user_id": ada.id, "name": "ada", "count": 8}]
    assert sum(each["count"] for each in whole["stats"]["by_day"]) == 8


async def test_filters(ada: Person, place: Place) -> None:
    workspace, _, second = await lively(ada)
    ben = await place.colleague("ben@example.org")
    await ada.post(f"/collaboration/workspaces/{workspace}/members", {"email": "ben@example.org", "role": "editor"})
    await ben.ask("PATCH", f"/collaboration/documents/{second}", json={"title": "Text"})

    async def kinds(**asked: Any) -> list[str]:
        return [item["type"] for item in (await activity(ada, workspace, **asked))["data"]["items"]]

    assert await kinds(type=CREATED) == [CREATED] * 2
    assert await kinds(type=[CREATED, RENAMED]) == [RENAMED, *[RENAMED] * 4, CREATED, CREATED]
    assert await kinds(user_id=ben.id) == [RENAMED]
    assert await kinds(document_id=second) == [RENAMED, CREATED]
    assert await kinds(type="all", user_id="", document_id="") == await kinds()


@pytest.mark.parametrize(
    "asked",
    [{"days": 0}, {"days": 366}, {"type": "counterpoint.no.such.v1"}, {"cursor": "x"}, {"limit": 0}, {"limit": 201}],
)
async def test_what_cannot_be_asked_is_422_and_names_the_field(ada: Person, asked: dict[str, Any]) -> None:
    workspace = await ada.workspace()
    response = await ada.get(f"/collaboration/workspaces/{workspace}/activity", params=asked)
    assert response.status_code == 422
    assert response.json()["details"][0]["field"].removeprefix("query.") in asked


async def test_to_who_is_no_member_there_is_no_such_workspace(ada: Person, place: Place) -> None:
    workspace = await ada.workspace()
    ben = await place.colleague("ben@example.org")
    assert (await ben.get(f"/collaboration/workspaces/{workspace}/activity")).status_code == 404


async def test_what_one_may_not_see_is_neither_told_nor_counted(ada: Person, place: Place) -> None:
    workspace = await ada.workspace()
    ben = await place.colleague("ben@example.org")
    await ada.post(f"/collaboration/workspaces/{workspace}/members", {"email": ben.email, "role": "viewer"})
    organisation = (await AccountStore(place.house.database).organisation("Default")).id  # type: ignore[union-attr]
    [sample] = [sample for sample in SAMPLES if isinstance(sample, MemberInvited)]
    invited = sample.model_copy(update={"workspace_id": workspace})
    record = place.house.events.outbox.record(Actor(organisation, "person", ada.id, "ada"), invited)
    await place.house.database.write(record)
    assert CATALOGUE[MemberInvited].role == WorkspaceRole.ADMIN
    seen = {each["type"] for each in (await activity(ada, workspace))["data"]["stats"]["by_type"]}
    kept = {each["type"] for each in (await activity(ben, workspace))["data"]["stats"]["by_type"]}
    assert seen - kept == {CATALOGUE[MemberInvited].type}
    asked = {"type": CATALOGUE[MemberInvited].type}
    assert (await activity(ben, workspace, **asked))["data"]["items"] == []
