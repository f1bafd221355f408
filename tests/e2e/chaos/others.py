"""Beside those who type: one who comments under idempotency keys, and one who may write no more from some moment on."""

import asyncio
import itertools
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.chaos.checker import wrongs_of_once
from tests.e2e.support.cluster import Typist
from tests.e2e.support.rest import Api

__all__ = ["Commentator", "Downgraded"]

EVERY_SECONDS, AGAIN_SECONDS, ANSWER_SECONDS = 1.0, 0.3, 5.0
ABANDONED_SECONDS = 60.0
"""Longer than any fault holds a node: a key that is under way after it is that of a request whose node has died."""
LATE_SECONDS = 5.0
CREATED, CONFLICT, TOO_MANY, ERRORS = 201, 409, 429, 500


class Commentator:
    """Comments at every node in turn, and asks again under the same key until he is answered."""

    def __init__(self, token: str, documents: Sequence[str], gates: Sequence[str]) -> None:
        self.posted: list[str] = []
        self._documents = documents
        self._headers = {"Authorization": f"Bearer {token}"}
        self._clients = [
            httpx.AsyncClient(base_url=each.replace("ws:", "http:"), timeout=ANSWER_SECONDS, trust_env=False)
            for each in gates
        ]
        self._under_way: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def wrongs(self) -> list[str]:
        """Ends when every comment is answered. AssertionError on an answer that may not be."""
        await self._rest()
        async with asyncio.timeout(2 * ABANDONED_SECONDS):
            await asyncio.gather(*self._under_way)
        there = [each for document in self._documents for each in await self._comments(document)]
        return wrongs_of_once("comments", self.posted, there)

    async def end(self) -> None:
        await self._rest()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        for client in self._clients:
            await client.aclose()

    async def _rest(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        for number in itertools.count():
            self._under_way.add(asyncio.create_task(self._comment(number)))
            await asyncio.sleep(EVERY_SECONDS)

    async def _comment(self, number: int) -> None:
        path = f"/collaboration/documents/{self._documents[number % len(self._documents)]}/comments"
        said, key = f"comment {number}", uuid4().hex
        self.posted.append(said)
        for attempt in itertools.count(number):
            headers = self._headers | {"Idempotency-Key": key}
            with suppress(httpx.TransportError):
                client = self._clients[attempt % len(self._clients)]
                status = (await client.post(path, json={"content": said}, headers=headers)).status_code
                if status == CREATED:
                    return
                assert status in {CONFLICT, TOO_MANY} or status >= ERRORS, f"{said}: {status}"
            await asyncio.sleep(AGAIN_SECONDS)

    async def _comments(self, document: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            path = f"/collaboration/documents/{document}/comments" + (f"?cursor={cursor}" if cursor else "")
            page: dict[str, Any] = (await self._clients[0].get(path, headers=self._headers)).json()
            found += [each["content"] for each in page["data"]]
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return found


class Downgraded:
    """An editor who is made a viewer in the middle, and types on."""

    def __init__(self, typist: Typist, api: Api, workspace: str, user: str) -> None:
        self.typist = typist
        self._api, self._workspace, self._user = api, workspace, user
        self._allowed: int | None = None
        """How many of his tokens were typed in time; None until then."""
        self._task: asyncio.Task[None] | None = None

    def begin(self, per_second: float, after: float) -> None:
        self.typist.begin(per_second)
        self._task = asyncio.create_task(self._downgrade(after))

    async def late(self) -> list[str]:
        """What he typed too late."""
        assert self._task is not None
        await self._task
        return self.typist.peer.sent[self._allowed :]

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.typist.end()

    async def _downgrade(self, after: float) -> None:
        await asyncio.sleep(after)
        while True:
            try:
                await self._api.set_role(self._workspace, self._user, "viewer")
                break
            except (httpx.TransportError, AssertionError):  # a node that is at fault: said again until it is done
                await asyncio.sleep(AGAIN_SECONDS)
        await asyncio.sleep(LATE_SECONDS)
        self._allowed = len(self.typist.peer.sent)
        await asyncio.sleep(LATE_SECONDS)  # for some words that are late
