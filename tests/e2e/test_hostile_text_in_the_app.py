"""What people call themselves and their things, and what they write, is text and nothing else on every page."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.support.browser import chromium
from tests.e2e.support.rest import PASSWORD, Api
from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.e2e.support.waiting import until

CORPUS = [
    "<script>ran(1)</script>",
    '"><img src=x onerror=ran(2)>',
    "<svg/onload=ran(3)>",
    "'-ran(4)-'",
    "javascript:ran(5)",
    "{{constructor.constructor('ran(6)')()}} ${ran(6)}",
    '<iframe srcdoc="<script>parent.ran(7)</script>"></iframe>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=ran(8)&gt;">',
    '<a href="javascript:ran(9)">press</a>',
    "<details open ontoggle=ran(10)>",
    "<x onfocus=ran(11) autofocus tabindex=1>",
    '<noscript><p title="</noscript><img src=x onerror=ran(12)>">',
    "&lt;img src=x onerror=ran(13)&gt; &#60;img src=x onerror=ran(13)&#62;",
    "</title></textarea></style><img src=x onerror=ran(14)>",
    '<form action="javascript:ran(15)"><button autofocus>press',
    '<meta http-equiv="refresh" content="0;url=javascript:ran(16)">',
    "<base href=//evil.example/><link rel=stylesheet href=//evil.example/>",
    "[press](javascript:ran(18)) [press](JaVaScRiPt:ran(18)) [press](<java\tscript:ran(18)>)",
    '[press](data:text/html,<script>ran(19)</script>) ![press](x"onerror=ran(19))',
    "[press](vbscript:ran(20)) <javascript:ran(20)> `<img src=x onerror=ran(20)>`",
    "@[<img src=x onerror=ran(21)>](user:0)",
]
"""After the OWASP cheat sheet on filter evasion and the mutations that sanitisers have missed."""

WATCH = """addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI, sample}) =>
  reported(`${violatedDirective} ${blockedURI} ${sample}`))"""
LINKS = "[...document.querySelectorAll('a[href]')].map(each => each.protocol)"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


class Watched:
    """A page, and what ran there that must not."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.told: list[str] = []

    @classmethod
    async def sign_in(cls, browser: Browser, api: Api) -> "Watched":
        watched = cls(await (await browser.new_context()).new_page())
        page = watched.page
        await page.expose_function("ran", lambda number: watched.told.append(f"ran {number}"))
        await page.expose_function("reported", lambda words: watched.told.append(f"reported {words}"))
        page.on("dialog", lambda dialog: watched.told.append(dialog.message))
        await page.add_init_script(WATCH)
        await page.goto(f"{api.server.url}/workspaces")
        await page.get_by_label("E-mail").fill(ADMIN_EMAIL)
        await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
        await page.keyboard.press("Enter")
        return watched

    async def shows(self, url: str, *words: str) -> None:
        """The page shows these words as they are, and its links lead to pages."""
        await self.page.goto(url)
        for each in words:
            await expect(self.page.locator("body")).to_contain_text(each)
        assert set(await self.page.evaluate(LINKS)) <= {"http:", "https:"}


async def hostile(api: Api, workspace: str) -> tuple[str, str]:
    """His name, and the path of a thread on one of the documents that he has made."""
    name, email = CORPUS[1], "mallory@example.org"
    body = {"email": email, "name": name, "password": PASSWORD, "role": "data_steward"}
    await api.call("POST", "/auth/users", json=body)
    await api.call("POST", f"/collaboration/workspaces/{workspace}/members", json={"email": email, "role": "editor"})
    ada = (await api.call("GET", "/auth/me"))["id"]
    async with Api(api.server) as his:
        await his.sign_in(email, PASSWORD)
        titles = [each.replace("\t", " ") for each in CORPUS]
        documents = await asyncio.gather(*(his.document(workspace, title) for title in titles))
        await his.call(
            "PUT",
            f"/collaboration/documents/{documents[0]}/content",
            json={"content": {"markdown": "\n\n".join(CORPUS)}},
        )
        comments = f"/collaboration/documents/{documents[0]}/comments"
        thread = (await his.call("POST", comments, json={"content": f"@[ada](user:{ada}) {CORPUS[0]}"}))["id"]
        replies = ({"content": each, "thread_id": thread} for each in CORPUS[1:-1])
        await asyncio.gather(*(his.call("POST", comments, json=reply) for reply in replies))
        return name, f"/documents/{documents[0]}?thread={thread}"


async def test_no_script_runs_from_names_titles_comments_or_content(api: Api, browser: Browser) -> None:
    workspace = await api.workspace()
    await api.call(
        "PATCH", f"/collaboration/workspaces/{workspace}", json={"name": CORPUS[2], "description": CORPUS[1]}
    )
    name, path = await hostile(api, workspace)
    watched = await Watched.sign_in(browser, api)
    page, at = watched.page, api.server.url
    await expect(page.locator("body")).to_contain_text(CORPUS[2])
    await watched.shows(f"{at}/inbox", f"{name} mentioned you in {CORPUS[0]}")
    await watched.shows(f"{at}/workspaces/{workspace}", CORPUS[2], CORPUS[8], name)
    await watched.shows(f"{at}/workspaces/{workspace}/activity", f"{name} made {CORPUS[-2]}")
    await watched.shows(f"{at}/users", name)
    await watched.shows(f"{at}{path}", CORPUS[7], CORPUS[15])
    for each in await page.get_by_text("press", exact=True).all():
        await each.click(force=True)
    assert watched.told == []

    # What is seen when it is not so.
    await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=ran(0)>')")

    async def told() -> list[str]:
        return watched.told

    await until(told, "the report of an image that would run a script")
