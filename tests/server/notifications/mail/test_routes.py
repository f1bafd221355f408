"""From a mention to a letter in a real mail server, and from its link to no more letters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from persistence.tables.notifications import notification_deliveries
from server.clock import SystemClock
from tests.server.notifications.mail.postbox import Postbox, postbox
from tests.server.notifications.stage import Ground, ground, mention
from tests.server.support import ADDRESS, served


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[tuple[Postbox, Ground]]:
    async with (
        postbox() as box,
        ground(
            folder,
            smtp_url=f"smtp+plain://127.0.0.1:{box.port}",
            mail_from="Counterpoint <pad@example.org>",
            public_url=ADDRESS,
        ) as made,
    ):
        yield box, made


async def send_now(at: Ground) -> None:
    """What waits for its digest is due."""
    due = update(notification_deliveries).where(notification_deliveries.c.state == "pending")
    past = due.values(not_before=SystemClock().now() - timedelta(seconds=1))
    await at.house.database.write(lambda connection: connection.execute(past))
    at.house.notifications.desk.wake()


def unsubscribe_of(letter: EmailMessage) -> str:
    parts = urlsplit(letter["List-Unsubscribe"].strip("<>"))
    return f"{parts.path}?{parts.query}"


@pytest.fixture
async def mailed(tmp_path: Path) -> AsyncIterator[tuple[Ground, Postbox]]:
    """Ben was mentioned twice, and has got one letter."""
    async with office(tmp_path) as (box, at):
        for word in ("one", "two"):
            await at.comment(at.ada, f"{mention(at.ben)} {word}")
        await send_now(at)
        await box.until(1)
        yield at, box


async def test_two_mentions_are_one_letter_with_links_into_the_app(mailed: tuple[Ground, Postbox]) -> None:
    at, box = mailed
    [letter] = box.letters
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert letter["To"] == at.ben.email
    assert letter["Subject"].startswith("2 notifications")
    assert "@ben one" in text
    assert "@ben two" in text
    assert f"{ADDRESS}/documents/{at.document}?thread=" in text


async def test_one_post_ends_the_letters_and_needs_nobody_to_sign_in(mailed: tuple[Ground, Postbox]) -> None:
    at, box = mailed
    link = unsubscribe_of(box.letters[0])
    asked = await at.ben.http.get(link)
    assert "<form" in asked.text
    assert (await at.ben.get("/notifications/preferences")).json()["data"]["kinds"]["mention"]["email"] is True
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        answer = await at.ben.http.post(link, content="List-Unsubscribe=One-Click", headers=form)
        assert answer.status_code == 200
    kinds = (await at.ben.get("/notifications/preferences")).json()["data"]["kinds"]
    assert not any(choice["email"] for choice in kinds.values())
    assert kinds["mention"]["push"] is True, "nothing else has changed"
    await at.comment(at.ada, mention(at.ben))
    await at.comment(at.ada, mention(at.cyd))
    await send_now(at)
    await box.until(2)
    assert box.letters[1]["To"] == at.cyd.email


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
async def test_a_link_of_nobodys_is_not_there(mailed: tuple[Ground, Postbox], token: str) -> None:
    at, box = mailed
    for method in ("GET", "POST"):
        answer = await at.ben.http.request(method, "/notifications/mail/unsubscribe", params={"token": token})
        assert answer.status_code == 404
    link = unsubscribe_of(box.letters[0])
    assert (await at.ben.http.post(link[:-6] + "AAAAAA")).status_code == 404, "a seal that was changed"


async def test_an_invitation_goes_by_mail_and_the_answer_does_not_hold_its_link(tmp_path: Path) -> None:
    async with office(tmp_path) as (box, at):
        body = {"email": "eve@example.org", "role": "editor", "message": "Come <b>and</b> see."}
        answer = await at.ada.post(f"/collaboration/workspaces/{at.workspace}/invite", body)
        assert answer.json()["data"]["accept_url"] is None
        await box.until(1)
        [letter] = box.letters
        body_ = letter.get_body(("plain",))
        assert body_ is not None
        text = body_.get_content()
        assert letter["To"] == "eve@example.org"
        assert "invites you" in letter["Subject"]
        token = text.partition("/invitation#")[2].split()[0]
        looked = await at.ada.http.post("/auth/invitations/look", json={"token": token})
        assert looked.json()["workspace_name"] == "Orchestra"


async def test_without_a_mail_server_there_is_no_such_page(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        assert (await place.http.get("/notifications/mail/unsubscribe?token=x")).status_code == 404
        assert place.house.notifications.mail is None
