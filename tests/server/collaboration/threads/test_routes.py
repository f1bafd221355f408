"""Comments over HTTP, as C6 and C7 of the contract have them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.server.collaboration.threads.conftest import Desk
from tests.server.support import Person


async def test_a_comment_has_the_shape_of_the_contract(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada, position={"line": 2, "column": 3})
    assert said["document_id"] == desk.document
    assert (said["author_id"], said["content"]) == (ada.id, "Why?")
    assert said["position"] == {"line": 2, "column": 3}
    assert said["thread_id"] is None
    assert said["replies"] == []
    assert said["created_at"] == said["updated_at"]
    reply = await desk.say(ada, "Because.", thread_id=said["id"])
    assert (reply["thread_id"], reply["position"]) == (said["id"], None)
    (root,) = await desk.all(ada)
    assert [each["content"] for each in root["replies"]] == ["Because."]
    assert root["author_name"] == reply["author_name"]


@pytest.mark.parametrize("content", ["", "  ", "x" * 16_001])
async def test_an_empty_or_too_long_comment_is_422_with_its_field(desk: Desk, ada: Person, content: str) -> None:
    answer = await ada.post(desk.comments, {"content": content})
    assert answer.status_code == 422
    assert answer.json()["details"][0]["field"] == "content"
    assert await desk.kinds() == []


async def test_a_thread_of_another_document_is_422(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada)
    other = await ada.document(desk.workspace)
    body = {"content": "x", "thread_id": said["id"]}
    answer = await ada.post(f"/collaboration/documents/{other}/comments", body)
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, "thread_id")


async def test_a_position_beyond_the_text_is_clamped_and_flagged(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada, position={"line": 99, "column": 99})
    assert said["position"] == {"line": 2, "column": len("zweite Zeile") + 1}
    assert said["anchor"]["clamped"] is True
    assert (await desk.say(ada, position={"line": 1, "column": 7}))["anchor"]["clamped"] is False


async def test_who_is_no_member_sees_nothing_and_a_reader_does_not_comment(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada)
    eve, ben = await desk.place.colleague("eve@example.org"), await desk.member("ben@example.org", "viewer")
    assert (await eve.get(desk.comments)).status_code == 404
    assert (await eve.post(desk.comments, {"content": "x"})).status_code == 404
    assert [each["id"] for each in await desk.all(ben)] == [said["id"]]
    assert (await ben.post(desk.comments, {"content": "x"})).status_code == 403
    assert (await ben.post(f"{desk.threads}/{said['id']}/resolve")).status_code == 403


async def test_an_editor_whose_organisation_lets_him_only_read_may_comment(desk: Desk, ada: Person) -> None:
    ben = await desk.place.colleague("ben@example.org", role="viewer")
    members = f"/collaboration/workspaces/{desk.workspace}/members"
    await ada.post(members, {"email": ben.email, "role": "editor"})
    said = await desk.say(ben, "I may.")
    assert said["author_id"] == ben.id


async def test_an_own_id_makes_a_repeat_safe(desk: Desk, ada: Person) -> None:
    own = uuid4()
    first = await desk.say(ada, id=str(own))
    assert first["id"] == own.hex
    assert await desk.say(ada, id=str(own)) == first
    assert await desk.kinds() == ["CommentAdded"]
    ben = await desk.member("ben@example.org")
    assert (await ben.post(desk.comments, {"content": "x", "id": str(own)})).status_code == 409


async def test_an_idempotency_key_makes_a_repeat_safe(desk: Desk, ada: Person) -> None:
    headers = {"Idempotency-Key": "k"}
    first = await ada.post(desk.comments, {"content": "Once"}, headers=headers)
    again = await ada.post(desk.comments, {"content": "Once"}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(await desk.all(ada)) == 1


async def test_only_the_author_edits(desk: Desk, ada: Person) -> None:
    ben = await desk.member("ben@example.org", "admin")
    said = await desk.say(ada)
    address = f"{desk.comments}/{said['id']}"
    assert (await ben.ask("PATCH", address, json={"content": "No."})).status_code == 403
    edited = (await ada.ask("PATCH", address, json={"content": "What?"})).json()["data"]
    assert edited["content"] == "What?"
    assert edited["edited_at"] == edited["updated_at"] > edited["created_at"]
    assert (await ada.get(address)).json()["data"] == edited
    assert await desk.kinds() == ["CommentAdded", "CommentEdited"]


async def test_an_author_or_an_admin_deletes_and_a_tombstone_stays(desk: Desk, ada: Person) -> None:
    ben, eve = await desk.member("ben@example.org"), await desk.member("eve@example.org")
    said = await desk.say(ben)
    await desk.say(eve, "It stays.", thread_id=said["id"])
    address = f"{desk.comments}/{said['id']}"
    assert (await eve.ask("DELETE", address)).status_code == 403
    assert (await ada.ask("DELETE", address)).status_code == 204
    assert (await ada.ask("DELETE", address)).status_code == 204
    (root,) = await desk.all(ada)
    assert (root["id"], root["content"]) == (said["id"], "")
    assert root["deleted_at"] is not None
    assert [each["content"] for each in root["replies"]] == ["It stays."]
    assert await desk.kinds() == ["CommentAdded", "CommentAdded", "CommentDeleted"]
    assert (await ben.ask("PATCH", address, json={"content": "back"})).status_code == 404
    assert (await eve.ask("DELETE", f"{desk.comments}/{root['replies'][0]['id']}")).status_code == 204


async def test_reactions_are_counted_and_taken_back(desk: Desk, ada: Person) -> None:
    ben = await desk.member("ben@example.org")
    said = await desk.say(ada)
    address = f"{desk.comments}/{said['id']}/reactions"
    answers = [await person.post(address, {"emoji": "❤️"}) for person in (ada, ben, ben)]
    assert [each.status_code for each in answers] == [200] * 3
    (reaction,) = answers[-1].json()["data"]["reactions"]
    assert (reaction["emoji"], reaction["count"], reaction["mine"]) == ("❤️", 2, True)
    assert [each["user_id"] for each in reaction["users"]] == [ada.id, ben.id]
    left = (await ben.ask("DELETE", f"{address}/❤")).json()["data"]["reactions"]
    assert [(each["count"], each["mine"]) for each in left] == [(1, False)]
    assert (await ben.post(address, {"emoji": "nice"})).status_code == 422
    assert (await ben.ask("DELETE", f"{address}/nice")).status_code == 422
    assert (await desk.kinds())[1:] == ["CommentReacted"] * 3


async def test_twenty_kinds_of_reactions_are_enough(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada)
    address = f"{desk.comments}/{said['id']}/reactions"
    answers = [(await ada.post(address, {"emoji": chr(0x1F600 + at)})).status_code for at in range(21)]
    assert answers == [200] * 20 + [409]


async def test_a_thread_is_resolved_and_reopened_as_often_as_one_asks(desk: Desk, ada: Person) -> None:
    said, other = await desk.say(ada), await desk.say(ada, "Else")
    thread = f"{desk.threads}/{said['id']}"
    for _ in range(2):
        resolved = (await ada.post(f"{thread}/resolve")).json()["data"]
        assert resolved["resolved_by"] == ada.id
    assert [each["id"] for each in await desk.all(ada, resolved=True)] == [said["id"]]
    assert [each["id"] for each in await desk.all(ada, resolved=False)] == [other["id"]]
    reopened = [(await ada.post(f"{thread}/reopen")).json()["data"] for _ in range(2)]
    assert reopened[0]["resolved_at"] is None
    assert (await ada.get(thread)).json()["data"] == reopened[0] == reopened[1]
    assert (await desk.kinds())[2:] == ["ThreadResolved", "ThreadReopened"]
    assert (await ada.post(f"{desk.threads}/{uuid4().hex}/resolve")).status_code == 404


async def test_pages_and_since(desk: Desk, ada: Person) -> None:
    said = [await desk.say(ada, str(number)) for number in range(5)]
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": 2}
    while asked is not None:
        page = (await ada.get(desk.comments, params=asked)).json()
        seen += [each["content"] for each in page["data"]]
        asked = {"limit": 2, "cursor": page["next_cursor"]} if page["next_cursor"] else None  # type: ignore[assignment]
    assert seen == list("01234")
    reply = await desk.say(ada, "late", thread_id=said[1]["id"])
    assert [each["content"] for each in await desk.all(ada, since=reply["created_at"])] == ["1"]


async def test_what_the_events_tell_is_what_is_answered(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada)
    reply = await desk.say(ada, "Because.", thread_id=said["id"])
    first, second = await desk.events()
    for heard, comment in (first, said), (second, reply):
        assert heard.event is not None
        told = heard.event.model_dump(mode="json")
        assert told["comment"] == {name: comment[name] for name in told["comment"]}
        assert (told["thread_id"], told["comment_id"]) == (said["id"], comment["id"])
        assert heard.event.subject == f"thread/{said['id']}"
        assert (heard.actor.kind, heard.actor.id) == ("person", ada.id)


async def test_the_list_says_where_the_stream_of_its_workspace_was(desk: Desk, ada: Person) -> None:
    before = (await ada.get(desk.comments)).json()["stream"]
    await desk.say(ada)
    after = (await ada.get(desk.comments)).json()["stream"]
    assert before["channel"] == f"workspace:{desk.workspace}"
    assert (after["epoch"], after["offset"]) == (before["epoch"], before["offset"] + 1)
