"""A store is lost and brought back from a backup: what a client has since is kept apart, if it says what it knows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from persistence.transfer.backing_up import back_up
from persistence.transfer.restoring import restore
from tests.e2e.support.app import AppPage
from tests.e2e.support.axe import found_by_axe
from tests.e2e.support.browser import chromium
from tests.e2e.support.raw import PROTOCOLS, Protocol, RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD, CounterpointServer
from tests.e2e.support.store import text_in_store
from tests.e2e.support.waiting import until
from tests.persistence.transfer.stores import Told


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


async def test_what_a_stale_client_has_is_in_a_branch_and_not_in_the_document(
    server: CounterpointServer, tmp_path: Path
) -> None:
    await server.start()
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
        old = (await api.call("GET", f"/collaboration/documents/{document}"))["incarnation"]
        peer = RawPeer(server.sockets, document, api.token, seed=1)
        await peer.connect()
        await peer.until_synced()
        await peer.write("⟦before⟧")
        await peer.until_acknowledged()
        await backed_up(server, tmp_path / "b.zip")
        await peer.write("⟦after⟧")
        await peer.until_acknowledged()
        await back_to(server, tmp_path / "b.zip")
        token = (await api.sign_in()).token
        new = (await api.call("GET", f"/collaboration/documents/{document}"))["incarnation"]
        assert new != old

        branches = []
        for protocol in PROTOCOLS:
            stale = stale_peer(server, document, token, protocol, f"incarnation={old}", peer)
            await stale.connect()
            await stale.until_turned_away()
            assert not stale.synced, "it was shown nothing"
            branches.append(stale.denied or (stale.close or (0, ""))[1])
            if protocol == "y-websocket":
                assert stale.close is not None
                assert stale.close[0] == 4409
            await stale.disconnect()
        denied, closed = branches
        branch = denied.removeprefix("kept-as-branch:")
        assert branch in closed, "the same copy is one branch, whichever way it comes"
        assert "⟦after⟧" not in await text_in_store(server, document)

        fresh = RawPeer(server.sockets, document, token)
        fresh.url += "?incarnation="
        await fresh.connect()
        await fresh.until_synced()
        assert fresh.stateless == [f'{{"incarnation": "{new}"}}']
        assert str(fresh.text) == "⟦before⟧"

        [listed] = await api.call("GET", f"/collaboration/documents/{document}/branches")
        assert (listed["id"], listed["state"], listed["incarnation"]) == (branch, "kept", old)
        merged = await api.call("POST", f"/collaboration/documents/{document}/branches/{branch}/merge")
        assert merged["changed"]
        text = await text_in_store(server, document)
        assert [text.count(token) for token in peer.sent] == [1, 1]

        async def shows_it() -> bool:
            return str(fresh.text) == text

        await until(shows_it, "the merged words to reach who has the document open")
        await fresh.disconnect()


async def test_the_page_says_that_a_copy_was_kept_and_merges_it(
    server: CounterpointServer, browser: Browser, tmp_path: Path
) -> None:
    await server.start()
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
    ada = await AppPage.sign_in(browser, server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    await ada.type("before it")
    await ada.until_state("saved")
    await backed_up(server, tmp_path / "b.zip")
    await ada.type("\n", "since the backup")
    await ada.until_state("saved")
    await back_to(server, tmp_path / "b.zip")

    page = ada.page
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)  # nobody is signed in after a restore
    await page.keyboard.press("Enter")
    notice = page.get_by_role("status").filter(has_text="Your offline copy of before the restore was kept.")
    await expect(notice).to_be_visible()
    await ada.until_state("saved")
    assert await ada.text() == "before it"

    compare = notice.get_by_role("button", name="Compare")
    await compare.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("region", name="Your copy").locator("mark")).to_have_text("since the backup")
    await expect(dialog.get_by_role("region", name="The document now").locator("mark")).to_have_count(0)
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)
        assert await found_by_axe(page) == []
    await page.keyboard.press("Escape")
    await expect(compare).to_be_focused()

    await notice.get_by_role("button", name="Merge").click()
    await expect(ada.editor).to_contain_text("since the backup")
    await expect(notice).to_have_count(0)
    await ada.until_state("saved")
    again = await AppPage.open(page.context, server, document)
    await expect(again.editor).to_contain_text("since the backup")
    await again.until_state("saved")
    await expect(again.page.get_by_text("was kept")).to_have_count(0)


def stale_peer(
    server: CounterpointServer, document: str, token: str, protocol: Protocol, query: str, before: RawPeer
) -> RawPeer:
    """With what `before` had, as another device of the same user."""
    peer = RawPeer(server.sockets, document, token, protocol=protocol)
    peer.url += f"?{query}"
    peer.doc.apply_update(before.doc.get_update())
    return peer
