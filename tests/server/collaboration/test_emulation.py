"""Centrifugo's protocol over HTTP: the way down, the way up, what binds them, and who is let in by what."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.types import Message

from server.collaboration.emulation import EMULATION, HTTP_STREAM, LARGEST_BODY, SSE
from server.realtime.connections.centrifuge import LARGEST_MESSAGE
from tests.server.collaboration.streaming import Answer
from tests.server.support import ADDRESS, Person, Place

WAYS = [HTTP_STREAM, SSE]


class Stream(Answer):
    """A session, as its client sees it."""

    place: Place
    session: dict[str, Any]

    @property
    def told(self) -> list[Any]:
        lines = self.body.decode().split("\n")
        return [json.loads(line.removeprefix("data: ")) for line in lines if line]

    async def answer(self, id_: int) -> Any:
        def found() -> list[Any]:
            return [each for each in self.told if each.get("id") == id_]

        await self.seen(lambda: bool(found()))
        return found()[0]

    async def signed_in(self) -> dict[str, Any]:
        self.session = (await self.answer(1))["connect"]
        return self.session

    async def up(self, *commands: Any, **changed: Any) -> httpx.Response:
        """What the npm client sends for these commands."""
        data = "\n".join(map(json.dumps, commands))
        said = {"session": self.session["session"], "node": self.session["node"], "data": data} | changed
        return await self.place.http.post(EMULATION, json=said)

    async def ask(self, id_: int, **command: Any) -> Any:
        answer = await self.up({"id": id_, **command})
        assert (answer.status_code, answer.content) == (204, b"")
        return await self.answer(id_)

    async def over(self) -> dict[str, Any]:
        """Why the server ends it."""
        await self.ended()
        reason: dict[str, Any] = self.told[-1]["push"]["disconnect"]
        return reason


@asynccontextmanager
async def streaming(place: Place, way: str, connect: Any, **headers: str) -> AsyncIterator[Stream]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    begun = connect if isinstance(connect, str) else json.dumps({"id": 1, "connect": connect})
    if way == SSE:
        stream = Stream(place, way, {"cf_connect": begun}, given)
    else:
        given = {"Content-Type": "application/json"} | given
        stream = Stream(place, way, {}, given, method="POST", body=begun.encode())
    stream.place = place
    yield stream
    await stream.leave()


async def credential(person: Person, way: str) -> dict[str, str]:
    """A token, or where that would stand in an address, a ticket."""
    if way == SSE:
        return {"token": (await person.post("/auth/ws-ticket")).json()["ticket"]}
    return {"token": person.token}


@pytest.mark.parametrize("way", WAYS)
async def test_events_come_down_one_way_and_commands_go_up_the_other(place: Place, ada: Person, way: str) -> None:
    workspace = await ada.workspace()
    channel = f"workspace:{workspace}"
    async with streaming(place, way, await credential(ada, way)) as stream:
        signed_in = await stream.signed_in()
        assert signed_in["node"] == place.house.nodes.roster.me.id
        assert len(signed_in["session"]) >= 32
        assert signed_in["session"] != signed_in["client"], "clients' ids are told to others"
        assert (await stream.ask(2, subscribe={"channel": channel}))["subscribe"]["recoverable"] is True
        document = await ada.document(workspace)
        await stream.seen(lambda: "push" in stream.told[-1])
        assert stream.told[-1]["push"]["pub"]["data"]["data"]["document"]["id"] == document
        assert (await stream.ask(3, presence={"channel": channel}))["presence"]["presence"].keys() == {
            signed_in["client"]
        }
        epoch, offset = (await stream.answer(2))["subscribe"]["epoch"], stream.told[-2]["push"]["pub"]["offset"]
    other = await ada.document(workspace, "Other")
    async with streaming(place, way, await credential(ada, way)) as stream:
        await stream.signed_in()
        since = {"channel": channel, "recover": True, "epoch": epoch, "offset": offset}
        recovered = (await stream.ask(2, subscribe=since))["subscribe"]
        assert recovered["recovered"] is True
        assert [each["data"]["data"]["document"]["id"] for each in recovered["publications"]] == [other]


@pytest.mark.parametrize(("way", "kind"), [(HTTP_STREAM, "application/x-ndjson"), (SSE, "text/event-stream")])
async def test_no_proxy_keeps_the_answer_back_or_changes_it(place: Place, ada: Person, way: str, kind: str) -> None:
    async with streaming(place, way, await credential(ada, way), Accept_Encoding="gzip, br") as stream:
        await stream.signed_in()
    assert stream.status == 200
    assert stream.headers["content-type"] == f"{kind}; charset=utf-8"
    assert stream.headers["cache-control"] == "no-cache, no-transform"
    assert stream.headers["x-accel-buffering"] == "no"
    assert stream.headers.keys().isdisjoint({"content-length", "content-encoding", "etag"})


# Who is let in by what.


async def test_a_token_that_lasts_does_not_stand_in_an_address(place: Place, ada: Person) -> None:
    async with streaming(place, SSE, {"token": ada.token}) as stream:
        assert (await stream.over())["code"] == 3500
    async with streaming(place, SSE, await credential(ada, SSE)) as stream:
        await stream.signed_in()
        assert "refresh" in await stream.ask(2, refresh={"token": ada.token}), "it comes in a body"


@pytest.mark.parametrize("way", WAYS)
async def test_a_ticket_is_good_once_and_then_a_new_one_is_asked_for(place: Place, ada: Person, way: str) -> None:
    ticket = await credential(ada, SSE)
    async with streaming(place, way, ticket) as stream:
        await stream.signed_in()
    async with streaming(place, way, ticket) as stream:
        assert (await stream.answer(1))["error"]["code"] == 109


@pytest.mark.parametrize("way", WAYS)
async def test_a_cookie_counts_for_pages_of_allowed_origins_only(place: Place, ada: Person, way: str) -> None:
    cookie = f"counterpoint={ada.token}"
    for headers in ({"Sec_Fetch_Site": "same-origin"}, {"Origin": ADDRESS}):
        async with streaming(place, way, {}, Cookie=cookie, **headers) as stream:
            await stream.signed_in()
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}):
        async with streaming(place, way, {}, Cookie=cookie, **headers) as stream:
            await stream.ended()
            assert stream.status == 403, headers


@pytest.mark.parametrize("way", WAYS)
async def test_who_is_nobody_and_who_talks_nonsense_are_told_a_code(place: Place, way: str) -> None:
    async with streaming(place, way, {"token": "cps_none" if way == HTTP_STREAM else "cpk_none"}) as stream:
        if way == HTTP_STREAM:
            assert (await stream.over())["code"] == 3500
        else:
            assert (await stream.answer(1))["error"]["code"] == 109
    async with streaming(place, way, "[]") as stream:
        assert (await stream.over())["code"] == 3501
    async with streaming(place, way, json.dumps({"id": 1, "subscribe": {"channel": "alerts"}})) as stream:
        assert (await stream.over())["code"] == 3501


async def test_a_head_request_is_answered_and_over(place: Place, ada: Person) -> None:
    answer = await ada.ask("HEAD", SSE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


# What binds the ways.


async def test_only_who_knows_the_session_speaks_for_it(place: Place, ada: Person) -> None:
    async with streaming(place, HTTP_STREAM, {"token": ada.token}) as stream:
        client = (await stream.signed_in())["client"]
        for session in (client, "", "x" * 32):
            answer = await stream.up({"id": 2, "subscribe": {"channel": f"user:{ada.id}"}}, session=session)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert len(stream.told) == 1
    answer = await stream.up({"id": 2, "ping": {}})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), "it has ended"


async def test_a_session_of_another_node_is_told_apart(place: Place, ada: Person) -> None:
    async with streaming(place, HTTP_STREAM, {"token": ada.token}) as stream:
        await stream.signed_in()
        answer = await stream.up({}, node="another")
        assert (answer.status_code, answer.json()["code"]) == (404, "session_elsewhere")


async def test_a_foreign_page_speaks_for_nobody(place: Place, ada: Person) -> None:
    async with streaming(place, HTTP_STREAM, {"token": ada.token}) as stream:
        said = {key: (await stream.signed_in())[key] for key in ("session", "node")} | {"data": "{}"}
        answer = await place.http.post(EMULATION, json=said, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403


async def test_a_body_that_is_none_is_refused(place: Place) -> None:
    said = b'{"session": "s", "node": "n", "data": "%b"}'
    for body, status, code in (
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"[" * 5000, 400, "invalid_json"),
        (b"\xff\xfe", 400, "invalid_json"),
        (said % b"\\ud800", 400, "invalid_json"),
        (b"[]", 422, "validation_failed"),
        (b'{"session": 1, "node": "n", "data": "{}"}', 422, "validation_failed"),
        (b'{"session": "s", "node": "n", "data": {}}', 422, "validation_failed"),
        (said % b"", 422, "validation_failed"),
        (said % (b"x" * (LARGEST_MESSAGE + 1)), 422, "validation_failed"),
        (b" " * (LARGEST_BODY + 1), 413, "too_large"),
    ):
        answer = await place.http.post(EMULATION, content=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body[:50]
        assert answer.json()["details"] == [] or answer.json()["details"][0]["given"] is None, "it may hold the secret"


async def test_who_goes_while_he_says_something_is_no_fault(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    class Cut(Answer):
        async def _receive(self) -> Message:
            return {"type": "http.disconnect"}

    await Cut(place, EMULATION, {}, {}, method="POST").ended()
    assert "a request failed" not in caplog.text


async def test_a_first_message_that_is_too_long_is_refused(place: Place) -> None:
    answer = await place.http.post(HTTP_STREAM, content=b" " * (LARGEST_MESSAGE + 1))
    assert answer.status_code == 413


async def test_nonsense_on_the_way_up_ends_the_session(place: Place, ada: Person) -> None:
    async with streaming(place, HTTP_STREAM, {"token": ada.token}) as stream:
        await stream.signed_in()
        assert (await stream.up({}, data="nonsense")).status_code == 204
        assert (await stream.over())["code"] == 3501


# How many, and the end.


async def test_streams_count_as_connections_and_what_is_too_many_is_told_by_its_status(
    place: Place, ada: Person
) -> None:
    registry = place.house.realtime.registry
    before, most = len(registry.connections), registry.limits
    async with streaming(place, HTTP_STREAM, {"token": ada.token}) as stream:
        await stream.signed_in()
        assert len(registry.connections) == before + 1
        full = [registry.arrive("127.0.0.1") for _ in range(most.address - 1)]
        for way in WAYS:
            async with streaming(place, way, {}) as other:
                await other.ended()
                assert other.status == 429
        for each in full:
            registry.depart(each)
    assert len(registry.connections) == before


@pytest.mark.parametrize("way", WAYS)
async def test_a_server_that_stops_says_so_and_clients_come_back(place: Place, ada: Person, way: str) -> None:
    async with streaming(place, way, await credential(ada, way)) as stream:
        await stream.signed_in()
        await place.house.realtime.registry.close(0)
        assert (await stream.over())["code"] == 3001


async def test_a_session_that_is_signed_out_is_told_never_to_come_back(place: Place, ada: Person) -> None:
    async with streaming(place, HTTP_STREAM, {"token": ada.token}) as stream:
        await stream.signed_in()
        await stream.ask(2, subscribe={"channel": f"user:{ada.id}"})
        await ada.post("/auth/logout")
        assert (await stream.over())["code"] == 3500
