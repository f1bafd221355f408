"""A store is lost and brought back from a backup: what a client has since is kept apart, if it says what it knows."""

from datetime import UTC, datetime
from pathlib import Path

from persistence.transfer.backing_up import back_up
from persistence.transfer.restoring import restore
from tests.e2e.support.raw import PROTOCOLS, Protocol, RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.store import text_in_store
from tests.e2e.support.waiting import until
from tests.persistence.transfer.stores import Told


async def back_to(server: CounterpointServer, file: Path) -> None:
    """Kill the server, lose its store, and start it on the backup."""
    await server.kill()
    for part in server.store_file.parent.glob(f"{server.store_file.name}*"):
        part.unlink()
    told = Told()
    await restore(file, f"sqlite:///{server.store_file}", told=told.told, moved=told.moved)
    await server.start()


async def backed_up(server: CounterpointServer, file: Path) -> None:
    told = Told()
    url = f"sqlite:///{server.store_file}"
    await back_up(url, file, version="1", now=datetime.now(UTC), told=told.told, moved=told.moved)


async def test_what_a_stale_client_has_is_in_a_branch_and_not_in_the_document(
    server: CounterpointServer, tmp_path: Path
) -> None:
    await server.start()
    async with Api(server) as api:
        await api.sign_in()
        document = await api.document(await api.workspace())
        old = (await api.call("GET", f"/collaboration/documents/{document}"))["incarnation"]
        peer = RawPeer(server.sockets, document, api.token, seed=1)
        await peer.connect()
        await peer.until_synced()
        await peer.write("⟦before⟧")
        await peer.until_acknowledged()
        await backed_up(server, tmp_path / "b.zip")
        await peer.write("⟦after⟧")
        await peer.until_acknowledged()
        await back_to(server, tmp_path / "b.zip")
        token = (await api.sign_in()).token
        new = (await api.call("GET", f"/collaboration/documents/{document}"))["incarnation"]
        assert new != old

        branches = []
        for protocol in PROTOCOLS:
            stale = stale_peer(server, document, token, protocol, f"incarnation={old}", peer)
            await stale.connect()
            await stale.until_turned_away()
            assert not stale.synced, "it was shown nothing"
            branches.append(stale.denied or (stale.close or (0, ""))[1])
            if protocol == "y-websocket":
                assert stale.close is not None
                assert stale.close[0] == 4409
            await stale.disconnect()
        denied, closed = branches
        branch = denied.removeprefix("kept-as-branch:")
        assert branch in closed, "the same copy is one branch, whichever way it comes"
        assert "⟦after⟧" not in await text_in_store(server, document)

        fresh = RawPeer(server.sockets, document, token)
        fresh.url += "?incarnation="
        await fresh.connect()
        await fresh.until_synced()
        assert fresh.stateless == [f'{{"incarnation": "{new}"}}']
        assert str(fresh.text) == "⟦before⟧"

        [listed] = await api.call("GET", f"/collaboration/documents/{document}/branches")
        assert (listed["id"], listed["state"], listed["incarnation"]) == (branch, "kept", old)
        merged = await api.call("POST", f"/collaboration/documents/{document}/branches/{branch}/merge")
        assert merged["changed"]
        text = await text_in_store(server, document)
        assert [text.count(token) for token in peer.sent] == [1, 1]

        async def shows_it() -> bool:
            return str(fresh.text) == text

        await until(shows_it, "the merged words to reach who has the document open")
        await fresh.disconnect()


def stale_peer(
    server: CounterpointServer, document: str, token: str, protocol: Protocol, query: str, before: RawPeer
) -> RawPeer:
    """With what `before` had, as another device of the same user."""
    peer = RawPeer(server.sockets, document, token, protocol=protocol)
    peer.url += f"?{query}"
    peer.doc.apply_update(before.doc.get_update())
    return peer
