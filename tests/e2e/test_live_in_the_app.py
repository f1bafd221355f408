"""The pages of the web app follow the events: what they show after them is what they show when they are loaded anew."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import Browser, Page, TimeoutError, expect  # noqa: A004 - its own name for it

from tests.e2e.support.app import AppPage
from tests.e2e.support.axe import found_by_axe
from tests.e2e.support.browser import chromium
from tests.e2e.support.rest import PASSWORD, Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD

PRESS_MS = 3_000
SHOWN = """selector => {
  const copy = document.querySelector(selector).cloneNode(true)
  for (const each of copy.querySelectorAll('time')) each.remove()
  return copy.innerHTML.replaceAll(/(id|for|aria-[a-z]+)="[^"]*"/g, '')
}"""
"""What a page shows, but for how long ago it was."""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def signed_in(browser: Browser, api: Api, path: str) -> Page:
    page = await (await browser.new_context()).new_page()
    await page.set_viewport_size({"width": 1400, "height": 900})
    await page.goto(f"{api.server.url}{path}")
    await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("connection")).to_have_attribute("data-link", "connected")
    return page


def asked_again(page: Page, path: str) -> list[str]:
    """The questions for this path from now on."""
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if re.search(path, each.url) else None)
    return asked


async def same_when_loaded_anew(page: Page, selector: str, last: str) -> None:
    live = await page.evaluate(SHOWN, selector)
    await page.reload()
    await expect(page.locator(selector)).to_contain_text(last)
    await expect(page.get_by_test_id("connection")).to_have_attribute("data-link", "connected")
    assert await page.evaluate(SHOWN, selector) == live


async def every_kind_of_comment(api: Api, document: str) -> None:
    """By another session than the page's: all that can happen to a thread but for its anchor."""
    comments = f"/collaboration/documents/{document}/comments"

    async def say(**body: Any) -> str:
        return str((await api.call("POST", comments, json=body))["id"])

    (first, *_) = await api.call("GET", comments)
    thread = {"thread_id": first["id"]}
    kept, gone = await say(content="Kept", **thread), await say(content="Gone", **thread)
    await api.call("PATCH", f"{comments}/{kept}", json={"content": "Kept, **edited**"})
    await api.call("DELETE", f"{comments}/{gone}")
    for emoji in ("🎉", "👀"):
        await api.call("POST", f"{comments}/{kept}/reactions", json={"emoji": emoji})
    await api.call("DELETE", f"{comments}/{kept}/reactions/👀")
    await api.call("POST", f"/collaboration/documents/{document}/threads/{first['id']}/resolve")
    await api.call("POST", f"/collaboration/documents/{document}/threads/{first['id']}/reopen")
    await say(content="The last", **thread)


async def test_comments_are_live_and_the_same_when_they_are_loaded_anew(api: Api, browser: Browser) -> None:
    document = await api.document(await api.workspace())
    await api.call("POST", f"/collaboration/documents/{document}/comments", json={"content": "On all of it"})
    page = await (await browser.new_context()).new_page()
    await page.set_viewport_size({"width": 1400, "height": 900})
    await page.goto(f"{api.server.url}/documents/{document}")
    await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.keyboard.press("Enter")
    panel = page.get_by_test_id("comments")
    await expect(panel).to_contain_text("On all of it")
    await expect(panel.get_by_test_id("connection")).to_have_attribute("data-link", "connected")
    asked = asked_again(page, "/comments")
    await every_kind_of_comment(api, document)
    await expect(panel).to_contain_text("The last")
    assert asked == []
    live = await page.evaluate(SHOWN, "[data-thread-card]")
    await page.reload()
    await expect(panel).to_contain_text("The last")
    assert await page.evaluate(SHOWN, "[data-thread-card]") == live

    await api.call("POST", f"/collaboration/documents/{document}/comments", json={"content": "Another thread"})
    await expect(panel).to_contain_text("Another thread")


