"""Sessions that hear by one HTTP answer and speak by other requests: Centrifugo's bidirectional emulation."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe

from server.errors import NotFound, RateLimited, SessionElsewhere
from server.realtime.connections.base import Connection

__all__ = ["MOST_WAITING", "Elsewhere", "EmulationDesk", "Session"]

MOST_WAITING = 32
"""Requests of one session that wait for their turn: a client that is ahead of its rate has few of them open."""
ID_BYTES = 24
Elsewhere = Callable[[str, str, str], Awaitable[None]]
"""Takes (node, session, data) to a session of another node. Raises SessionElsewhere."""


@dataclass(frozen=True, slots=True)
class Session:
    """What its client says with each command. Who knows the id speaks for the session: it is told to nobody else."""

    id: str
    node: str = ""


@dataclass(slots=True)
class _Line:
    connection: Connection
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


async def unreachable(node: str, session: str, data: str) -> None:
    """There is no way to other nodes: a proxy keeps a client at one node, or the client connects again."""
    raise SessionElsewhere


class EmulationDesk:
    """The sessions of this node. `elsewhere` is for those of others."""

    def __init__(self, node: str, elsewhere: Elsewhere = unreachable) -> None:
        self._node = node
        self._elsewhere = elsewhere
        self._lines: dict[str, _Line] = {}

    @property
    def sessions(self) -> int:
        return len(self._lines)

    def issue(self) -> Session:
        """A new id, which no stranger guesses."""
        return Session(token_urlsafe(ID_BYTES), self._node)

    def open(self, session: Session, connection: Connection) -> None:
        """From now until `close` the session's commands go to this connection."""
        self._lines[session.id] = _Line(connection)

    def close(self, session: Session) -> None:
        self._lines.pop(session.id, None)

    async def say(self, node: str, session: str, data: str) -> None:
        """Hand on what a client says, and wait as long as a socket would not be read after it.

        Raises NotFound (there is no such session here any more), SessionElsewhere, RateLimited.
        """
        if node != self._node:
            await self._elsewhere(node, session, data)
            return
        line = self._line(session)
        if line.waiting >= MOST_WAITING:
            raise RateLimited("Too many requests of this session wait for their turn.")
        line.waiting += 1
        try:
            async with line.turn:
                await asyncio.sleep(self._line(session).connection.receive(data))
        finally:
            line.waiting -= 1

    def _line(self, session: str) -> _Line:
        line = self._lines.get(session)
        if line is None:
            raise NotFound("There is no such session here: it has ended. Connect again.")
        return line
