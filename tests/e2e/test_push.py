"""Push: from the server through a push service into the service worker of a browser, to a notification and its page.

Chromium cannot subscribe here, for its push service is out in the world: the subscription has keys of the test's own.
What the server sends is read with them and handed to Chromium's service worker as its push service would.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser

from server.notifications.delivery import Note
from server.notifications.push.message import message_of
from tests.e2e.support.browser import chromium
from tests.e2e.support.pushed import PushedBrowser
from tests.e2e.support.rest import PASSWORD, Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.e2e.support.waiting import until
from tests.server.notifications.push.browser import BrowserKeys
from tests.server.receiver import answers, receiving

ENVIRONMENT = {"COUNTERPOINT_EGRESS_ALLOW": "127.0.0.0/8", "COUNTERPOINT_PUSH_HOSTS": "127.0.0.1"}
BUNDLE = Path(__file__).parents[2] / "static" / "dist" / "index.html"
AT = "/notifications/push"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not BUNDLE.is_file():
        pytest.fail("the web app is not built: run `make web`")
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def ada(api: Api, browser: Browser) -> PushedBrowser:
    return await PushedBrowser.sign_in(browser, api.server, ADMIN_EMAIL, ADMIN_PASSWORD)


def pushed(path: str, title: str = "Ben mentioned you", item: str = "i") -> str:
    """What the server says of a notification."""
    now = datetime.now(UTC)
    note = Note("o", "ada", item, "e", "mention", "thread/1", "info", title, "Look", path, now)
    return message_of([note]).payload("", 2).decode()


async def test_a_message_reaches_the_service_worker_through_a_push_service(api: Api, ada: PushedBrowser) -> None:
    keys = BrowserKeys.new()
    async with receiving(answers(201)) as service:
        body = {"endpoint": f"http://127.0.0.1:{service.port}/s/1", "expirationTime": None, "keys": keys.shown}
        added = await ada.ask("POST", AT + "/subscriptions", {**body, "device": "Chromium on Linux"})
        assert added["status"] == 201, added
        sent = await ada.ask("POST", AT + "/test")
        assert sent["status"] == 200, sent
        [got] = service.got
    [notification] = await ada.gets(keys.read(got.body).decode(), "Push works")
    assert notification == {
        "title": "Push works",
        "body": "Notifications come to this device.",
        "tag": got.headers["topic"],
        "icon": f"{api.server.url}/icon-192.png",
        "data": {"navigate": "/inbox/settings"},
    }
    assert await ada.click("Push works") == {"opened": [f"{api.server.url}/inbox/settings"], "focused": []}
    await ada.shown()


async def test_a_click_goes_to_the_tab_that_has_the_document_open(api: Api, ada: PushedBrowser) -> None:
    document = await api.document(await api.workspace())
    await ada.gets(pushed(f"/documents/{document}?thread=t1"), "Ben mentioned you")
    asked = await ada.click("Ben mentioned you")
    assert asked["opened"] == [f"{api.server.url}/documents/{document}?thread=t1"], (
        "it is in no tab: the one is elsewhere"
    )
    tab = await ada.context.new_page()
    await tab.goto(f"{api.server.url}/documents/{document}")
    await ada.gets(pushed(f"/documents/{document}?thread=t2", "Ben replied"), "Ben replied")
    asked = await ada.click("Ben replied")
    assert asked == {"opened": [], "focused": [f"{api.server.url}/documents/{document}"]}
    await tab.wait_for_url("**/documents/*?thread=t2")
    assert ada.page.url == f"{api.server.url}/", "the other tab stays where it is"


async def test_whatever_comes_is_shown_and_opens_nothing_but_our_own_pages(api: Api, ada: PushedBrowser) -> None:
    inbox = f"{api.server.url}/inbox"
    foreign = json.dumps({"web_push": 8030, "notification": {"title": "Foreign", "navigate": "https://evil.example/"}})
    for number, data in enumerate(["", "no JSON", "{}", '{"notification": {"title": 7}}', "null"], 1):
        await ada.deliver(data)
        await ada.shown(*["Counterpoint"] * number)
    await ada.gets(foreign, "Foreign", *["Counterpoint"] * 5)
    assert (await ada.click("Foreign"))["opened"] == [inbox]
    assert (await ada.click("Counterpoint"))["opened"] == [inbox]


async def test_what_is_newer_of_the_same_thing_takes_the_place_of_the_former(ada: PushedBrowser) -> None:
    await ada.gets(pushed("/inbox", "Ben mentioned you"), "Ben mentioned you")
    await ada.deliver(pushed("/inbox", "Something else", item="j"))
    await ada.gets(pushed("/inbox", "Ben and Cyd mentioned you"), "Ben and Cyd mentioned you", "Something else")


async def test_a_subscription_that_the_browser_renews_stays_the_same_device(ada: PushedBrowser) -> None:
    old, new = ({"endpoint": f"http://127.0.0.1:9/{name}", "keys": BrowserKeys.new().shown} for name in ("old", "new"))
    added = await ada.ask("POST", AT + "/subscriptions", {**old, "device": "Chromium on Linux"})
    assert added["status"] == 201, added
    await ada.worker.evaluate(
        """async ([former, current]) => {
          const event = new ExtendableEvent('pushsubscriptionchange')
          event.oldSubscription = { endpoint: former.endpoint }
          event.newSubscription = { toJSON: () => current }
          const works = []
          event.waitUntil = work => works.push(work)
          self.dispatchEvent(event)
          await Promise.all(works)
        }""",
        [old, new],
    )
    devices = (await ada.ask("GET", AT))["json"]["data"]["subscriptions"]
    hash_ = sha256(str(new["endpoint"]).encode()).hexdigest()
    assert added["json"]["data"] | {"endpoint_hash": hash_} in devices, "the same id, the same name, the new endpoint"


# The browser has a subscription, as far as the page can tell. Chromium makes none without its push service.
SUBSCRIBED = """([endpoint, keys]) => {
  window.gone = false
  PushManager.prototype.getSubscription = async () => window.gone ? null : {
    endpoint,
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => (window.gone = true),
  }
}"""


async def test_a_browser_keeps_push_for_its_person_until_he_signs_out(api: Api, ada: PushedBrowser) -> None:
    keys, endpoint = BrowserKeys.new().shown, "http://127.0.0.1:9/mine"
    await ada.ask("POST", AT + "/subscriptions", {"endpoint": endpoint, "keys": keys, "device": "Mine"})
    await ada.has(SUBSCRIBED, [endpoint, keys])
    credentials = {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
    await ada.ask("POST", "/auth/login", credentials)  # another session, as after one that has run out
    async with ada.page.expect_response("**" + AT + "/subscriptions") as kept:
        await ada.page.reload()
    assert (await kept.value).status == 201
    await ada.ask("POST", "/auth/logout")
    await ada.ask("POST", "/auth/login", credentials)
    devices = (await ada.ask("GET", AT))["json"]["data"]["subscriptions"]
    assert "Mine" not in {each["device"] for each in devices}, "it has ended with the session that it was last in"


async def test_a_browser_is_no_longer_pushed_to_when_somebody_else_signs_in(api: Api, ada: PushedBrowser) -> None:
    keys, endpoint = BrowserKeys.new().shown, "http://127.0.0.1:9/hers"
    await ada.ask("POST", AT + "/subscriptions", {"endpoint": endpoint, "keys": keys, "device": "Hers"})
    await ada.gets(pushed("/inbox"), "Ben mentioned you")
    await ada.has(SUBSCRIBED, [endpoint, keys])
    ben = await api.colleague(await api.workspace())
    await ada.ask("POST", "/auth/login", {"email": ben.email, "password": PASSWORD})
    await ada.page.reload()
    await until(lambda: ada.page.evaluate("window.gone"), "the end of the subscription")
    await ada.shown()


async def test_the_worker_is_asked_for_anew_and_the_app_can_be_installed(api: Api) -> None:
    async with httpx.AsyncClient(base_url=api.server.url, trust_env=False) as http:
        worker, manifest = await http.get("/sw.js"), await http.get("/manifest.webmanifest")
        assert worker.headers["cache-control"] == "no-cache"
        assert worker.headers["content-type"].startswith("text/javascript")
        assert manifest.headers["content-type"].startswith("application/manifest+json")
        for icon in manifest.json()["icons"]:
            assert (await http.get(icon["src"])).headers["content-type"] == icon["type"]
