"""C3 and C4 of the REST contract: documents from content, their text, tombstones; real application, real workers."""

import json

import pytest
from pycrdt import Doc, Text

from persistence.log import Batch, Row
from server.errors import Deleted
from tests.server.support import Person, Place

MARKDOWN = "# Fuge\n\n- *eins* 🎼\n- zwei"
EDITOR_JSON = {
    "type": "doc",
    "content": [
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Fuge"}]},
        {"type": "paragraph", "content": [{"type": "text", "text": "déjà vu"}]},
    ],
}


async def made(ada: Person, **fields: object) -> dict[str, object]:
    workspace = await ada.workspace()
    body = {"title": "Score", "type": "report", **fields}
    response = await ada.post(f"/collaboration/workspaces/{workspace}/documents", body)
    assert response.status_code == 201, response.text
    data: dict[str, object] = response.json()["data"]
    return data


async def refused(ada: Person, **fields: object) -> tuple[int, str, list[str]]:
    workspace = await ada.workspace()
    body = {"title": "Score", "type": "report", **fields}
    response = await ada.post(f"/collaboration/workspaces/{workspace}/documents", body)
    error = response.json()
    assert (await ada.get(f"/collaboration/workspaces/{workspace}/documents")).json()["data"] == []
    return response.status_code, error["code"], [each["field"] for each in error["details"]]


async def test_C4_an_empty_document_has_the_shape_of_the_contract(ada: Person) -> None:
    data = await made(ada)
    assert set(data) == {
        *("id", "workspace_id", "title", "type", "content", "content_unavailable", "content_position", "version"),
        *("content_state", "content_trouble", "incarnation"),
        *("author_id", "collaborators", "comments", "created_at", "updated_at", "last_edited_by", "deleted_at"),
    }
    assert (data["content"], data["version"], data["content_position"]) == ("", 0, 0)
    assert (data["author_id"], data["collaborators"], data["last_edited_by"]) == (ada.id, [], None)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"content": "eins\nzwei 🎼"}, "eins\nzwei 🎼"),
        ({"content": {"markdown": MARKDOWN}}, "Fuge\neins 🎼\nzwei"),
        ({"content": MARKDOWN, "content_format": "markdown"}, "Fuge\neins 🎼\nzwei"),
        ({"content": EDITOR_JSON}, "Fuge\ndéjà vu"),
        ({"content": EDITOR_JSON["content"], "content_format": "json"}, "Fuge\ndéjà vu"),
        ({"content": None}, ""),
        ({"content": ""}, ""),
    ],
)
async def test_C4_content_becomes_the_first_update_by_the_caller(
    place: Place, ada: Person, fields: dict[str, object], text: str
) -> None:
    data = await made(ada, **fields)
    assert data["content"] == text
    if text:
        assert (data["version"], data["content_position"]) == (1, 1)
        assert (data["collaborators"], data["last_edited_by"]) == ([ada.id], ada.id)
    opened = await place.house.database.read(
        lambda connection: connection.exec_driver_sql("SELECT position, writer FROM document_rows").all()
    )
    assert [tuple(row) for row in opened] == ([(1, ada.id)] if text else [])


@pytest.mark.parametrize(
    "content",
    [
        5,
        True,
        {"markdown": 5},
        {"type": "nonsense"},
        {"type": "doc", "content": [{"type": "script"}]},
        {"type": "doc", "content": [{"type": "image", "attrs": {"src": "javascript:alert(1)"}}]},
        [[[[]]]],
    ],
)
async def test_C4_content_that_is_not_of_the_editor_makes_nothing(ada: Person, content: object) -> None:
    status, code, fields = await refused(ada, content=content)
    assert (status, code) == (422, "validation_failed")
    assert fields
    assert all(field.startswith("content") for field in fields)


async def test_C4_content_nested_without_end_is_refused(ada: Person) -> None:
    node: dict[str, object] = {"type": "paragraph"}
    for _ in range(150):
        node = {"type": "blockquote", "content": [node]}
    status, code, _ = await refused(ada, content={"type": "doc", "content": [node]})
    assert (status, code) == (422, "validation_failed")


