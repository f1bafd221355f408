"""Comments in the web app: two people talk about a sentence, and it stays marked while the text around it changes."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.support.app import AppPage
from tests.e2e.support.browser import chromium
from tests.e2e.support.rest import PASSWORD, Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD

HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\"> [press](javascript:document.title='owned') "
    "<script>document.title='owned'</script>"
)
REPORTS = "window.reports = []; addEventListener('securitypolicyviolation', e => reports.push(e.violatedDirective))"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


def panel(app: AppPage) -> Locator:
    return app.page.get_by_test_id("comments")


async def select_back(page: Page, text: str) -> None:
    """Select `text`, which ends at the caret; again when the browser was too busy to take every key."""
    async with asyncio.timeout(20):
        while True:
            for _ in text:
                await page.keyboard.press("Shift+ArrowLeft")
            # Browsers tell of a selection with the next frame, and the editor knows of it then.
            await page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            if await page.evaluate("getSelection().toString()") == text:
                return
            await page.keyboard.press("End")


async def test_two_people_talk_about_a_sentence_that_moves(api: Api, browser: Browser) -> None:
    workspace = await api.workspace()
    document = await api.document(workspace)
    colleague = await api.colleague(workspace)
    name = colleague.email.partition("@")[0]
    ada = await AppPage.sign_in(browser, api.server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    await ada.page.set_viewport_size({"width": 1400, "height": 900})
    await ada.type("Before it. The tempo is too fast")
    await select_back(ada.page, "The tempo is too fast")
    await ada.page.keyboard.press("Control+Alt+m")
    await ada.page.keyboard.type(f"Slower? @{name[:10]}")
    await expect(panel(ada).get_by_role("option", name=name)).to_be_visible()
    await ada.page.keyboard.press("Enter")
    await ada.page.keyboard.press("Control+Enter")
    await expect(panel(ada).locator(".mention")).to_have_text(f"@{name}")

    ben = await AppPage.sign_in(browser, api.server, colleague.email, PASSWORD, document)
    await ben.page.set_viewport_size({"width": 1400, "height": 900})
    await expect(panel(ben).locator(".mention-me")).to_have_text(f"@{name}")
    marked = ben.page.locator(".thread-mark")
    await expect(marked).to_have_text("The tempo is too fast")

    await ada.editor.click()
    await ada.page.keyboard.press("Control+Home")
    await ada.page.keyboard.insert_text("世界🙂 ")
    await expect(ben.editor).to_contain_text("世界🙂")
    for app in (ada, ben):
        await expect(app.page.locator(".thread-mark")).to_have_text("The tempo is too fast")

    await panel(ben).get_by_role("button", name="Reply").click()
    await ben.page.keyboard.type("A little, **yes**")
    await ben.page.keyboard.press("Control+Enter")
    await expect(panel(ben).locator("strong", has_text=re.compile("^yes$"))).to_be_visible()
    await expect(panel(ada)).to_contain_text("A little, yes")
    await panel(ada).get_by_role("button", name="Resolve", exact=True).click()
    await expect(ada.page.locator(".thread-mark")).to_have_count(0)
    await panel(ada).get_by_role("button", name="Resolved").click()
    await expect(panel(ada)).to_contain_text("Resolved by")
    await expect(ben.page.locator(".thread-mark")).to_have_count(0)


async def test_a_comment_whose_words_are_deleted_is_kept_and_says_so_and_a_hostile_one_is_only_text(
    api: Api, browser: Browser
) -> None:
    workspace = await api.workspace()
    document = await api.document(workspace, title="<img src=x onerror=\"document.title='owned'\">")
    ada = await AppPage.sign_in(browser, api.server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    await ada.page.set_viewport_size({"width": 1400, "height": 900})
    await ada.page.evaluate(REPORTS)
    await ada.type("It stays. It goes")
    await select_back(ada.page, " It goes")
    await ada.page.get_by_role("button", name="Comment", exact=True).click()
    await ada.page.keyboard.insert_text(HOSTILE)
    await ada.page.keyboard.press("Control+Enter")
    await expect(panel(ada).locator(".comment-body")).to_contain_text("<script>")
    assert await panel(ada).locator(".comment-body :is(img, script, a)").count() == 0

    await ada.editor.click()
    await ada.page.keyboard.press("Control+End")
    for _ in range(len(" It goes")):
        await ada.page.keyboard.press("Backspace")
    apart = panel(ada).get_by_role("region", name="Their text was deleted")
    await expect(apart).to_contain_text("It goes")
    await expect(ada.page.locator(".thread-mark")).to_have_count(0)
    assert await ada.page.evaluate("reports") == []
    assert "owned" not in await ada.page.evaluate("document.title.replace(/<img.*>/, '')")


async def test_a_link_to_a_thread_lands_on_its_words_with_the_keyboard_in_its_card(api: Api, browser: Browser) -> None:
    lines = "\n\n".join([*(f"Line {line}." for line in range(40)), "The last of all words"])
    document = await api.document(await api.workspace(), content={"markdown": lines})
    ada = await AppPage.sign_in(browser, api.server, ADMIN_EMAIL, ADMIN_PASSWORD, document)
    await ada.page.set_viewport_size({"width": 1400, "height": 600})
    await ada.page.get_by_text("The last of all words").click()
    await ada.page.keyboard.press("End")
    await select_back(ada.page, "words")
    await ada.page.keyboard.press("Control+Alt+m")
    await ada.page.keyboard.type("Which ones?")
    await ada.page.keyboard.press("Control+Enter")
    card = panel(ada).locator("[data-thread-card]")
    await ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await card.get_by_role("button", name="Copy a link").click()
    await expect(ada.page.get_by_text("The link is copied.")).to_be_visible()
    await ada.until_state("saved")

    await ada.page.goto(await ada.page.evaluate("navigator.clipboard.readText()"))
    mark = ada.page.locator(".thread-mark-active")
    await expect(mark).to_have_text("words")
    await expect(mark).to_be_in_viewport()
    await expect(card).to_be_focused()
    await expect(card).to_be_in_viewport()

    await panel(ada).get_by_role("button", name="Resolve", exact=True).click()
    await expect(mark).to_have_count(0)
    await ada.page.reload()
    await expect(card).to_contain_text("Resolved by")
    await expect(mark).to_be_in_viewport()

    await ada.page.goto(f"{api.server.url}/documents/{document}?thread=00000000000000000000000000000000")
    await expect(ada.page.get_by_text("The thread of this link is not there any more.")).to_be_visible()
