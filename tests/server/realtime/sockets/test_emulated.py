"""How messages stand in the answers of Centrifugo's emulation."""

import asyncio

import pytest
from starlette.types import Message

from server.realtime.frames import TextFrame
from server.realtime.sockets.emulated import EmulatedTransport, EventTransport, LineTransport

LAST = '{"push":{"disconnect":{"code":3008,"reason":"slow"}}}'


async def body_of(transport: EmulatedTransport) -> str:
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await transport.attend(lambda: None, receive, send)
    return b"".join(each["body"] for each in sent).decode()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (LineTransport, f'{{}}\n{{"a":1}}\n{{"b":2}}\n{LAST}\n'),
        (EventTransport, f'data: {{}}\n\ndata: {{"a":1}}\ndata: {{"b":2}}\n\ndata: {LAST}\n\n'),
    ],
)
async def test_each_message_is_whole_and_the_last_is_the_code(kind: type[EmulatedTransport], expected: str) -> None:
    transport = kind()
    transport.write(TextFrame("{}"))
    transport.write(TextFrame('{"a":1}\n{"b":2}'))
    transport.close(3008, "slow")
    transport.close(3001, "again")
    transport.write(TextFrame("late"))
    assert await body_of(transport) == expected
