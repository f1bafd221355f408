"""Invitations in the web app: a link is made, handed on, and lets its holder in once."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.support.browser import chromium
from tests.e2e.support.rest import PASSWORD, Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def workspace_page(browser: Browser, api: Api, workspace: str) -> Page:
    """The administrator, in front of the workspace."""
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{api.server.url}/workspaces/{workspace}")
    await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.keyboard.press("Enter")
    return page


async def test_who_is_invited_makes_an_account_by_the_link_and_is_in(api: Api, browser: Browser) -> None:
    page = await workspace_page(browser, api, await api.workspace())
    await page.get_by_label("Invite by e-mail").fill("grace@example.org")
    await page.get_by_role("button", name="Invite", exact=True).click()
    link = await page.get_by_label("The link").input_value()
    await page.get_by_role("button", name="I have it").click()
    await expect(page.get_by_role("region", name="Invitations")).to_contain_text("grace@example.org")

    guest = await (await browser.new_context()).new_page()
    await guest.goto(link)
    await guest.get_by_label("Your name").fill("Grace")
    await guest.get_by_label("Password", exact=True).fill(PASSWORD)
    await guest.get_by_role("button", name="Make the account and join").click()
    await expect(guest.get_by_role("region", name="Members")).to_contain_text("Grace (you)")

    late = await (await browser.new_context()).new_page()
    await late.goto(link)
    await expect(late.get_by_role("heading", name="This link is no good")).to_be_visible()


async def test_an_invitation_that_is_taken_back_lets_nobody_in(api: Api, browser: Browser) -> None:
    page = await workspace_page(browser, api, await api.workspace())
    await page.get_by_label("Invite by e-mail").fill("eve@example.org")
    await page.get_by_role("button", name="Invite", exact=True).click()
    link = await page.get_by_label("The link").input_value()
    await page.get_by_role("button", name="I have it").click()
    await page.get_by_role("button", name="Take back the invitation of eve@example.org").click()
    await expect(page.get_by_role("region", name="Invitations")).not_to_contain_text("eve@example.org")
    late = await (await browser.new_context()).new_page()
    await late.goto(link)
    await expect(late.get_by_role("heading", name="This link is no good")).to_be_visible()
