"""Our own web app, as a person uses it."""

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.support.browser import written_in
from tests.e2e.support.server import CounterpointServer

__all__ = ["AppPage"]

# A word, a key, or both: longer than one animation, shorter than a person's patience.
PATIENCE_MS = 15_000


class AppPage:
    """One document, open in one browser profile."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.editor = page.get_by_test_id("editor")
        self.save_state = page.get_by_test_id("save-state")
        self.roster = page.get_by_test_id("roster")

    @classmethod
    async def sign_in(
        cls, browser: Browser, server: CounterpointServer, email: str, password: str, document: str
    ) -> "AppPage":
        """Open the document's address in a new profile; the sign-in form stands in its place first."""
        app = await cls.open(await browser.new_context(), server, document)
        await app.page.get_by_label("E-mail").fill(email)
        await app.page.get_by_label("Password", exact=True).fill(password)
        await app.page.keyboard.press("Enter")
        await app.until_state("saved", "readonly")
        return app

    @classmethod
    async def open(cls, profile: BrowserContext, server: CounterpointServer, document: str) -> "AppPage":
        page = await profile.new_page()
        await page.goto(f"{server.url}/documents/{document}")
        return cls(page)

    async def until_state(self, *states: str) -> None:
        """Wait until the page says one of these about its edits: saved, saving, unsaved, readonly, opening."""
        wanted = ", ".join(f"[data-testid=save-state][data-state={state}]" for state in states)
        await expect(self.page.locator(wanted)).to_be_visible(timeout=PATIENCE_MS)

    async def type(self, *words: str) -> None:
        """Type at the end of the text; a newline is the Enter key."""
        await self.editor.click()
        await self.page.keyboard.press("Control+End")
        for word in words:
            if word == "\n":
                await self.page.keyboard.press("Enter")
            else:
                await self.page.keyboard.insert_text(word)

    async def text(self) -> str:
        """What is written, a line for each block."""
        return await written_in(self.page, "[data-testid=editor] > *")
