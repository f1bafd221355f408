"""/notifications/chat: everybody's own addresses, sealed and never shown again, tried, and sent to by the desk."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from persistence.tables.chat import chat_addresses
from server.clock import SystemClock
from server.notifications.chat.house import chat_parts
from server.notifications.chat.service import NOT_INSTALLED
from server.vault import Vault
from tests.server.notifications.chat.test_line import Chats
from tests.server.notifications.stage import Ground, ground, mention

CHAT = "/notifications/chat"


@pytest.fixture
async def chats() -> AsyncIterator[Chats]:
    made = Chats()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def inboxes(tmp_path: Path, chats: Chats) -> AsyncIterator[Ground]:
    async with ground(tmp_path, chat_allow=(chats.place,), public_url="http://127.0.0.1:8000") as made:
        yield made


async def test_an_address_is_sealed_tried_and_removed(inboxes: Ground, chats: Chats) -> None:
    ben, cyd, url = inboxes.ben, inboxes.cyd, chats.place + "/a-secret"
    made = await inboxes.do(ben, "POST", f"{CHAT}/addresses", {"url": url, "label": "Phone"})
    assert (made["service"], made["label"], made["last_sent_at"]) == ("JSON", "Phone", None)
    shown = await ben.get(CHAT)
    assert (shown.json()["data"]["installed"], shown.json()["data"]["addresses"]) == (True, [made])
    assert "a-secret" not in shown.text
    sealed = await inboxes.house.database.read(
        lambda connection: connection.execute(select(chat_addresses.c.sealed)).scalar_one()
    )
    assert "a-secret" not in sealed
    at = f"{CHAT}/addresses/{made['id']}"
    for method, path in (("POST", at + "/test"), ("DELETE", at)):
        assert (await cyd.ask(method, path)).status_code == 404
    tried = await inboxes.do(ben, "POST", at + "/test")
    assert (tried["last_sent_at"] is None, chats.bodies[0]["title"]) == (False, "A test by Counterpoint")
    chats.status = 404
    refused = await ben.post(at + "/test")
    assert (refused.status_code, refused.json()["message"]) == (
        409,
        "The message was not taken: JSON has answered 404.",
    )
    assert (await inboxes.do(ben, "GET", CHAT))["addresses"][0]["last_error"] == "JSON has answered 404"
    await inboxes.do(ben, "DELETE", at)
    assert (await inboxes.do(ben, "GET", CHAT))["addresses"] == []


async def test_what_cannot_be_is_refused_without_a_word_of_the_address(inboxes: Ground) -> None:
    response = await inboxes.ben.post(f"{CHAT}/addresses", {"url": "json://10.0.0.1/a-secret"})
    [issue] = response.json()["details"]
    assert (response.status_code, issue["field"], "of no service" in issue["issue"]) == (422, "url", True)
    assert "a-secret" not in response.text
    for _ in range(5):
        await inboxes.do(inboxes.ben, "POST", f"{CHAT}/addresses", {"url": "ntfy://topic"})
    assert (await inboxes.ben.post(f"{CHAT}/addresses", {"url": "ntfy://topic"})).status_code == 409


async def test_what_somebody_wants_by_chat_comes_there(inboxes: Ground, chats: Chats) -> None:
    ben = inboxes.ben
    assert "chat" in await inboxes.do(ben, "GET", "/notifications/channels")
    await inboxes.do(ben, "POST", f"{CHAT}/addresses", {"url": chats.place})
    choice = {"in_app": True, "push": False, "email": False, "chat": True}
    await inboxes.do(ben, "PUT", "/notifications/preferences", {"kinds": {"mention": choice}})
    await inboxes.comment(inboxes.ada, f"{mention(ben)} slower?")
    async with asyncio.timeout(10):
        while not (inboxes.house.notifications.desk.figures.deliveries["chat", "sent"]):
            await asyncio.sleep(0)
    [body] = chats.bodies
    assert body["title"] == "ada mentioned you in Score"
    assert "slower?" in body["message"]
    assert f"http://127.0.0.1:8000/documents/{inboxes.document}" in body["message"]


async def test_a_server_without_apprise_says_how_to_have_it(inboxes: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.notifications.chat.house.is_installed", lambda: False)
    house = inboxes.house
    bare = chat_parts(house.settings, house.database, Vault.open(house.settings), SystemClock())
    assert bare.sender is None
    monkeypatch.setattr(house.notifications.chat.service, "_line", None)
    assert (await inboxes.do(inboxes.ben, "GET", CHAT))["why_not"] == NOT_INSTALLED
    response = await inboxes.ben.post(f"{CHAT}/addresses", {"url": "ntfy://topic"})
    assert (response.status_code, response.json()["code"], response.json()["message"]) == (
        501,
        "not_implemented",
        NOT_INSTALLED,
    )
