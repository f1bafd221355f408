"""A document's content over HTTP: read, replaced and edited; real application, real workers."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from persistence.answers import AnswerStore
from persistence.projections import ProjectionStore
from persistence.quarantine import QuarantinedRow, QuarantineStore
from server.collaboration.contents import MOST_OF_ONE, Unhurried
from server.errors import Conflict, RateLimited, StoreRefuses
from tests.server.support import Person, Place

MARKDOWN = "# Fuge 😀\n\nEins **zwei** drei\n\n- a\n- b\n"
NOT_TAKEN = (415, "unsupported_media_type", ["Content-Type"])
TEXT = "Fuge 😀\nEins zwei drei\na\nb"


class KilledError(Exception):
    """Stands for the end of the process."""


async def made(ada: Person, markdown: str = MARKDOWN) -> str:
    """The address of a document's content."""
    document = await ada.document(await ada.workspace(), content={"markdown": markdown})
    return f"/collaboration/documents/{document}/content"


async def said(ada: Person, path: str, version: int, form: str = "markdown") -> str:
    """What the document says once a worker has read this version of it."""
    async with asyncio.timeout(20):
        while True:
            response = await ada.get(path, params={"format": form})
            if response.status_code == 200 and int(response.headers["document-version"]) >= version:
                return response.text


def refusal(response: Any) -> tuple[int, str, list[str]]:
    error = response.json()
    return response.status_code, error["code"], [each["field"] for each in error["details"]]


# Reading.


async def test_the_content_is_shown_in_three_forms(ada: Person) -> None:
    path = await made(ada)
    response = await ada.get(path)
    assert response.headers["content-type"] == "application/json"
    data = response.json()["data"]
    assert (data["version"], data["latest_version"], data["state"], data["format"]) == (1, 1, "current", "json")
    assert data["content"]["content"][0] == {
        "type": "heading",
        "attrs": {"level": 1},
        "content": [{"type": "text", "text": "Fuge 😀"}],
    }
    for accept, media_type, body in (("text/plain", "text/plain", TEXT), ("text/markdown", "text/markdown", MARKDOWN)):
        response = await ada.get(path, headers={"Accept": accept})
        assert (response.headers["content-type"], response.text) == (f"{media_type}; charset=utf-8", body)
        assert (response.headers["document-version"], response.headers["document-state"]) == ("1", "current")
        assert "Accept" in response.headers["vary"]


async def test_the_format_counts_more_than_the_accept_header(ada: Person) -> None:
    path = await made(ada)
    response = await ada.get(path, params={"format": "text"}, headers={"Accept": "application/json"})
    assert response.text == TEXT


async def test_a_form_that_there_is_not_is_406_with_those_that_there_are(ada: Person) -> None:
    path = await made(ada)
    response = await ada.get(path, headers={"Accept": "image/png"})
    assert refusal(response) == (406, "not_acceptable", ["Accept"])
    assert "text/markdown" in response.json()["details"][0]["issue"]
    assert refusal(await ada.get(path, params={"format": "pdf"})) == (422, "validation_failed", ["format"])


