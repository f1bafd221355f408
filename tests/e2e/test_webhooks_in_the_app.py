"""Webhooks in the web app: made with a secret that is shown once, tried, looked after, and delivered once more."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.support.axe import found_by_axe
from tests.e2e.support.browser import chromium
from tests.e2e.support.rest import PASSWORD, Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.server.receiver import Got, answers, receiving

ENVIRONMENT = {"COUNTERPOINT_EGRESS_ALLOW": "127.0.0.1/32"}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def is_signed_with(secret: str, got: Got) -> bool:
    """As https://www.standardwebhooks.com says."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body])
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return wanted in got.headers["webhook-signature"].split()


async def test_an_administrator_makes_a_webhook_tries_it_and_has_a_delivery_sent_again(
    api: Api, browser: Browser
) -> None:
    async with receiving(answers(204)) as receiver:
        page = await (await browser.new_context()).new_page()
        await page.goto(f"{api.server.url}/workspaces")
        await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
        await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Webhooks").click()
        await page.get_by_role("button", name="New webhook").click()
        await page.get_by_label("Address").fill(f"http://127.0.0.1:{receiver.port}/hook")
        await page.get_by_label("What it is for").fill("To the archive")
        await page.get_by_label("Everything that you may see").uncheck()
        await page.get_by_label("Documents").check()
        assert await found_by_axe(page) == []
        await page.get_by_role("button", name="Make the webhook").click()
        secret = await page.get_by_role("textbox", name="The secret").input_value()
        assert secret.startswith("whsec_")
        await page.get_by_role("button", name="I have it").click()

        await page.get_by_role("link", name="To the archive").click()
        await page.get_by_role("button", name="Send a test").click()
        rows = (
            page.get_by_role("list", name="Deliveries").get_by_role("listitem").filter(has=page.locator(".row-title"))
        )
        await expect(rows).to_have_count(1)
        await expect(rows.first).to_contain_text("Delivered")
        assert is_signed_with(secret, receiver.got[0])

        receiver.arrived.clear()
        await api.document(await api.workspace(), "Score")
        await asyncio.wait_for(receiver.arrived.wait(), timeout=15)
        await page.get_by_role("button", name="Refresh").click()
        created = rows.filter(has_text="counterpoint.document.created.v1")
        await expect(created).to_contain_text("Delivered")
        await created.get_by_role("button", name="Send again").click()
        again = created.filter(has=page.get_by_text("Sent again", exact=True))
        await expect(again).to_contain_text("Delivered")
        assert receiver.got[1].headers["webhook-id"] == receiver.got[2].headers["webhook-id"]
        assert await found_by_axe(page) == []

        await page.get_by_role("button", name="New secret").click()
        await page.get_by_role("button", name="Make a new secret").click()
        await expect(page.get_by_role("textbox", name="The secret")).not_to_have_value(secret)
        await page.get_by_role("button", name="I have it").click()
        await expect(page.get_by_text("The former secret still signs")).to_be_visible()
        await page.get_by_role("button", name="Delete").click()
        await page.get_by_role("button", name="Delete the webhook").click()
        await expect(page.get_by_text("No webhooks.")).to_be_visible()


async def test_a_receiver_that_is_gone_turns_the_webhook_off_and_it_says_so(api: Api, browser: Browser) -> None:
    async with receiving(answers(410)) as receiver:
        body = {"url": f"http://127.0.0.1:{receiver.port}/gone"}
        webhook = (await api.call("POST", "/webhooks", json=body))["id"]
        await api.call("POST", f"/webhooks/{webhook}/test")
        page = await (await browser.new_context()).new_page()
        await page.goto(f"{api.server.url}/settings/webhooks/{webhook}")
        await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
        await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Nothing is sent:")).to_be_visible()
        await page.get_by_role("button", name="Turn on again").click()
        await expect(page.get_by_text("Nothing is sent:")).to_have_count(0)


async def test_a_colleague_has_no_way_to_webhooks(api: Api, browser: Browser) -> None:
    colleague = await api.colleague(await api.workspace())
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{api.server.url}/workspaces")
    await page.get_by_label("E-mail").fill(colleague.email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Workspaces")).to_be_visible()
    await expect(page.get_by_role("link", name="Webhooks")).to_have_count(0)
    await expect(page.get_by_role("link", name="Server")).to_have_count(0)
