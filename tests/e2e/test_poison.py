"""Rows that end whoever reads them stand in the log already: people work on, the owner is told, the rest is read."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import httpx

from tests.e2e.support import lib0
from tests.e2e.support.node import NodeDriver, Provider
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.waiting import until
from tests.server.collaboration.poison import MALFORMED, POISON, honest

ENVIRONMENT = {"COUNTERPOINT_WORKER_PROCESSES": "1"}
ROWS = [
    MALFORMED["a string of length zero"][0],
    POISON["an endless loop"][0].replace(b"\x42", b"\x43"),  # of another client than the next one
    POISON["types 5,000 deep"][0],
]
STATELESS = 5


def log_as_another_node_would(server: CounterpointServer, document: str, rows: list[bytes]) -> None:
    """Rows that the guard of this version would have refused, put straight into the log."""
    with closing(sqlite3.connect(server.store_file, timeout=10)) as store, store:
        store.execute("BEGIN IMMEDIATE")
        (head,) = store.execute("SELECT head FROM document_heads WHERE document_id = ?", [document]).fetchone()
        now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        for number, row in enumerate(rows, start=1):
            store.execute(
                "INSERT INTO document_rows (document_id, position, writer, data, node, batch, part, created_at) "
                "VALUES (?, ?, 'mallory', ?, 'old node', ?, 0, ?)",
                [document, head + number, row, number, now],
            )
        store.execute(
            "UPDATE document_heads SET head = ?, edited_at = ? WHERE document_id = ?", [head + len(rows), now, document]
        )


async def test_a_poisoned_document_stays_live_and_its_owner_is_told(api: Api, node: NodeDriver) -> None:
    server, workspace = api.server, await api.workspace()
    document = await api.document(workspace)
    other = await api.document(workspace, content="another document")
    log_as_another_node_would(server, document, [honest(0), *ROWS])

    async with RawPeer(server.sockets, document, api.token) as ada:
        await ada.until_synced()
        await ada.say(lib0.var(STATELESS) + lib0.var_bytes(b'{"barrier":1}'))
        ben = await node.open(
            "ben", Provider("y-websocket", 3), url=f"{server.sockets}/sync", document=document, token=api.token
        )
        await ben.synced(60)
        await ada.write("⟦ada⟧")
        await ada.until_acknowledged(60)

        async def relayed() -> bool:
            return "⟦ada⟧" in (await ben.report())["text"]

        await until(relayed, "the edit at the other client", seconds=60)

        async def read() -> dict[str, object]:
            found = await api.call("GET", f"/collaboration/documents/{document}")
            return found if found["content_state"] == "partial" and found["content"] else {}

        shown = await until(read, "the rest of the document over REST", seconds=120)
        assert "00 " in str(shown["content"])
        assert shown["content_trouble"]["positions"] == [2, 3, 4]
        assert shown["content_trouble"]["writers"] == ["mallory"]

        async def told() -> bool:
            notices = [json.loads(said) for said in ada.stateless]
            return any(each.get("content") == "partial" and each["rows"] == 3 for each in notices)

        await until(told, "the notice to who uses barriers", seconds=30)
    async with httpx.AsyncClient(trust_env=False) as client:
        metrics = (await client.get(f"{server.url}/metrics")).text
    assert "counterpoint_quarantined_rows 3.0" in metrics
    assert (await api.call("GET", f"/collaboration/documents/{other}"))["content"] == "another document"
