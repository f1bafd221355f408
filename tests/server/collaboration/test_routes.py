"""The policy table and the services agree: who is below a row is refused, who is not below it is let in."""

from typing import Any

import pytest

from persistence.branches import BranchStore, NewBranch
from server.clock import SystemClock
from server.identity.policy import BRANCH, BRANCHES, COMMENT, DOCUMENT, INVITATION, ROUTES, THREAD, WORKSPACE, Rule
from server.identity.roles import WorkspaceRole
from tests.server.support import Person, Place

Route = tuple[str, str]

WORDS = {"content": "words", "headers": {"Content-Type": "text/plain"}}
# A request that is right in all but who makes it. A new route must say here what one is.
REQUESTS: dict[Route, dict[str, Any]] = {
    ("GET", WORKSPACE): {},
    ("PATCH", WORKSPACE): {"json": {"description": "other"}},
    ("DELETE", WORKSPACE): {},
    ("POST", WORKSPACE + "/restore"): {},
    ("GET", WORKSPACE + "/members"): {},
    ("POST", WORKSPACE + "/members"): {"json": {"email": "eve@example.org", "role": "viewer"}},
    ("PUT", WORKSPACE + "/members/{user_id}"): {"json": {"role": "viewer"}},
    ("DELETE", WORKSPACE + "/members/{user_id}"): {},
    ("POST", WORKSPACE + "/invite"): {"json": {"email": "new@example.org", "role": "viewer"}},
    ("GET", WORKSPACE + "/invitations"): {},
    ("POST", INVITATION + "/resend"): {},
    ("DELETE", INVITATION): {},
    ("GET", WORKSPACE + "/activity"): {},
    ("GET", WORKSPACE + "/documents"): {},
    ("POST", WORKSPACE + "/documents"): {"json": {"title": "Score", "type": "report"}},
    ("GET", DOCUMENT): {},
    ("PATCH", DOCUMENT): {"json": {"title": "Other"}},
    ("GET", DOCUMENT + "/content"): {},
    ("PUT", DOCUMENT + "/content"): WORDS,
    ("PATCH", DOCUMENT + "/content"): {
        "content": '{"edits": [{"op": "insert", "index": 0, "text": "x"}]}',
        "headers": {"Content-Type": "application/json"},
    },
    ("GET", DOCUMENT + "/comments"): {},
    ("POST", DOCUMENT + "/comments"): {"json": {"content": "Why?"}},
    ("GET", COMMENT): {},
    ("PATCH", COMMENT): {"json": {"content": "What?"}},
    ("DELETE", COMMENT): {},
    ("POST", COMMENT + "/reactions"): {"json": {"emoji": "👍"}},
    ("DELETE", COMMENT + "/reactions/{emoji}"): {},
    ("GET", THREAD): {},
    ("POST", THREAD + "/resolve"): {},
    ("POST", THREAD + "/reopen"): {},
    ("GET", DOCUMENT + "/subscription"): {},
    ("PUT", DOCUMENT + "/subscription"): {"json": {"level": "none"}},
    ("DELETE", DOCUMENT): {},
    ("POST", DOCUMENT + "/restore"): {},
    ("GET", BRANCHES): {},
    ("GET", BRANCH): {},
    ("GET", BRANCH + "/content"): {},
    ("POST", BRANCH + "/merge"): {},
    ("DELETE", BRANCH): {},
}
GUARDED = {route: row for route, row in ROUTES.items() if row.workspace_role is not None or row.right is not None}
REFUSED = {403, 404}


def least_role(row: Rule) -> WorkspaceRole:
    """Reading a document takes a viewer."""
    return row.workspace_role or WorkspaceRole.VIEWER


async def commented(person: Person, document: str) -> str | None:
    """The id of a comment of this person's; None when he may not comment."""
    answer = await person.post(f"/collaboration/documents/{document}/comments", {"content": "Why?"})
    return str(answer.json()["data"]["id"]) if answer.status_code == 201 else None


async def invited(person: Person, workspace: str) -> str:
    body = {"email": "sue@example.org", "role": "viewer"}
    answer = await person.post(f"/collaboration/workspaces/{workspace}/invite", body)
    return str(answer.json()["data"]["id"])


async def kept(place: Place, person: Person, document: str) -> str:
    """The id of a copy of this person's, which says nothing that the document lacks."""
    nothing = NewBranch(document, person.id, "0" * 32, "0" * 64, b"\x00\x00")
    return (await BranchStore(place.house.database).keep(nothing, SystemClock().now(), most=9)).row.id


def test_every_guarded_route_is_tried() -> None:
    assert set(REQUESTS) == set(GUARDED)


@pytest.mark.parametrize("route", REQUESTS, ids=" ".join)
async def test_a_row_and_its_service_agree(route: Route, place: Place, ada: Person) -> None:
    (method, template), row = route, GUARDED[route]
    ben, eve = await place.colleague("ben@example.org"), await place.colleague("eve@example.org")
    workspace = await ada.workspace()
    document = await ada.document(workspace)
    comment = await commented(ada, document)
    names = {"workspace_id": workspace, "document_id": document, "user_id": ben.id, "emoji": "👍"}
    names["invitation_id"] = await invited(ada, workspace)
    names["branch_id"] = await kept(place, ben, document)
    address = template.format(**names, comment_id=comment, thread_id=comment)
    members = f"/collaboration/workspaces/{workspace}/members"
    if template.endswith("/restore"):
        await ada.ask("DELETE", address.removesuffix("/restore"))

    async def status(person: Person) -> int:
        return (await person.ask(method, address, **REQUESTS[route])).status_code

    assert await status(eve) in REFUSED, "not a member"
    if template.endswith("/restore") and "{workspace_id}" in template:
        assert await status(ada) not in REFUSED
        return  # nobody can be made a member of what is deleted
    await ada.post(members, {"email": ben.email, "role": "viewer"})
    for role in WorkspaceRole.VIEWER, WorkspaceRole.EDITOR, WorkspaceRole.ADMIN:
        await ada.ask("PUT", f"{members}/{ben.id}", json={"role": role})
        if template == COMMENT and method != "GET" and (own := await commented(ben, document)) is not None:
            address = template.format(**names, comment_id=own)  # that of somebody else is not his to change
        answer = await status(ben)
        if role.at_least(least_role(row)):
            assert answer not in REFUSED, role
            assert answer < 500
            return
        assert answer == 403, role
    assert await status(ada) not in REFUSED, "the owner"
