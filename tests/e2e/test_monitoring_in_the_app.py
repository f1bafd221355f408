"""Monitoring in the web app: a source is tried and added, its charts move, its trouble is an alert."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.support.axe import found_by_axe
from tests.e2e.support.browser import chromium
from tests.e2e.support.rest import Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.server.receiver import Behaviour, answers, receiving

ENVIRONMENT = {"COUNTERPOINT_EGRESS_ALLOW": "127.0.0.0/8"}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SOON_MS = 15_000
IN_WORDS = "Size of the answer: last 10 B, from 10 B to 10 B"
SMALL, LARGE = answers(200, b"x" * 10), answers(200, b"x" * 5_000)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def signed_in(browser: Browser, api: Api, path: str) -> Page:
    page = await (await browser.new_context(viewport=DESK)).new_page()
    await page.goto(f"{api.server.url}{path}")
    await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.keyboard.press("Enter")
    return page


async def test_from_a_new_source_to_an_alert_that_is_dealt_with(api: Api, browser: Browser) -> None:
    async with receiving(SMALL) as service:
        page = await signed_in(browser, api, "/sources")
        await expect(page.get_by_text("No data sources yet.")).to_be_visible()
        await added(page, service.port)
        await expect(page.get_by_role("heading", name="Shop", exact=True)).to_be_visible()
        size = page.get_by_role("article", name="Size of the answer")
        await expect(size.locator(".chart-value")).to_contain_text("10 B", timeout=SOON_MS)
        await expect(size.get_by_role("img")).to_have_attribute("aria-label", IN_WORDS)
        await expect(page.get_by_text("Answers", exact=True)).to_be_visible()
        await page.get_by_label("Interval").select_option("5")

        await threshold_set(page)
        await expect(size.get_by_text("good")).to_be_visible(timeout=SOON_MS)
        await expect(page.get_by_text("Nothing to improve was found.")).to_be_visible()
        await look(page, "source")
        assert await found_by_axe(page) == []

        watching = await page.context.new_page()
        await watching.goto(f"{api.server.url}/alerts")
        await expect(watching.get_by_text("No alerts.")).to_be_visible()
        service.behaviours[:] = [LARGE]
        row = watching.get_by_role("list", name="Alerts").get_by_role("listitem")
        await expect(row).to_contain_text("Size of the answer of Shop", timeout=SOON_MS)
        await expect(size.get_by_text("critical")).to_be_visible(timeout=SOON_MS)
        await expect(size.locator(".chart-value")).to_contain_text("4.88 KiB")
        await look(watching, "alerts")
        assert await found_by_axe(watching) == []
        await dealt_with(watching, service.behaviours)


async def added(page: Page, port: int) -> None:
    await page.get_by_role("button", name="Add a source").click()
    await page.get_by_label("Type").select_option("http")
    await page.get_by_label("Name").fill("Shop")
    await page.get_by_label("Address").fill("http://127.0.0.1:1/")
    await page.get_by_role("button", name="Test the connection").click()
    await expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("127.0.0.1")
    await page.get_by_label("Address").fill(f"http://127.0.0.1:{port}/")
    await page.get_by_role("button", name="Test the connection").click()
    await expect(page.get_by_text("figures cannot be had")).to_be_visible()
    await look(page, "add")
    assert await found_by_axe(page) == []
    await page.get_by_role("button", name="Add and watch it").click()


async def threshold_set(page: Page) -> None:
    await page.get_by_role("button", name="Set a threshold").click()
    await page.get_by_label("Metric", exact=True).select_option("body_bytes")
    await page.get_by_label("Warning").fill("2000")
    await page.get_by_label("Critical").fill("1000")
    await page.get_by_role("button", name="Set it").click()
    await expect(page.get_by_text("must not be more than critical_threshold")).to_be_visible()
    await page.get_by_label("Critical").fill("4000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("list", name="Thresholds")).to_contain_text("is above 1.95 KiB")


async def dealt_with(page: Page, behaviours: list[Behaviour]) -> None:
    """Silenced, acknowledged, and over when the trouble is: nothing is reloaded by hand."""
    await page.get_by_role("link", name="Size of the answer of Shop").click()
    await page.get_by_role("button", name="Acknowledge").click()
    history = page.get_by_role("list", name="What became of it")
    await expect(history).to_contain_text("Acknowledged")
    await page.get_by_role("button", name="Silence").click()
    await page.get_by_label("Why").fill("We are on it.")
    await page.get_by_role("dialog").get_by_role("button", name="Silence").click()
    await expect(page.get_by_text("Nobody is called: it is silenced.")).to_be_visible()
    await look(page, "alert")
    assert await found_by_axe(page) == []
    behaviours[:] = [SMALL]
    await expect(history).to_contain_text("It is over: the value is good again.", timeout=SOON_MS)
    await page.get_by_role("link", name="Charts of Shop").click()
    await expect(page.get_by_role("list", name="Alerts")).to_contain_text("Resolved")


async def look(page: Page, name: str) -> None:
    """For people's eyes, where somebody wants to look."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await page.screenshot(path=Path(folder) / f"monitoring-{name}-{scheme}.png", full_page=True)
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.screenshot(path=Path(folder) / f"monitoring-{name}-phone.png", full_page=True)
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
