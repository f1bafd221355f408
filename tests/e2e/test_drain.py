"""SIGTERM under load: the server finishes, exits with 0, and loses nothing that was sent."""

import secrets
from pathlib import Path

from tests.e2e.crash import crash
from tests.e2e.support.raw import PROTOCOLS, RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer


async def test_a_stop_under_load_exits_0_and_every_edit_is_there_after_the_start(tmp_path: Path) -> None:
    figures = await crash(2, "sqlite", secrets.randbelow(1_000_000), tmp_path, gently=True)
    print(figures.as_json())
    assert figures.acknowledged > 40


async def test_clients_are_told_to_come_back(server: CounterpointServer) -> None:
    await server.start()
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
        peers = [RawPeer(server.sockets, document, api.token, protocol=protocol) for protocol in PROTOCOLS]
        for peer in peers:
            await peer.connect()
            await peer.until_synced()
        await server.stop()
        for peer in peers:
            assert (await peer.until_closed())[0] in {1001, 1012}
            await peer.disconnect()
