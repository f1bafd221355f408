"""One act: people type through its faults, everything is healed, and the checker looks at every reader."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg  # type: ignore[import-untyped]
import websockets

from deploy.cluster import Cluster
from tests.e2e.chaos.checker import Typed, wrongs_of_a_document, wrongs_of_a_viewer
from tests.e2e.chaos.followers import Followers
from tests.e2e.chaos.nemesis import Lines, Nemesis
from tests.e2e.chaos.others import Commentator, Downgraded
from tests.e2e.chaos.schedule import Act
from tests.e2e.support.cluster import Typist, signed_in
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.store import text_in_postgres
from tests.e2e.support.unruly import UnrulyPeer
from tests.e2e.support.waiting import until

__all__ = ["Outcome", "play"]

CLIENTS = 10
PER_SECOND = 4.0
SETTLE_SECONDS, AGREE_SECONDS = 60.0, 30.0
WITHOUT_A_NODE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    wrongs: list[str]
    edits: int
    longest_absence: float
    """Of anybody at a rolling restart, in seconds; 0 when there was none."""


async def play(cluster: Cluster, lines: Lines, act: Act, tell: Callable[[str], None]) -> Outcome:
    api = await signed_in(cluster)
    try:
        workspace = await api.workspace()
        documents = [await api.document(workspace, f"Act {act.number}, {n + 1}") for n in range(act.documents)]
        stage = _Stage(cluster, lines, act, documents, api.token, tell)
        colleague = await api.colleague(workspace)
        gates = lines.gates(cluster)
        viewer = Typist(f"{act.number}.viewer", documents[0], colleague.token, gates[act.number % 2 :])
        stage.viewer = Downgraded(viewer, api, workspace, colleague.id)
        stage.followers = Followers(api, workspace, gates)
        return await stage.play()
    finally:
        await api._client.aclose()


class _Stage:
    def __init__(
        self,
        cluster: Cluster,
        lines: Lines,
        act: Act,
        documents: Sequence[str],
        token: str,
        tell: Callable[[str], None],
    ) -> None:
        self._cluster, self._act, self._documents, self._token = cluster, act, documents, token
        self._nemesis = Nemesis(cluster, lines, tell)
        gates = lines.gates(cluster)
        self._tell = tell
        self.viewer: Downgraded | None = None
        self.followers: Followers | None = None
        self._late: list[str] = []
        self._commentator = Commentator(token, documents, gates)
        self._typists = [
            Typist(
                f"{act.number}.{number}",
                documents[number % len(documents)],
                token,
                [*gates[number % len(gates) :], *gates],
                UnrulyPeer if number < act.unruly else RawPeer,
            )
            for number in range(CLIENTS)
        ]

    async def play(self) -> Outcome:
        try:
            if self.followers is not None:
                await self.followers.begin()
            for each in self._typists:
                each.begin(PER_SECOND)
            self._commentator.begin()
            if self.viewer is not None:
                self.viewer.begin(PER_SECOND, self._act.downgrade_after)
            absence, wrongs = await self._strike()
            wrongs += await self._commentator.wrongs()
            if self.viewer is not None:
                self._late = await self.viewer.late()
                await self.viewer.typist.end()
            await self._settle()
            for document in self._documents:
                wrongs += await self._wrongs(document)
            wrongs += await self._wrongs_of_followers()
            return Outcome(wrongs, sum(len(each.peer.sent) for each in self._typists), absence)
        finally:
            for each in self._typists:
                await each.end()
            await self._commentator.end()
            if self.viewer is not None:
                await self.viewer.end()
            if self.followers is not None:
                await self.followers.end()

    async def _wrongs_of_followers(self) -> list[str]:
        if self.followers is None:
            return []
        wrongs, account = await self.followers.wrongs()
        self._tell(account)
        return wrongs

    async def _strike(self) -> tuple[float, list[str]]:
        longest = 0.0
        for each in self._act.rounds:
            is_roll = each.faults[0].kind == "roll"
            if is_roll:
                await self._everybody_here()
                for typist in self._typists:
                    typist.longest_absence = 0.0
            await self._nemesis.strike(each)
            if is_roll:
                await self._everybody_here()
                longest = max(longest, *(typist.longest_absence for typist in self._typists))
        too_long = longest > WITHOUT_A_NODE_SECONDS
        return longest, [f"somebody was {longest:.1f} s without a node at a rolling restart"] if too_long else []

    async def _everybody_here(self) -> None:
        async def look() -> bool:
            return all(each.peer.synced and each.peer.close is None for each in self._typists)

        await until(look, "everybody to have a node", seconds=SETTLE_SECONDS, every=0.1)

    async def _settle(self) -> None:
        """All type no more, are back, and have an answer to everything."""
        for each in self._typists:
            each.rest()
            if isinstance(each.peer, UnrulyPeer):
                with suppress(AssertionError, websockets.WebSocketException):  # not connected: it goes when it is
                    await each.peer.flush()

        async def look() -> bool:
            return all(each.is_settled for each in self._typists)

        with suppress(AssertionError):  # the checker says what is not there
            await until(look, "all to be acknowledged", seconds=SETTLE_SECONDS, every=0.1)

    async def _wrongs(self, document: str) -> list[str]:
        """Replicas may need a moment; what is still wrong after it is wrong."""
        afresh = {
            f"a fresh client of node-{number}": RawPeer(f"ws://127.0.0.1:{port}", document, self._token)
            for number, port in enumerate(self._cluster.ports.nodes, 1)
        }
        here = [each for each in self._typists if each.peer.document == document]
        for peer in afresh.values():
            await peer.connect()
            await peer.until_synced()
        readers = {each.name: each.peer for each in here} | afresh
        deadline = time.monotonic() + AGREE_SECONDS
        try:
            while True:
                wrongs = await self._look(document, here, readers)
                if not wrongs or time.monotonic() > deadline:
                    return [f"document {document}: {each}" for each in wrongs]
                await asyncio.sleep(0.5)
        finally:
            for peer in afresh.values():
                await peer.disconnect()

    async def _look(self, document: str, here: Sequence[Typist], readers: dict[str, RawPeer]) -> list[str]:
        texts = {name: str(peer.text) for name, peer in readers.items()}
        try:
            texts["the store"] = await text_in_postgres(self._cluster.postgres.url, document)
        except (AssertionError, asyncpg.PostgresError) as error:
            return [f"the store: {error}"]
        more = [f"{each.name} has no answer to what it typed" for each in here if not each.is_settled]
        typed = [Typed(each.name, each.peer.sent, each.peer.acknowledged) for each in here]
        if self.viewer is not None and (peer := self.viewer.typist.peer).document == document:
            typed.append(Typed(self.viewer.typist.name, peer.sent, peer.acknowledged, is_allowed=False))
            more += wrongs_of_a_viewer(self._late, peer.acknowledged, texts)
        return [*wrongs_of_a_document(typed, texts), *more]
