"""Unmodified clients that follow a workspace while things go wrong, and one who makes documents there."""

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from tests.e2e.support.followers import Follower, NodeFollower, PythonFollower, Told, account_for, head_of, listed
from tests.e2e.support.rest import Api

__all__ = ["Followers", "wrongs_of_a_follower"]

EVERY_SECONDS = 2.0


class Followers:
    """npm's client by three ways and PyPI's, spread over the gates."""

    def __init__(self, api: Api, workspace: str, gates: Sequence[str]) -> None:
        self._api, self._workspace = api, workspace
        self._ports = [urlsplit(each).port or 0 for each in gates]
        self._followers: Mapping[str, Follower] = {}
        self._making: asyncio.Task[None] | None = None
        self._makes = True

    async def begin(self) -> None:
        first, second, proxy = self._ports
        api, workspace = self._api, self._workspace
        names = "npm by the proxy", "npm by http_stream", "npm by sse", "PyPI by the proxy"
        started = await asyncio.gather(
            NodeFollower.start(api, proxy, workspace),
            NodeFollower.start(api, first, workspace, "http_stream"),
            NodeFollower.start(api, second, workspace, "sse"),
            PythonFollower.start(api, proxy, workspace),
        )
        self._followers = dict(zip(names, started, strict=True))
        self._making = asyncio.create_task(self._make())

    async def wrongs(self) -> tuple[list[str], str]:
        """When nothing happens any more and everything runs; and how often they came back whole, in words."""
        await self._make_no_more()
        head, there = await head_of(self._api, self._workspace), await listed(self._api, self._workspace)
        wrongs: list[str] = []
        accounts: list[str] = []
        for name, follower in self._followers.items():
            try:
                told = await follower.told(head)
            except TimeoutError:
                wrongs.append(f"{name} never heard of all {head} events")
                continue
            found, account = wrongs_of_a_follower(told, head, there)
            wrongs += [f"{name}: {each}" for each in found]
            accounts.append(f"{name} {account}")
        return wrongs, f"{head} events; " + ", ".join(accounts)

    async def end(self) -> None:
        await self._make_no_more()
        for each in self._followers.values():
            each.stop()

    async def _make_no_more(self) -> None:
        """The last request is waited for: one that is cut off may still be done, after the head was looked at."""
        self._makes = False
        if self._making is not None:
            await self._making

    async def _make(self) -> None:
        """Whether one was made is not asked: whoever follows knows those that are there."""
        for number in itertools.takewhile(lambda _: self._makes, itertools.count()):
            with suppress(httpx.TransportError, AssertionError):
                await self._api.document(self._workspace, f"Made {number}")
            await asyncio.sleep(EVERY_SECONDS)


def wrongs_of_a_follower(told: Told, head: int, there: set[str]) -> tuple[list[str], str]:
    """Each event once and in order, or told to reload; in the end it knows what is there, and nothing else."""
    wrongs = []
    account = "unaccounted for"
    try:
        found = account_for(told, head)
        account = f"{found.recovered} times back whole, {found.lost} times told to reload"
    except AssertionError as error:
        wrongs.append(str(error))
    if told.documents != there:
        missing, more = len(there - told.documents), len(told.documents - there)
        wrongs.append(f"it lacks {missing} documents of {len(there)} and knows {more} that are not there")
    return wrongs, account
