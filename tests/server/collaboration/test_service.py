"""C1 and C2 of the REST contract, and members: real application, real store."""

import asyncio

import pytest

from persistence.answers import AnswerStore
from persistence.errors import StoreUnavailable
from persistence.workspaces import WorkspaceStore
from server.collaboration.documents import DocumentService
from server.collaboration.service import WorkspaceService
from server.realtime.access import ACCESS
from tests.server.support import Person, Place

WORKSPACES = "/collaboration/workspaces"
HOSTILE = ["", "   ", "x" * 101, "a\nb", "a\x00b", "a\x1b[2Jb", "\u202eabc", "a\u2028b"]


async def test_C2_a_workspace_has_the_shape_of_the_contract(ada: Person) -> None:
    response = await ada.post(WORKSPACES, {"name": " Fuge ", "type": "security", "description": "d", "settings": {}})
    assert response.status_code == 201
    data = response.json()["data"]
    assert set(data) == {
        *("id", "name", "description", "type", "owner_id", "members", "documents", "created_at", "updated_at"),
        *("last_activity", "permissions", "settings", "stream"),
    }
    assert (data["name"], data["type"], data["owner_id"], data["documents"]) == ("Fuge", "security", ada.id, [])
    assert data["created_at"].endswith("Z")
    assert data["permissions"] == {"can_edit": True, "can_comment": True, "can_invite": True, "can_manage": True}
    assert [(member["user_id"], member["role"]) for member in data["members"]] == [(ada.id, "owner")]


async def test_C2_the_same_name_again_is_a_conflict_until_the_first_is_deleted(ada: Person) -> None:
    workspace = await ada.workspace("Fuge")
    again = await ada.post(WORKSPACES, {"name": "Fuge", "type": "security"})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert again.json()["details"] == [{"field": "name", "issue": "is taken", "given": "Fuge"}]
    await ada.ask("DELETE", f"{WORKSPACES}/{workspace}")
    assert (await ada.post(WORKSPACES, {"name": "Fuge", "type": "security"})).status_code == 201
    assert (await ada.post(f"{WORKSPACES}/{workspace}/restore")).status_code == 409


async def test_C2_two_owners_may_use_one_name(place: Place, ada: Person) -> None:
    ben = await place.colleague("ben@example.org")
    assert await ada.workspace("Fuge") != await ben.workspace("Fuge")


@pytest.mark.parametrize("name", HOSTILE)
async def test_C2_a_hostile_name_is_refused_by_field(ada: Person, name: str) -> None:
    response = await ada.post(WORKSPACES, {"name": name, "type": "security"})
    assert (response.status_code, response.json()["code"]) == (422, "validation_failed")
    assert [each["field"] for each in response.json()["details"]] == ["name"]


async def test_C2_names_in_every_script_and_emoji_are_taken(ada: Person) -> None:
    for name in ("Käse & Brot", "合奏", "פוגה", "👩‍👩‍👧 family"):
        workspace = await ada.workspace(name)
        assert (await ada.get(f"{WORKSPACES}/{workspace}")).json()["data"]["name"] == name


async def test_A9_columns_that_are_not_the_clients_to_set_are_refused(ada: Person) -> None:
    for column in ("id", "owner_id", "organisation_id", "created_at", "deleted_at", "live", "members"):
        response = await ada.post(WORKSPACES, {"name": "a", "type": "security", column: "x"})
        assert [each["field"] for each in response.json()["details"]] == [column]


