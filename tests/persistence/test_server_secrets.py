"""Secrets of the server on every kind of store."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import text

from persistence.database import Database
from persistence.server_secrets import ServerSecretStore, sealed_server_secrets

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def test_the_first_one_stays(database: Database) -> None:
    store = ServerSecretStore(database)
    assert await store.get("vapid") is None
    assert await store.keep("vapid", "v1.a.x", NOW)
    assert not await store.keep("vapid", "v1.a.y", NOW)
    assert await store.get("vapid") == "v1.a.x"
    assert await sealed_server_secrets(database) == ["v1.a.x"]


async def test_of_many_nodes_at_once_one_is_first(store_url: str, database: Database) -> None:
    nodes = [await Database.open(store_url) for _ in range(4)]
    kept = await asyncio.gather(
        *(ServerSecretStore(node).keep("vapid", f"v1.a.{number}", NOW) for number, node in enumerate(nodes))
    )
    found = {await ServerSecretStore(node).get("vapid") for node in nodes}
    for node in nodes:
        await node.close()
    assert sorted(kept) == [False, False, False, True]
    assert found == {f"v1.a.{kept.index(True)}"}


async def test_a_store_of_an_earlier_version_has_none(database: Database) -> None:
    await database.write(lambda connection: connection.execute(text("DROP TABLE server_secrets")))
    assert await sealed_server_secrets(database) == []