async def test_C4_content_over_the_limit_is_too_large(ada: Person) -> None:
    assert await refused(ada, content="a" * (512 * 1024 + 1)) == (413, "too_large", ["content"])


async def test_A11_a_body_over_the_cap_is_too_large_before_it_is_parsed(ada: Person) -> None:
    assert await refused(ada, content="a" * (1024 * 1024)) == (413, "too_large", ["body"])


async def test_C4_half_a_surrogate_pair_is_refused(ada: Person) -> None:
    workspace = await ada.workspace()
    body = json.dumps({"title": "Score", "type": "report", "content": "a\ud83c"}).encode()
    response = await ada.ask(
        "POST",
        f"/collaboration/workspaces/{workspace}/documents",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("title", "a\x00"), ("title", "x" * 501), ("type", "opera")]
)
async def test_C4_a_wrong_field_is_named(ada: Person, field: str, value: str) -> None:
    assert await refused(ada, **{field: value}) == (422, "validation_failed", [field])


async def test_C3_lists_by_type_and_in_pages(ada: Person) -> None:
    workspace = await ada.workspace()
    made = [await ada.document(workspace, f"d{number}") for number in range(3)]
    policy = await ada.document(workspace, "p", type="policy")
    path = f"/collaboration/workspaces/{workspace}/documents"

    async def ids(query: str) -> list[str]:
        return [each["id"] for each in (await ada.get(path + query)).json()["data"]]

    assert await ids("?document_type=all") == await ids("?") == [*made, policy]
    assert await ids("?document_type=policy") == [policy]
    assert (await ada.get(path + "?document_type=opera")).status_code == 422
    first = (await ada.get(path + "?limit=2")).json()
    rest = (await ada.get(f"{path}?limit=2&cursor={first['next_cursor']}")).json()
    assert [each["id"] for each in first["data"] + rest["data"]] == [*made, policy]
    assert rest["next_cursor"] is None


async def test_C1_an_overview_leaves_long_texts_out(ada: Person) -> None:
    workspace = await ada.workspace()
    await ada.document(workspace, "short", content="kurz")
    long = await ada.document(workspace, "long", content="x" * (64 * 1024 + 1))
    documents = (await ada.get("/collaboration/workspaces")).json()["data"][0]["documents"]
    texts = {each["title"]: (each["content"], each["content_unavailable"]) for each in documents}
    assert texts == {"short": ("kurz", None), "long": (None, "left_out")}
    whole = (await ada.get(f"/collaboration/documents/{long}")).json()["data"]
    assert len(whole["content"]) == 64 * 1024 + 1


async def typed(place: Place, document: str, writer: str, number: int, text: str) -> None:
    """An edit that came in over a socket, as it stands in the log."""
    doc: Doc[Text] = Doc()
    doc["any"] = Text(text)
    row = Row(writer, doc.get_update(), ())
    await place.house.document_log.append([Batch(document, "test", number, (row,))])


async def test_a_text_that_is_behind_says_which_position_it_shows_and_catches_up(place: Place, ada: Person) -> None:
    document = await ada.document(await ada.workspace(), content="eins")
    await typed(place, document, "somebody", 1, "zwei")
    path = f"/collaboration/documents/{document}"
    behind = (await ada.get(path)).json()["data"]
    assert (behind["content"], behind["content_position"], behind["version"]) == ("eins", 1, 2)
    assert (behind["content_state"], behind["content_trouble"]) == ("stale", None)
    assert sorted(behind["collaborators"]) == sorted([ada.id, "somebody"])
    await place.house.collaboration.projector.refresh(document)
    now = (await ada.get(path)).json()["data"]
    assert (now["content_position"], now["content_unavailable"], now["content_state"]) == (2, None, "current")
    assert "eins" in now["content"]


async def test_a_document_that_nobody_has_read_yet_says_so(place: Place, ada: Person) -> None:
    document = await ada.document(await ada.workspace())
    await typed(place, document, ada.id, 1, "neu")
    data = (await ada.get(f"/collaboration/documents/{document}")).json()["data"]
    assert (data["content"], data["content_unavailable"], data["version"]) == (None, "not_read_yet", 1)
    await place.house.collaboration.projector.sweep()
    data = (await ada.get(f"/collaboration/documents/{document}")).json()["data"]
    assert (data["content"], data["content_position"]) == ("neu", 1)


