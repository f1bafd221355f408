"""Unmodified clients of every family edit one document, and all end with what Node's Yjs says."""

import asyncio

import pytest

from tests.e2e.support.node import FAMILIES, NodeDriver, Provider
from tests.e2e.support.people import edit, open_client, until_equal
from tests.e2e.support.raw import RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

Y_WEBSOCKET, HOCUSPOCUS = (Provider("y-websocket", 3), Provider("hocuspocus", 4))


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
    await ada.go_offline()
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
