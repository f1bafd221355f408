"""Unmodified clients of every family edit one document, and all end with what Node's Yjs says."""

import asyncio
import base64
import random

import pytest

from tests.e2e.support.node import FAMILIES, NodeClient, NodeDriver, Provider
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

WORDS = ("héllo ", "世界", "🙂", "👩‍👩‍👧", "Ωμέγα ", "שלום", "naïve ", "𝔘𝔫𝔦 ", "e\u0301")
Y_WEBSOCKET, HOCUSPOCUS = (Provider("y-websocket", 3), Provider("hocuspocus", 4))


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


async def edit(client: NodeClient, rounds: int, seed: str) -> None:
    """What one person does: types in several scripts, deletes, sets map keys."""
    choice = random.Random(seed)
    for number in range(rounds):
        await client.tell("insert", text=choice.choice(WORDS))
        if number % 4 == 3:
            await client.tell("delete")
        if number % 5 == 4:
            await client.tell("set", key=choice.choice("abc"), value={"by": client.name, "n": number, "🙂": "é"})


async def until_equal(clients: list[NodeClient], node: NodeDriver) -> str:
    """Wait until all replicas are the same, and are what a fresh Yjs makes of them; answer the text."""

    async def look() -> list[dict[str, object]] | None:
        reports = [await client.report() for client in clients]
        return reports if len({report["digest"] for report in reports}) == 1 else None

    reports = await until(look, "all replicas to be equal")
    assert reports is not None
    fresh = await node.apply([base64.b64decode(str(reports[0]["state"]))])
    assert not fresh["pending"]
    assert fresh["digest"] == reports[0]["digest"]
    assert {report["text"] for report in reports} == {fresh["text"]}
    assert all(report["map"] == fresh["map"] for report in reports)
    return str(fresh["text"])


async def test_all_provider_versions_in_one_document_converge(api: Api, node: NodeDriver) -> None:
    document = await api.document(await api.workspace())
    clients = [await open_client(node, api, provider, document, str(provider), api.token) for provider in FAMILIES]
    for client in clients:
        await client.synced()
    await asyncio.gather(*(edit(client, 20, client.name) for client in clients))
    text = await until_equal(clients, node)
    assert len(text) > 100
    for client in clients:
        if client.provider.family == "hocuspocus":
            await client.saved()

    late = await open_client(node, api, HOCUSPOCUS, document, "late", api.token)
    await late.synced()
    assert await until_equal([*clients, late], node) == text


@pytest.mark.parametrize("provider", FAMILIES, ids=str)
async def test_edits_made_offline_arrive_after_the_reconnect(provider: Provider, api: Api, node: NodeDriver) -> None:
    document = await api.document(await api.workspace())
    ada = await open_client(node, api, provider, document, "ada", api.token)
    ben = await open_client(node, api, provider, document, "ben", api.token)
    for client in (ada, ben):
        await client.synced()
    await edit(ada, 5, "before")
    await ada.tell("disconnect")
    await asyncio.gather(edit(ada, 5, "offline"), edit(ben, 5, "online"))
    await ada.tell("connect")
    await ada.synced()
    await until_equal([ada, ben], node)
    if provider.family == "hocuspocus":
        await ada.saved()
        await ben.saved()


async def test_clients_see_each_other_across_the_protocols(api: Api, node: NodeDriver) -> None:
    document = await api.document(await api.workspace())
    clients = [
        await open_client(node, api, provider, document, provider.family, api.token)
        for provider in (Y_WEBSOCKET, HOCUSPOCUS)
    ]

    async def both_see_both() -> bool:
        seen = [(await client.tell("status"))["awareness"] for client in clients]
        return all(sorted(state["user"]["color"] for state in states.values()) == ["#336699"] * 2 for states in seen)

    await until(both_see_both, "both to see both")
    me = await api.call("GET", "/auth/me")
    for client in clients:
        states = (await client.tell("status"))["awareness"]
        others = [state for number, state in states.items() if int(number) != (await client.report())["clientId"]]
        assert [state["user"]["name"] for state in others] == [me["name"]], "the server says who a peer is"
    await clients[0].tell("destroy")

    async def gone() -> bool:
        return len((await clients[1].tell("status"))["awareness"]) == 1

    await until(gone, "the one who left to be gone at once", seconds=2)


async def test_a_python_client_hears_and_is_heard(api: Api, node: NodeDriver) -> None:
    document = await api.document(await api.workspace())
    ada = await open_client(node, api, HOCUSPOCUS, document, "ada", api.token)
    await ada.synced()
    async with RawPeer(api.server.sockets, document, api.token, protocol="y-websocket") as ben:
        await ben.until_synced()
        await ben.write("⟦from Python: Ω世界🙂⟧")
        await ada.tell("insert", text="⟦from JavaScript: é👩‍👩‍👧⟧")

        async def same() -> bool:
            text = (await ada.report())["text"]
            return "Python" in text and "JavaScript" in text and text == str(ben.text)

        await until(same, "both to have both")
