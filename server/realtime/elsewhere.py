"""What the other nodes say of themselves: how many connections somebody has there, who is in which room.

Each node tells its own facts and nobody else's; they end with the node. Nothing is kept: a node that is not heard any
more is forgotten in SILENT_SECONDS (Phoenix.Tracker's idea: what is refreshed is the node, not each of its people), and
while the broker is down each node knows of its own people alone.

    payload = mac (16 bytes) | JSON {node, n, tables: {table: {key: value or null}}, whole} or {node, n} or {node, ask}

`n` counts a node's payloads, so that a lost one is noticed by the next. `whole`: so many payloads, from this one on,
hold all that there is. `ask`: whose facts are wanted again, null for everybody's. {node, n, bye}: it goes.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from server.clock import Clock
from server.realtime.broker import Broker

__all__ = ["BEAT_SECONDS", "SILENT_SECONDS", "Elsewhere", "FactTable"]

log = logging.getLogger("counterpoint.nodes")

TOPIC = "elsewhere"
MAC_BYTES = 16
TELL_SECONDS = 0.2
"""What changes within this time is told together."""
BEAT_SECONDS = 5.0
SILENT_SECONDS = 15.0
MOST_KEYS = 500
"""In one payload; what is more goes into the next."""

Value: TypeAlias = Any
"""Any JSON but null."""
Changed: TypeAlias = Callable[[str, bool], None]
"""Another node's fact of this key is another one now; True: because that node is gone."""


class FactTable:
    """One kind of facts, by key. What is put here is told to the others; `elsewhere` is what they have told.

    `dirty` None: there are no others, and nothing is kept for them.
    """

    def __init__(self, dirty: Callable[[], None] | None = None) -> None:
        self._dirty = dirty
        self._own: dict[str, Value] = {}
        self._untold: set[str] = set()
        self._others: dict[str, dict[str, tuple[float, Value]]] = {}
        self._listeners: list[Changed] = []

    def put(self, key: str, value: Value | None) -> None:
        """What this node says from now on; None: nothing any more."""
        if self._dirty is None or self._own.get(key) == value:
            return
        if value is None:
            del self._own[key]
        else:
            self._own[key] = value
        self._untold.add(key)
        self._dirty()

    def elsewhere(self, key: str) -> list[Value]:
        """What each of the other nodes says."""
        return [value for _, value in self._others.get(key, {}).values()]

    def told_at(self, key: str) -> list[tuple[float, Value]]:
        """The same, each with the monotonic seconds at which it was new to this node."""
        return list(self._others.get(key, {}).values())

    @property
    def keys_elsewhere(self) -> list[str]:
        return list(self._others)

    def on_change(self, listener: Changed) -> None:
        """Quick, and never raising."""
        self._listeners.append(listener)

    # For Elsewhere.

    def news(self, *, whole: bool) -> dict[str, Value | None]:
        keys = self._own.keys() if whole else self._untold
        found = {key: self._own.get(key) for key in keys}
        self._untold.clear()
        return found

    def told(self, node: str, facts: Mapping[str, Value | None], at: float) -> None:
        for key, value in facts.items():
            known = self._others.get(key, {}).get(node, (at, None))[1]
            if known == value:
                continue
            if value is None:
                self._drop(node, key)
            else:
                self._others.setdefault(key, {})[node] = at, value
            self._say(key, is_gone=False)

    def keep_only(self, node: str, keys: frozenset[str]) -> None:
        for key in self._keys_of(node) - keys:
            self._drop(node, key)
            self._say(key, is_gone=False)

    def forget(self, node: str) -> None:
        for key in self._keys_of(node):
            self._drop(node, key)
            self._say(key, is_gone=True)

    def _keys_of(self, node: str) -> set[str]:
        return {key for key, here in self._others.items() if node in here}

    def _drop(self, node: str, key: str) -> None:
        here = self._others[key]
        del here[node]
        if not here:
            del self._others[key]

    def _say(self, key: str, *, is_gone: bool) -> None:
        for listener in self._listeners:
            listener(key, is_gone)


