"""Invitations over HTTP, against the real application (C8 of the REST contract)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select, text, update

from persistence.tables.events import events
from persistence.tables.invitations import invitations
from tests.server.support import PASSWORD, Person, Place, served

EVE = "eve@example.org"
SIGN_UP = "/auth/invitations/sign-up"
ACCEPT = "/auth/invitations/accept"
LOOK = "/auth/invitations/look"


def token_of(answer: httpx.Response) -> str:
    assert answer.status_code in {200, 201}, answer.text
    return str(answer.json()["data"]["accept_url"]).partition("#")[2]


@pytest.fixture
async def workspace(ada: Person) -> str:
    return await ada.workspace()


def address(workspace: str, tail: str = "") -> str:
    return f"/collaboration/workspaces/{workspace}/invit" + (tail or "ations")


async def invite(person: Person, workspace: str, email: str = EVE, role: str = "editor", **more: Any) -> httpx.Response:
    return await person.post(address(workspace, "e"), {"email": email, "role": role, **more})


async def sign_up(place: Place, token: str, name: str = "Eve") -> httpx.Response:
    answer = await place.http.post(SIGN_UP, json={"token": token, "name": name, "password": PASSWORD})
    place.http.cookies.clear()
    return answer


async def types_of(place: Place, stream: str | None = None) -> list[str]:
    """What was written, but for the inbox: it follows, and nobody waits for it here."""
    written = ~events.c.type.startswith("counterpoint.notification.")
    query = select(events.c.type).where(written).order_by(events.c.time, events.c.stream, events.c.offset)
    if stream is not None:
        query = query.where(events.c.stream == stream)
    rows = await place.house.database.read(lambda connection: connection.execute(query).scalars().all())
    return [str(row).removeprefix("counterpoint.").removesuffix(".v1") for row in rows]


async def aged(place: Place, by: timedelta) -> None:
    """All invitations are so much older."""

    def work(connection: Connection) -> None:
        for row in connection.execute(select(invitations.c.id, invitations.c.expires_at)).all():
            statement = update(invitations).where(invitations.c.id == row.id)
            connection.execute(statement.values(expires_at=row.expires_at - by))

    await place.house.database.write(work)


async def test_a_stranger_makes_an_account_by_the_link_and_is_a_member(
    place: Place, ada: Person, workspace: str
) -> None:
    sent = await invite(ada, workspace, "Eve@Example.org", message="Come and see.")
    assert sent.status_code == 201
    data = sent.json()["data"]
    assert (data["email"], data["role"], data["status"]) == (EVE, "editor", "pending")
    assert data["accept_url"].startswith("http://127.0.0.1:8000/invitation#cpi_")
    looked = (await place.http.post(LOOK, json={"token": token_of(sent)})).json()
    assert (looked["workspace_name"], looked["message"], looked["status"]) == ("Orchestra", "Come and see.", "pending")
    answer = await sign_up(place, token_of(sent))
    assert answer.status_code == 201, answer.text
    eve = Person(place.http, answer.json()["token"], answer.json()["user"]["id"], EVE)
    assert answer.json()["user"]["role"] == "data_analyst"
    members = (await eve.get(f"/collaboration/workspaces/{workspace}/members")).json()["data"]
    assert [(member["username"], member["role"]) for member in members][1:] == [("Eve", "editor")]
    assert await types_of(place, f"workspace:{workspace}") == [
        "workspace.created",
        "member.joined",
        "member.invited",
        "invitation.accepted",
        "member.joined",
    ]
    assert sorted(await types_of(place, f"user:{eve.id}")) == ["account.created", "membership.began"]


async def test_who_has_an_account_accepts_with_it_by_the_link_or_from_the_own_list(
    place: Place, ada: Person, workspace: str
) -> None:
    eve, ben = await place.colleague(EVE), await place.colleague("ben@example.org")
    token = token_of(await invite(ada, workspace))
    await invite(ada, workspace, ben.email, "viewer")
    [mine] = (await ben.get("/auth/invitations")).json()
    assert (mine["role"], mine["workspace_name"], mine["inviter_name"]) == ("viewer", "Orchestra", "ada")
    assert (await eve.post(ACCEPT, {"id": mine["id"]})).status_code == 404
    assert (await ben.post(ACCEPT, {"token": token})).status_code == 403
    assert (await ben.post(ACCEPT, {"id": mine["id"], "token": token})).status_code == 422
    assert (await ben.post(ACCEPT, {"id": mine["id"]})).json() == {"workspace_id": workspace, "role": "viewer"}
    assert (await eve.post(ACCEPT, {"token": token})).json() == {"workspace_id": workspace, "role": "editor"}
    assert (await ben.get("/auth/invitations")).json() == []
    received = await types_of(place, f"user:{eve.id}")
    assert received == ["account.created", "invitation.received", "membership.began"]


async def test_the_answer_does_not_say_whether_the_address_has_an_account(
    place: Place, ada: Person, workspace: str
) -> None:
    await place.colleague(EVE)
    known, unknown = await invite(ada, workspace), await invite(ada, workspace, "nobody@example.org")
    shown = [{name for name, value in answer.json()["data"].items() if value} for answer in (known, unknown)]
    assert shown[0] == shown[1]
    assert known.status_code == unknown.status_code
    looked = [(await place.http.post(LOOK, json={"token": token_of(answer)})).json() for answer in (known, unknown)]
    assert set(looked[0]) == set(looked[1])


async def test_a_link_works_once_also_for_two_who_come_at_once(place: Place, ada: Person, workspace: str) -> None:
    token = token_of(await invite(ada, workspace))
    answers = await asyncio.gather(*(sign_up(place, token, name) for name in ("Eve", "Eva", "Evi")))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert "accepted already" in (await sign_up(place, token)).json()["message"]
    assert (await types_of(place)).count("invitation.accepted") == 1


async def test_a_sign_up_that_fails_leaves_the_link_as_good_as_it_was(
    place: Place, ada: Person, workspace: str
) -> None:
    token = token_of(await invite(ada, workspace))
    poor = await place.http.post(SIGN_UP, json={"token": token, "name": "Eve", "password": "password12"})
    assert poor.status_code == 422
    assert token not in poor.text
    await place.colleague(EVE)
    taken = await sign_up(place, token)
    assert (taken.status_code, "has an account" in taken.text or "is an account" in taken.text) == (409, True)
    assert (await place.http.post(LOOK, json={"token": token})).json()["status"] == "pending"
    assert "member.joined" not in (await types_of(place, f"workspace:{workspace}"))[2:]


async def test_expired_revoked_and_unknown_links_say_so(place: Place, ada: Person, workspace: str) -> None:
    eve = await place.colleague(EVE)
    sent = await invite(ada, workspace)
    token, one = token_of(sent), sent.json()["data"]["id"]
    await aged(place, timedelta(days=8))
    assert "expired" in (await eve.post(ACCEPT, {"token": token})).json()["message"]
    assert (await ada.get(address(workspace))).json()["data"][0]["status"] == "expired"
    again = await ada.post(address(workspace) + f"/{one}/resend")
    assert again.json()["data"]["id"] == one
    assert (await eve.post(ACCEPT, {"token": token})).status_code == 404, "the former link"
    for _ in range(2):
        assert (await ada.ask("DELETE", address(workspace) + f"/{one}")).status_code == 204
    refused = await eve.post(ACCEPT, {"token": token_of(again)})
    assert (refused.status_code, "taken back" in refused.json()["message"]) == (409, True)
    assert (await ada.post(address(workspace) + f"/{one}/resend")).status_code == 409
    assert (await place.http.post(LOOK, json={"token": "cpi_guess"})).status_code == 404
    assert (await ada.get(address(workspace))).json()["data"] == []
    [over] = (await ada.get(address(workspace) + "?history=true")).json()["data"]
    assert over["status"] == "revoked"
    told = await types_of(place, f"workspace:{workspace}")
    assert told[2:] == ["member.invited", "member.invited", "invitation.revoked"]
    assert (await types_of(place, f"user:{eve.id}"))[-1] == "invitation.withdrawn"


async def test_inviting_again_leaves_one_invitation_and_one_good_link(
    place: Place, ada: Person, workspace: str
) -> None:
    first, second = await invite(ada, workspace), await invite(ada, workspace, role="viewer")
    assert first.json()["data"]["id"] == second.json()["data"]["id"]
    [row] = (await ada.get(address(workspace))).json()["data"]
    assert row["role"] == "viewer"
    assert "accept_url" not in row
    stream = (await ada.get(address(workspace))).json()["stream"]
    assert (stream["channel"], stream["offset"]) == (f"workspace:{workspace}", 4)
    assert (await sign_up(place, token_of(first))).status_code == 404
    assert (await sign_up(place, token_of(second))).json()["user"]["role"] == "viewer"


async def test_nobody_invites_or_takes_back_above_the_own_role(place: Place, ada: Person, workspace: str) -> None:
    ben = await place.colleague("ben@example.org")
    await ada.post(f"/collaboration/workspaces/{workspace}/members", {"email": ben.email, "role": "admin"})
    assert (await invite(ben, workspace, role="owner")).status_code == 403
    one = (await invite(ada, workspace, role="owner")).json()["data"]["id"]
    assert (await invite(ben, workspace, role="viewer")).status_code == 403, "it would change the owner's invitation"
    assert (await ben.post(address(workspace) + f"/{one}/resend")).status_code == 403
    assert (await ben.ask("DELETE", address(workspace) + f"/{one}")).status_code == 403
    assert (await ada.get(address(workspace))).json()["data"][0]["status"] == "pending"


async def test_an_invitation_ends_with_the_right_of_its_sender_until_another_sends_it(
    place: Place, ada: Person, workspace: str
) -> None:
    ben = await place.colleague("ben@example.org")
    members = f"/collaboration/workspaces/{workspace}/members"
    await ada.post(members, {"email": ben.email, "role": "admin"})
    sent = await invite(ben, workspace, role="admin")
    await ada.ask("PUT", f"{members}/{ben.id}", json={"role": "viewer"})
    refused = await sign_up(place, token_of(sent))
    assert (refused.status_code, "may not invite any more" in refused.text) == (409, True)
    [row] = (await ada.get(address(workspace))).json()["data"]
    assert row["status"] == "void"
    again = await ada.post(address(workspace) + f"/{row['id']}/resend")
    assert (await sign_up(place, token_of(again))).status_code == 201


async def test_bad_input_names_its_field_and_a_member_is_not_invited(place: Place, ada: Person, workspace: str) -> None:
    for body, field in (
        ({"email": "no address", "role": "editor"}, "email"),
        ({"email": EVE, "role": "king"}, "role"),
        ({"email": EVE}, "role"),
        ({"email": EVE, "role": "editor", "message": "x" * 2001}, "message"),
    ):
        answer = await ada.post(address(workspace, "e"), body)
        assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, field)
    assert (await invite(ada, workspace, ada.email.upper())).status_code == 409


async def test_a_deleted_workspace_lets_nobody_in(place: Place, ada: Person, workspace: str) -> None:
    eve = await place.colleague(EVE)
    token = token_of(await invite(ada, workspace))
    await ada.ask("DELETE", f"/collaboration/workspaces/{workspace}")
    assert (await eve.post(ACCEPT, {"token": token})).status_code == 404
    assert (await eve.get("/auth/invitations")).json() == []


async def test_who_is_a_member_by_then_keeps_the_own_role(place: Place, ada: Person, workspace: str) -> None:
    eve = await place.colleague(EVE)
    token = token_of(await invite(ada, workspace, role="viewer"))
    await ada.post(f"/collaboration/workspaces/{workspace}/members", {"email": EVE, "role": "admin"})
    assert (await eve.post(ACCEPT, {"token": token})).json()["role"] == "admin"
    assert (await types_of(place, f"workspace:{workspace}"))[-1] == "invitation.accepted"


async def test_the_list_is_told_in_pages(ada: Person, workspace: str) -> None:
    for n in range(5):
        await invite(ada, workspace, f"p{n}@example.org")
    found, cursor = [], ""
    while cursor is not None:
        answer = (await ada.get(address(workspace), params={"limit": 2, "cursor": cursor})).json()
        found += [row["email"][:2] for row in answer["data"]]
        cursor = answer["next_cursor"]
    assert found == ["p4", "p3", "p2", "p1", "p0"]


async def test_no_token_is_kept(place: Place, ada: Person, workspace: str) -> None:
    token = token_of(await invite(ada, workspace))
    tables = ("invitations", "events", "idempotent_answers")

    def everything(connection: Connection) -> str:
        return str([connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables])

    assert token[4:] not in await place.house.database.read(everything)


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Place]:
    async with served(tmp_path / "strict", invitations_per_hour=2, public_url="https://pad.example.org") as place:
        yield place


async def test_too_many_invitations_are_told_when_to_go_on(strict: Place) -> None:
    strict.http.base_url = httpx.URL("https://pad.example.org")
    workspace = await strict.admin.workspace()
    sent = await invite(strict.admin, workspace)
    assert sent.json()["data"]["accept_url"].startswith("https://pad.example.org/invitation#")
    await invite(strict.admin, workspace)
    refused = await invite(strict.admin, workspace)
    assert refused.status_code == 429
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600
