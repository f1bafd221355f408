"""A disk that does not take what it is told to keep: nothing on it is called saved, and the server says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.support.bad_disk import BadDisk
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.store import text_in_store
from tests.e2e.support.waiting import until


@pytest.fixture
def disk(tmp_path: Path) -> BadDisk:
    disk = BadDisk(tmp_path)
    if disk.why_not is not None:
        pytest.skip(disk.why_not)
    return disk


@pytest.fixture
async def server(tmp_path: Path, disk: BadDisk) -> AsyncIterator[CounterpointServer]:
    server = CounterpointServer(tmp_path, disk.environment, from_the_command=True)
    await server.start()
    yield server
    await server.kill()


async def said(server: CounterpointServer) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"{server.url}/readyz")


async def until_ready(server: CounterpointServer, *, ready: bool) -> None:
    async def look() -> bool:
        return (await server.readiness() == httpx.codes.OK) == ready

    await until(look, f"/readyz to say ready={ready}")


async def test_what_a_failing_fsync_did_not_keep_is_not_acknowledged_and_is_kept_when_the_disk_is_well(
    server: CounterpointServer, disk: BadDisk
) -> None:
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
        async with RawPeer(server.sockets, document, api.token) as ada:
            await ada.until_synced()
            await ada.write("⟦before⟧")
            await ada.until_acknowledged()
            with disk.that("fails"):
                for number in range(5):
                    await ada.write(f"⟦during:{number}⟧")
                await until_ready(server, ready=False)
                assert "disk I/O error" in (await said(server)).text
                assert ada.acknowledged == {"⟦before⟧"}
            await ada.until_acknowledged()
            await until_ready(server, ready=True)
            await server.kill()
            text = await text_in_store(server, document)
            assert [text.count(token) for token in ada.sent] == [1] * 6


async def test_a_crash_while_fsync_fails_loses_nothing_that_was_acknowledged_and_the_client_brings_the_rest(
    server: CounterpointServer, disk: BadDisk
) -> None:
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
        ada = RawPeer(server.sockets, document, api.token)
        await ada.connect()
        await ada.until_synced()
        await ada.write("⟦before⟧")
        await ada.until_acknowledged()
        with disk.that("fails"):
            await ada.write("⟦during⟧")
            await until_ready(server, ready=False)
            await server.kill()
            assert ada.unacknowledged == ["⟦during⟧"]
        await ada.disconnect()
        assert (await text_in_store(server, document)).startswith("⟦before⟧"), "the rest may be there, or not"
        await server.start()
        await ada.connect()
        await ada.until_synced()
        await ada.until_acknowledged()
        await ada.disconnect()
        text = await text_in_store(server, document)
        assert sorted(text.split("⟧")) == ["", "⟦before", "⟦during"]


async def test_a_disk_that_stalls_keeps_nobody_waiting_but_those_who_want_to_store(
    server: CounterpointServer, disk: BadDisk
) -> None:
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
        async with (
            RawPeer(server.sockets, document, api.token) as ada,
            RawPeer(server.sockets, document, api.token) as ben,
        ):
            await ada.until_synced()
            await ben.until_synced()
            with disk.that("stalls"):
                await ada.write("⟦during⟧")

                async def shown() -> bool:
                    return str(ben.text) == "⟦during⟧"

                await until(shown, "others to see it all the same")
                assert (await api.ask("GET", "/collaboration/workspaces")).is_success, "what is read is answered"
                assert ada.acknowledged == set()
            await ada.until_acknowledged()
        assert await text_in_store(server, document) == "⟦during⟧"
