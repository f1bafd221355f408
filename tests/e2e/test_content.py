"""A program edits a document over REST while people type in it with unmodified clients."""

import asyncio
from typing import Any

from tests.e2e.support.node import NodeClient, NodeDriver, Provider
from tests.e2e.support.people import EDITOR, TEXT, WORDS, open_client, until_equal
from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

PROVIDERS = (Provider("y-websocket", 3), Provider("hocuspocus", 4))
ROUNDS = 12


async def types(client: NodeClient, rounds: int, place: dict[str, str]) -> None:
    """Types all over the document; a ⟦token⟧ is never typed into."""
    for number in range(rounds):
        await client.tell("insert", text=WORDS[number % len(WORDS)], place=place)


async def said(api: Api, path: str, version: int, form: str) -> Any:
    """What GET shows of this version or a later one."""

    async def look() -> Any:
        response = await api.ask("GET", path, params={"format": form})
        assert response.status_code in {200, 503}, response.text
        if response.status_code == 503 or int(response.headers["document-version"]) < version:
            return None
        return response

    return await until(look, "a worker to have read the document")


async def test_splices_while_two_people_type_converge(api: Api, node: NodeDriver) -> None:
    document = await api.document(await api.workspace())
    path = f"/collaboration/documents/{document}/content"
    people = [await open_client(node, api, PROVIDERS[0], document, name, api.token) for name in ("ada", "ben")]
    for client in people:
        await client.synced()
    await types(people[0], 2, TEXT)

    async def program() -> list[int]:
        versions = []
        for number in range(ROUNDS):
            word = f"⟦{number}⟧"
            operation = {"op": "splice", "path": "/roots/text", "index": 0, "insert": word}
            answer = await api.call("PATCH", path, json={"operations": [operation]})
            versions.append(answer["version"])
        return versions

    typing = [asyncio.create_task(types(client, ROUNDS, TEXT)) for client in people]
    versions = await program()
    await asyncio.gather(*typing)
    assert versions == sorted(set(versions))
    text = await until_equal(people, node)
    for number in range(ROUNDS):
        assert text.count(f"⟦{number}⟧") == 1
    # The versions that were answered are in the log: the head is at least the last of them, and says it all.
    head = (await api.call("GET", f"/collaboration/documents/{document}"))["version"]
    assert head >= versions[-1]
    shown = await said(api, path, head, "json")
    assert shown.json()["data"]["content"]["roots"]["text"] == text


async def test_a_document_is_replaced_under_somebody_who_types_in_it(api: Api, node: NodeDriver) -> None:
    """Nobody has it open at first; then a Hocuspocus client types into a block that the new content keeps."""
    document = await api.document(await api.workspace(), content={"markdown": "Eins\n\nZwei\n\nDrei"})
    path = f"/collaboration/documents/{document}/content"
    answer = await api.call("PUT", path, json={"content": {"markdown": "Eins\n\nZwei und mehr\n\nDrei"}, "base": 1})
    assert answer["version"] == 2
    ada = await open_client(node, api, PROVIDERS[1], document, "ada", api.token)
    await ada.synced()
    typing = asyncio.create_task(types(ada, ROUNDS, EDITOR))
    versions = []
    for number in range(4):
        block = {"type": "paragraph", "content": [{"type": "text", "text": f"⟦{number}⟧"}]}
        operations = [{"op": "add", "path": "/content/-", "value": block}]
        versions.append((await api.call("PATCH", path, json=operations))["version"])
    await typing
    await ada.saved()
    text = await until_equal([ada], node, EDITOR)
    assert all(f"⟦{number}⟧" in text for number in range(4))
    head = (await api.call("GET", f"/collaboration/documents/{document}"))["version"]
    assert head >= versions[-1] >= 6
    shown = await said(api, path, head, "text")
    assert shown.headers["etag"].startswith(f'"{shown.headers["document-version"]}')


async def test_an_edit_for_a_version_that_somebody_has_typed_over_is_not_made(api: Api, node: NodeDriver) -> None:
    document = await api.document(await api.workspace(), content="Eins")
    path = f"/collaboration/documents/{document}/content"
    ada = await open_client(node, api, PROVIDERS[0], document, "ada", api.token)
    await ada.synced()
    await types(ada, 1, EDITOR)

    async def typed() -> bool:
        return (await api.call("GET", f"/collaboration/documents/{document}"))["version"] > 1  # type: ignore[no-any-return]

    await until(typed, "the keystroke to be committed")
    response = await api.ask("PUT", path, json={"content": "Zwei"}, headers={"If-Match": '"1"'})
    assert response.status_code == 412, response.text
    assert response.json()["details"][0]["field"] == "If-Match"
