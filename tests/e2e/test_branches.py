"""A store is lost and brought back from a backup: what a client has since is kept apart, if it says what it knows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Locator, expect

from persistence.transfer.backing_up import back_up
from persistence.transfer.restoring import restore
from tests.e2e.support.app import PATIENCE_MS, AppPage
from tests.e2e.support.axe import found_by_axe
from tests.e2e.support.browser import chromium
from tests.e2e.support.node import FAMILIES, NodeDriver, Provider
from tests.e2e.support.raw import PROTOCOLS, Protocol, RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD, CounterpointServer
from tests.e2e.support.store import text_in_store, update_in_store
from tests.e2e.support.waiting import until
from tests.persistence.transfer.stores import Told

STALE = "f" * 32
"""The incarnation of no document."""
LACKING = ["before it", "since the backup"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def back_to(server: CounterpointServer, file: Path) -> None:
    """Kill the server, lose its store, and start it on the backup."""
    await server.kill()
    for part in server.store_file.parent.glob(f"{server.store_file.name}*"):
        part.unlink()
    told = Told()
    await restore(file, f"sqlite:///{server.store_file}", told=told.told, moved=told.moved)
    await server.start()


async def backed_up(server: CounterpointServer, file: Path) -> None:
    told = Told()
    url = f"sqlite:///{server.store_file}"
    await back_up(url, file, version="1", now=datetime.now(UTC), told=told.told, moved=told.moved)


async def test_what_clients_have_that_a_backup_lacks_is_kept_apart_until_it_is_merged(
    server: CounterpointServer, browser: Browser, tmp_path: Path
) -> None:
    await server.start()
    async with Api(server) as api:
        await api.sign_in()
        workspace = await api.workspace()
        document, old = await made(api, workspace)
        peer = RawPeer(server.sockets, document, api.token, seed=1)
        await peer.connect()
        await peer.until_synced()
        await peer.write("⟦before⟧")
        await peer.until_acknowledged()
        shown, _ = await made(api, workspace)
        ada = await AppPage.sign_in(browser, server, ADMIN_EMAIL, ADMIN_PASSWORD, shown)
        await ada.type("before it")
        await ada.until_state("saved")
        other_tab = await AppPage.open(ada.page.context, server, shown)

        await backed_up(server, tmp_path / "b.zip")
        await peer.write("⟦after⟧")
        await peer.until_acknowledged()
        await ada.type("\n", "since the backup")
        await ada.until_state("saved")
        await back_to(server, tmp_path / "b.zip")

        await api.sign_in()
        branch = await left_apart(api, peer, old)
        await merged(api, peer, branch, old)
    await both_tabs_begin_anew(ada, other_tab)
    await page_says_so(ada)


async def made(api: Api, workspace: str) -> tuple[str, str]:
    """A document, and its incarnation."""
    document = await api.document(workspace)
    return document, (await api.call("GET", f"/collaboration/documents/{document}"))["incarnation"]


async def left_apart(api: Api, peer: RawPeer, old: str) -> str:
    """What the peer has comes back with the old incarnation, in both protocols; the branch that it is."""
    told = []
    for protocol in PROTOCOLS:
        stale = again(api, peer.document, f"incarnation={old}", peer.doc.get_update(), protocol)
        await stale.connect()
        code = await stale.until_turned_away()
        assert code == (4409 if protocol == "y-websocket" else None)
        assert not stale.synced, "it is shown nothing"
        told.append(stale.denied or (stale.close or (0, ""))[1])
        await stale.disconnect()
    denied, closed = told
    branch = denied.removeprefix("kept-as-branch:")
    assert branch in closed, "the same copy is one branch, whichever way it comes"
    assert "⟦after⟧" not in await text_in_store(api.server, peer.document)
    stored = await update_in_store(api.server, peer.document)
    unchanged = again(api, peer.document, f"incarnation={peer.document}:{old}", stored)
    await unchanged.connect()
    await unchanged.until_turned_away()
    assert unchanged.denied == "copy-outdated", "it has nothing new"
    await unchanged.disconnect()
    return branch


async def merged(api: Api, peer: RawPeer, branch: str, old: str) -> None:
    document = f"/collaboration/documents/{peer.document}"
    new = (await api.call("GET", document))["incarnation"]
    assert new != old
    fresh = again(api, peer.document, "incarnation=", b"\0\0")
    await fresh.connect()
    await fresh.until_synced()
    assert fresh.stateless == [f'{{"incarnation": "{new}"}}']
    assert str(fresh.text) == "⟦before⟧"
    [listed] = await api.call("GET", f"{document}/branches")
    assert (listed["id"], listed["state"], listed["incarnation"]) == (branch, "kept", old)
    assert (await api.call("POST", f"{document}/branches/{branch}/merge"))["changed"]
    text = await text_in_store(api.server, peer.document)
    assert [text.count(token) for token in peer.sent] == [1, 1]

    async def shows_it() -> bool:
        return str(fresh.text) == text

    await until(shows_it, "the merged words to reach who has the document open")
    await fresh.disconnect()


def notice_in(app: AppPage) -> Locator:
    return app.page.get_by_role("status").filter(has_text="Your offline copy of before the restore was kept.")


async def both_tabs_begin_anew(*tabs: AppPage) -> None:
    """They share the copy of the device, and come at once: each has the document as it is now, and a copy of that."""
    faults: list[str] = []

    async def begin_anew(app: AppPage) -> None:
        app.page.on("pageerror", lambda error: faults.append(str(error)))
        await app.page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)  # nobody is signed in after a restore
        await app.page.keyboard.press("Enter")
        await expect(notice_in(app)).to_be_visible(timeout=PATIENCE_MS)
        await app.until_state("saved")
        assert await app.text() == "before it"

    await asyncio.gather(*(begin_anew(app) for app in tabs))
    for app in tabs:
        await app.type("!")
        await app.until_state("saved")
    assert await tabs[0].text() == "before it" + "!" * len(tabs)
    assert faults == []
    await tabs[-1].page.close()


async def page_says_so(ada: AppPage) -> None:
    page, notice = ada.page, notice_in(ada)
    compare = notice.get_by_role("button", name="Compare")
    await compare.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("region", name="Your copy").locator("mark")).to_have_text(LACKING)
    await expect(dialog.get_by_role("region", name="The document now").locator("mark")).to_have_text("before it!!")
    for theme in SCHEMES:
        await page.emulate_media(color_scheme=theme)
        assert await found_by_axe(page) == []
    await page.keyboard.press("Escape")
    await expect(compare).to_be_focused()

    await notice.get_by_role("button", name="Merge").click()
    await expect(ada.editor).to_contain_text("since the backup")
    await expect(notice).to_have_count(0)
    await ada.until_state("saved")
    await page.reload()
    await expect(ada.editor).to_contain_text("since the backup")
    await ada.until_state("saved")
    await expect(notice).to_have_count(0)


def again(api: Api, document: str, query: str, state: bytes, protocol: Protocol = "hocuspocus") -> RawPeer:
    """Another device of the same user, that has this of the document."""
    peer = RawPeer(api.server.sockets, document, api.token, protocol=protocol)
    peer.url += f"?{query}"
    peer.doc.apply_update(state)
    return peer


async def test_stock_clients_that_say_another_incarnation_leave_their_copy_and_are_turned_away(
    api: Api, node: NodeDriver
) -> None:
    workspace = await api.workspace()
    documents = {provider: await api.document(workspace) for provider in FAMILIES}
    await asyncio.gather(*(turned_away(api, node, provider, document) for provider, document in documents.items()))


async def test_who_may_only_read_is_turned_away_without_a_branch(api: Api) -> None:
    workspace = await api.workspace()
    document, viewer = await api.document(workspace), await api.colleague(workspace, role="viewer")
    for protocol, words in (("hocuspocus", "copy-not-kept"), ("y-websocket", "is not kept")):
        peer = again(api, document, f"incarnation={STALE}", b"\0\0", protocol)
        peer.token = viewer.token
        await peer.write("⟦mine⟧")
        await peer.connect()
        assert await peer.until_turned_away() == (4409 if protocol == "y-websocket" else None)
        assert words in (peer.denied or (peer.close or (0, ""))[1])
        assert not peer.synced
        await peer.disconnect()
    assert await api.call("GET", f"/collaboration/documents/{document}/branches") == []


async def test_what_is_no_incarnation_ends_the_socket(api: Api) -> None:
    document = await api.document(await api.workspace())
    for protocol in PROTOCOLS:
        peer = again(api, document, "incarnation=no/incarnation", b"\0\0", protocol)
        await peer.connect()
        assert await peer.until_turned_away() == 4400
        await peer.disconnect()


async def turned_away(api: Api, node: NodeDriver, provider: Provider, document: str) -> None:
    is_hocuspocus = provider.family == "hocuspocus"
    path, query = ("hocuspocus?incarnation=" + STALE, {}) if is_hocuspocus else ("sync", {"incarnation": STALE})
    url = f"{api.server.sockets}/{path}"
    client = await node.open(str(provider), provider, url=url, document=document, token=api.token, params=query)
    await client.tell("insert", text="kept apart")  # before its socket is open

    async def kept() -> Any:
        return await api.call("GET", f"/collaboration/documents/{document}/branches")

    async def status() -> Any:
        found = await client.tell("status")
        found["told"] = [*found["denials"], *(close["reason"] for close in found["closes"])]
        return found if any(branch in each for each in found["told"]) else None

    branch = (await until(kept, f"the copy of {provider} to be kept"))[0]["id"]
    found = await until(status, f"{provider} to be told of its branch")
    assert not found["synced"], "it is shown nothing"
    if not is_hocuspocus:
        assert {close["code"] for close in found["closes"]} == {4409}
        assert found["wanted"] is (provider.version < 3), "from version 3 on it does not come back after 44xx"
    assert await text_in_store(api.server, document) == ""
    assert len(await kept()) == 1, "however often it comes back"
    await client.tell("destroy")
