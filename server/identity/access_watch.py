"""Changes of rights that nobody has told this node: another one made them, and the broker did not carry the word."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from random import uniform
from typing import Any, TypeAlias

from persistence.access_changes import AccessChange, AccessChangeStore
from persistence.errors import StoreUnavailable
from server.clock import Clock
from server.realtime.access import ACCESS, KICKS
from server.realtime.broker import Broker

__all__ = ["AccessWatch", "Kicked"]

log = logging.getLogger("counterpoint.access")

LOOK_SECONDS = 2.0
"""A right that was taken away is gone on every node within five seconds, also when the broker is dead."""
OPEN_SECONDS = 60.0
"""Longer than a transaction may be open: its row may come after one with a greater id."""

Kicked: TypeAlias = Callable[[AccessChange], None]
"""Closes the connections of this node that are meant."""
Named: TypeAlias = tuple[str | None, str | None, str | None, str | None]


class AccessWatch:
    """Looks into the store every two seconds, and at once when the broker says so or may have lost something.

    What the broker has told already is not told again: each change is one word there and one row here.
    """

    def __init__(self, store: AccessChangeStore, broker: Broker, clock: Clock) -> None:
        self._store = store
        self._broker = broker
        self._clock = clock
        self._behind: int | None = None
        self._seen: dict[int, float] = {}
        self._balance: Counter[Named] = Counter()
        self._booked: deque[tuple[float, Named, int]] = deque()
        self._is_mine = False
        self._gap = asyncio.Event()
        self._ends: list[Callable[[], None]] = []
        self._kicked: list[Kicked] = []
        self._task: asyncio.Task[None] | None = None

    def on_kick(self, kicked: Kicked) -> None:
        """Call `kicked` once for each: quick, and never raising."""
        self._kicked.append(kicked)

    def start(self) -> None:
        self._ends = [
            ACCESS.subscribe(self._broker, self._heard),
            KICKS.subscribe(self._broker, lambda _: self._gap.set()),
            self._broker.on_gap(self._gap.set),
        ]
        self._task = asyncio.create_task(self._run(), name="changes of rights")

    async def stop(self) -> None:
        for end in self._ends:
            end()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Tell this node what it has not heard. Raises StoreUnavailable."""
        if self._behind is None:  # whoever came before this looked his rights up himself
            self._behind = await self._store.last()
            return
        now = self._clock.monotonic()
        self._forget(now)
        for change in await self._store.after(self._behind):
            if change.id not in self._seen:
                self._seen[change.id] = now
                self._tell(change)

    async def purge(self) -> None:
        """Once in a while. Raises StoreUnavailable."""
        await self._store.purge()

    # Private.

    async def _run(self) -> None:
        failed = False
        while True:
            try:
                await self.look()
                failed = False
            except StoreUnavailable as error:
                if not failed:
                    log.warning("changes of rights cannot be looked for", extra={"reason": str(error)})
                failed = True
            with suppress(TimeoutError):
                async with asyncio.timeout(uniform(0.5, 1.0) * LOOK_SECONDS):  # noqa: S311 - it spreads load
                    await self._gap.wait()
            self._gap.clear()

    def _heard(self, change: dict[str, Any]) -> None:
        if not self._is_mine:
            self._book((change["organisation"], change["user"], change["credential"], change["document"]), 1)

    def _tell(self, change: AccessChange) -> None:
        if change.reason is not None:
            for kicked in self._kicked:
                kicked(change)
            return
        named = (change.organisation, change.user, change.credential, change.document)
        is_told = self._balance[named] > 0
        self._book(named, -1)
        if is_told:
            return
        self._is_mine = True
        try:
            ACCESS.publish_here(
                self._broker,
                {
                    "organisation": change.organisation,
                    "user": change.user,
                    "credential": change.credential,
                    "document": change.document,
                },
            )
        finally:
            self._is_mine = False

    def _forget(self, now: float) -> None:
        for id_, at in list(self._seen.items()):
            if now - at <= OPEN_SECONDS:
                break
            del self._seen[id_]
            self._behind = max(self._behind or 0, id_)
        while self._booked and now - self._booked[0][0] > OPEN_SECONDS:
            _, named, value = self._booked.popleft()
            self._balance[named] -= value
            if not self._balance[named]:
                del self._balance[named]

    def _book(self, named: Named, value: int) -> None:
        """Words that were heard less rows that were seen, of the last minute. Either may come first."""
        self._balance[named] += value
        self._booked.append((self._clock.monotonic(), named, value))
