"""`GET /events`: who may come in and by what, what a refusal looks like, and what counts as one more connection."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from server.errors import Stopping, told
from tests.server.collaboration.streaming import Answer
from tests.server.support import ADDRESS, Person, Place


class Stream(Answer):
    """The events of an answer."""

    @property
    def events(self) -> list[tuple[str, Any, str]]:
        """Type, data, id."""
        found = []
        for block in self.body.decode().split("\n\n")[:-1]:
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            found.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
        return found

    async def until(self, count: int) -> list[tuple[str, Any, str]]:
        await self.seen(lambda: len(self.events) >= count)
        return self.events

    async def over(self) -> list[tuple[str, Any, str]]:
        await self.ended()
        return self.events


@asynccontextmanager
async def streaming(
    place: Place, channels: str, query: dict[str, str] | None = None, **headers: str
) -> AsyncIterator[Stream]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    stream = Stream(place, "/events", {"channels": channels, **(query or {})}, given)
    yield stream
    await stream.leave()


def bearer(person: Person) -> str:
    return f"Bearer {person.token}"


async def test_events_come_as_they_happen_and_are_resumed_by_header_or_query(place: Place, ada: Person) -> None:
    workspace = await ada.workspace()
    channel = f"workspace:{workspace}"
    async with streaming(place, channel, Authorization=bearer(ada)) as stream:
        [(type_, data, _)] = await stream.until(1)
        assert (type_, data["channels"][channel]["recovered"]) == ("sync", False)
        document = await ada.document(workspace)
        (type_, data, last) = (await stream.until(2))[1]
        assert type_ == "counterpoint.document.created.v1"
        assert data["data"]["document"]["id"] == document
    assert stream.status == 200
    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert stream.headers["cache-control"] == "no-cache, no-transform"
    assert stream.headers["x-accel-buffering"] == "no"
    assert "content-length" not in stream.headers
    assert "etag" not in stream.headers
    other = await ada.document(workspace, "Other")
    async with streaming(place, channel, Authorization=bearer(ada), Last_Event_ID=last) as stream:
        events = await stream.until(2)
        assert events[0][1]["channels"][channel]["recovered"] is True
        assert events[1][1]["data"]["document"]["id"] == other
    by_query = {"lastEventID": last}
    async with streaming(place, channel, by_query, Authorization=bearer(ada)) as stream:
        assert (await stream.until(2))[1][1]["data"]["document"]["id"] == other
    async with streaming(place, channel, by_query, Authorization=bearer(ada), Last_Event_ID="?") as stream:
        assert (await stream.until(1))[0][1]["channels"][channel]["recovered"] is False, "the header wins"


@pytest.mark.parametrize(
    "channels", ["", ",", "nothing", "workspace", "user:a b", ",".join(f"user:{n}" for n in range(33))]
)
async def test_what_names_no_channels_is_422(place: Place, ada: Person, channels: str) -> None:
    answer = await ada.get("/events", params={"channels": channels})
    assert answer.status_code == 422
    assert answer.json()["code"] == "validation_failed"


async def test_who_is_nobody_is_told_in_the_stream(place: Place) -> None:
    async with streaming(place, "user:x") as stream:
        [(type_, data, _)] = await stream.over()
    assert (stream.status, type_, data["code"]) == (200, "error", "unauthenticated")


async def test_a_ticket_in_the_address_opens_one_stream_and_a_token_there_none(place: Place, ada: Person) -> None:
    channel = f"user:{ada.id}"
    ticket = (await ada.post("/auth/ws-ticket")).json()["ticket"]
    async with streaming(place, channel, {"ticket": ticket}) as stream:
        assert (await stream.until(1))[0][0] == "sync"
    async with streaming(place, channel, {"ticket": ticket}) as stream:
        assert (await stream.over())[0][1]["code"] == "unauthenticated"
    async with streaming(place, channel, {"token": ada.token}) as stream:
        assert (await stream.over())[0][1]["code"] == "unauthenticated"


async def test_a_cookie_counts_for_pages_of_allowed_origins_only(place: Place, ada: Person) -> None:
    channel, cookie = f"user:{ada.id}", f"counterpoint={ada.token}"
    for headers in ({}, {"Sec_Fetch_Site": "same-origin"}, {"Origin": ADDRESS}):
        async with streaming(place, channel, Cookie=cookie, **headers) as stream:
            assert (await stream.until(1))[0][0] == "sync", headers
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}):
        async with streaming(place, channel, Cookie=cookie, **headers) as stream:
            [(type_, data, _)] = await stream.over()
            assert (type_, data["code"]) == ("error", "forbidden"), headers


async def test_of_anothers_channel_one_is_told_as_of_none(place: Place, ada: Person) -> None:
    ben = await place.colleague("ben@example.org")
    workspace = await ada.workspace()
    async with streaming(place, f"workspace:{workspace}", Authorization=bearer(ben)) as stream:
        assert (await stream.over())[0][1]["code"] == "forbidden"
    async with streaming(place, f"workspace:{workspace},user:{ben.id}", Authorization=bearer(ben)) as stream:
        channels = (await stream.until(1))[0][1]["channels"]
        assert channels[f"workspace:{workspace}"]["error"] == "not_found"
        assert "error" not in channels[f"user:{ben.id}"]


async def test_a_session_that_ends_ends_its_streams(place: Place, ada: Person) -> None:
    async with streaming(place, f"user:{ada.id}", Authorization=bearer(ada)) as stream:
        await stream.until(1)
        await ada.post("/auth/logout")
        assert (await stream.over())[-1][1]["code"] == "unauthenticated"


async def test_streams_count_as_connections_and_overload_is_no_error(place: Place, ada: Person) -> None:
    registry = place.house.realtime.registry
    before = len(registry.connections)
    async with streaming(place, f"user:{ada.id}", Authorization=bearer(ada)) as stream:
        await stream.until(1)
        assert len(registry.connections) == before + 1
        most = registry.limits
        full = [registry.arrive("127.0.0.1") for _ in range(most.address - 1)]
        async with streaming(place, f"user:{ada.id}", Authorization=bearer(ada)) as other:
            [(type_, data, _)] = await other.over()
            assert (other.status, type_, data["code"]) == (200, "bye", "rate_limited")
        for each in full:
            registry.depart(each)
    assert len(registry.connections) == before


async def test_a_server_that_stops_ends_them_and_lets_nobody_in(place: Place, ada: Person) -> None:
    async with streaming(place, f"user:{ada.id}", Authorization=bearer(ada)) as stream:
        await stream.until(1)
        await place.house.realtime.registry.close(0)
        assert (await stream.over())[-1][0] == "bye"
    async with streaming(place, f"user:{ada.id}", Authorization=bearer(ada)) as stream:
        assert (await stream.over())[0][:2] == ("bye", {"code": told(Stopping()).code})


async def test_a_head_request_is_answered_and_over(place: Place, ada: Person) -> None:
    answer = await ada.ask("HEAD", "/events", params={"channels": f"user:{ada.id}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")


async def test_who_is_there_is_told_where_it_is_asked_for(place: Place, ada: Person) -> None:
    channel = f"workspace:{await ada.workspace()}"
    async with streaming(place, channel, {"presence": "true"}, Authorization=bearer(ada)) as stream:
        (type_, data, id_) = (await stream.until(2))[1]
        assert (type_, data["channel"], len(data["here"]), id_) == ("presence", channel, 1, "")
