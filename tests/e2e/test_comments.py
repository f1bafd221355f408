"""A comment stays at its word while people type around it with unmodified clients."""

import pytest

from tests.e2e.support.node import NodeDriver, Provider
from tests.e2e.support.people import TEXT, WORDS, open_client
from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

TOKEN = "⟦here⟧"


def place_of(text: str) -> dict[str, int]:
    before = text[: text.index(TOKEN)]
    line = before.rpartition("\n")[2]
    return {"line": before.count("\n") + 1, "column": len(line.encode("utf-16-le")) // 2 + 1}


@pytest.mark.parametrize("provider", [Provider("y-websocket", 3), Provider("hocuspocus", 4)], ids=str)
async def test_a_comments_line_and_column_follow_the_text(api: Api, node: NodeDriver, provider: Provider) -> None:
    document = await api.document(await api.workspace())
    comments = f"/collaboration/documents/{document}/comments"
    client = await open_client(node, api, provider, document, "ada", api.token)
    await client.synced()
    await client.tell("insert", text=f"one\n{TOKEN} two\n", place=TEXT)

    async def written() -> bool:
        answer = await api.ask("GET", f"/collaboration/documents/{document}/content", params={"format": "text"})
        return answer.status_code == 200 and TOKEN in answer.text

    await until(written, "the server to have the text")
    said = await api.call("POST", comments, json={"content": "Why?", "position": {"line": 2, "column": 1}})
    assert said["position"] == {"line": 2, "column": 1}
    assert said["anchor"]["quote"] == f"{TOKEN} two"
    for number in range(20):
        await client.tell("insert", text=WORDS[number % len(WORDS)] + "\n" * (number % 3 == 0), place=TEXT)

    async def followed() -> bool:
        text = str((await client.report(place=TEXT))["text"])
        (root,) = await api.call("GET", comments)
        return bool(root["position"] == place_of(text) and root["anchor"]["state"] == "attached")

    await until(followed, "the comment to be at its word again")