async def test_C2_half_a_surrogate_pair_is_no_text(ada: Person) -> None:
    content = b'{"name": "a\\ud800", "type": "security"}'
    response = await ada.ask("POST", WORKSPACES, content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 422


async def test_C1_lists_own_workspaces_newest_first_and_filters(ada: Person) -> None:
    first, second = await ada.workspace("a", type="security"), await ada.workspace("b", type="compliance")

    async def ids(query: str) -> list[str]:
        response = await ada.get(WORKSPACES + query)
        assert response.status_code == 200, response.text
        return [each["id"] for each in response.json()["data"]]

    for everything in ("", "?", "?workspace_type=all", "?workspace_type=", "?user_id=", f"?user_id={ada.id}"):
        assert await ids(everything) == [second, first]
    assert await ids("?workspace_type=security") == [first]


async def test_C1_an_unknown_type_is_refused(ada: Person) -> None:
    response = await ada.get(WORKSPACES + "?workspace_type=opera")
    assert (response.status_code, response.json()["details"][0]["field"]) == (422, "workspace_type")


async def test_C1_other_peoples_workspaces_are_for_administrators(place: Place, ada: Person) -> None:
    ben = await place.colleague("ben@example.org")
    workspace = await ben.workspace("Fuge")
    assert (await ben.get(f"{WORKSPACES}?user_id={ada.id}")).status_code == 403
    seen = (await ada.get(f"{WORKSPACES}?user_id={ben.id}")).json()["data"]
    assert [each["id"] for each in seen] == [workspace]
    assert seen[0]["permissions"]["can_edit"] is False
    assert [each["id"] for each in (await ada.get(f"{WORKSPACES}?user_id=all")).json()["data"]] == [workspace]
    await ada.workspace("Ada's")
    assert [each["id"] for each in (await ben.get(f"{WORKSPACES}?user_id=all")).json()["data"]] == [workspace]


async def test_C1_pages_hold_everything_once(ada: Person) -> None:
    made = [await ada.workspace(f"w{number}") for number in range(5)]
    found: list[str] = []
    cursor = ""
    for _ in range(3):
        body = (await ada.get(f"{WORKSPACES}?limit=2&cursor={cursor}")).json()
        found += [each["id"] for each in body["data"]]
        cursor = body["next_cursor"]
    assert found == made[::-1]
    assert cursor is None


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "2" * 300, "eyJhIjoxfQ", "MjAyNi0wMS0wMSBhYmM"])
async def test_C1_a_forged_cursor_is_refused(ada: Person, cursor: str) -> None:
    response = await ada.get(f"{WORKSPACES}?cursor={cursor}")
    assert (response.status_code, response.json()["details"][0]["field"]) == (422, "cursor")


