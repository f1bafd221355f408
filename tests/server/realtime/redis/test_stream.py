"""Replies and pushes come as they come: together, in pieces, as errors, or not any more."""

import asyncio
from typing import Any, cast

import pytest
from hiredis import PushNotification
from redis._parsers.base import BaseParser
from redis.asyncio.connection import Connection
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import InvalidResponse, NoPermissionError

from server.realtime.redis.stream import CommandStream

PUSH = b">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\n\x00\xff\r\n"


class Opened:
    """As much of a connection as is used."""

    def __init__(self) -> None:
        self._reader = asyncio.StreamReader()
        self._writer = self
        self._parser = BaseParser
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)

    async def drain(self) -> None:
        """The server takes everything."""

    async def replies(self, stream: CommandStream, came: bytes) -> list[Any]:
        self._reader.feed_data(came)
        return list(await stream.read())


def opened() -> tuple[Opened, CommandStream]:
    connection = Opened()
    return connection, CommandStream(cast("Connection", connection))


async def test_replies_and_pushes_that_come_together_are_told_apart_and_in_order() -> None:
    connection, stream = opened()
    reply, push, last = await connection.replies(stream, b":2\r\n" + PUSH + b":0\r\n")
    assert (reply, last) == (2, 0)
    assert isinstance(push, PushNotification)
    assert push == [b"message", b"c", b"\x00\xff"]


async def test_what_comes_in_pieces_is_one_message() -> None:
    connection, stream = opened()
    pieces = [await connection.replies(stream, PUSH[at : at + 5]) for at in range(0, len(PUSH), 5)]
    assert [len(piece) for piece in pieces] == [0] * (len(pieces) - 1) + [1]


async def test_an_error_is_raised_by_its_name_after_what_came_before_it() -> None:
    connection, stream = opened()
    connection._reader.feed_data(b":1\r\n-NOPERM no permissions\r\n")
    replies = await stream.read()
    assert next(replies) == 1
    with pytest.raises(NoPermissionError):
        next(replies)


async def test_what_is_no_reply_and_the_end_are_said() -> None:
    connection, stream = opened()
    with pytest.raises(InvalidResponse):
        await connection.replies(stream, b"HTTP/1.1 400\r\n")
    connection, stream = opened()
    connection._reader.feed_eof()
    with pytest.raises(ConnectionLost):
        await stream.read()


async def test_commands_go_out_in_one_write() -> None:
    connection, stream = opened()
    await stream.send([("PUBLISH", b"c", b"\x00\xff"), ("SUBSCRIBE", b"d")])
    assert connection.written == [
        b"*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$2\r\n\x00\xff\r\n*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nd\r\n"
    ]
