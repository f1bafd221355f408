"""The streams that somebody on this node listens to: delivered in order, without a gap, or said to be broken."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import uniform
from typing import Protocol, TypeAlias

from persistence.errors import StoreUnavailable
from persistence.events import NO_EPOCH, EventStore, StreamKey, StreamPosition
from server.clock import Clock
from server.realtime.broker import Broker
from server.realtime.feed.figures import FeedFigures
from server.realtime.feed.publication import EVENTS, Payload, Publication, publication_of
from server.realtime.feed.stream import ServedStream

__all__ = ["MOST_RECOVERED", "Hub", "Listener", "Sees", "Subscription"]

log = logging.getLogger("counterpoint.feed")

MOST_RECOVERED = 300
"""Events in one recovery: who was away for longer is better served by the rows themselves."""
GAP_SECONDS = 0.02
"""Broker and store are two ways: a missing event is mostly just late (decision 21)."""
ALONE_SECONDS, AMONG_OTHERS_SECONDS = 30.0, 1.0
"""How often streams are compared with the store: other nodes may write what no broker tells us of."""
KEPT_SECONDS = 60.0
"""How long a stream is served after its last listener went: he may come back, and then the ring has it all."""
PAUSE_SECONDS = 1.0
STREAMS_IN_A_QUESTION = 500

Sees: TypeAlias = Callable[[Publication], bool]
"""May this listener see it? Asked only for events that not everybody who may listen to the stream may see."""


class Listener(Protocol):
    """Whoever is subscribed. Both are quick and never raise."""

    def hear(self, publication: Publication) -> None:
        """The next event of the stream: order and completeness are the hub's care."""
        ...

    def insufficient(self, key: StreamKey) -> None:
        """Events of this stream are lost to this node. The subscription has ended: subscribe again, or reload."""
        ...


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a subscriber begins with. What is heard from now on follows `offset`.

    recovered       everything behind the position that he asked for is in `publications` (and nothing was lost), so
                    far as he may see it; else he reads the rows again
    """

    key: StreamKey
    epoch: str
    offset: int
    recovered: bool
    publications: tuple[Publication, ...]


class Hub:
    def __init__(self, store: EventStore, broker: Broker, clock: Clock, *, is_alone: bool = True) -> None:
        self._compare_seconds = ALONE_SECONDS if is_alone else AMONG_OTHERS_SECONDS
        self._gap = asyncio.Event()
        self._store = store
        self._clock = clock
        self._broker = broker
        self._streams: dict[StreamKey, ServedStream] = {}
        self._opening: dict[StreamKey, asyncio.Task[ServedStream]] = {}
        self._early: dict[StreamKey, list[Publication]] = {}
        self._mending: dict[StreamKey, asyncio.Task[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._ends: list[Callable[[], None]] = []
        self.figures = FeedFigures()
        self.mended = 0
        self.broken = 0

    # The life of the hub.

    def start(self) -> None:
        self._ends = [EVENTS.subscribe(self._broker, self._arrived), self._broker.on_gap(self._gap.set)]
        self._tasks.append(asyncio.create_task(self._compare_for_ever(), name="feed comparison"))

    async def stop(self) -> None:
        for end in self._ends:
            end()
        tasks = [*self._tasks, *self._mending.values(), *self._opening.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def served(self) -> int:
        return len(self._streams)

    @property
    def listeners(self) -> int:
        return sum(len(stream.listeners) for stream in self._streams.values())

    # Listening.

    async def subscribe(
        self, key: StreamKey, listener: Listener, sees: Sees, since: StreamPosition | None = None
    ) -> Subscription:
        """Listen from now on; with `since`, after what has happened since then. Raises StoreUnavailable.

        Await it directly: then nothing can be heard before the caller has said what it answers. One listener has one
        subscription to a stream; a second one takes the place of the first.
        """
        stream = await self._serve(key)
        if since is not None and _is_known(stream, since):
            stream.listeners.pop(listener, None)
            missed = await self._missed(stream, since.offset)
            former, stream = stream, await self._serve(key)  # nothing is waited for, unless it began anew meanwhile
            if missed is not None and stream is former:
                seen = tuple(each for each in missed if not each.is_narrow or sees(each))
                self.figures.recovered += 1
                return self._begin(stream, listener, sees, recovered=True, publications=seen)
        self.figures.not_recovered += since is not None
        return self._begin(stream, listener, sees, recovered=False)

    def unsubscribe(self, key: StreamKey, listener: Listener) -> None:
        stream = self._streams.get(key)
        if stream is not None and stream.listeners.pop(listener, None) is not None and not stream.listeners:
            stream.left_at = self._clock.monotonic()

    def change_sight(self, key: StreamKey, listener: Listener, sees: Sees) -> None:
        """What the listener may see is something else now."""
        stream = self._streams.get(key)
        if stream is not None and listener in stream.listeners:
            stream.listeners[listener] = sees

    def _begin(
        self,
        stream: ServedStream,
        listener: Listener,
        sees: Sees,
        *,
        recovered: bool,
        publications: tuple[Publication, ...] = (),
    ) -> Subscription:
        stream.listeners[listener] = sees
        return Subscription(stream.key, stream.epoch, stream.offset, recovered, publications)

    # Serving a stream.

    async def _serve(self, key: StreamKey) -> ServedStream:
        """The stream, opened if nobody listens to it yet; many who come at once open it once."""
        while (stream := self._streams.get(key)) is None:
            opening = self._opening.get(key)
            if opening is None:
                opening = self._opening[key] = asyncio.create_task(self._open(key))
                opening.add_done_callback(partial(self._opened, key))
            await asyncio.shield(opening)
        return stream

    def _opened(self, key: StreamKey, opening: "asyncio.Task[ServedStream]") -> None:
        del self._opening[key]
        if not opening.cancelled():
            opening.exception()  # those who wait have it; if all of them have gone, nobody needs it

    async def _open(self, key: StreamKey) -> ServedStream:
        self._early[key] = []
        try:
            position = (await self._store.positions(key[0], [key[1]]))[key[1]]
            if position.epoch == NO_EPOCH:
                await self._store.begin(*key)
                position = (await self._store.positions(key[0], [key[1]]))[key[1]]
            stream = self._streams[key] = ServedStream(key, position, self._clock.monotonic(), self.figures)
            for publication in self._early[key]:
                self._take(stream, publication)
            return stream
        finally:
            del self._early[key]

    def _arrived(self, payload: Payload) -> None:
        """From the broker: the same event may come again, and one may never come."""
        key = (payload["organisation"], payload["stream"])
        stream = self._streams.get(key)
        if stream is not None:
            if payload["offset"] > stream.offset or payload["epoch"] != stream.epoch:
                self._take(stream, Publication(**payload))
        elif key in self._early:
            self._early[key].append(Publication(**payload))

    def _take(self, stream: ServedStream, publication: Publication) -> None:
        if publication.epoch != stream.epoch:
            self._mend(stream.key, 0.0)
        elif not stream.take(publication):
            self._mend(stream.key, GAP_SECONDS)

    # Mending.

    def _mend(self, key: StreamKey, after_seconds: float, up_to: int = 0) -> None:
        if key not in self._mending:
            task = self._mending[key] = asyncio.create_task(self._mend_soon(key, after_seconds, up_to))
            task.add_done_callback(lambda _: self._mending.pop(key, None))

    async def _mend_soon(self, key: StreamKey, after_seconds: float, up_to: int) -> None:
        await asyncio.sleep(after_seconds)
        while (stream := self._streams.get(key)) is not None:
            if after_seconds and not stream.has_gap and stream.offset >= up_to:
                return  # it was only late
            try:
                await self._catch_up(stream)
            except StoreUnavailable:
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            return

    async def _catch_up(self, stream: ServedStream) -> None:
        """Deliver what the store has behind our offset; end all subscriptions when a part of it is gone."""
        while True:
            tail = await self._store.after(*stream.key, stream.offset, MOST_RECOVERED)
            if tail.position.epoch != stream.epoch:
                return self._break(stream)
            fresh = [publication_of(event) for event in tail.events if event.offset > stream.offset]
            for publication in fresh:
                if publication.offset > stream.offset + 1:
                    return self._break(stream)
                self.mended += stream.take(publication)
            stream.forget_early()
            if len(tail.events) < MOST_RECOVERED:
                return self._break(stream) if tail.position.offset > stream.offset else None

    def _break(self, stream: ServedStream) -> None:
        """It is served anew when somebody asks for it again."""
        log.warning("events of a stream are lost to this node", extra={"stream": stream.key[1]})
        self.broken += 1
        if self._streams.get(stream.key) is stream:
            del self._streams[stream.key]
        for listener in list(stream.listeners):
            listener.insufficient(stream.key)
        stream.listeners.clear()

    async def _missed(self, stream: ServedStream, since: int) -> tuple[Publication, ...] | None:
        """All that came after `since`, up to the very offset that the stream has when this answers; None: not all."""
        if since > stream.offset:
            await self._catch_up(stream)  # another node was faster to answer than to tell us
        missed: list[Publication] = []
        have = since
        while have <= stream.offset and stream.offset - since <= MOST_RECOVERED:
            live = stream.since(have)
            if live is not None:
                return (*missed, *live)
            tail = await self._store.after(*stream.key, have, MOST_RECOVERED)
            read = [publication_of(event) for event in tail.events if event.offset <= stream.offset]
            if tail.position.epoch != stream.epoch or not read or read[0].offset != have + 1:
                return None
            if read[-1].offset - have != len(read):
                return None
            missed += read
            have = read[-1].offset
        return None

    # Silence is not taken for quiet.

    async def _compare_for_ever(self) -> None:
        """Now and then, and at once when the broker says that something may be lost."""
        failed = False
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(uniform(0.5, 1.0) * self._compare_seconds):  # noqa: S311 - it spreads load
                    await self._gap.wait()
            self._gap.clear()
            try:
                await self.compare()
                failed = False
            except StoreUnavailable as error:
                if not failed:
                    log.warning("streams could not be compared with the store", extra={"reason": str(error)})
                failed = True
            except Exception:  # the next comparison would never come: it is logged
                log.exception("comparing streams with the store failed")

    async def compare(self) -> None:
        """Mend what the broker has lost without a sign, and serve no longer what nobody listens to."""
        now = self._clock.monotonic()
        for key, stream in list(self._streams.items()):
            if not stream.listeners and now - stream.left_at > KEPT_SECONDS:
                del self._streams[key]
        keys = list(self._streams)
        for start in range(0, len(keys), STREAMS_IN_A_QUESTION):
            heads = await self._store.heads(keys[start : start + STREAMS_IN_A_QUESTION])
            for key in keys[start : start + STREAMS_IN_A_QUESTION]:
                served, head = self._streams.get(key), heads.get(key)
                if served is None:
                    continue
                if head is None or head.epoch != served.epoch:
                    self._mend(key, 0.0)
                elif head.offset > served.offset:  # it may be on its way
                    self._mend(key, GAP_SECONDS, head.offset)


def _is_known(stream: ServedStream, since: StreamPosition) -> bool:
    """A position in these offsets. Of a stream that nobody had begun everything is still to come."""
    return since.epoch == stream.epoch or (since.epoch == NO_EPOCH and since.offset == 0)