async def test_C1_an_answer_that_did_not_change_is_304(ada: Person) -> None:
    await ada.workspace()
    first = await ada.get(WORKSPACES)
    again = await ada.get(WORKSPACES, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await ada.workspace("another")
    assert (await ada.get(WORKSPACES, headers={"If-None-Match": first.headers["etag"]})).status_code == 200


async def test_T6_to_who_is_no_member_a_workspace_is_not_there(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    ben = await place.colleague("ben@example.org")
    path = f"{WORKSPACES}/{workspace}"
    for method, address, body in (
        ("GET", path, None),
        ("PATCH", path, {"name": "x"}),
        ("DELETE", path, None),
        ("POST", path + "/restore", None),
        ("GET", path + "/members", None),
        ("POST", path + "/members", {"email": "ben@example.org"}),
        ("PUT", f"{path}/members/{ada.id}", {"role": "viewer"}),
        ("DELETE", f"{path}/members/{ada.id}", None),
        ("GET", path + "/documents", None),
        ("POST", path + "/documents", {"title": "x", "type": "report"}),
    ):
        response = await ben.ask(method, address, json=body)
        assert (response.status_code, response.json()["code"]) == (404, "not_found"), (method, address)


async def test_a_workspace_is_changed_field_by_field(ada: Person) -> None:
    workspace = await ada.workspace("before", description="d")
    response = await ada.ask("PATCH", f"{WORKSPACES}/{workspace}", json={"name": "after"})
    assert response.status_code == 200
    data = (await ada.get(f"{WORKSPACES}/{workspace}")).json()["data"]
    assert (data["name"], data["description"]) == ("after", "d")
    assert data["updated_at"] > data["created_at"]


async def test_a_deleted_workspace_is_gone_and_comes_back_whole(ada: Person) -> None:
    workspace = await ada.workspace()
    document = await ada.document(workspace)
    assert (await ada.ask("DELETE", f"{WORKSPACES}/{workspace}")).status_code == 204
    assert (await ada.get(f"{WORKSPACES}/{workspace}")).status_code == 404
    assert (await ada.get(f"/collaboration/documents/{document}")).status_code == 404
    assert (await ada.get(WORKSPACES)).json()["data"] == []
    assert (await ada.post(f"{WORKSPACES}/{workspace}/restore")).status_code == 200
    assert (await ada.get(f"/collaboration/documents/{document}")).status_code == 200


async def test_a_member_is_added_by_address_with_the_default_role(place: Place, ada: Person) -> None:
    workspace = await ada.workspace(settings={"default_role": "viewer"})
    ben = await place.colleague("ben@example.org")
    added = await ada.post(f"{WORKSPACES}/{workspace}/members", {"email": "Ben@Example.org"})
    assert added.status_code == 201
    assert (added.json()["data"]["user_id"], added.json()["data"]["role"]) == (ben.id, "viewer")
    assert (await ada.post(f"{WORKSPACES}/{workspace}/members", {"email": "ben@example.org"})).status_code == 409
    seen = (await ben.get(f"{WORKSPACES}/{workspace}")).json()["data"]
    assert seen["permissions"] == {"can_edit": False, "can_comment": False, "can_invite": False, "can_manage": False}


async def test_nobody_outside_the_organisation_can_be_added(ada: Person) -> None:
    workspace = await ada.workspace()
    response = await ada.post(f"{WORKSPACES}/{workspace}/members", {"email": "nobody@example.org"})
    assert (response.status_code, response.json()["details"][0]["field"]) == (422, "email")


async def test_a_role_in_the_workspace_is_needed_beside_the_one_in_the_organisation(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    ben = await place.colleague("ben@example.org")
    path = f"{WORKSPACES}/{workspace}"
    await ada.post(path + "/members", {"email": ben.email, "role": "editor"})
    assert (await ben.ask("PATCH", path, json={"name": "mine"})).status_code == 403
    assert (await ben.post(path + "/members", {"email": ADMIN_OF_NOTHING})).status_code == 403
    assert (await ben.ask("DELETE", path)).status_code == 403


ADMIN_OF_NOTHING = "carl@example.org"


async def test_nobody_gives_or_takes_a_role_above_the_own_one(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    ben = await place.colleague("ben@example.org")
    await place.colleague("carl@example.org")
    path = f"{WORKSPACES}/{workspace}/members"
    await ada.post(path, {"email": ben.email, "role": "admin"})
    assert (await ben.post(path, {"email": "carl@example.org", "role": "owner"})).status_code == 403
    assert (await ben.ask("PUT", f"{path}/{ben.id}", json={"role": "owner"})).status_code == 403
    assert (await ben.ask("PUT", f"{path}/{ada.id}", json={"role": "viewer"})).status_code == 403
    assert (await ben.ask("DELETE", f"{path}/{ada.id}")).status_code == 403


async def test_a_workspace_keeps_an_owner(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    ben = await place.colleague("ben@example.org")
    path = f"{WORKSPACES}/{workspace}/members"
    assert (await ada.ask("DELETE", f"{path}/{ada.id}")).status_code == 409
    assert (await ada.ask("PUT", f"{path}/{ada.id}", json={"role": "editor"})).status_code == 409
    await ada.post(path, {"email": ben.email, "role": "owner"})
    assert (await ada.ask("DELETE", f"{path}/{ada.id}")).status_code == 204
    data = (await ben.get(f"{WORKSPACES}/{workspace}")).json()["data"]
    assert (data["owner_id"], [member["user_id"] for member in data["members"]]) == (ben.id, [ben.id])


async def test_two_owners_who_leave_at_once_do_not_both_succeed(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    ben = await place.colleague("ben@example.org")
    path = f"{WORKSPACES}/{workspace}/members"
    await ada.post(path, {"email": ben.email, "role": "owner"})
    left = await asyncio.gather(ada.ask("DELETE", f"{path}/{ada.id}"), ben.ask("DELETE", f"{path}/{ben.id}"))
    assert sorted(each.status_code for each in left) == [204, 409]


async def test_a_change_of_role_is_announced_after_it_is_written(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    ben = await place.colleague("ben@example.org")
    heard: list[dict[str, object]] = []
    # The registry listens on the same broker; its subscription is how the test reaches it.
    ACCESS.subscribe(place.house.realtime.registry._broker, heard.append)
    await ada.post(f"{WORKSPACES}/{workspace}/members", {"email": ben.email, "role": "editor"})
    await ada.ask("PUT", f"{WORKSPACES}/{workspace}/members/{ben.id}", json={"role": "viewer"})
    await ada.ask("DELETE", f"{WORKSPACES}/{workspace}/members/{ben.id}")
    assert [each["user"] for each in heard] == [ben.id, ben.id, ben.id]


async def test_a_repeated_post_with_one_key_is_done_once(ada: Person) -> None:
    body, headers = {"name": "Fuge", "type": "security"}, {"Idempotency-Key": "k1"}
    first = await ada.post(WORKSPACES, body, headers=headers)
    again = await ada.post(WORKSPACES, body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len((await ada.get(WORKSPACES)).json()["data"]) == 1


async def test_a_key_is_good_for_one_request_and_one_person(place: Place, ada: Person) -> None:
    ben = await place.colleague("ben@example.org")
    headers = {"Idempotency-Key": "k1"}
    await ada.post(WORKSPACES, {"name": "a", "type": "security"}, headers=headers)
    other = await ada.post(WORKSPACES, {"name": "b", "type": "security"}, headers=headers)
    assert (other.status_code, other.json()["details"][0]["field"]) == (422, "Idempotency-Key")
    assert (await ben.post(WORKSPACES, {"name": "b", "type": "security"}, headers=headers)).status_code == 201


async def test_a_key_of_a_request_that_failed_can_be_used_again(ada: Person) -> None:
    await ada.workspace("a")
    headers = {"Idempotency-Key": "k1"}
    assert (await ada.post(WORKSPACES, {"name": "a", "type": "security"}, headers=headers)).status_code == 409
    assert (await ada.post(WORKSPACES, {"name": "b", "type": "security"}, headers=headers)).status_code == 201


@pytest.mark.parametrize("lost", ["answer", "storing of the answer"])
async def test_what_was_made_is_answered_again_when_its_answer_was_lost(
    place: Place, ada: Person, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """The store fails between the commit of the row and the answer: the same key must never make a second one."""
    ben = await place.colleague("ben@example.org")
    workspace = await ada.workspace()
    posts = [
        (WORKSPACES, {"name": "Fuge", "type": "security"}),
        (f"{WORKSPACES}/{workspace}/members", {"email": ben.email, "role": "editor"}),
        (f"{WORKSPACES}/{workspace}/documents", {"title": "Plan", "type": "report", "content": "Wort"}),
    ]

    async def fails(*_: object, **__: object) -> None:
        raise StoreUnavailable("cut")

    for number, (path, body) in enumerate(posts):
        headers = {"Idempotency-Key": f"k{number}"}
        with monkeypatch.context() as patch:
            if lost == "answer":
                patch.setattr(WorkspaceStore, "members", fails)
                patch.setattr(WorkspaceService, "_member", fails)
                patch.setattr(DocumentService, "_view", fails)
            else:
                patch.setattr(AnswerStore, "keep", fails)
            assert (await ada.post(path, body, headers=headers)).status_code == 503
        again = await ada.post(path, body, headers=headers)
        assert again.status_code == 201
        assert (await ada.post(path, body, headers=headers)).json() == again.json()
        assert again.json()["data"].get("content") == body.get("content")
    assert len((await ada.get(WORKSPACES)).json()["data"]) == 2
    assert len((await ada.get(posts[1][0])).json()["data"]) == 2
    assert len((await ada.get(posts[2][0])).json()["data"]) == 1
