"""The key is made once, for all nodes and for ever, and stands in the store sealed."""

import asyncio
from pathlib import Path

import pytest

from persistence.database import Database
from persistence.server_secrets import ServerSecretStore
from server.clock import SystemClock
from server.notifications.push.encryption import from_base64url
from server.notifications.push.keys import KeyShelf
from server.vault import KeyLost, Vault
from tests.server.notifications.push.stage import ground

VAULT = Vault({"00112233": b"k" * 32}, "00112233", Path("secret.key"))


def shelf(database: Database, vault: Vault = VAULT) -> KeyShelf:
    return KeyShelf(ServerSecretStore(database), vault, SystemClock())


async def test_two_nodes_that_start_at_once_have_one_key(store_url: str, database: Database) -> None:
    nodes = [await Database.open(store_url) for _ in range(2)]
    shelves = [shelf(node) for node in nodes]
    await asyncio.gather(*(each.make() for each in shelves))
    one, two = [await each.key() for each in shelves]
    for node in nodes:
        await node.close()
    assert one == two


async def test_the_key_stays_at_every_start_and_nobody_sees_it(database: Database) -> None:
    await shelf(database).make()
    key = await shelf(database).key()
    await shelf(database).make()
    assert await shelf(database).key() == key
    sealed = await ServerSecretStore(database).get("vapid")
    assert sealed is not None
    assert key.private not in sealed.encode()
    assert key.private not in from_base64url(sealed.rpartition(".")[2])


async def test_without_the_key_file_it_cannot_be_read_and_is_not_replaced(database: Database) -> None:
    await shelf(database).make()
    other = shelf(database, Vault({"44556677": b"x" * 32}, "44556677", Path("secret.key")))
    await other.make()
    with pytest.raises(KeyLost):
        await other.key()
    await shelf(database).key()


async def test_a_server_has_its_key_from_its_first_start(tmp_path: Path) -> None:
    async with ground(tmp_path) as place:
        first = (await place.ada.get("/notifications/push")).json()["data"]["public_key"]
    async with ground(tmp_path) as place:
        assert (await place.ada.get("/notifications/push")).json()["data"]["public_key"] == first
    point = from_base64url(first)
    assert (len(point), point[0]) == (65, 4)
