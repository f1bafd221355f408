"""A store that fails: nothing is called saved that is not, nothing is lost, and the server says so."""

import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.e2e.support import lib0
from tests.e2e.support.node import NodeDriver, Provider
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.store import text_in_store
from tests.e2e.support.waiting import until

TROUBLE_SECONDS = 5.0


@contextmanager
def locked(server: CounterpointServer) -> Iterator[None]:
    """Hold SQLite's write lock, as a backup or another process would: every write of the server fails meanwhile."""
    with closing(sqlite3.connect(server.store_file, timeout=5, isolation_level=None)) as store:
        store.execute("BEGIN IMMEDIATE")
        yield
        store.execute("ROLLBACK")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[CounterpointServer]:
    server = CounterpointServer(tmp_path, {"COUNTERPOINT_STORE_BUSY_SECONDS": "0.2"})
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
async def api(server: CounterpointServer) -> AsyncIterator[Api]:
    async with Api(server) as api:
        await api.sign_in()
        yield api


@pytest.fixture
async def document(api: Api) -> str:
    return await api.document(await api.workspace())


async def until_ready(server: CounterpointServer, *, ready: bool) -> None:
    async def look() -> bool:
        return (await server.readiness() == 200) == ready

    await until(look, f"/readyz to say ready={ready}")


async def until_text(peer: RawPeer, *tokens: str) -> None:
    async def look() -> bool:
        return all(str(peer.text).count(token) == 1 for token in tokens)

    await until(look, f"{tokens} to be there, once")


async def test_a_store_that_fails_while_the_last_client_leaves_loses_nothing(
    server: CounterpointServer, api: Api, document: str
) -> None:
    async with RawPeer(server.sockets, document, api.token) as ada:
        await ada.until_synced()
        await ada.write("⟦before⟧")
        await ada.until_acknowledged()
        with locked(server):
            began = time.monotonic()
            for number in range(20):
                await ada.write(f"⟦during:{number}⟧")
            await ada.say(lib0.var(lib0.STATELESS) + lib0.string(json.dumps({"barrier": 1})))
            await until_ready(server, ready=False)
            assert ada.acknowledged == {"⟦before⟧"}
            await ada.disconnect()

            async def long_enough() -> bool:
                return time.monotonic() - began > TROUBLE_SECONDS

            await until(long_enough, "the trouble to last")
        assert ada.acknowledged == {"⟦before⟧"}, "what is not committed is not acknowledged"
        assert not [said for said in ada.stateless if "barrier" in json.loads(said)]
    await until_ready(server, ready=True)
    async with RawPeer(server.sockets, document, api.token) as fresh:
        await until_text(fresh, *ada.sent)

    async def stored() -> bool:
        text = await text_in_store(server, document)
        return all(text.count(token) == 1 for token in ada.sent)

    await until(stored, "the store to hold every edit, once")


async def test_a_failing_store_is_told_to_the_app_and_the_barrier_comes_when_it_has_recovered(
    server: CounterpointServer, api: Api, document: str
) -> None:
    async def said(key: str, value: object) -> bool:
        return any(json.loads(words).get(key) == value for words in ada.stateless)

    async def barrier(number: int) -> None:
        await ada.say(lib0.var(lib0.STATELESS) + lib0.string(json.dumps({"barrier": number})))

    async with RawPeer(server.sockets, document, api.token) as ada:
        await ada.until_synced()
        await barrier(1)
        await until(lambda: said("barrier", 1), "the first barrier")
        with locked(server):
            await ada.write("⟦during⟧")
            await barrier(2)
            await until(lambda: said("store", "failing"), "to be told of the trouble")
            assert not await said("barrier", 2)
        await until(lambda: said("barrier", 2), "the second barrier")
        await until(lambda: said("store", "ok"), "to be told that it is over")
        await ada.until_acknowledged()


async def test_a_peer_brings_back_anothers_uncommitted_edits_after_a_crash(
    server: CounterpointServer, api: Api, document: str
) -> None:
    ada = RawPeer(server.sockets, document, api.token, seed=1)
    ben = RawPeer(server.sockets, document, api.token, seed=2)
    for peer in (ada, ben):
        await peer.connect()
        await peer.until_synced()
        await peer.write(f"⟦{peer.random.random()}⟧")
        await peer.until_acknowledged()
    with locked(server):
        await ada.write("⟦ada: shown, not committed⟧")
        await until_text(ben, "⟦ada: shown, not committed⟧")
        await server.kill()
        assert ada.unacknowledged == ["⟦ada: shown, not committed⟧"]
    await ada.disconnect()
    assert "ada: shown" not in await text_in_store(server, document)

    await server.start()
    await ben.connect()
    await ben.until_synced()
    await ben.write("⟦ben: later⟧")
    await ben.until_acknowledged()
    async with RawPeer(server.sockets, document, api.token) as fresh:
        await until_text(fresh, "⟦ada: shown, not committed⟧", "⟦ben: later⟧")
    await ben.disconnect()
    assert "ada: shown" in await text_in_store(server, document)


@pytest.mark.parametrize("version", [2, 3, 4])
async def test_a_stock_provider_brings_them_back_too_and_ends_with_nothing_unsynced(
    version: int, server: CounterpointServer, api: Api, document: str, node: NodeDriver
) -> None:
    ada = RawPeer(server.sockets, document, api.token)
    await ada.connect()
    await ada.until_synced()
    where = {"url": f"{server.sockets}/hocuspocus", "document": document, "token": api.token}
    ben = await node.open("ben", Provider("hocuspocus", version), **where)
    await ben.saved()
    with locked(server):
        await ada.write("⟦ada⟧")

        async def shown() -> bool:
            return "⟦ada⟧" in (await ben.report())["text"]

        await until(shown, "ben to see it")
        await server.kill()
    await ada.disconnect()
    await server.start()
    await ben.saved()
    await ben.tell("insert", text="⟦ben⟧")
    await ben.saved()
    text = await text_in_store(server, document)
    assert text.count("⟦ada⟧") == text.count("⟦ben⟧") == 1
