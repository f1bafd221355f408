"""What the sockets of one server share: who is told of their end, when nobody may be read, and one timer for all."""

import asyncio
import itertools
from typing import Protocol

from server.realtime.connections.registry import ConnectionRegistry
from server.realtime.writer import LogWriter

__all__ = ["LOOK_SECONDS", "Floor"]

LOOK_SECONDS = 20
"""How often a socket is looked at; each second the sockets of one slot are."""


class Looked(Protocol):
    """A socket as the floor sees it."""

    def look(self) -> None:
        """Another `LOOK_SECONDS` are over: ping, or give up."""
        ...

    def go_on(self) -> None:
        """The log takes more again: read on."""
        ...


class Floor:
    """A socket stands in one of the slots, so that a second's work is a twentieth of them all."""

    def __init__(self, registry: ConnectionRegistry, writer: LogWriter) -> None:
        self.registry = registry
        self.writer = writer
        self._slots: list[set[Looked]] = [set() for _ in range(LOOK_SECONDS)]
        self._next = itertools.cycle(self._slots)
        self._due = itertools.cycle(self._slots)
        self._held: list[Looked] = []
        self._release: asyncio.Task[None] | None = None

    def enter(self, socket: Looked) -> set[Looked]:
        """The slot that it stands in from now on; it leaves by taking itself out."""
        slot = next(self._next)
        slot.add(socket)
        return slot

    def look_around(self) -> None:
        """Once a second: look at those whose turn it is."""
        for socket in tuple(next(self._due)):
            socket.look()

    def hold(self, socket: Looked) -> None:
        """Let this socket go on once the log has room."""
        self._held.append(socket)
        if self._release is None:
            self._release = asyncio.create_task(self._release_all(), name="read on when the log has room")

    async def _release_all(self) -> None:
        try:
            await self.writer.has_room()
        finally:
            self._release = None
            held, self._held = self._held, []
            for socket in held:
                socket.go_on()
