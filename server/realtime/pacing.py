"""Big first syncs, a few at a time: hundreds who open one document at once must not hold up those who type in it."""

import asyncio
from collections.abc import Callable

__all__ = ["AT_ONCE", "Pacing"]

AT_ONCE = 4
SLOT_SECONDS = 0.25
"""A socket that takes its first sync slowly, or whose answer a worker still makes, gives its slot up after this long:
it costs memory that all share, and no time."""


class Pacing:
    """Gives out slots, first come first served: each until the answer is written and the socket has drained."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: dict[int, Callable[[], None]] = {}
        self._slots: dict[int, asyncio.Handle | None] = {}

    def __len__(self) -> int:
        """How many have a slot or wait for one."""
        return len(self._waiting) + len(self._slots)

    def ask(self, peer: int, answer: Callable[[], None]) -> None:
        """Call `answer` when there is a slot; who asks again while it waits is answered once, the last question."""
        self._waiting[peer] = answer
        self._go_on()

    def written(self, peer: int, *, stalled: bool) -> None:
        """The answer is written; `stalled`: not all of it is with the client yet, and its time in the slot is short."""
        if peer not in self._slots:
            return
        timer = self._slots[peer]
        if not stalled:  # not at once: whoever types has his turn in between
            if timer is not None:
                timer.cancel()
            self._slots[peer] = self._loop.call_soon(self.release, peer)
        elif timer is None:
            self._slots[peer] = self._loop.call_later(SLOT_SECONDS, self.release, peer)

    def asked(self, peer: int, *, is_put_off: bool) -> None:
        """Its question was put. What has not gone out by now is worked out, or waits for the socket, and has its time;
        a question that waits for its peer's own update (`is_put_off`) keeps nobody else waiting."""
        if is_put_off:
            self.release(peer)
        else:
            self.written(peer, stalled=True)

    def release(self, peer: int) -> None:
        """The socket has drained: the next one may have the slot."""
        if peer not in self._slots:
            return
        timer = self._slots.pop(peer)
        if timer is not None:
            timer.cancel()
        self._go_on()

    def forget(self, peer: int) -> None:
        """The peer has gone."""
        self._waiting.pop(peer, None)
        self.release(peer)

    def close(self) -> None:
        for timer in self._slots.values():
            if timer is not None:
                timer.cancel()
        self._waiting.clear()
        self._slots.clear()

    # Private.

    def _go_on(self) -> None:
        while self._waiting and len(self._slots) < AT_ONCE:
            peer = next((each for each in self._waiting if each not in self._slots), None)
            if peer is None:
                return
            answer = self._waiting.pop(peer)
            self._slots[peer] = None
            answer()
