"""The broker between nodes: Redis or Valkey pub/sub, supervised for ever, and a gap said whenever it was not whole."""

import asyncio
import logging
import math
from collections.abc import Callable
from random import uniform
from secrets import token_bytes

from redis.exceptions import RedisError

from server.clock import Clock
from server.realtime.broker import Broker, BrokerFigures, GapListener, Listener, Switchboard
from server.realtime.redis.channels import PARTITIONS, Channels
from server.realtime.redis.envelope import NODE_BYTES, open_envelope, seal
from server.realtime.redis.link import Link, LinkLost, Patience
from server.realtime.redis.servers import Servers, connect
from server.redis_address import RedisAddress

__all__ = ["RedisBroker"]

log = logging.getLogger("counterpoint.broker")

MOST_QUEUED = 20_000
MOST_QUEUED_BYTES = 16 * 1024 * 1024
"""What waits for a server that does not read. Beyond it nothing waits any more, and every node is told of a gap."""
GAP_EVERY_SECONDS = 0.2
"""Gaps that come together are said once: each makes a node look into the store for all that it serves."""
GAPS = "gap"
"""The topic on which a node says that it had something to say and could not."""
ECHO = "echo"


class RedisBroker:
    """One task owns the connection; everybody else edits what it shall hear and hands it what it shall say.

    A payload does not wait for the server on its way to this node's own listeners, who do not hear it from there again.
    """

    def __init__(self, address: RedisAddress, prefix: str, clock: Clock, patience: Patience | None = None) -> None:
        self.figures = BrokerFigures()
        self._address = address
        self._prefix = prefix
        self._clock = clock
        self._patience = patience or Patience()
        self._node = token_bytes(NODE_BYTES)
        self._here = Switchboard()
        self._channels = Channels(prefix, is_cluster=False)
        self._links: dict[int, Link] = {}  # by partition
        self._topic_of: dict[bytes, str] = {}
        self._owes_gap = False
        self._gap_listeners: list[GapListener] = []
        self._gap_said = -math.inf
        self._gap_to_say: asyncio.TimerHandle | None = None
        self._lost_because: str | None = "not connected yet"
        self._task: asyncio.Task[None] | None = None
        self._here.subscribe(GAPS, lambda _: self._say_gap())

    # The broker's promise.

    @property
    def trouble(self) -> str | None:
        if self._lost_because is not None:
            return self._lost_because
        late = self.echo_age
        return f"no echo for {late:.1f} s" if late > self._patience.late else None

    def publish(self, topic: str, payload: bytes) -> None:
        self.publish_here(topic, payload)
        self._send(topic, payload)

    def publish_here(self, topic: str, payload: bytes) -> None:
        self.figures.published += 1
        self._here.tell(topic, payload)

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        end_here = self._here.subscribe(topic, listener)
        self._listen(topic)

        def end() -> None:
            end_here()
            if topic not in self._here:
                self._forget(topic)

        return end

    def on_gap(self, listener: GapListener) -> Callable[[], None]:
        self._gap_listeners.append(listener)
        return lambda: self._gap_listeners.remove(listener) if listener in self._gap_listeners else None

    # Its life.

    def start(self) -> None:
        """Connect, and stay connected. A server that is not there holds nobody up."""
        self._task = asyncio.create_task(self._keep(), name="broker")

    async def stop(self) -> None:
        if self._gap_to_say is not None:
            self._gap_to_say.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # For figures and health.

    @property
    def echo_age(self) -> float:
        """Seconds since the echo was asked for that has not come; 0 when none is waited for."""
        now = self._clock.monotonic()
        return max((now - link.asked_at for link in self._links.values() if link.asked_at is not None), default=0.0)

    @property
    def round_trip(self) -> float:
        """Seconds that the latest echo took; not a number before the first one."""
        return max((link.round_trip for link in self._links.values()), default=math.nan)

    @property
    def queued(self) -> int:
        """Payloads that wait to be written."""
        return sum(link.queued for link in set(self._links.values()))

    # The owner.

    async def _keep(self) -> None:
        pause = self._patience.first_pause
        while True:
            try:
                await self._hold()
            except Exception as error:  # noqa: BLE001 - the supervisor outlives every fault: it is logged, and tried again
                was_whole = self._lost_because is None
                self._lost(error, first=was_whole or pause == self._patience.first_pause)
                pause = self._patience.first_pause if was_whole else min(2 * pause, self._patience.longest_pause)
            await asyncio.sleep(uniform(0.5, 1.0) * pause)  # noqa: S311 - it spreads load, and hides nothing

    async def _hold(self) -> None:
        """One connection (of a cluster: one to each node), until it is lost."""
        servers = await connect(self._address)
        try:
            links = self._wire(servers)
            async with asyncio.TaskGroup() as tasks:
                for link in links:
                    tasks.create_task(link.run(self._perhaps_whole))
        finally:
            self._unwire()
            await servers.close()

    def _wire(self, servers: Servers) -> list[Link]:
        self._channels = channels = Channels(self._prefix, is_cluster=servers.is_cluster)
        link_of: dict[int, Link] = {}
        for partition in range(PARTITIONS if servers.is_cluster else 1):
            connection = servers.connection_of(channels.slot_of(partition))
            if connection is None:
                raise LinkLost("the cluster has slots that nobody serves")
            link = link_of.get(id(connection))
            if link is None:
                link = link_of[id(connection)] = Link(
                    connection,
                    is_sharded=servers.is_cluster,
                    echo_channel=channels.channel(f"{ECHO}:{self._node.hex()}", partition),
                    group=partition,
                    heard=self._heard,
                    clock=self._clock,
                    patience=self._patience,
                )
            self._links[partition] = link
        for topic in self._here:
            self._listen(topic)
        return list(link_of.values())

    def _unwire(self) -> None:
        for link in set(self._links.values()):
            self._owes_gap |= link.owes
            self.figures.unsent += link.drop_queue()
        self._links.clear()
        self._topic_of.clear()

    def _perhaps_whole(self) -> None:
        if all(link.is_whole for link in self._links.values()):
            log.info("the broker carries messages between nodes")
            self._lost_because = None
            if self._owes_gap:
                self._owes_gap = False
                self._send(GAPS, b"")
            self._say_gap()

    def _lost(self, error: Exception, *, first: bool) -> None:
        self.figures.losses += 1
        while isinstance(error, ExceptionGroup):
            error = error.exceptions[0]
        self._lost_because = _public(error)
        if not isinstance(error, (LinkLost, RedisError, OSError)):  # OSError: also TimeoutError
            log.error("the broker has failed", exc_info=error)
        elif first:
            log.warning("the broker is lost", extra={"reason": str(error) or type(error).__name__})

    # Hearing.

    def _listen(self, topic: str) -> None:
        partition = self._channels.partition_of(topic)
        if (link := self._links.get(partition)) is not None:
            channel = self._channels.channel(topic, partition)
            self._topic_of[channel] = topic
            link.listen(channel, partition)

    def _forget(self, topic: str) -> None:
        partition = self._channels.partition_of(topic)
        if (link := self._links.get(partition)) is not None:
            channel = self._channels.channel(topic, partition)
            self._topic_of.pop(channel, None)
            link.forget(channel)

    def _heard(self, channel: bytes, message: bytes) -> None:
        topic, opened = self._topic_of.get(channel), open_envelope(message)
        if opened is None:
            self.figures.garbage += 1
        elif opened[0] != self._node and topic is not None:
            self.figures.heard += 1
            self._here.tell(topic, opened[1])

    def _say_gap(self) -> None:
        wait = self._gap_said + GAP_EVERY_SECONDS - self._clock.monotonic()
        if wait > 0:
            if self._gap_to_say is None:
                self._gap_to_say = asyncio.get_running_loop().call_later(wait, self._say_gap_now)
            return
        self._say_gap_now()

    def _say_gap_now(self) -> None:
        if self._gap_to_say is not None:
            self._gap_to_say.cancel()
            self._gap_to_say = None
        self._gap_said = self._clock.monotonic()
        self.figures.gaps += 1
        for listener in tuple(self._gap_listeners):
            listener()

    # Saying.

    def _send(self, topic: str, payload: bytes) -> None:
        partition = self._channels.partition_of(topic)
        link = self._links.get(partition)
        if link is None:
            self._owes_gap = True
            self.figures.unsent += 1
            return
        if link.queued >= MOST_QUEUED or link.queued_bytes + len(payload) > MOST_QUEUED_BYTES:
            self.figures.unsent += link.drop_queue()
            log.warning("the broker does not take what there is to say: other nodes look into the store")
            self._put(link, GAPS, b"")
        self._put(link, topic, payload)

    def _put(self, link: Link, topic: str, payload: bytes) -> None:
        channel = self._channels.channel(topic, self._channels.partition_of(topic))
        link.publish(channel, seal(self._node, payload))


def _public(error: Exception) -> str:
    """Without addresses: /readyz shows it to everybody."""
    if isinstance(error, LinkLost):
        return str(error)
    if isinstance(error, TimeoutError):
        return "no answer"
    return f"no connection ({type(error).__name__})"


_keeps_the_promise: type[Broker] = RedisBroker
