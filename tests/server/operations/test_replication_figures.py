"""The figures of documents across nodes are what was done."""

from prometheus_client import CollectorRegistry, generate_latest

from crdt.messages import Update
from server.operations.replication_figures import ReplicationCollector
from tests.server.realtime.replication.conftest import nodes
from tests.server.realtime.replication.nodes import Nodes, until_reads

__all__ = ["nodes"]


async def test_what_was_told_and_heard_is_counted(nodes: Nodes) -> None:
    document = await nodes.document()
    node, other = nodes.start("a"), nodes.start("b")
    ada, ben = await node.sit(document), await other.sit(document, "ben")
    ada.say(Update(ada.edit("x")))
    await until_reads(ben, "x")
    registry = CollectorRegistry()
    registry.register(ReplicationCollector(other.replication))
    text = generate_latest(registry).decode()
    assert "counterpoint_replication_heard_rows_total 1.0" in text
    assert "counterpoint_replication_read_rows_total 0.0" in text
    assert "counterpoint_replication_documents 1.0" in text
    assert "counterpoint_replication_documents_behind 0.0" in text
