"""Every word of the feeds' clients has a row in the policy, and the doors do as it says."""

import json
from functools import partial
from typing import Any

import pytest

from server.collaboration.emulation import HTTP_STREAM, SSE
from server.identity.policy import CENTRIFUGE_COMMANDS, DATA_SOURCES_MESSAGES
from server.realtime.feed.centrifuge.commands import MOST_COMMANDS
from server.realtime.feed.centrifuge.commands import WORDS as COMMANDS
from server.realtime.feed.data_sources import WORDS as MESSAGES
from tests.server.collaboration.test_emulation import WAYS, Stream, credential, streaming
from tests.server.support import Person, Place

BODIES: dict[str, dict[str, Any]] = {"refresh": {"token": "cps_of_nobody"}, "rpc": {"method": "m"}}
DENIED, NOT_AVAILABLE = 103, 108
INVALID_TOKEN, BAD_REQUEST = 3500, 3501


def said(word: str, channel: str) -> dict[str, Any]:
    if word == "pong":
        return {}
    command = {word: {"channel": channel, **BODIES.get(word, {})}}
    return command if word == "send" else {"id": 2, **command}


def has_begun(stream: Stream) -> bool:
    return stream.status == 200


def test_every_word_has_a_row_and_every_row_a_word() -> None:
    assert set(CENTRIFUGE_COMMANDS) == set(COMMANDS)
    assert set(DATA_SOURCES_MESSAGES) == set(MESSAGES)


@pytest.mark.parametrize("way", WAYS)
async def test_who_has_not_signed_in_is_ended_where_the_row_says_so(place: Place, way: str) -> None:
    for word in sorted(set(CENTRIFUGE_COMMANDS) - {"connect"}):
        async with streaming(place, way, json.dumps(said(word, "user:x"))) as stream:
            if CENTRIFUGE_COMMANDS[word].signed_in:
                assert (await stream.over())["code"] == BAD_REQUEST, word
            else:
                await stream.seen(partial(has_begun, stream))
                assert not stream.told, word


async def test_of_anothers_channel_nobody_is_told_anything(place: Place, ada: Person) -> None:
    ben = await place.colleague("ben@example.org")
    workspace = await ada.workspace()
    async with streaming(place, HTTP_STREAM, {"token": ben.token}) as stream:
        await stream.signed_in()
        for id_, (word, rule) in enumerate(CENTRIFUGE_COMMANDS.items(), 2):
            if word in {"connect", "pong", "send", "refresh"}:
                continue
            await stream.up({**said(word, f"workspace:{workspace}"), "id": id_})
            answer = await stream.answer(id_)
            if rule.channel is not None:
                assert answer["error"]["code"] == DENIED, f"{word}: as if it were not there"
            else:
                assert rule.served != ("error" in answer), word
        await ada.document(workspace)
        await stream.ask(99, unsubscribe={"channel": "alerts"})
        assert not any("push" in each for each in stream.told)


async def test_what_is_not_served_is_refused_to_everybody(place: Place, ada: Person) -> None:
    channel = f"user:{ada.id}"
    async with streaming(place, HTTP_STREAM, {"token": ada.token}) as stream:
        await stream.signed_in()
        await stream.ask(99, subscribe={"channel": channel})
        for id_, (word, rule) in enumerate(CENTRIFUGE_COMMANDS.items(), 2):
            if not rule.served and word != "send":
                await stream.up({**said(word, channel), "id": id_})
                assert (await stream.answer(id_))["error"]["code"] in {DENIED, NOT_AVAILABLE}, word
        await stream.up(said("send", channel))
        assert "unsubscribe" in await stream.ask(98, unsubscribe={"channel": channel}), "it goes on"


async def test_a_connection_stays_its_users(place: Place, ada: Person) -> None:
    ben = await place.colleague("ben@example.org")
    for token in (ben.token, "cps_of_nobody"):
        async with streaming(place, SSE, await credential(ada, SSE)) as stream:
            await stream.signed_in()
            await stream.up({"id": 2, "refresh": {"token": token}})
            assert (await stream.over())["code"] == INVALID_TOKEN


async def test_many_commands_cost_as_much_as_many_messages(place: Place, ada: Person) -> None:
    """One message may hold 512 questions."""
    async with streaming(place, HTTP_STREAM, {"token": ada.token}) as stream:
        await stream.signed_in()
        [connection] = place.house.realtime.registry.connections
        pauses = [connection.receive('{"send":{}}\n' * MOST_COMMANDS) for _ in range(40)]
        assert pauses[-1] > 20.0, "40 seconds' worth, of which 5 are free"
