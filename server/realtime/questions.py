"""What one node asks others over the broker, and they answer: soon, or not at all.

Nothing rests on an answer: a node that is slow, gone, or not reached has none, and whoever asks says so.

    payload = mac (16 bytes) | JSON {node, n, ask, body} or {node, n, answer}

`node` is the one that says it, `n` counts the questions of the one that asks. The mac is of the topic, too:
no payload can be sent on to another node.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeAlias

from server.realtime.broker import Broker

__all__ = ["ANSWER_SECONDS", "Answerer", "Questions"]

log = logging.getLogger("counterpoint.nodes")

MAC_BYTES = 16
ANSWER_SECONDS = 1.0
MOST_AT_WORK = 256
"""Questions that this node answers at a time; what is more has no answer."""

Answerer: TypeAlias = Callable[[Any], Awaitable[Any]]
"""From JSON to JSON; None is no answer."""


class Questions:
    """`key`: what all nodes of one store know; None where there is no broker, and nobody can be asked."""

    def __init__(self, node: str, broker: Broker, key: bytes | None) -> None:
        self._node = node
        self._broker = broker
        self._key = key
        self._n = 0
        self._answerers: dict[str, Answerer] = {}
        self._waiting: dict[tuple[str, int], asyncio.Future[Any]] = {}
        self._at_work: set[asyncio.Task[None]] = set()
        self._end: Callable[[], None] = lambda: None

    def answer(self, name: str, answerer: Answerer) -> None:
        """Who answers questions of this name here."""
        self._answerers[name] = answerer

    def start(self) -> None:
        if self._key is not None:
            self._end = self._broker.subscribe(_topic(self._node), self._heard)

    async def stop(self) -> None:
        self._end()
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    @property
    def trouble(self) -> str | None:
        """Why nobody can be asked now; None when they can, as far as is known."""
        return "no broker is set, so nodes cannot be asked" if self._key is None else self._broker.trouble

    async def ask(
        self, name: str, body: Any, nodes: Collection[str], seconds: float = ANSWER_SECONDS
    ) -> dict[str, Any]:
        """By node, what it answers; those that do not answer in time are not in it."""
        if self._key is None or not nodes:
            return {}
        self._n += 1
        loop, number = asyncio.get_running_loop(), self._n
        futures = {node: loop.create_future() for node in nodes}
        self._waiting |= {(node, number): future for node, future in futures.items()}
        try:
            for node in nodes:
                self._say(node, {"node": self._node, "n": number, "ask": name, "body": body})
            await asyncio.wait(futures.values(), timeout=seconds)
            return {node: future.result() for node, future in futures.items() if future.done()}
        finally:
            for node in nodes:
                del self._waiting[node, number]

    # Private.

    def _say(self, to: str, message: dict[str, Any]) -> None:
        said = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        self._broker.publish(_topic(to), self._mac(to, said) + said)

    def _mac(self, to: str, said: bytes) -> bytes:
        assert self._key is not None
        return hmac.digest(self._key, _topic(to).encode() + said, "sha256")[:MAC_BYTES]

    def _heard(self, payload: bytes) -> None:
        said = payload[MAC_BYTES:]
        if not hmac.compare_digest(payload[:MAC_BYTES], self._mac(self._node, said)):
            self._broker.figures.garbage += 1
            return
        message: dict[str, Any] = json.loads(said)  # of a node that has the key: it is what we would have said
        if "answer" in message:
            future = self._waiting.get((message["node"], message["n"]))
            if future is not None and not future.done():
                future.set_result(message["answer"])
            return
        answerer = self._answerers.get(message["ask"])
        if answerer is None or len(self._at_work) >= MOST_AT_WORK:
            return
        task = asyncio.create_task(self._work(answerer, message), name=f"answer {message['ask']}")
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _work(self, answerer: Answerer, message: dict[str, Any]) -> None:
        try:
            answer = await answerer(message["body"])
        except Exception:  # a defect of ours is logged here; whoever asks goes without
            log.exception("a question of another node could not be answered", extra={"question": message["ask"]})
            return
        if answer is not None:
            self._say(message["node"], {"node": self._node, "n": message["n"], "answer": answer})


def _topic(node: str) -> str:
    return f"questions:{node}"
