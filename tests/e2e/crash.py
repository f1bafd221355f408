"""End the server under load, again and again: no acknowledged edit is ever lost, and none comes twice.

    python -m tests.e2e.crash --kills 200 [--store postgresql] [--seed N]

Source of the method: Jepsen (history of operations and a checker); invariants I1 to I4 of the design.
"""

import argparse
import asyncio
import contextlib
import random
import re
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import websockets

from tests.e2e.support.figures import Figures
from tests.e2e.support.node import NodeClient, NodeDriver, Provider
from tests.e2e.support.postgres import postgres_url
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.store import text_in_store
from tests.e2e.support.waiting import until

__all__ = ["CrashRun", "crash"]

RAW_WRITERS, RAW_RATE = 4, 40
NODE_WRITERS, NODE_RATE = (Provider("y-websocket", 3), Provider("y-websocket", 1)), 20
KILLS_PER_DOCUMENT = 20
TOKEN = re.compile("⟦[^⟧]*⟧")
FRESH = Provider("hocuspocus", 4)


class CrashRun:
    """Writers on one document after another, a server that dies, and the checks after each death."""

    def __init__(
        self, server: CounterpointServer, api: Api, node: NodeDriver, figures: Figures, *, gently: bool = False
    ) -> None:
        self.server, self.api, self.node, self.figures = server, api, node, figures
        self.end = server.stop if gently else server.kill
        self.random = random.Random(figures.seed)
        self.document = ""
        self.raw: list[RawPeer] = []
        self.others: list[NodeClient] = []

    async def run(self, kills: int) -> None:
        """AssertionError, with the seed, on the first edit that is lost, doubled or invented."""
        workspace = await self.api.workspace()
        while kills > 0:
            await self._open(await self.api.document(workspace))
            for _ in range(min(kills, KILLS_PER_DOCUMENT)):
                await self._load_until_killed()
                await self._check_the_store()
                await self._restart()
                await self._check_a_fresh_client()
                await self._reconnect()
                kills -= 1
            await self._finish()
            print(f"{self.figures.kills} kills survived", file=sys.stderr, flush=True)

    async def _open(self, document: str) -> None:
        self.document = document
        self.raw = [
            RawPeer(self.server.sockets, document, self.api.token, seed=self.random.getrandbits(32))
            for _ in range(RAW_WRITERS)
        ]
        self.others = [
            await self.node.open(
                f"y{number}",
                provider,
                url=f"{self.server.sockets}/sync",
                document=document,
                token=self.api.token,
                seed=self.random.getrandbits(31),
            )
            for number, provider in enumerate(NODE_WRITERS)
        ]
        for client in self.others:
            await client.synced()
            await client.tell("write", rate=NODE_RATE)
        await self._reconnect()

    # One death.

    async def _load_until_killed(self) -> None:
        dies_after = self.random.uniform(0.1, 1.2)
        began = time.monotonic()
        before = await self._sent_by_others()
        writing = [asyncio.create_task(self._write(peer, f"r{number}")) for number, peer in enumerate(self.raw)]
        # The moment of death is the fault that is injected; nothing is concluded from having waited.
        await asyncio.sleep(dies_after)
        await self.end()
        self.figures.load_seconds += time.monotonic() - began
        self.figures.kills += 1
        sent = sum(await asyncio.gather(*writing))
        for peer in self.raw:
            # What was acknowledged before the death is still read here.
            await peer.disconnect()
            self.figures.resent += len(peer.unacknowledged)
        self.figures.sent += sent + await self._sent_by_others() - before

    async def _write(self, peer: RawPeer, name: str) -> int:
        begun = len(peer.sent)
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await peer.write(f"⟦{name}:{len(peer.sent)}⟧")
                await asyncio.sleep(self.random.expovariate(RAW_RATE))
        return len(peer.sent) - begun

    async def _sent_by_others(self) -> int:
        return sum([(await client.tell("status"))["sent"] for client in self.others])

    async def _restart(self) -> None:
        await self.server.start()
        self.figures.restart_seconds.append(self.server.start_seconds[-1])

    async def _reconnect(self) -> None:
        """All come back and send what was not acknowledged; then everything is."""
        for peer in self.raw:
            await peer.connect()
        for peer in self.raw:
            await peer.until_acknowledged()
        for client in self.others:
            await client.synced()

    # The checks.

    def _acknowledged(self) -> set[str]:
        return set().union(*(peer.acknowledged for peer in self.raw))

    async def _check_the_store(self) -> None:
        self._check(await text_in_store(self.server, self.document), self._acknowledged(), "the store alone")

    async def _check_a_fresh_client(self) -> None:
        """What was acknowledged is shown to a client that knows nothing, by Node's Yjs."""
        expected = self._acknowledged()
        fresh = await self.node.open(
            "fresh",
            FRESH,
            url=f"{self.server.sockets}/hocuspocus",
            document=self.document,
            token=self.api.token,
        )
        text = ""

        async def has_all() -> bool:
            nonlocal text
            text = (await fresh.report())["text"]
            return expected <= set(TOKEN.findall(text))

        # When the deadline passes, the check says what is missing.
        with contextlib.suppress(AssertionError):
            await until(has_all, "a fresh client to have every acknowledged edit")
        await fresh.tell("destroy")
        self._check(text, expected, "a fresh client")

    def _check(self, text: str, expected: set[str], reader: str) -> None:
        found = Counter(TOKEN.findall(text))
        lost = expected - found.keys()
        doubled = [token for token, times in found.items() if times > 1]
        invented = [token for token in found if token.startswith("⟦r") and token not in self._sent_by_raw()]
        broken = TOKEN.sub("", text)
        wrong = lost or doubled or invented or broken
        assert not wrong, (
            f"{reader}, kill {self.figures.kills}, seed {self.figures.seed}: {len(lost)} lost {sorted(lost)[:5]}, "
            f"{len(doubled)} twice {doubled[:5]}, {len(invented)} invented {invented[:5]}, broken {broken[:80]!r}"
        )

    def _sent_by_raw(self) -> set[str]:
        return {token for peer in self.raw for token in peer.sent}

    async def _finish(self) -> None:
        """The writers stop and all agree: every edit ever made is there once, for everybody and in the store."""
        everything = self._sent_by_raw()
        for number, client in enumerate(self.others):
            sent = (await client.tell("stop"))["sent"]
            everything |= {f"⟦y{number}:{n}⟧" for n in range(sent)}

        async def all_agree() -> bool:
            texts = {str(peer.text) for peer in self.raw} | {(await c.report())["text"] for c in self.others}
            return len(texts) == 1 and everything <= set(TOKEN.findall(texts.pop()))

        await until(all_agree, "all replicas to have every edit", seconds=30)
        self._check(str(self.raw[0].text), everything, "a writer")

        async def stored() -> bool:
            return everything <= set(TOKEN.findall(await text_in_store(self.server, self.document)))

        await until(stored, "the store to have every edit", every=0.2)
        self.figures.acknowledged += len(self._acknowledged())
        for peer in self.raw:
            await peer.disconnect()
        for client in self.others:
            await client.tell("destroy")


