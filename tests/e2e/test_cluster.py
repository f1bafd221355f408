"""Two nodes, a real PostgreSQL, a real Valkey and a real proxy: whatever is killed, nobody loses a word."""

import asyncio
import os
import signal

import pytest

from deploy.cluster import Cluster
from tests.e2e.support.cluster import Typist, signed_in, started, whole
from tests.e2e.support.waiting import until

PER_SECOND = 10.0
WITHOUT_A_NODE_SECONDS = 5.0


async def back(cluster: Cluster, name: str, pid: int) -> None:
    """What was killed is begun again, and everything can be used."""

    async def look() -> bool:
        now = {part.name: part.pid for part in cluster.parts}
        return None not in now.values() and now[name] != pid and not cluster.is_busy

    await until(look, "everything to be begun again", seconds=30, every=0.1)


@pytest.mark.long
async def test_kills_of_every_part_and_a_rolling_restart_lose_nothing() -> None:
    async with started() as cluster:
        api = await signed_in(cluster)
        workspace = await api.workspace()
        documents = [await api.document(workspace, title) for title in ("One", "Two")]
        nodes = [f"ws://127.0.0.1:{port}" for port in cluster.ports.nodes]
        proxy = f"ws://127.0.0.1:{cluster.ports.proxy}"
        typists = [
            Typist(f"typist {number}", documents[number % 2], api.token, [*nodes[number % 2 :], *nodes, proxy])
            for number in range(8)
        ]
        typists += [Typist(f"by proxy {number}", documents[number % 2], api.token, [proxy]) for number in range(2)]
        for each in typists:
            each.begin(PER_SECOND)
        await asyncio.sleep(1)
        for part in (cluster.valkey, cluster.nodes[0], cluster.postgres):
            pid = part.pid
            assert pid is not None
            # PostgreSQL is killed as it is by its own "immediate" stop: no word to anybody, recovery at the start.
            os.kill(pid, signal.SIGQUIT if part is cluster.postgres else signal.SIGKILL)
            await back(cluster, part.name, pid)
        for each in typists:
            each.longest_absence = 0.0
        await cluster.roll()
        absences = [each.longest_absence for each in typists]
        await asyncio.sleep(1)
        for each in typists:
            each.rest()
        await whole(cluster, typists, documents, api.token)
        sent, longest = sum(len(each.peer.sent) for each in typists), max(absences)
        print(f"{sent} edits; at the rolling restart nobody was without a node for more than {longest:.1f} s")
        assert longest < WITHOUT_A_NODE_SECONDS
        for each in typists:
            await each.end()
        await api._client.aclose()
