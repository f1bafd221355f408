"""Whom a comment mentions stands in its text."""

import pytest

from server.collaboration.threads.mentions import mentions_in
from tests.server.collaboration.threads.conftest import Desk
from tests.server.support import Person

ADA, STRINGS = "a" * 32, "b" * 32


def test_mentions_are_read_out_of_the_text_once_and_in_order() -> None:
    text = f"@[Ada L.](user:{ADA}) and @[Strings](group:{STRINGS}), again @[Ada](user:{ADA})"
    assert [(each.kind, each.id, each.name) for each in mentions_in(text)] == [
        ("user", ADA, "Ada L."),
        ("group", STRINGS, "Strings"),
    ]


@pytest.mark.parametrize(
    "text", ["@Ada", f"[Ada](user:{ADA})", f"@[](user:{ADA})", "@[Ada](user:7)", f"@[A\nda](user:{ADA})", "@[" * 8_000]
)
def test_other_text_mentions_nobody(text: str) -> None:
    assert mentions_in(text) == []


async def test_only_members_can_be_mentioned(desk: Desk, ada: Person) -> None:
    ben = await desk.place.colleague("ben@example.org")
    body = {"content": f"@[Ben](user:{ben.id}) look"}
    answer = await ada.post(desk.comments, body)
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, "content")
    assert (await ada.post(desk.comments, {"content": f"@[S](group:{STRINGS})"})).status_code == 422
    assert await desk.kinds() == []


async def test_an_edit_tells_those_who_are_mentioned_for_the_first_time(desk: Desk, ada: Person) -> None:
    ben, eve = await desk.member("ben@example.org"), await desk.member("eve@example.org")
    said = await desk.say(ada, f"@[Ben](user:{ben.id}) look")
    assert [each["id"] for each in said["mentions"]] == [ben.id]
    content = f"@[Ben](user:{ben.id}) and @[Eve](user:{eve.id}) look"
    await ada.ask("PATCH", f"{desk.comments}/{said['id']}", json={"content": content})
    told = [heard.event.model_dump()["mentioned"] for heard in await desk.events() if heard.event is not None]
    assert told == [[ben.id], [eve.id]]


async def test_a_group_stands_for_those_of_it_who_are_in_the_workspace(desk: Desk, ada: Person) -> None:
    ben, eve = await desk.member("ben@example.org"), await desk.place.colleague("eve@example.org")
    group = (await ada.post("/auth/groups", {"name": "Strings"})).json()["id"]
    for person in ben, eve:
        await ada.ask("PUT", f"/auth/groups/{group}/members/{person.id}")
    said = await desk.say(ada, f"@[Strings](group:{group}) please, and @[Ben](user:{ben.id})")
    assert [each["kind"] for each in said["mentions"]] == ["group", "user"]
    (heard,) = await desk.events()
    assert heard.event is not None
    assert heard.event.model_dump()["mentioned"] == [ben.id]
