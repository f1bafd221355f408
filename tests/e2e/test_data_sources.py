"""`/ws/data-sources` as a page opens it: no header but cookie and Origin, a sub-protocol, and not a word."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import websockets

from tests.e2e.support.rest import Api

SUBPROTOCOL = "data-governance-v1"
SECONDS = 20


@asynccontextmanager
async def page(api: Api, query: str = "", **headers: str) -> AsyncIterator[websockets.ClientConnection]:
    async with websockets.connect(
        f"{api.server.sockets}/ws/data-sources{query}",
        subprotocols=[websockets.Subprotocol(SUBPROTOCOL)],
        additional_headers=headers,
        proxy=None,
    ) as socket:
        yield socket


async def heard(socket: websockets.ClientConnection, type_: str, **payload: Any) -> Any:
    """The next message of this type with these fields in its payload."""
    async with asyncio.timeout(SECONDS):
        while True:
            told = json.loads(await socket.recv())
            if told["type"] == type_ and told["payload"].items() >= payload.items():
                return told


async def test_a_page_with_a_cookie_hears_of_a_comment_and_of_a_new_workspace(api: Api) -> None:
    workspace = await api.workspace()
    cookie = f"counterpoint={api.token}"
    async with page(api, Cookie=cookie, Origin=api.server.url) as socket:
        assert socket.subprotocol == SUBPROTOCOL
        await heard(socket, "status_update", type="subscribed", channel=f"workspace:{workspace}")
        document = await api.document(workspace)
        told = await heard(socket, "document_shared")
        assert told["metadata"]["documentId"] == document
        await api.call("POST", f"/collaboration/documents/{document}/comments", json={"content": "Too fast?"})
        told = await heard(socket, "comment_added")
        assert told["payload"]["message"].endswith("commented on Score")
        another = await api.workspace()
        await heard(socket, "status_update", type="subscribed", channel=f"workspace:{another}")
        await socket.send(json.dumps({"type": "status_update", "payload": {"type": "heartbeat"}}))
        await heard(socket, "status_update", type="heartbeat")


async def test_a_ticket_opens_it_once_and_a_first_message_opens_it_too(api: Api) -> None:
    ticket = (await api.call("POST", "/auth/ws-ticket"))["ticket"]
    async with page(api, f"?ticket={ticket}") as socket:
        await heard(socket, "status_update", type="subscribed", channel="sources")
    async with page(api, f"?ticket={ticket}") as socket:
        with pytest.raises(websockets.ConnectionClosed) as error:
            await heard(socket, "status_update", type="subscribed")
        assert error.value.rcvd is not None
        assert error.value.rcvd.code == 4401
    async with page(api) as socket:
        await socket.send(json.dumps({"type": "auth", "payload": {"token": api.token}}))
        await heard(socket, "status_update", type="subscribed", channel="sources")


async def test_a_cookie_without_its_origin_is_refused(api: Api) -> None:
    for origin in ({}, {"Origin": "https://evil.example"}):
        with pytest.raises(websockets.InvalidStatus):
            async with page(api, Cookie=f"counterpoint={api.token}", **origin):
                pass


async def test_who_comes_back_with_his_positions_gets_what_he_missed(api: Api) -> None:
    workspace = await api.workspace()
    channel = f"workspace:{workspace}"
    async with page(api, f"?token={api.token}") as socket:
        at = (await heard(socket, "status_update", type="subscribed", channel=channel))["payload"]
    missed = [await api.document(workspace, f"Part {n}") for n in range(3)]
    async with page(api, f"?token={api.token}") as socket:
        since = {channel: {"epoch": at["epoch"], "offset": at["offset"]}}
        await socket.send(json.dumps({"type": "subscribe", "payload": {"channels": [channel], "since": since}}))
        answer = await heard(socket, "status_update", type="subscribed", channel=channel, recovered=True)
        assert answer["payload"]["offset"] == at["offset"]
        told = [await heard(socket, "document_shared") for _ in missed]
        assert [each["metadata"]["documentId"] for each in told] == missed
