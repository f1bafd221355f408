"""The activity of a workspace in the web app."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.support.browser import chromium
from tests.e2e.support.rest import Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def test_a_workspace_shows_what_happened_and_can_be_asked_for_one_kind(api: Api, browser: Browser) -> None:
    workspace = await api.workspace()
    for number in range(60):
        await api.document(workspace, f"Score {number}")
    await api.colleague(workspace)
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{api.server.url}/workspaces/{workspace}/activity")
    await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.keyboard.press("Enter")
    rows = page.get_by_role("list", name="What has happened").get_by_role("listitem")
    await expect(rows).to_have_count(50)
    await expect(rows.first).to_contain_text("colleague-")
    await page.get_by_role("button", name="Load older").click()
    await expect(rows).not_to_have_count(50)
    await expect(rows.get_by_text("ada made Score 0", exact=True)).to_have_count(1)
    await page.get_by_label("What", exact=True).select_option(label="Member joined")
    await expect(rows.filter(has_text="Score")).to_have_count(0)
    await expect(rows.first).to_contain_text("colleague-")
