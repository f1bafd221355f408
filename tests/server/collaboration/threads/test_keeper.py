"""Anchors of open threads are as old as the stored text, and tell when their text is gone."""

from typing import Any

from sqlalchemy import update

from persistence.tables.threads import thread_anchors
from persistence.thread_anchors import ThreadAnchorStore
from tests.server.collaboration.threads.conftest import Desk
from tests.server.support import Person

Json = dict[str, Any]


async def edit(desk: Desk, person: Person, *edits: Json) -> None:
    address = f"/collaboration/documents/{desk.document}/content"
    answer = await person.ask("PATCH", address, json={"operations": list(edits)})
    assert answer.status_code == 200, answer.text
    await desk.place.house.collaboration.projector.refresh(desk.document)


def splice(block: int, index: int, delete: int, insert: str) -> Json:
    return {"op": "splice", "path": f"/content/{block}", "index": index, "delete": delete, "insert": insert}


async def test_the_position_follows_the_text(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada, position={"line": 2, "column": 8})
    assert said["anchor"]["quote"] == "zweite Zeile"
    await edit(desk, ada, splice(1, 0, 0, "die "))
    (root,) = await desk.all(ada)
    assert root["position"] == {"line": 2, "column": 12}
    assert root["anchor"]["state"] == "attached"
    assert root["anchor"]["version"] > said["anchor"]["version"]
    assert root["updated_at"] == said["updated_at"]


async def test_it_says_once_that_the_text_is_gone(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada, position={"line": 2, "column": 1})
    await desk.say(ada, "about all of it")
    await edit(desk, ada, {"op": "remove", "path": "/content/1"})
    await edit(desk, ada, splice(0, 0, 0, "more "))
    root = (await desk.all(ada))[0]
    assert (root["anchor"]["state"], root["anchor"]["reason"], root["position"]) == ("orphaned", "gone", None)
    assert root["anchor"]["quote"] == "zweite Zeile"
    heard = (await desk.events())[2:]
    assert [type(each.event).__name__ for each in heard] == ["AnchorOrphaned"]
    assert heard[0].event is not None
    told = heard[0].event.model_dump()
    assert (told["thread_id"], told["quote"], told["reason"]) == (said["id"], "zweite Zeile", "gone")
    assert heard[0].actor.kind == "system"


async def test_resolved_threads_rest_and_are_found_again_when_reopened(desk: Desk, ada: Person) -> None:
    said = await desk.say(ada, position={"line": 2, "column": 8})
    thread = f"{desk.threads}/{said['id']}"
    await ada.post(f"{thread}/resolve")
    await edit(desk, ada, splice(1, 0, 0, "die "))
    assert (await ada.get(thread)).json()["data"]["position"] == {"line": 2, "column": 8}
    await ada.post(f"{thread}/reopen")
    await desk.place.house.collaboration.projector.refresh(desk.document)
    assert (await ada.get(thread)).json()["data"]["position"] == {"line": 2, "column": 12}


async def test_what_a_process_left_behind_is_found(desk: Desk, ada: Person) -> None:
    database = desk.place.house.database
    store = ThreadAnchorStore(database)
    await desk.say(ada, position={"line": 2, "column": 8})
    await desk.place.house.collaboration.projector.refresh(desk.document)
    assert await store.behind(10) == []
    await database.write(lambda connection: connection.execute(update(thread_anchors).values(position=-1)))
    assert await store.behind(10) == [desk.document]
    await desk.place.house.collaboration.projector.refresh(desk.document)
    assert await store.behind(10) == []
