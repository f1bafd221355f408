"""Places for worker processes, and the calls that wait for one: what the materialiser is made of."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from server.realtime.worker_process import WorkerProcess

__all__ = ["Call", "Key", "Lane", "Line"]

Key = tuple[str, bool]
"""(document, urgent): calls of one key run one after the other, in the order in which they came."""


@dataclass(slots=True, eq=False)
class Call:
    """One call on its way. `again`: its process was taken from it, and it begins anew."""

    document: str
    name: str
    args: tuple[Any, ...]
    seconds: float
    urgent: bool
    suspect: bool
    answer: asyncio.Future[Any]
    user: str
    """For whom it is; calls that are for nobody in particular are their document's."""
    lane: "Lane | None" = None
    process: WorkerProcess | None = None
    task: asyncio.Task[None] | None = None
    again: bool = False
    began: float = 0.0

    @property
    def key(self) -> Key:
        return self.document, self.urgent

    @property
    def standing(self) -> tuple[str, str]:
        """Whose record this call adds to: a document may be poison to one function and harmless to another."""
        return self.document, self.name


class Line:
    """Calls that wait: the users take turns, and each one's calls go in the order in which they came."""

    __slots__ = ("_turns",)

    def __init__(self) -> None:
        self._turns: OrderedDict[str, deque[Call]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._turns)

    def append(self, call: Call) -> None:
        self._turns.setdefault(call.user, deque()).append(call)

    def popleft(self) -> Call:
        user, calls = self._turns.popitem(last=False)
        call = calls.popleft()
        if calls:
            self._turns[user] = calls
        return call


@dataclass(slots=True, eq=False)
class Lane:
    """`places` processes at most, started when they are needed.

    Urgent calls come first; a background call never takes the last place of several.
    """

    places: int
    begin: Callable[[Call], Awaitable[None]]
    running: set[Call] = field(default_factory=set)
    idle: list[WorkerProcess] = field(default_factory=list)
    urgent: Line = field(default_factory=Line)
    background: Line = field(default_factory=Line)

    @property
    def is_full(self) -> bool:
        return len(self.running) >= self.places

    @property
    def is_wanted(self) -> bool:
        """Does anybody wait for a place?"""
        return bool(self.urgent or self.background)

    def enqueue(self, call: Call) -> None:
        call.lane = self
        (self.urgent if call.urgent else self.background).append(call)
        self.pump()

    def pump(self) -> None:
        """Begin what can begin."""
        while (call := self._next()) is not None:
            if not call.answer.done():
                self.running.add(call)
                call.task = asyncio.ensure_future(self.begin(call))

    def leave(self, call: Call) -> None:
        self.running.discard(call)
        self.pump()

    def _next(self) -> Call | None:
        if self.is_full:
            return None
        if self.urgent:
            return self.urgent.popleft()
        if self.background and sum(not call.urgent for call in self.running) < max(1, self.places - 1):
            return self.background.popleft()
        return None
