"""One connection to Redis, RESP3: it publishes, it hears, and it proves each second that it does both."""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import uniform
from secrets import token_bytes
from typing import Any

from hiredis import PushNotification
from redis.asyncio.connection import Connection

from server.clock import Clock
from server.realtime.redis.stream import CommandStream

__all__ = ["Link", "LinkLost", "Patience"]

AT_ONCE = 500
"""Channels in one command, and commands in one write."""
TURN = 256
"""Messages heard before the others in this process have their turn."""

Heard = Callable[[bytes, bytes], None]


class LinkLost(Exception):
    """The connection is of no use any more; says why."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: between two echoes, until one is late, until it will not come; and the first and the longest pause."""

    probe: float = 1.0
    late: float = 1.0
    lost: float = 5.0
    first_pause: float = 0.05
    longest_pause: float = 3.0


class Link:
    """Reads and writes until it is lost. What it shall hear is edited by `listen` and `forget`, never awaited."""

    def __init__(
        self,
        connection: Connection,
        *,
        is_sharded: bool,
        echo_channel: bytes,
        group: int,
        heard: Heard,
        clock: Clock,
        patience: Patience,
    ) -> None:
        self._stream = CommandStream(connection)
        self._subscribe, self._unsubscribe, self._publish = (
            ("SSUBSCRIBE", "SUNSUBSCRIBE", "SPUBLISH") if is_sharded else ("SUBSCRIBE", "UNSUBSCRIBE", "PUBLISH")
        )
        self._heard = heard
        self._clock = clock
        self._patience = patience
        self._echo_channel = echo_channel
        self._nonce = b""
        self._echoed = asyncio.Event()
        self._wake = asyncio.Event()
        self._desired: dict[bytes, int] = {}
        self._edited: set[bytes] = set()
        self._asked: dict[bytes, int] = {}
        self._unconfirmed: dict[bytes, int] = {}
        self._asking = 0
        self._queue: deque[tuple[bytes, bytes]] = deque()
        self.queued_bytes = 0
        self._unanswered = 0
        self.listen(echo_channel, group)
        self.is_whole = False
        self.asked_at: float | None = None
        """When the echo that has not come was asked for."""
        self.round_trip = math.nan

    # What it is to do.

    def listen(self, channel: bytes, group: int) -> None:
        """Channels of one group (a slot) are asked for in one command."""
        self._desired[channel] = group
        self._edited.add(channel)
        self._wake.set()

    def forget(self, channel: bytes) -> None:
        self._desired.pop(channel, None)
        self._edited.add(channel)
        self._wake.set()

    def publish(self, channel: bytes, message: bytes) -> None:
        self._queue.append((channel, message))
        self.queued_bytes += len(message)
        self._wake.set()

    @property
    def queued(self) -> int:
        """Messages that wait to be written."""
        return len(self._queue)

    @property
    def owes(self) -> bool:
        """Something was to be published and nobody has said that it was."""
        return bool(self._queue or self._unanswered)

    def drop_queue(self) -> int:
        """The answer: how many messages nobody will get."""
        kept = [each for each in self._queue if each[0] == self._echo_channel]
        dropped = len(self._queue) - len(kept)
        self._queue = deque(kept)
        self.queued_bytes = sum(len(message) for _, message in kept)
        return dropped

    async def run(self, became_whole: Callable[[], None]) -> None:
        """Until it is lost: raises LinkLost, RedisError, OSError (in a group)."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read(), name="broker reader")
            tasks.create_task(self._write(), name="broker writer")
            tasks.create_task(self._probe(became_whole), name="broker probe")

    # Reading.

    async def _read(self) -> None:
        turn = 0
        while True:
            for reply in await self._stream.read():
                if isinstance(reply, PushNotification):
                    self._pushed(reply)
                else:
                    self._unanswered = max(0, self._unanswered - 1)
                turn += 1
                if turn % TURN == 0:
                    await asyncio.sleep(0)

    def _pushed(self, push: Sequence[Any]) -> None:
        kind, channel = push[0], push[1]
        if kind in (b"message", b"smessage"):
            if channel == self._echo_channel:
                self._hear_echo(push[2])
            else:
                self._heard(channel, push[2])
        elif kind in (b"subscribe", b"ssubscribe"):
            self._unconfirmed.pop(channel, None)
        elif kind in (b"unsubscribe", b"sunsubscribe") and channel in self._asked and channel not in self._unconfirmed:
            raise LinkLost("the server has ended a subscription")  # its slot has moved, or its right was taken away

    def _hear_echo(self, message: bytes) -> None:
        if message == self._nonce:
            self._echoed.set()

    # Writing.

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while commands := self._take():
                await self._stream.send(commands)

    def _take(self) -> list[tuple[Any, ...]]:
        """What is wanted against what was asked for; then what waits to be published."""
        commands = self._reconcile() if self._edited else []
        for _ in range(min(AT_ONCE, len(self._queue))):
            channel, message = self._queue.popleft()
            self.queued_bytes -= len(message)
            self._unanswered += 1
            commands.append((self._publish, channel, message))
        return commands

    def _reconcile(self) -> list[tuple[Any, ...]]:
        edited, self._edited = self._edited, set()
        gone = [channel for channel in edited if channel in self._asked and channel not in self._desired]
        fresh = [channel for channel in edited if channel in self._desired and channel not in self._asked]
        commands: list[tuple[Any, ...]] = [(self._unsubscribe, *each) for each in _grouped(gone, self._asked)]
        commands += [(self._subscribe, *each) for each in _grouped(fresh, self._desired)]
        for channel in gone:
            del self._asked[channel]
            self._unconfirmed.pop(channel, None)
        self._asking += 1
        for channel in fresh:
            self._asked[channel] = self._desired[channel]
            self._unconfirmed[channel] = self._asking
        return commands

    # Proving.

    async def _probe(self, became_whole: Callable[[], None]) -> None:
        """A connection keeps the order: who has heard the echo has heard what was said before, and is subscribed."""
        while True:
            self._nonce = token_bytes(8)
            self._echoed.clear()
            sent = self.asked_at = self._clock.monotonic()
            self.publish(self._echo_channel, self._nonce)
            before = self._asking
            try:
                async with asyncio.timeout(self._patience.lost):
                    await self._echoed.wait()
            except TimeoutError:
                raise LinkLost(f"the server has not answered for {self._patience.lost:g} s") from None
            self.asked_at, self.round_trip = None, self._clock.monotonic() - sent
            if any(asked <= before for asked in self._unconfirmed.values()):
                raise LinkLost("the server has not confirmed a subscription")
            if not self.is_whole:
                self.is_whole = True
                became_whole()
            await asyncio.sleep(uniform(0.8, 1.2) * self._patience.probe)  # noqa: S311 - it spreads load


def _grouped(channels: Sequence[bytes], group_of: dict[bytes, int]) -> list[list[bytes]]:
    groups: dict[int, list[bytes]] = {}
    for channel in channels:
        groups.setdefault(group_of[channel], []).append(channel)
    return [each[start : start + AT_ONCE] for each in groups.values() for start in range(0, len(each), AT_ONCE)]
