"""People in browsers, in one document with every family of clients; and what the page says about their edits."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.support.app import AppPage
from tests.e2e.support.browser import chromium
from tests.e2e.support.node import FAMILIES, NodeDriver
from tests.e2e.support.people import EDITOR, edit, open_client, until_equal
from tests.e2e.support.rest import PASSWORD, Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD, CounterpointServer
from tests.e2e.support.store import update_in_store
from tests.e2e.support.waiting import until

ENVIRONMENT = {"COUNTERPOINT_STORE_BUSY_SECONDS": "0.2"}
BUNDLE = Path(__file__).parents[2] / "static" / "dist" / "index.html"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not BUNDLE.is_file():
        pytest.fail("the web app is not built: run `make web`")
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def workspace(api: Api) -> str:
    return await api.workspace()


@pytest.fixture
async def document(api: Api, workspace: str) -> str:
    return await api.document(workspace)


async def test_two_browsers_and_a_client_of_every_version_converge_to_what_yjs_says(
    api: Api, node: NodeDriver, browser: Browser, workspace: str, document: str
) -> None:
    colleague = await api.colleague(workspace)
    ada = await AppPage.sign_in(browser, api.server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    ben = await AppPage.sign_in(browser, api.server, colleague.email, PASSWORD, document)
    name = colleague.email.partition("@")[0]
    await expect(ada.roster).to_contain_text(name)
    clients = [await open_client(node, api, provider, document, str(provider), api.token) for provider in FAMILIES]
    for client in clients:
        await client.synced()

    await asyncio.gather(
        *(edit(client, 12, client.name, EDITOR) for client in clients),
        ada.type("Ada: é世界🙂", "\n", "naïve 👩‍👩‍👧", "Ω", "\n", "𝔘𝔫𝔦"),
        ben.type("Ben: שלום", "🙂", "\n", "世界", "e\u0301"),
    )

    async def all_show_the_same() -> str | None:
        # Asked anew in each round: what the pages typed last may reach the clients after they first were equal.
        text = await until_equal(clients, node, EDITOR)
        return text if await ada.text() == await ben.text() == text else None

    text = await until(all_show_the_same, "both pages to show what every client has")
    assert text is not None
    assert "Ω" in text
    assert "\n" in text
    for app in (ada, ben):
        await app.until_state("saved")
    await expect(ada.page.locator(".caret-label", has_text=name)).to_have_count(1)
    stored = await node.apply([await update_in_store(api.server, document)], place=EDITOR)
    assert stored["text"] == text


async def test_the_page_says_not_saved_and_why_while_the_store_fails(api: Api, browser: Browser, document: str) -> None:
    ada = await AppPage.sign_in(browser, api.server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    with closing(sqlite3.connect(api.server.store_file, timeout=5, isolation_level=None)) as store:
        store.execute("BEGIN IMMEDIATE")
        await ada.type("held back 世界🙂")
        await ada.until_state("unsaved")
        await expect(ada.save_state).to_contain_text("Not saved: ")
        store.execute("ROLLBACK")
    await ada.until_state("saved")
    stored = await AppPage.open(ada.page.context, api.server, document)
    await expect(stored.editor).to_contain_text("held back 世界🙂")


async def test_edits_without_a_server_survive_a_closed_page_and_are_saved_later(
    server: CounterpointServer, browser: Browser
) -> None:
    await server.start()
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
    ada = await AppPage.sign_in(browser, server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    await ada.type("with the server; ")
    await ada.until_state("saved")
    await server.kill()
    await ada.type("without it 世界🙂")
    await ada.until_state("unsaved")
    await expect(ada.save_state).to_contain_text("saved on this device")
    profile = ada.page.context
    await ada.page.close()

    await server.start()
    again = await AppPage.open(profile, server, document)
    await expect(again.editor).to_contain_text("with the server; without it 世界🙂")
    await again.until_state("saved")


async def test_a_viewer_sees_every_edit_and_can_make_none(
    api: Api, browser: Browser, workspace: str, document: str
) -> None:
    viewer = await api.colleague(workspace, role="viewer")
    ada = await AppPage.sign_in(browser, api.server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    ben = await AppPage.sign_in(browser, api.server, viewer.email, PASSWORD, document)
    await ben.until_state("readonly")
    await ada.type("for all to read")
    await expect(ben.editor).to_contain_text("for all to read")
    await expect(ben.editor).to_have_attribute("contenteditable", "false")
