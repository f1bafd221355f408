"""One's own inbox over HTTP."""

from tests.server.notifications.stage import Ground, mention


async def mentions(inboxes: Ground, number: int) -> None:
    for _ in range(number):
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))


async def test_pages_say_where_the_channel_was_and_how_the_next_one_is_asked_for(inboxes: Ground) -> None:
    await mentions(inboxes, 3)
    first = (await inboxes.ben.get("/notifications", params={"limit": 2})).json()
    assert (len(first["data"]["items"]), first["data"]["counts"]) == (2, {"unread": 3, "unseen": 3})
    assert first["stream"]["channel"] == f"user:{inboxes.ben.id}"
    second = (await inboxes.ben.get("/notifications", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert (len(second["data"]["items"]), second["next_cursor"]) == (1, None)
    assert (await inboxes.ben.get("/notifications/counts")).json()["stream"]["offset"] == first["stream"]["offset"]


async def test_seen_is_not_read_and_read_can_be_taken_back(inboxes: Ground) -> None:
    await mentions(inboxes, 2)
    assert await inboxes.do(inboxes.ben, "POST", "/notifications/seen") == {"unread": 2, "unseen": 0}
    [item, _] = await inboxes.inbox(inboxes.ben)
    read = await inboxes.do(inboxes.ben, "POST", f"/notifications/{item['id']}/read")
    assert read["read_at"] is not None
    assert await inboxes.counts(inboxes.ben) == (1, 0)
    assert [each["id"] for each in await inboxes.inbox(inboxes.ben, filter="unread")] != [item["id"]]
    assert (await inboxes.do(inboxes.ben, "POST", f"/notifications/{item['id']}/unread"))["read_at"] is None
    assert await inboxes.do(inboxes.ben, "POST", "/notifications/read") == {"unread": 0, "unseen": 0}


async def test_nobody_touches_what_is_in_the_inbox_of_another(inboxes: Ground) -> None:
    await mentions(inboxes, 1)
    [item] = await inboxes.inbox(inboxes.ben)
    for method, tail in (("POST", "/read"), ("POST", "/unread"), ("DELETE", "")):
        response = await inboxes.ada.ask(method, f"/notifications/{item['id']}{tail}")
        assert response.status_code == 404
    assert await inboxes.inbox(inboxes.ben) == [item]


async def test_the_channels_are_those_that_the_server_has(inboxes: Ground) -> None:
    assert (await inboxes.ben.get("/notifications/channels")).json()["data"] == ["in_app", "push", "chat"]


async def test_preferences_are_whole_and_what_is_wrong_is_named(inboxes: Ground) -> None:
    path = "/notifications/preferences"
    whole = (await inboxes.ben.get(path)).json()["data"]
    assert whole["kinds"]["mention"] == {"in_app": True, "push": True, "email": True, "chat": False}
    assert whole["quiet_hours"] == {"enabled": False, "start": "22:00", "end": "07:00", "time_zone": "UTC"}
    whole["quiet_hours"] |= {"enabled": True, "time_zone": "Europe/Berlin"}
    whole["kinds"]["mention"]["email"] = False
    assert await inboxes.do(inboxes.ben, "PUT", path, whole) == whole
    assert (await inboxes.ben.get(path)).json()["data"] == whole
    for wrong, field in (
        ({"quiet_hours": {"time_zone": "Mars/Base"}}, "quiet_hours.time_zone"),
        ({"quiet_hours": {"start": "25:00"}}, "quiet_hours.start"),
        ({"digest_minutes": -1}, "digest_minutes"),
        ({"kinds": {"gossip": {}}}, "kinds.gossip"),
        ({"kinds": {"mention": {"fax": True}}}, "kinds.mention.fax"),
    ):
        response = await inboxes.ben.ask("PUT", path, json=wrong)
        assert response.status_code == 422
        assert field in response.json()["details"][0]["field"]
    assert (await inboxes.ben.get(path)).json()["data"] == whole


async def test_a_subscription_is_of_documents_that_one_may_see(inboxes: Ground) -> None:
    path = inboxes.at + "/subscription"
    assert (await inboxes.ben.get(path)).json()["data"] == {"level": "mentions"}
    await inboxes.do(inboxes.ben, "PUT", path, {"level": "none"})
    assert (await inboxes.ben.get(path)).json()["data"] == {"level": "none"}
    assert (await inboxes.ben.ask("PUT", path, json={"level": "some"})).status_code == 422
    for method in ("GET", "PUT"):
        response = await inboxes.dan.ask(method, path, json={"level": "all"} if method == "PUT" else None)
        assert response.status_code == 404
