"""The page "Server": who is connected and what is open, by names; what is closed there comes back, and is told why."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.support.axe import found_by_axe
from tests.e2e.support.browser import chromium
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.e2e.support.waiting import until

PHONE = {"width": 390, "height": 844}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def at_the_server_page(browser: Browser, api: Api) -> Page:
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{api.server.url}/workspaces")
    await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Server").click()
    return page


async def test_an_administrator_sees_who_is_connected_closes_one_and_makes_a_snapshot(
    api: Api, browser: Browser
) -> None:
    document = await api.document(await api.workspace())
    peer = RawPeer(api.server.sockets, document, api.token, seed=1)
    await peer.connect()
    await peer.until_synced(10)
    await peer.write("A word.")
    page = await at_the_server_page(browser, api)
    nodes, health = (page.get_by_role("list", name=name).get_by_role("listitem") for name in ("Nodes", "Health"))
    await expect(nodes).to_have_count(1)
    await expect(nodes).to_contain_text("Answers you")
    await expect(health.filter(has_text="Store")).to_contain_text("Well")
    rooms, connections = (page.get_by_role("list", name=name) for name in ("Open documents", "Connections"))
    await expect(rooms.get_by_role("listitem")).to_contain_text("1 connection of 1 person")
    await expect(rooms).to_contain_text("snapshot none yet")
    await expect(page.get_by_text("Everything that was written can be read.")).to_be_visible()
    await look(page, "page")
    assert await found_by_axe(page) == []

    await rooms.get_by_role("button", name="Snapshot of").press("Enter")
    assert await found_by_axe(page) == []
    await page.get_by_role("button", name="Make it").press("Enter")
    await expect(rooms).to_contain_text("snapshot at 1")

    await rooms.get_by_role("button", name="Connections with").click()
    close = connections.get_by_role("button", name="Close: Document socket")
    await close.press("Enter")
    await page.get_by_label("Reason").fill("It sends too much.")
    await look(page, "close")
    await page.keyboard.press("Enter")
    await until(lambda: _is_closed(peer), "the connection to be closed")
    assert peer.close is not None
    assert peer.close == (4510, "It sends too much.")
    await expect(page.get_by_text("There is none.")).to_be_visible()
    await page.get_by_role("button", name="Show all").click()
    await expect(connections).to_contain_text("Event socket")


async def _is_closed(peer: RawPeer) -> bool:
    return peer.close is not None


async def look(page: Page, name: str) -> None:
    """For people's eyes, where somebody wants to look."""
    if not (folder := os.environ.get("SCREENSHOTS")):
        return
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for width in (1200, PHONE["width"]):
            await page.set_viewport_size({"width": width, "height": 844})
            await page.screenshot(path=Path(folder) / f"{name}-{scheme}-{width}.png", full_page=True)
