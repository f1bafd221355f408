"""Events are in the transaction of what they tell: a kill between the commit and the publication loses none of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx

from tests.e2e.support.followers import NodeFollower, PythonFollower, account_for, head_of, listed
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.waiting import until

AT_ONCE = 8
CREATED, CONFLICT = 201, 409
COUNT, EVERY = 90, 30
"""Documents in all, and between two kills."""


class Hand:
    """Makes documents through every death of the server, each of them once."""

    def __init__(self, server: CounterpointServer, api: Api, workspace: str) -> None:
        self._server, self._api, self._workspace = server, api, workspace
        self._left = iter(range(1, COUNT + 1))
        self._is_due = asyncio.Event()
        self.made: set[str] = set()
        self.kills = 0

    async def work(self) -> None:
        async with self._death():
            await asyncio.gather(*(self._make() for _ in range(AT_ONCE)))

    async def _make(self) -> None:
        for number in self._left:
            key = uuid4().hex
            while (document := await self._one(number, key)) is None:
                await until(self._is_back, "the server to be back", seconds=20, every=0.01)
            self.made.add(document)
            if number % EVERY == 0 and number < COUNT:
                self._is_due.set()

    async def _one(self, number: int, key: str) -> str | None:
        """None when the answer did not come: it was made or not, and the same key says which."""
        path = f"/collaboration/workspaces/{self._workspace}/documents"
        body = {"title": f"Plan {number}", "type": "report"}
        try:
            answer = await self._api.ask("POST", path, json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            return None
        if answer.status_code == CONFLICT:  # the dead server had begun, and committed nothing
            return await self._one(number, uuid4().hex)
        assert answer.status_code == CREATED, answer.text
        return str(answer.json()["data"]["id"])

    async def _is_back(self) -> bool:
        return await self._server.readiness() == 200

    @asynccontextmanager
    async def _death(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._die_again_and_again())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await until(self._is_back, "the server to be back", seconds=20)

    async def _die_again_and_again(self) -> None:
        while True:
            await self._is_due.wait()
            self._is_due.clear()
            await self._server.kill()
            self.kills += 1
            await self._server.start()


async def test_no_event_is_lost_or_told_twice_when_the_server_dies(server: CounterpointServer) -> None:
    await server.start()
    async with Api(server) as api:
        await api.sign_in()
        workspace = await api.workspace()
        followers = {
            "npm": await NodeFollower.start(api, server.port, workspace),
            "PyPI": await PythonFollower.start(api, server.port, workspace),
        }
        hand = Hand(server, api, workspace)
        try:
            await hand.work()
            head = await head_of(api, workspace)
            told = {name: await follower.told(head) for name, follower in followers.items()}
        finally:
            for follower in followers.values():
                follower.stop()
        there = await listed(api, workspace)
        assert len(hand.made) == COUNT
        assert there == hand.made
        print(f"{hand.kills} kills")
        for name, each in told.items():
            account = account_for(each, head)
            print(f"{name}: {account.recovered} times recovered")
            assert each.documents == there
            assert account.lost == 0
            assert account.recovered > 0
        assert hand.kills > 0
