"""What people do with a document, and what they must all see in the end."""

import base64
import random

from tests.e2e.support.node import NodeClient, NodeDriver, Provider
from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

__all__ = ["EDITOR", "TEXT", "WORDS", "edit", "open_client", "until_equal"]

WORDS = ("héllo ", "世界", "🙂", "👩‍👩‍👧", "Ωμέγα ", "שלום", "naïve ", "𝔘𝔫𝔦 ", "e\u0301")

# Where an application keeps its text: a root's name and kind.
Place = dict[str, str]
TEXT: Place = {"root": "text", "kind": "text"}
EDITOR: Place = {"root": "default", "kind": "xml"}


async def open_client(
    node: NodeDriver, api: Api, provider: Provider, document: str, name: str, token: str
) -> NodeClient:
    path = "sync" if provider.family == "y-websocket" else "hocuspocus"
    return await node.open(
        name,
        provider,
        url=f"{api.server.sockets}/{path}",
        document=document,
        token=token,
        seed=len(name),
        user={"name": name, "color": "#336699"},
    )


async def edit(client: NodeClient, rounds: int, seed: str, place: Place = TEXT) -> None:
    """What one person does: types in several scripts, deletes, sets map keys."""
    choice = random.Random(seed)
    for number in range(rounds):
        await client.tell("insert", text=choice.choice(WORDS), place=place)
        if number % 4 == 3:
            await client.tell("delete", place=place)
        if number % 5 == 4:
            await client.tell("set", key=choice.choice("abc"), value={"n": number, "by": client.name, "🙂": ["é"]})


async def until_equal(clients: list[NodeClient], node: NodeDriver, place: Place = TEXT) -> str:
    """Wait until all replicas are the same, and are what a fresh Yjs makes of them; answer the text."""

    async def look() -> list[dict[str, object]] | None:
        reports = [await client.report(place=place) for client in clients]
        return reports if len({report["digest"] for report in reports}) == 1 else None

    reports = await until(look, "all replicas to be equal")
    assert reports is not None
    fresh = await node.apply([base64.b64decode(str(reports[0]["state"]))], place=place)
    assert not fresh["pending"]
    assert fresh["digest"] == reports[0]["digest"]
    assert {report["text"] for report in reports} == {fresh["text"]}
    assert all(report["map"] == fresh["map"] for report in reports)
    return str(fresh["text"])
