"""A connection that an administrator closes ends with the reason; its client may come back, and its user is told."""

import asyncio
from pathlib import Path

import pytest

from persistence.access_changes import AccessChange
from server.errors import PutOut
from server.operations.kicks import put_out
from server.realtime.access import KICKS
from server.realtime.feed.centrifuge import codes
from tests.server.realtime.stage import OpenDoor, staged
from tests.server.support import served


async def test_what_is_named_is_closed_and_nothing_else(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        document = await stage.document()
        peers = [await stage.sync(document, OpenDoor(user=user)) for user in ("ada", "ada", "ben")]
        for peer in peers:
            stage.registry.add(peer.connection)
        nobody = stage.hocuspocus()
        stage.registry.add(nobody.connection)

        def closed() -> list[bool]:
            return [peer.socket.closed is not None for peer in (*peers, nobody)]

        put_out(stage.registry, "n", change(connection="another-1"))
        assert closed() == [False, False, False, False]
        put_out(stage.registry, "n", change(connection="n-2", user="ada"))
        assert closed() == [False, True, False, False]
        put_out(stage.registry, "n", change(user="ada"))
        assert closed() == [True, True, False, False]
        assert peers[0].socket.closed == (4510, "It sends too much.")


def change(*, user: str | None = None, connection: str | None = None) -> AccessChange:
    return AccessChange(1, None, user, None, None, connection, "It sends too much.")


def test_a_client_of_centrifugos_protocol_comes_back_after_it() -> None:
    told = codes.disconnect_of(PutOut("It sends too much."))
    assert codes.comes_back(told.code)
    assert (told.code, told.reason) == (3011, "It sends too much.")


async def test_who_does_not_run_the_server_closes_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        ben = await place.colleague("ben@example.org")
        for path in (f"/admin/users/{place.admin.id}/disconnect", "/admin/connections/x-1/close"):
            assert (await ben.post(path, {})).status_code == 403


@pytest.mark.parametrize("id_", ["x", "x-1", "x-0x1", "", "-", "--1"])
async def test_there_is_nothing_to_close(tmp_path: Path, id_: str) -> None:
    async with served(tmp_path) as place:
        assert (await place.admin.post(f"/admin/connections/{id_ or 'y'}/close", {})).status_code == 404
        assert (await place.admin.post("/admin/users/nobody/disconnect", {})).status_code == 404


async def test_all_nodes_are_told_to_look(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        told = asyncio.Event()
        KICKS.subscribe(place.house.broker, lambda _: told.set())
        ben = await place.colleague("ben@example.org")
        assert (await place.admin.post(f"/admin/users/{ben.id}/disconnect")).status_code == 204
        assert told.is_set()
