"""Several processes share a port: one that dies is begun anew, and a stop is in order."""

import os
import signal
import uuid
from pathlib import Path

import pytest

from persistence.database import Database
from persistence.nodes import NodeStore
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.valkey import Valkey
from tests.e2e.support.waiting import until


def workers(server: CounterpointServer) -> list[int]:
    """The processes that it has begun, the oldest first, without multiprocessing's own."""
    pid = server.process.pid
    begun = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in begun if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


@pytest.mark.long
async def test_workers_are_nodes_on_one_port_and_one_that_dies_is_begun_anew(
    tmp_path: Path, postgres_database_url: str, valkey: Valkey
) -> None:
    environment = {
        "COUNTERPOINT_DATABASE_URL": postgres_database_url,
        "COUNTERPOINT_REDIS_URL": valkey.url,
        "COUNTERPOINT_REDIS_PREFIX": uuid.uuid4().hex,
        "COUNTERPOINT_SERVER_PROCESSES": "2",
        "COUNTERPOINT_NODE_NAME": "pad",
        "COUNTERPOINT_DRAIN_SECONDS": "1",
        "COUNTERPOINT_ADMIN_EMAIL": "",
        "COUNTERPOINT_ADMIN_PASSWORD": "",
    }
    server = CounterpointServer(tmp_path, environment, from_the_command=True)
    database = await Database.open(postgres_database_url)

    async def nodes() -> dict[str, str]:
        return {each.id: each.name for each in (await NodeStore(database).look())[0]}

    try:
        await server.start()

        async def both() -> bool:
            return sorted((await nodes()).values()) == ["pad/1", "pad/2"]

        await until(both, "both workers to be nodes")
        before, first = set(await nodes()), workers(server)
        os.kill(first[0], signal.SIGKILL)

        async def again() -> bool:
            return bool(set(await nodes()) - before)

        await until(again, "the one that was killed to be begun anew")
        assert first[1] in workers(server)
        assert server.log_text().count("/setup#") == 1
        server.process.send_signal(signal.SIGHUP)

        async def all_new() -> bool:
            return not before & set(await nodes()) and first[1] not in workers(server)

        await until(all_new, "the restart of all workers", seconds=40)
        await server.stop()
        assert await nodes() == {}
    finally:
        await server.kill()
        await database.close()