async def test_a_reader_who_has_this_version_gets_304(ada: Person) -> None:
    path = await made(ada)
    response = await ada.get(path)
    tag = response.headers["etag"]
    assert tag.startswith('"1-')
    assert parsedate_to_datetime(response.headers["last-modified"]) <= datetime.now(UTC)
    again = await ada.get(path, headers={"If-None-Match": f'"0", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await ada.get(path, headers={"If-None-Match": tag, "Accept": "text/plain"})
    assert (other.status_code, other.headers["etag"] != tag) == (200, True)
    head = await ada.ask("HEAD", path)
    assert (head.status_code, head.headers["etag"]) == (200, tag)
    edited = await ada.ask("PUT", path, json={"content": "x"}, headers={"If-Match": tag})
    assert edited.json()["data"]["version"] == 2


async def test_a_version_that_is_read_again_has_another_tag(place: Place, ada: Person) -> None:
    """A row is put into quarantine, or found readable again: the version is the same, what it shows is not."""
    path = await made(ada)
    store = ProjectionStore(place.house.database)
    whole = await store.get(path.split("/")[3])
    assert whole is not None
    tags = [(await ada.get(path)).headers["etag"]]
    for reading in (replace(whole, json_text='{"type":"doc","content":[]}', is_partial=True), whole):
        await store.put(reading, datetime.now(UTC))
        response = await ada.get(path, headers={"If-None-Match": tags[-1]})
        assert response.status_code == 200
        assert response.json()["data"]["state"] == ("partial" if reading.is_partial else "current")
        tags.append(response.headers["etag"])
    assert (await ada.get(path, headers={"If-None-Match": tags[-1]})).status_code == 304


async def test_an_empty_document_says_nothing_at_version_0(ada: Person) -> None:
    document = await ada.document(await ada.workspace())
    path = f"/collaboration/documents/{document}/content"
    assert (await ada.get(path)).json()["data"]["content"] == {"type": "doc", "content": []}
    assert (await ada.get(path, params={"format": "text"})).text == ""


# Writing.


async def test_put_makes_the_document_say_something_else(ada: Person) -> None:
    path = await made(ada)
    words = ["drei", "vier", "fünf", "sechs", "sieben"]
    bodies: list[tuple[str, Any]] = [
        ("text/markdown", lambda markdown, text: markdown),
        ("text/plain; charset=UTF-8", lambda markdown, text: text),
        ("application/json", lambda markdown, text: json.dumps({"content": {"markdown": markdown}})),
        ("application/json", lambda markdown, text: json.dumps({"content": text, "content_format": "text"})),
    ]
    for version, (media_type, body) in enumerate(bodies, 1):
        markdown, text = (each.replace("drei", words[version]) for each in (MARKDOWN, TEXT))
        headers = {"Content-Type": media_type, "If-Match": f'"{version}"'}
        response = await ada.ask("PUT", path, content=body(markdown, text).encode(), headers=headers)
        assert response.status_code == 200, response.text
        data = response.json()["data"]
        assert (data["version"], data["changed"], data["merged"]) == (version + 1, True, False)
        assert response.headers["etag"] == f'"{version + 1}"'
        assert await said(ada, path, version + 1) == markdown


async def test_what_get_shows_can_be_put_again(ada: Person) -> None:
    path = await made(ada)
    content = (await ada.get(path)).json()["data"]["content"]
    response = await ada.ask("PUT", path, json=content)
    assert response.json()["data"]["changed"] is False
    content["content"].append({"type": "horizontalRule"})
    assert (await ada.ask("PUT", path, json={"content": content, "base": 1})).json()["data"]["version"] == 2


async def test_patch_does_splices_and_json_patch(ada: Person, place: Place) -> None:
    path = await made(ada)
    operations = [
        {"op": "test", "path": "/content/0/attrs/level", "value": 1},
        {"op": "splice", "path": "/content/0", "index": 5, "delete": 2, "insert": "in G"},
        {"op": "replace", "path": "/content/0/attrs/level", "value": 2},
        {"op": "remove", "path": "/content/2/content/0", "comment": "passed over"},
        {"op": "copy", "path": "/content/-", "from": "/content/0"},
    ]
    response = await ada.ask("PATCH", path, json={"operations": operations})
    assert response.status_code == 200, response.text
    assert await said(ada, path, 2) == "## Fuge in G\n\nEins **zwei** drei\n\n- b\n\n## Fuge in G\n"
    bare = json.dumps([{"op": "splice", "path": "/content/0", "index": 0, "insert": "Die "}])
    response = await ada.ask("PATCH", path, content=bare, headers={"Content-Type": "application/json-patch+json"})
    assert response.json()["data"]["version"] == 3
    document = path.split("/")[3]
    assert [row.writer for row in await place.house.document_log.read(document, 0)] == [ada.id] * 3


async def test_a_test_that_does_not_hold_changes_nothing(ada: Person) -> None:
    path = await made(ada)
    operations = [
        {"op": "remove", "path": "/content/0"},
        {"op": "test", "path": "/content/0/type", "value": "heading"},
    ]
    response = await ada.ask("PATCH", path, json=operations)
    assert refusal(response) == (409, "conflict", ["operations[1].value"])
    assert (await ada.get(path)).json()["data"]["latest_version"] == 1


async def test_an_edit_for_another_version_is_412(ada: Person) -> None:
    path = await made(ada)
    for tag in ('"0"', '"7", "8-text"', 'W/"9"', '"b1946ac9"'):
        response = await ada.ask("PUT", path, json={"content": "x"}, headers={"If-Match": tag})
        assert refusal(response) == (412, "precondition_failed", ["If-Match"]), tag
        assert "version, 1" in response.json()["details"][0]["issue"]


async def test_an_edit_for_this_version_is_made(ada: Person) -> None:
    path = await made(ada)
    for version, tag in enumerate(('"{}"', "*", '"0", "{}-5f1dc4a90b3e"', 'W/"{}"', "{}"), 1):
        headers = {"If-Match": tag.format(version)}
        response = await ada.ask("PUT", path, json={"content": f"x{version}"}, headers=headers)
        assert response.status_code == 200, (tag, response.text)


async def test_a_repeated_request_with_its_key_is_done_once(ada: Person) -> None:
    path = await made(ada)
    operations = [{"op": "splice", "path": "/content/0", "index": 0, "insert": "!"}]
    answers = [await ada.ask("PATCH", path, json=operations, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.json()["data"]["version"] for answer in answers] == [2, 2]
    assert {answer.headers["etag"] for answer in answers} == {'"2"'}


async def test_an_edit_whose_answer_was_not_stored_is_not_done_again(
    place: Place, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the commit of the edit: its answer is in the same transaction."""
    path = await made(ada)
    headers = {"Idempotency-Key": "k"}
    splice = [{"op": "splice", "path": "/content/0", "index": 0, "insert": "!"}]

    async def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(AnswerStore, "keep", die)
        patched.setattr(AnswerStore, "release", die)
        assert (await ada.ask("PATCH", path, json=splice, headers=headers)).status_code == 500
    again = await ada.ask("PATCH", path, json=splice, headers=headers)
    assert again.json()["data"] == {"document_id": path.split("/")[3], "version": 2, "changed": True, "merged": False}
    assert again.headers["etag"] == '"2"'
    assert (await said(ada, path, 2)).startswith("# !Fuge")


async def test_a_client_that_goes_has_its_edit_done_once(ada: Person) -> None:
    path = await made(ada)
    splice = [{"op": "splice", "path": "/content/0", "index": 0, "insert": "!"}]
    for turns in (1, 5, 20, 80):
        headers = {"Idempotency-Key": f"k{turns}"}
        asked = asyncio.create_task(ada.ask("PATCH", path, json=splice, headers=headers))
        for _ in range(turns):
            await asyncio.sleep(0)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        async with asyncio.timeout(20):
            while (again := await ada.ask("PATCH", path, json=splice, headers=headers)).status_code == 409:
                await asyncio.sleep(0)
        assert again.status_code == 200
    assert (await said(ada, path, 5)).startswith("# !!!!Fuge")
    assert (await ada.get(path)).json()["data"]["latest_version"] == 5


async def test_a_key_is_good_for_one_condition_type_and_query(ada: Person) -> None:
    path = await made(ada)
    first = {"Content-Type": "text/markdown", "If-Match": '"1"', "Idempotency-Key": "k"}
    answer = await ada.ask("PUT", path, content=b"- x", headers=first)
    assert answer.json()["data"]["version"] == 2
    assert (await ada.ask("PUT", path, content=b"- x", headers=first)).json() == answer.json()
    for change in ({"If-Match": '"2"'}, {"If-Match": "*"}, {"Content-Type": "text/plain"}):
        other = await ada.ask("PUT", path, content=b"- x", headers=first | change)
        assert refusal(other) == (422, "validation_failed", ["Idempotency-Key"]), change
    other = await ada.ask("PUT", path, content=b"- x", headers=first, params={"a": "b"})
    assert refusal(other) == (422, "validation_failed", ["Idempotency-Key"])


async def test_a_change_made_on_an_older_version_is_merged(ada: Person) -> None:
    path = await made(ada)
    await ada.ask("PATCH", path, json=[{"op": "splice", "path": "/content/1", "index": 0, "insert": "Null "}])
    change = {"base": 1, "operations": [{"op": "splice", "path": "/content/1", "index": 14, "insert": "!"}]}
    response = await ada.ask("PATCH", path, json=change)
    assert (response.json()["data"]["version"], response.json()["data"]["merged"]) == (3, True)
    assert "Null Eins **zwei** drei!" in await said(ada, path, 3)


REFUSALS: list[tuple[str, dict[str, str], bytes, tuple[int, str, list[str]]]] = [
    ("PUT", {"Content-Type": "text/html"}, b"<p>", NOT_TAKEN),
    (
        "PUT",
        {"Content-Type": "text/plain; charset=latin-1"},
        b"x",
        NOT_TAKEN,
    ),
    ("PATCH", {"Content-Type": "text/plain"}, b"x", NOT_TAKEN),
    ("PUT", {"Content-Type": "text/plain"}, b"\xff", (422, "validation_failed", ["body"])),
    ("PUT", {}, b"{", (400, "invalid_json", ["body"])),
    ("PUT", {}, b'{"content": NaN}', (400, "invalid_json", ["body"])),
    ("PUT", {}, b"[" * 100_000, (400, "invalid_json", ["body"])),
    ("PUT", {}, b"{}", (422, "validation_failed", ["content"])),
    ("PUT", {}, b'{"content": 5}', (422, "validation_failed", ["content"])),
    ("PUT", {}, b'{"content": "\\ud83d"}', (422, "validation_failed", ["content"])),
    ("PUT", {}, b'{"content": "x", "more": 1}', (422, "validation_failed", ["more"])),
    ("PUT", {}, b'{"content": "x", "base": 9}', (422, "validation_failed", ["base"])),
    ("PUT", {}, b'{"roots": {"a": "x"}}', (422, "validation_failed", ["content"])),
    ("PUT", {"If-Match": "a b"}, b'{"content": "x"}', (422, "validation_failed", ["If-Match"])),
    ("PUT", {"Content-Type": "text/plain"}, b"x" * (512 * 1024 + 1), (413, "too_large", ["body"])),
    ("PATCH", {}, b"[]", (422, "validation_failed", ["operations"])),
    ("PATCH", {}, b'"x"', (422, "validation_failed", ["body"])),
    ("PATCH", {}, b'[{"op": "splice", "path": "/content/0"}]', (422, "validation_failed", ["operations[0].index"])),
    ("PATCH", {}, b'[{"op": "leap", "path": ""}]', (422, "validation_failed", ["operations[0]"])),
    (
        "PATCH",
        {},
        b'[{"op": "splice", "path": "/content/0", "index": 6, "insert": "x"}]',
        (422, "validation_failed", ["operations[0].index"]),
    ),
    (
        "PATCH",
        {},
        json.dumps([{"op": "remove", "path": "/content/0"}] * 1001).encode(),
        (422, "validation_failed", ["operations"]),
    ),
]


async def test_what_cannot_be_done_names_the_field(ada: Person) -> None:
    path = await made(ada)
    for method, headers, body, expected in REFUSALS:
        response = await ada.ask(method, path, content=body, headers={"Content-Type": "application/json"} | headers)
        assert refusal(response) == expected, (method, headers, body[:80])
    assert (await ada.get(path)).json()["data"]["latest_version"] == 1


# Rights.


async def test_a_viewer_reads_and_does_not_write(place: Place, ada: Person) -> None:
    ben = await place.colleague("ben@example.org")
    workspace = await ada.workspace()
    document = await ada.document(workspace, content="x")
    path = f"/collaboration/documents/{document}/content"
    operations = [{"op": "remove", "path": "/content/0"}]
    assert (await ben.get(path)).status_code == 404
    assert (await ben.ask("PUT", path, json={"content": "y"})).status_code == 404
    await ada.post(f"/collaboration/workspaces/{workspace}/members", {"email": ben.email, "role": "viewer"})
    assert (await ben.get(path, params={"format": "text"})).text == "x"
    assert (await ben.ask("PUT", path, json={"content": "y"})).status_code == 403
    assert (await ben.ask("PATCH", path, json=operations)).status_code == 403
    assert (await ada.get("/collaboration/documents/" + "f" * 32 + "/content")).status_code == 404


async def test_a_document_that_no_worker_reads_whole_is_edited_over_sockets_only(place: Place, ada: Person) -> None:
    path = await made(ada)
    document = path.split("/")[3]
    row = QuarantinedRow(document, 1, "died", b"\0", without_place=False, writer=None, found_at=datetime.now(UTC))
    await QuarantineStore(place.house.database).put(row)
    response = await ada.ask("PUT", path, json={"content": "x"})
    assert refusal(response) == (409, "conflict", ["content"])
    assert "update 1" in response.json()["details"][0]["issue"]


async def test_the_bodies_are_described(place: Place) -> None:
    described = place.app.openapi()
    operation = described["paths"]["/collaboration/documents/{document_id}/content"]
    assert set(operation) == {"get", "put", "patch"}
    assert set(operation["put"]["requestBody"]["content"]) == {"application/json", "text/plain", "text/markdown"}
    assert set(operation["patch"]["requestBody"]["content"]) == {"application/json", "application/json-patch+json"}
    references = [part.split('"')[0] for part in json.dumps(operation).split("#/components/schemas/")[1:]]
    assert references
    assert set(references) <= set(described["components"]["schemas"])


# Waiting for the store.


async def test_an_edit_that_the_store_keeps_waiting_goes_on_and_is_not_begun_again() -> None:
    saved = asyncio.Event()
    begun: list[str] = []

    async def work() -> str:
        begun.append("once")
        await saved.wait()
        return "saved"

    unhurried = Unhurried(0.01)
    with pytest.raises(StoreRefuses) as late:
        await unhurried.once("ada", "key", work)
    assert "may still be saved" in late.value.message
    with pytest.raises(Conflict):
        await unhurried.once("ada", "key", work)
    saved.set()
    await unhurried.close()
    assert begun == ["once"]
    assert await Unhurried(10).once("ada", "key", work) == "saved"


async def test_one_user_has_a_bounded_number_of_edits_under_way() -> None:
    unhurried, forever = Unhurried(10), asyncio.Event()

    async def work() -> bool:
        return await forever.wait()

    mine = [asyncio.ensure_future(unhurried.once("eve", None, work)) for _ in range(MOST_OF_ONE)]
    await asyncio.sleep(0)
    with pytest.raises(RateLimited):
        await unhurried.once("eve", None, work)
    his = asyncio.ensure_future(unhurried.once("ada", None, work))
    await asyncio.sleep(0)
    forever.set()
    assert await asyncio.gather(*mine, his) == [True] * (MOST_OF_ONE + 1)
    assert await unhurried.once("eve", None, work)
