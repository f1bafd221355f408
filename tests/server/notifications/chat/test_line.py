"""Apprise itself, against a server that takes, refuses, redirects or hangs: what becomes of a message is known."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from server.notifications.chat.line import ChatLine
from server.notifications.chat.message import Message
from server.notifications.chat.services import ChatServices
from server.notifications.delivery import Later, Refused, Sent

MESSAGE = Message("Disk full", "db-1\nhttps://pad.example.org/inbox", "failure")


class Chats:
    """A chat service of the test's own, which answers with `status`; 0: never."""

    def __init__(self) -> None:
        self.status = 200
        self.asked: list[str] = []
        self.bodies: list[dict[str, str]] = []
        self.place = ""
        self._server: asyncio.Server | None = None
        self._over = asyncio.Event()
        self._handlers: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.place = f"json://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self._over.set()
        await asyncio.gather(*self._handlers)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self._handlers.add(task)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        [size] = [int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")]
        self.bodies.append(json.loads(await reader.readexactly(size)))
        self.asked.append(head.split()[1])
        if self.status:
            answer = (
                f"HTTP/1.1 {self.status} x\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            writer.write(answer.encode())
        else:
            await self._over.wait()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def chats() -> AsyncIterator[Chats]:
    made = Chats()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def line(chats: Chats) -> AsyncIterator[ChatLine]:
    made = ChatLine(ChatServices([chats.place]), "https://pad.example.org", seconds=5)
    yield made
    made.close()


async def test_a_message_arrives_with_its_title_its_text_and_its_type(chats: Chats, line: ChatLine) -> None:
    assert await line.send(chats.place + "/hook", MESSAGE) == Sent()
    [body] = chats.bodies
    assert (body["title"], body["message"], body["type"]) == (MESSAGE.title, MESSAGE.body, "failure")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Refused("JSON has answered 404")),
        (401, Refused("JSON has answered 401")),
        (302, Refused("JSON has answered 302")),
        (429, Later("JSON has answered 429")),
        (503, Later("JSON has answered 503")),
    ],
)
async def test_what_it_answers_says_whether_it_is_tried_again_and_no_redirect_is_followed(
    chats: Chats, line: ChatLine, status: int, outcome: Later | Refused
) -> None:
    chats.status = status
    assert await line.send(chats.place + "/hook", MESSAGE) == outcome
    assert chats.asked == ["/hook"]


async def test_one_that_is_not_there_is_tried_again(chats: Chats, line: ChatLine) -> None:
    await chats.stop()
    assert await line.send(chats.place, MESSAGE) == Later("JSON could not be reached")


async def test_one_that_hangs_holds_nobody_up_for_long(chats: Chats) -> None:
    chats.status = 0
    line = ChatLine(ChatServices([chats.place]), None, seconds=0.2)
    assert await line.send(chats.place, MESSAGE) in (
        Later("no answer within 0.2 seconds"),
        Later("JSON could not be reached"),
    )
    line.close()


async def test_an_address_whose_service_is_not_allowed_any_more_is_refused(chats: Chats) -> None:
    line = ChatLine(ChatServices(), None)
    outcome = await line.send(chats.place, MESSAGE)
    assert isinstance(outcome, Refused)
    assert "of no service" in outcome.why
    assert chats.asked == []
    line.close()