async def test_activity_is_live_and_the_same_when_it_is_loaded_anew(api: Api, browser: Browser) -> None:
    workspace = await api.workspace()
    document = await api.document(workspace, "Plan")
    page = await signed_in(browser, api, f"/workspaces/{workspace}/activity")
    rows = page.get_by_role("list", name="What has happened")
    await expect(rows).to_contain_text("ada made Plan")
    asked = asked_again(page, "/activity")
    colleague = await api.colleague(workspace)
    await api.set_role(workspace, colleague.id, "viewer")
    await api.call("POST", f"/collaboration/documents/{document}/comments", json={"content": "Why?"})
    await every_kind_of_comment(api, document)
    await api.call("PATCH", f"/collaboration/documents/{document}", json={"title": "Plan B", "type": "policy"})
    await api.call("PATCH", f"/collaboration/workspaces/{workspace}", json={"name": "Renamed"})
    await api.call(
        "POST", f"/collaboration/workspaces/{workspace}/invite", json={"email": "eve@example.org", "role": "viewer"}
    )
    await api.call("DELETE", f"/collaboration/workspaces/{workspace}/members/{colleague.id}")
    await api.call("DELETE", f"/collaboration/documents/{document}")
    await expect(rows).to_contain_text("ada deleted Plan B")
    assert asked == []
    await same_when_loaded_anew(page, "[aria-label='What has happened']", "ada deleted Plan B")


async def test_a_workspace_shows_who_comes_and_goes_and_what_becomes_of_its_documents(
    api: Api, browser: Browser
) -> None:
    workspace = await api.workspace()
    document, other = await api.document(workspace, "Plan"), await api.document(workspace, "Other")
    colleague = await api.colleague(workspace)
    page = await signed_in(browser, api, f"/workspaces/{workspace}")
    name = colleague.email.partition("@")[0]
    await expect(page.locator(".columns")).to_contain_text(name)
    await expect(page.get_by_role("link", name="Plan")).to_be_visible()
    asked = asked_again(page, "/collaboration/")
    await api.set_role(workspace, colleague.id, "viewer")
    await expect(page.get_by_label(f"Role of {name}")).to_have_value("viewer")
    await api.call("PATCH", f"/collaboration/documents/{document}", json={"title": "Plan B", "type": "policy"})
    await api.call("DELETE", f"/collaboration/documents/{other}")
    await expect(page.get_by_role("link", name="Other")).to_have_count(0)
    await expect(page.get_by_text("Policy")).to_be_visible()
    assert asked == []
    await same_when_loaded_anew(page, ".columns", "Plan B")

    await api.document(workspace, "A third one")
    await expect(page.get_by_role("link", name="A third one")).to_be_visible()
    await api.call("DELETE", f"/collaboration/workspaces/{workspace}/members/{colleague.id}")
    await expect(page.locator(".columns")).not_to_contain_text(name)
    await api.call("PATCH", f"/collaboration/workspaces/{workspace}", json={"name": "Quartet"})
    await expect(page.get_by_role("heading", name="Quartet")).to_be_visible()


async def test_a_workspace_shows_who_is_here_and_in_which_document(api: Api, browser: Browser) -> None:
    workspace = await api.workspace()
    document = await api.document(workspace, "Plan")
    colleague = await api.colleague(workspace)
    name = colleague.email.partition("@")[0]
    page = await signed_in(browser, api, f"/workspaces/{workspace}")
    here = page.get_by_role("region", name="Here now")
    await expect(here).to_have_text("Nobody else is here now.")
    ben = await AppPage.sign_in(browser, api.server, colleague.email, PASSWORD, document)
    await expect(here.get_by_role("listitem")).to_have_text(re.compile(name))
    await expect(page.get_by_role("list", name="Who is in Plan")).to_contain_text(name)
    assert await found_by_axe(page) == []
    await ben.page.close()
    await expect(here).to_have_text("Nobody else is here now.")
    await expect(page.get_by_role("list", name="Who is in Plan")).to_have_count(0)


async def test_a_page_that_was_cut_off_says_so_and_misses_nothing(api: Api, browser: Browser) -> None:
    workspace = await api.workspace()
    await api.document(workspace, "Before")
    page = await signed_in(browser, api, f"/workspaces/{workspace}/activity")
    rows = page.get_by_role("list", name="What has happened")
    await expect(rows).to_contain_text("Before")
    status = page.get_by_test_id("connection")
    await page.evaluate("window.stays = true")
    await expect(status).to_be_empty()
    await api.server.stop()
    await expect(status).to_contain_text("Reconnecting. As of")
    await api.server.start()
    await api.document(workspace, "Meanwhile")
    with suppress(TimeoutError):  # it may have come back by itself, and the button is gone
        await status.get_by_role("button", name="Try now").click(timeout=PRESS_MS)
    await expect(rows.get_by_text("ada made Meanwhile")).to_have_count(1)
    await expect(status).to_be_empty()
    assert await page.evaluate("window.stays")
