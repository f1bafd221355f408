"""Two whole nodes on one PostgreSQL and one Valkey: one document, open on both, with the broker alive and dead."""

import uuid
from pathlib import Path

import pytest

from crdt.awareness import Entry, encode_awareness
from crdt.messages import AwarenessUpdate, Message, SyncStep1, Update
from persistence.database import Database
from server.realtime.connections.y_websocket import YWebsocketConnection
from server.realtime.meter import Meter
from server.realtime.replication import replication as keeping
from tests.e2e.support.valkey import Valkey
from tests.server.realtime.feed.test_house import connected
from tests.server.realtime.replication.nodes import until_reads
from tests.server.realtime.stage import OpenDoor, YPeer
from tests.server.support import Place, served


@pytest.fixture
def store_url(postgres_database_url: str) -> str:
    return postgres_database_url


async def sit(node: Place, document: str, user: str) -> YPeer:
    """Somebody with a socket to this node opens the document."""
    realtime, peer = node.house.realtime, YPeer()
    clock, figures = realtime.rooms._clock, realtime.figures
    meter = Meter(clock.monotonic(), 1000, 1 << 20)
    number, admission = realtime.registry.next_peer(), await OpenDoor(user=user).admit(document, None)
    connection = YWebsocketConnection(peer.socket, clock, figures, "here", meter, peer=number, admission=admission)
    connection.enter(await realtime.rooms.enter(document))
    peer.connection = connection
    peer.say(SyncStep1(b"\x00"))
    return peer


async def test_a_document_is_one_on_two_nodes_and_stays_so_while_the_broker_is_dead(
    tmp_path: Path, database: Database, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.2)
    shared = {"database_url": database.url, "redis_url": valkey.url, "redis_prefix": uuid.uuid4().hex}
    async with served(tmp_path, **shared) as one, served(tmp_path, **shared) as two:
        for node in (one, two):
            await connected(node)
        document = await one.admin.document(await one.admin.workspace())
        ada, ben = await sit(one, document, one.admin.id), await sit(two, document, one.admin.id)
        ada.say(AwarenessUpdate(encode_awareness([Entry(ada.doc.client_id, 1, "{}")])))
        ada.say(Update(ada.edit("one ")))
        await until_reads(ben, "one ")
        await ben.socket.until(lambda: any(_shows(message) for message in ben.heard()))
        replication = two.house.realtime.replication
        assert replication is not None
        assert replication.figures.heard == 1, "by a message"
        valkey.kill()
        try:
            ben.say(Update(ben.edit("two ")))
            await until_reads(ada, "one two ")
            ada.say(Update(ada.edit("three")))
            await until_reads(ben, "one two three")
            assert replication.figures.read == 1, "by a look at the log"
        finally:
            valkey.begin_again()
        assert [row.position for row in await one.house.document_log.read(document, 0)] == [1, 2, 3]


def _shows(message: Message) -> bool:
    return isinstance(message, AwarenessUpdate) and message.update != b"\x00"
