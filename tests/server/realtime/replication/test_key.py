"""Every node finds the same key."""

import asyncio
from pathlib import Path

import pytest

from persistence.database import Database
from persistence.server_secrets import ServerSecretStore
from server.clock import SystemClock
from server.realtime.replication.key import node_key
from server.settings import Settings
from server.vault import KeyLost, Vault
from tests.stores import migrated_sqlite


async def test_nodes_that_start_at_once_have_one_key_and_a_stranger_has_none(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(migrated_sqlite())
    database = await Database.open(f"sqlite:///{tmp_path / 'store'}")
    store, clock = ServerSecretStore(database), SystemClock()
    vault = Vault.open(Settings(data_dir=tmp_path))
    keys = await asyncio.gather(*(node_key(store, vault, clock) for _ in range(3)))
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    with pytest.raises(KeyLost):
        await node_key(store, Vault.open(Settings(data_dir=tmp_path / "other")), clock)
    await database.close()