@dataclass(slots=True)
class _Other:
    """`n`: of its last payload; None until it has told all of its facts. `left`: payloads to come of a whole that is
    being told, and `keys`, by table, what it has named so far."""

    heard_at: float
    n: int | None = None
    left: int = 0
    keys: dict[str, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Duties:
    """What is to be said at the next occasion."""

    ask: set[str | None] = field(default_factory=set)
    whole: bool = True
    beat_at: float = float("-inf")


class Elsewhere:
    """`start` once the broker is there. `leave` says goodbye; after it nothing of this node is told any more."""

    def __init__(self, node: str, broker: Broker, key: bytes, clock: Clock) -> None:
        self._node = node
        self._broker = broker
        self._key = key
        self._clock = clock
        self._tables: dict[str, FactTable] = {}
        self._others: dict[str, _Other] = {}
        self._duties = _Duties()
        self._n = 0
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._ends: list[Callable[[], None]] = []

    def table(self, name: str) -> FactTable:
        """The same one for the same name."""
        return self._tables.setdefault(name, FactTable(self._woken.set))

    @property
    def nodes(self) -> list[str]:
        """The others that are heard."""
        return list(self._others)

    def start(self) -> None:
        self._duties.ask.add(None)
        self._ends = [self._broker.subscribe(TOPIC, self._heard), self._broker.on_gap(self._after_a_gap)]
        self._task = asyncio.create_task(self._run(), name="elsewhere")

    async def leave(self) -> None:
        for end in self._ends:
            end()
        self._ends = []
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
            self._say({"bye": True})

    # Telling.

    async def _run(self) -> None:
        while True:
            self.tell()
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._woken.wait()
            await asyncio.sleep(TELL_SECONDS)
            self._woken.clear()

    def tell(self) -> None:
        """Say what is new, or that nothing is; forget who is silent."""
        duties, self._duties = self._duties, _Duties(whole=False, beat_at=self._duties.beat_at)
        now = self._clock.monotonic()
        for ask in duties.ask:
            self._broker.publish(TOPIC, self._sealed({"node": self._node, "ask": ask}))
        parts = list(self._parts(whole=duties.whole))
        for number, part in enumerate(parts):
            self._say({"tables": part} | ({"whole": len(parts)} if duties.whole and number == 0 else {}))
        if not parts and now - duties.beat_at >= BEAT_SECONDS:
            self._say({})
        if parts or now - duties.beat_at >= BEAT_SECONDS:
            self._duties.beat_at = now
        for node in [node for node, other in self._others.items() if now - other.heard_at > SILENT_SECONDS]:
            self._forget(node)

    def _parts(self, *, whole: bool) -> Iterator[dict[str, dict[str, Value | None]]]:
        told = {name: each.news(whole=whole) for name, each in self._tables.items()}
        news = [(name, key, value) for name, facts in told.items() for key, value in facts.items()]
        for start in range(0, max(len(news), 1 if whole else 0), MOST_KEYS):
            part: dict[str, dict[str, Value | None]] = {}
            for name, key, value in news[start : start + MOST_KEYS]:
                part.setdefault(name, {})[key] = value
            yield part

    def _say(self, message: dict[str, Any]) -> None:
        self._n += 1
        self._broker.publish(TOPIC, self._sealed({"node": self._node, "n": self._n} | message))

    def _sealed(self, message: dict[str, Any]) -> bytes:
        said = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        return self._mac(said) + said

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(self._key, TOPIC.encode() + said, "sha256")[:MAC_BYTES]

    # Hearing.

    def _heard(self, payload: bytes) -> None:
        said = payload[MAC_BYTES:]
        if not hmac.compare_digest(payload[:MAC_BYTES], self._mac(said)):
            self._broker.figures.garbage += 1
            return
        message: dict[str, Any] = json.loads(said)  # of a node that has the key: it is what we would have said
        node = message["node"]
        if node == self._node:
            return
        if "ask" in message:
            self._duties.whole |= message["ask"] in {None, self._node}
            self._woken.set()
        elif "bye" in message:
            self._forget(node)
        else:
            self._learn(node, message)

    def _learn(self, node: str, message: dict[str, Any]) -> None:
        other = self._others.setdefault(node, _Other(self._clock.monotonic()))
        other.heard_at = self._clock.monotonic()
        if "whole" in message:
            other.left, other.keys = message["whole"], {}
        elif other.n is None or message["n"] != other.n + 1:  # one is lost: everything, once more
            other.n = None
            self._duties.ask.add(node)
            self._woken.set()
            return
        other.n = message["n"]
        for name, facts in message.get("tables", {}).items():
            self.table(name).told(node, facts, other.heard_at)
            other.keys.setdefault(name, set()).update(facts)
        if other.left:
            other.left -= 1
            if not other.left:
                self._keep_only(node, other.keys)

    def _keep_only(self, node: str, keys: Mapping[str, set[str]]) -> None:
        """It has told everything that it has: what else we know of it was long ago."""
        for name, table in self._tables.items():
            table.keep_only(node, frozenset(keys.get(name, ())))

    def _forget(self, node: str) -> None:
        if self._others.pop(node, None) is not None:
            for table in self._tables.values():
                table.forget(node)

    def _after_a_gap(self) -> None:
        self._duties.ask.add(None)
        self._duties.whole = True
        self._woken.set()