async def crash(kills: int, store: str, seed: int, folder: Path, *, gently: bool = False) -> Figures:
    """Run it all on a server of its own, ended by kill -9, or by SIGTERM when `gently`; answer the figures."""
    figures = Figures(seed, store)
    with contextlib.ExitStack() as stack:
        environment = {"COUNTERPOINT_MESSAGES_PER_SECOND": "1000"}
        if store == "postgresql":
            environment["COUNTERPOINT_DATABASE_URL"] = stack.enter_context(postgres_url())
        server = CounterpointServer(folder, environment, from_the_command=True)
        await server.start()
        node = await NodeDriver.start()
        try:
            async with Api(server) as api:
                await api.sign_in()
                await CrashRun(server, api, node, figures, gently=gently).run(kills)
            await server.stop()
        except BaseException:  # whatever ended the run, its log is shown, and the reason goes on
            print(server.log_tail(), file=sys.stderr)
            raise
        finally:
            await node.stop()
            await server.kill()
    return figures


def main() -> None:
    """The command line: see the top of the file."""
    parser = argparse.ArgumentParser(description="Kill the server under load and look for lost edits.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="counterpoint-crash-") as folder:
        figures = asyncio.run(crash(arguments.kills, arguments.store, arguments.seed, Path(folder)))
    print(figures.as_json())


if __name__ == "__main__":
    main()
