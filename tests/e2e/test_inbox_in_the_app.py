"""The inbox in the web app: one is told at once, lands on the sentence, answers, and chooses what to be told of."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.support.app import AppPage
from tests.e2e.support.axe import found_by_axe
from tests.e2e.support.browser import chromium
from tests.e2e.support.rest import PASSWORD, Account, Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD

WIDE = {"width": 1400, "height": 700}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def signed_in(browser: Browser, api: Api, account: Account, path: str) -> Page:
    page = await (await browser.new_context()).new_page()
    await page.set_viewport_size({"width": 1400, "height": 700})
    await page.goto(api.server.url + path)
    await page.get_by_label("E-mail").fill(account.email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    return page


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Notifications").locator(".inbox-row")


def titles(page: Page) -> Locator:
    return rows(page).locator(".inbox-title")


async def arrived(page: Page) -> None:
    """What came with being let into the workspace is there, and read."""
    await expect(titles(page).filter(has_text="let you into")).to_be_visible()
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(page.locator(".inbox-link")).to_have_accessible_name("Inbox")


async def mention(api: Api, document: str, account: Account, words: str) -> None:
    name = account.email.partition("@")[0]
    body = {"content": f"@[{name}](user:{account.id}) {words}"}
    await api.call("POST", f"/collaboration/documents/{document}/comments", json=body)


async def group_of(api: Api, account: Account) -> str:
    group = await api.call("POST", "/auth/groups", json={"name": f"Strings of {account.email.partition('@')[0]}"})
    await api.call("PUT", f"/auth/groups/{group['id']}/members/{account.id}")
    return str(group["name"])


async def test_a_mention_is_told_at_once_and_leads_to_its_sentence_where_it_is_answered(
    api: Api, browser: Browser
) -> None:
    workspace = await api.workspace()
    lines = "\n\n".join(f"Line {line}." for line in range(30))
    document = await api.document(workspace, content={"markdown": lines})
    colleague = await api.colleague(workspace)
    name = colleague.email.partition("@")[0]
    ben = await signed_in(browser, api, colleague, "/inbox")
    badge = ben.locator(".inbox-link")
    await arrived(ben)
    await ben.get_by_role("link", name="Counterpoint").click()

    strings = await group_of(api, colleague)
    ada = await AppPage.sign_in(browser, api.server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    await ada.page.set_viewport_size(WIDE)
    await ada.type("\n", "The tempo is too fast")
    await ada.until_state("saved")
    await ada.page.keyboard.press("Shift+Home")
    await ada.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await ada.page.keyboard.press("Control+Alt+m")
    await ada.page.keyboard.type(f"Slower? @{strings[:7]}")
    await expect(ada.page.get_by_role("option", name=strings)).to_contain_text("Group, 1 person here")
    await ada.page.keyboard.press("Enter")
    await ada.page.keyboard.press("Control+Enter")

    await expect(badge).to_have_accessible_name("Inbox, 1 unread, 1 new")
    await badge.click()
    await expect(titles(ben)).to_have_text(["ada mentioned you in Score", re.compile("let you into")])
    await expect(rows(ben).first).to_contain_text("Slower?")
    await expect(badge).to_have_accessible_name("Inbox, 1 unread")
    await ben.keyboard.press("j")
    await ben.keyboard.press("Enter")

    mark = ben.locator(".thread-mark-active")
    await expect(mark).to_have_text("The tempo is too fast")
    await expect(mark).to_be_in_viewport()
    await expect(badge).to_have_accessible_name("Inbox")
    card = ben.locator("[data-thread-card]")
    await expect(card).to_be_focused()
    await card.get_by_role("button", name="Reply").click()
    await ben.keyboard.type("A little, yes")
    await ben.keyboard.press("Control+Enter")
    await expect(card).to_contain_text("A little, yes")
    await card.get_by_role("button", name="React", exact=True).first.click()
    await card.get_by_role("button", name="React with 👍").click()
    await expect(card.get_by_role("button", name="👍 1")).to_be_visible()
    await card.get_by_role("button", name="Resolve", exact=True).click()
    await expect(mark).to_have_count(0)

    await ada.page.locator(".inbox-link").click()
    told = rows(ada.page)
    for words in ("replied", "reacted", "resolved"):
        await expect(told.filter(has_text=words).first).to_contain_text(name)


async def test_the_inbox_is_used_by_the_keyboard_and_stays_as_it_was_left(api: Api, browser: Browser) -> None:
    workspace = await api.workspace()
    colleague = await api.colleague(workspace)
    page = await signed_in(browser, api, colleague, "/inbox")
    await arrived(page)
    for number in range(3):
        await mention(api, await api.document(workspace, f"Score {number}"), colleague, "look")
    await expect(titles(page).filter(has_text="mentioned you")).to_have_text(
        [f"ada mentioned you in Score {number}" for number in (2, 1, 0)]
    )
    assert await found_by_axe(page) == []
    for key in ("j", "j", "e", "k", "u", "j"):
        await page.keyboard.press(key)
    await page.keyboard.press("Delete")
    unread = page.locator(".inbox-unread .inbox-title")
    await expect(titles(page).filter(has_text="mentioned you")).to_have_count(2)
    await expect(page.locator(".inbox-link")).to_have_accessible_name("Inbox, 2 unread")

    await page.reload()
    await expect(titles(page).filter(has_text="mentioned you")).to_have_count(2)
    await page.get_by_role("button", name="Unread (").click()
    await expect(unread).to_have_count(2)
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(page.get_by_text("You have read everything.")).to_be_visible()
    await expect(page.locator(".inbox-link")).to_have_accessible_name("Inbox")

    called = [{"notify": {"users": [colleague.id]}}]
    body = {"subject": f"incident/{workspace}", "severity": "critical", "title": "Disk full", "steps": called}
    await api.call("POST", "/escalations", json=body)
    await expect(titles(page)).to_have_text(["Disk full"])
    assert await found_by_axe(page) == []
    await page.get_by_role("button", name="Acknowledge: Disk full").click()
    await expect(page.get_by_text("You have read everything.")).to_be_visible()
    await page.get_by_role("button", name="All", exact=True).click()
    name = colleague.email.partition("@")[0]
    await expect(titles(page).first).to_have_text(f"{name} acknowledged it: Disk full")
    await expect(page.get_by_role("button", name="Acknowledge: ")).to_have_count(0)


async def test_what_one_is_told_of_is_chosen_and_kept(api: Api, browser: Browser) -> None:
    workspace = await api.workspace()
    document = await api.document(workspace)
    colleague = await api.colleague(workspace)
    page = await signed_in(browser, api, colleague, "/inbox/settings")
    box = page.get_by_label("You are mentioned: Push")
    was = await box.is_checked()
    await box.click()
    await page.get_by_label("Only the inbox in these hours").check()
    await page.get_by_label("From").fill("21:30")
    await page.get_by_label("Time zone").select_option("Europe/Berlin")
    assert await found_by_axe(page) == []
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await page.reload()
    await expect(box).to_be_checked(checked=not was)
    await expect(page.get_by_label("From")).to_have_value("21:30")
    await expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")

    await page.get_by_label("Address of a chat").fill("json://10.0.0.1/hook")
    await page.get_by_label("What you call it").fill("My relay")
    await page.get_by_role("button", name="Add the chat").click()
    await expect(page.get_by_text("of no service that this server sends to")).to_be_visible()
    await page.get_by_label("Address of a chat").fill("ntfys://a-topic-of-mine")
    await page.get_by_role("button", name="Add the chat").click()
    chats = page.get_by_role("list", name="Your chats")
    await expect(chats).to_contain_text("ntfy")
    assert "a-topic-of-mine" not in await page.content()
    assert await found_by_axe(page) == []
    await page.get_by_role("button", name="Remove My relay").click()
    await expect(chats).to_have_count(0)

    await page.goto(f"{api.server.url}/documents/{document}")
    await page.get_by_role("button", name="Notify me of").click()
    await page.get_by_role("button", name="Nothing").click()
    await expect(page.get_by_role("button", name="Notify me of: Nothing")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Notify me of: Nothing")).to_be_visible()


async def test_a_group_is_made_changed_and_deleted_on_the_page_of_people(api: Api, browser: Browser) -> None:
    colleague = await api.colleague()
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{api.server.url}/users")
    await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="New group").click()
    await page.get_by_label("Name").fill("Brass")
    await page.get_by_label(colleague.email).check()
    assert await found_by_axe(page) == []
    await page.get_by_role("button", name="Make it").click()
    brass = page.get_by_role("list", name="Groups").get_by_role("listitem").filter(has_text="Brass")
    await expect(brass).to_contain_text(colleague.email.partition("@")[0])
    await expect(page.get_by_role("button", name="New group")).to_be_focused()
    await brass.get_by_role("button", name="Change").click()
    await page.get_by_label("Name").fill("Brass and drums")
    await page.get_by_label(colleague.email).uncheck()
    await page.get_by_role("button", name="Save").click()
    await expect(brass).to_contain_text("Nobody is in it.")
    await brass.get_by_role("button", name="Delete Brass and drums").click()
    await page.get_by_role("button", name="Delete the group").click()
    await expect(brass).to_have_count(0)