async def test_a_row_that_is_no_update_is_left_out_and_its_writer_named(place: Place, ada: Person) -> None:
    document = await ada.document(await ada.workspace(), content="eins")
    await place.house.document_log.append([Batch(document, "test", 1, (Row("bob", b"\xff\xff\xff", ()),))])
    await place.house.collaboration.projector.refresh(document)
    data = (await ada.get(f"/collaboration/documents/{document}")).json()["data"]
    assert (data["content"], data["content_position"]) == ("eins", 2)
    assert data["content_state"] == "partial"
    assert data["content_trouble"] == {"reason": "malformed", "positions": [2], "writers": ["bob"]}
    assert await place.house.collaboration.projector.sweep() == 0


async def test_a_document_is_renamed_and_given_another_type(ada: Person) -> None:
    document = await ada.document(await ada.workspace())
    path = f"/collaboration/documents/{document}"
    data = (await ada.ask("PATCH", path, json={"title": "Partitur", "type": "policy"})).json()["data"]
    assert (data["title"], data["type"]) == ("Partitur", "policy")
    assert (await ada.ask("PATCH", path, json={"title": "a\nb"})).status_code == 422
    assert (await ada.ask("PATCH", path, json={"content": "x"})).status_code == 422
    assert (await ada.ask("PATCH", path, json={})).status_code == 200


async def test_a_deleted_document_is_a_tombstone_until_it_is_restored(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    document = await ada.document(workspace, content="eins")
    path = f"/collaboration/documents/{document}"
    assert (await ada.ask("DELETE", path)).status_code == 204
    assert (await ada.get(path)).status_code == 404
    assert (await ada.ask("DELETE", path)).status_code == 404
    lists = f"/collaboration/workspaces/{workspace}/documents"
    assert (await ada.get(lists)).json()["data"] == []
    tombstones = (await ada.get(lists + "?deleted=true")).json()["data"]
    assert [each["id"] for each in tombstones] == [document]
    assert tombstones[0]["deleted_at"] is not None
    assert (await ada.post(path + "/restore")).json()["data"]["content"] == "eins"
    assert (await ada.post(path + "/restore")).status_code == 404


async def test_everybody_in_a_deleted_document_is_told(
    place: Place, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await ada.document(await ada.workspace())
    told: list[tuple[str, type[Exception]]] = []
    monkeypatch.setattr(
        place.house.collaboration.documents, "_end_room", lambda which, error: told.append((which, type(error)))
    )
    await ada.ask("DELETE", f"/collaboration/documents/{document}")
    assert told == [(document, Deleted)]


async def test_a_viewer_reads_and_changes_nothing(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    document = await ada.document(workspace, content="eins")
    ben = await place.colleague("ben@example.org")
    await ada.post(f"/collaboration/workspaces/{workspace}/members", {"email": ben.email, "role": "viewer"})
    path = f"/collaboration/documents/{document}"
    assert (await ben.get(path)).json()["data"]["content"] == "eins"
    assert (await ben.ask("PATCH", path, json={"title": "x"})).status_code == 403
    assert (await ben.ask("DELETE", path)).status_code == 403
    body = {"title": "x", "type": "report"}
    assert (await ben.post(f"/collaboration/workspaces/{workspace}/documents", body)).status_code == 403
    assert (await ben.get(f"/collaboration/workspaces/{workspace}/documents?deleted=true")).status_code == 403


async def test_T6_another_persons_document_is_not_there(place: Place, ada: Person) -> None:
    document = await ada.document(await ada.workspace())
    ben = await place.colleague("ben@example.org")
    path = f"/collaboration/documents/{document}"
    for method, address in (("GET", path), ("PATCH", path), ("DELETE", path), ("POST", path + "/restore")):
        response = await ben.ask(method, address, json={} if method == "PATCH" else None)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_C4_a_repeated_post_with_one_key_makes_one_document(ada: Person) -> None:
    workspace = await ada.workspace()
    path, body = f"/collaboration/workspaces/{workspace}/documents", {"title": "a", "type": "report", "content": "x"}
    answers = [await ada.post(path, body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await ada.get(path)).json()["data"]) == 1
