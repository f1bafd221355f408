"""A backup is made while people type; the server dies, its store is lost, and the backup is put in its place."""

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path

import websockets

from persistence.transfer.backing_up import back_up
from persistence.transfer.restoring import restore
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.store import text_in_store
from tests.persistence.transfer.stores import Told


async def test_what_was_acknowledged_before_a_backup_is_in_it_and_the_rest_comes_with_its_writers(
    server: CounterpointServer, tmp_path: Path
) -> None:
    await server.start()
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
        peer = RawPeer(server.sockets, document, api.token, seed=1)
        await peer.connect()
        await peer.until_synced()
        await peer.write("⟦before⟧")
        await peer.until_acknowledged()

        async def keep_typing() -> None:
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    await peer.write(f"⟦{len(peer.sent)}⟧")
                    await asyncio.sleep(0.005)

        typing = asyncio.create_task(keep_typing())
        url, file, told = f"sqlite:///{server.store_file}", tmp_path / "b.zip", Told()
        await back_up(url, file, version="1", now=datetime.now(UTC), told=told.told, moved=told.moved)
        await server.kill()
        await typing
        await peer.disconnect()
        for part in server.store_file.parent.glob(f"{server.store_file.name}*"):
            part.unlink()
        await restore(file, url, told=told.told, moved=told.moved)
        assert "⟦before⟧" in await text_in_store(server, document)

        await server.start()
        assert (await api.ask("GET", "/auth/me")).status_code == 401
        peer.token = (await api.sign_in()).token
        await peer.connect()
        await peer.write("⟦after⟧")
        await peer.until_acknowledged()
        text = await text_in_store(server, document)
        assert [token for token in peer.sent if text.count(token) != 1] == []
        await peer.disconnect()
