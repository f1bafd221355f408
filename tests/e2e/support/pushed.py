"""A Chromium whose service worker gets push messages as from its push service, by the DevTools protocol."""

import asyncio
import json
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Worker

from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.waiting import until

__all__ = ["PushedBrowser"]

# A worker is ready while it activates still, and what Chromium's DevTools deliver to it then is lost.
ACTIVE = """navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated' ? null : new Promise(done =>
  active.addEventListener('statechange', () => active.state === 'activated' && done(null))))"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
  ({ title, body, tag, icon, data }) => ({ title, body, tag, icon, data }))"""
# A click as the browser tells it. Windows may be opened and focused after a person's own click only, and Chromium
# knows that this one is none: so what was asked for is written down, and not done.
CLICK = """async title => {
  const asked = { opened: [], focused: [] }
  const { openWindow } = clients, { focus } = WindowClient.prototype
  clients.openWindow = url => (asked.opened.push(url), Promise.resolve(null))
  WindowClient.prototype.focus = function () { asked.focused.push(this.url); return Promise.resolve(this) }
  const notification = (await registration.getNotifications()).find(each => each.title === title)
  const event = new NotificationEvent('notificationclick', { notification })
  const works = []
  event.waitUntil = work => works.push(work)
  self.dispatchEvent(event)
  await Promise.all(works)
  clients.openWindow = openWindow
  WindowClient.prototype.focus = focus
  return asked
}"""


class PushedBrowser:
    """One profile, signed in by its first page."""

    def __init__(self, context: BrowserContext, page: Page, devtools: CDPSession, server: CounterpointServer) -> None:
        self.context = context
        self.page = page
        self._devtools = devtools
        self._server = server
        self._registration: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @classmethod
    async def sign_in(cls, browser: Browser, server: CounterpointServer, email: str, password: str) -> "PushedBrowser":
        context = await browser.new_context()
        await context.grant_permissions(["notifications"], origin=server.url)
        page = await context.new_page()
        await page.goto(server.url)
        made = cls(context, page, await context.new_cdp_session(page), server)
        made._devtools.on("ServiceWorker.workerRegistrationUpdated", made._registered)
        await made._devtools.send("ServiceWorker.enable")
        answer = await made.ask("POST", "/auth/login", {"email": email, "password": password})
        assert answer["status"] == 200, answer
        await page.evaluate(ACTIVE)
        return made

    def _registered(self, told: dict[str, Any]) -> None:
        for each in told["registrations"]:
            if not each["isDeleted"] and not self._registration.done():
                self._registration.set_result(each["registrationId"])

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As the page asks: {status, json}."""
        return await self.page.evaluate(
            """async ([method, path, body]) => {
              const headers = body === null ? {} : { 'Content-Type': 'application/json' }
              const answer = await fetch(path, { method, headers, body: body === null ? null : JSON.stringify(body) })
              return { status: answer.status, json: await answer.json().catch(() => null) }
            }""",
            [method, path, body],
        )

    async def has(self, script: str, given: Any) -> None:
        """Every page of the profile runs this function before anything else."""
        await self.context.add_init_script(f"({script})({json.dumps(given)})")

    async def gets(self, data: str, *titles: str) -> list[dict[str, Any]]:
        """Its push service brings this, decrypted; the notifications, when they are then those of these titles.

        While a page loads beside it, Chromium's DevTools lose a delivery now and then: it is brought once more, which
        changes nothing for what is shown with a tag.
        """
        await self.deliver(data)
        try:
            return await self.shown(*titles, seconds=4.0)
        except AssertionError:
            await self.deliver(data)
            return await self.shown(*titles)

    async def deliver(self, data: str) -> None:
        """What its push service has brought, decrypted."""
        given = {"origin": self._server.url, "registrationId": await self._registration, "data": data}
        await self._devtools.send("ServiceWorker.deliverPushMessage", given)

    async def shown(self, *titles: str, seconds: float = 15.0) -> list[dict[str, Any]]:
        """The notifications, when they are those of these titles and no others."""

        found: list[dict[str, Any]] = []

        async def are_these() -> bool:
            found[:] = await self.page.evaluate(SHOWN)
            return sorted(each["title"] for each in found) == sorted(titles)

        await until(are_these, f"the notifications {titles}", seconds=seconds)
        return found

    async def click(self, title: str) -> dict[str, list[str]]:
        """Click on a notification: which windows were then asked to be `opened` and `focused`."""
        asked: dict[str, list[str]] = await self.worker.evaluate(CLICK, title)
        return asked

    @property
    def worker(self) -> Worker:
        [worker] = self.context.service_workers
        return worker
