"""The way of an update that is too much to look at on the loop (SPEC.md, R17 and R18)."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from hashlib import sha256
from typing import Any, TypeAlias

from crdt.errors import CrdtError, RefusedUpdate, Unexamined
from crdt.guard import Checked, Limits
from crdt.room.content import Content
from crdt.room.effects import Effect
from crdt.room.elsewhere import Examined, agrees, examine
from crdt.room.errands import Errands
from crdt.room.intake import REUSED, Offer

__all__ = ["LINE_BYTES", "Finding", "Inspection", "Known", "Outcome", "Told"]

LINE_BYTES = 64 << 20
"""Updates that wait to be looked at, in one room; equal ones count once."""
TRIES = 5
"""A document that moves this often, at the client ids of one update, is not to be caught up with."""
REMEMBERED = 64


class Outcome(Enum):
    """What an inspection can end in beside Examined or an error."""

    KNOWN = auto()
    """The same bytes were taken, or brought nothing new, before."""
    OUTRUN = auto()
    """The document has moved on each time."""
    UNEXAMINED = auto()
    """Nobody could look at it: it is neither good nor bad."""


Finding: TypeAlias = Examined | CrdtError | Outcome
Told = Callable[[Offer, Finding], list[Effect]]


class Known:
    """Updates that were taken or brought nothing new: what is known once is known for ever.

    A look-up costs a hash, and that only when an update of the same length is remembered.
    """

    def __init__(self) -> None:
        self._digests: dict[tuple[int, bytes], None] = {}
        self._last: bytes | None = None

    def __contains__(self, update: bytes) -> bool:
        if update is self._last:
            return True
        return any(length == len(update) for length, _ in self._digests) and _key(update) in self._digests

    def remember(self, update: bytes) -> None:
        """Remember it; the oldest of 64 is forgotten."""
        if update is self._last:
            return
        self._last = update
        self._digests[_key(update)] = None
        if len(self._digests) > REMEMBERED:
            del self._digests[next(iter(self._digests))]

    def rest(self) -> None:
        """Nobody waits any more: keep the digests only."""
        self._last = None


@dataclass(slots=True)
class _Waiting:
    offer: Offer
    told: Told
    tries: int = 0


class Inspection:
    """Looks at one update of the room after the other, elsewhere; what is like one in the line goes along with it.

    One at a time: after a crash hundreds of clients may bring the same document, and all but the first are known
    when their turn comes. `document` answers everything that was accepted, as updates.
    """

    def __init__(
        self, content: Content, document: Callable[[], Sequence[bytes]], errands: Errands, limits: Limits
    ) -> None:
        self._content = content
        self._document = document
        self._errands = errands
        self._limits = limits
        self._known = Known()
        self._line: deque[_Waiting] = deque()
        self._current: _Waiting | None = None
        self._bytes = 0
        self._is_going = False

    def has_room_for(self, update: bytes) -> bool:
        return self._bytes + len(update) <= LINE_BYTES or self._twin(update) is not None

    def inspect(self, offer: Offer, told: Told) -> list[Effect]:
        """Have a look at the offer, and tell what was found; the document has not moved since at its client ids."""
        twin = self._twin(offer.update)
        if twin is not None:
            offer = replace(offer, update=twin)  # one copy serves all
        else:
            self._bytes += len(offer.update)
        self._line.append(_Waiting(offer, told))
        return self._go_on()

    def remember(self, update: bytes) -> None:
        """It was taken, or brought nothing new."""
        self._known.remember(update)

    # Private.

    def _twin(self, update: bytes) -> bytes | None:
        """The same bytes, in the line already."""
        if self._current is not None and self._current.offer.update == update:
            return self._current.offer.update
        return next((each.offer.update for each in self._line if each.offer.update == update), None)

    def _go_on(self) -> list[Effect]:
        effects: list[Effect] = []
        if self._is_going:
            return effects  # whoever was told something said the next thing: it is in the line
        self._is_going = True
        try:
            while self._current is None and self._line:
                waiting = self._current = self._line.popleft()
                if waiting.offer.update in self._known:
                    effects += self._tell(waiting, Outcome.KNOWN)
                else:
                    effects += self._examine(waiting)
        finally:
            self._is_going = False
        if self._current is None:
            self._known.rest()
        return effects

    def _tell(self, waiting: _Waiting, finding: Finding) -> list[Effect]:
        self._current = None
        if self._twin(waiting.offer.update) is None:
            self._bytes -= len(waiting.offer.update)
        return waiting.told(waiting.offer, finding)

    def _end(self, waiting: _Waiting, finding: Finding) -> list[Effect]:
        if isinstance(finding, Unexamined):
            finding = Outcome.UNEXAMINED
        effects = self._tell(waiting, finding)
        return [*effects, *self._go_on()]

    def _examine(self, waiting: _Waiting) -> list[Effect]:
        if waiting.tries >= TRIES:
            return self._end(waiting, Outcome.OUTRUN)
        waiting.tries += 1
        content, offer, before = self._content, waiting.offer, dict(self._content.state)
        args = (offer.update, offer.is_sync, before, content.deleted, self._limits)
        then = partial(self._examined, waiting, before)
        return self._errands.send("inspection", examine, args, then, content.number, user=offer.peer.user)

    def _examined(self, waiting: _Waiting, before: Mapping[int, int], number: int, answer: Any) -> list[Effect]:
        if isinstance(answer, CrdtError):
            return self._end(waiting, answer)
        if self._has_moved(answer.checked, before):
            return self._examine(waiting)
        if not answer.checked.overlap:
            return self._end(waiting, answer)
        args = (self._document(), waiting.offer.update, answer.checked.overlap, before)
        then = partial(self._compared, waiting, before, answer)
        return self._errands.send("inspection", agrees, args, then, number, user=waiting.offer.peer.user)

    def _compared(
        self, waiting: _Waiting, before: Mapping[int, int], examined: Examined, _: int, answer: Any
    ) -> list[Effect]:
        if isinstance(answer, CrdtError):
            return self._end(waiting, answer)
        if not answer:
            return self._end(waiting, RefusedUpdate("client_id_reused", REUSED))
        if self._has_moved(examined.checked, before):
            return self._examine(waiting)
        return self._end(waiting, examined)

    def _has_moved(self, checked: Checked, before: Mapping[int, int]) -> bool:
        """Has the document moved at one of the client ids on which the verdict stands?"""
        state = self._content.state
        return any(
            state.get(client, 0) != before.get(client, 0)
            for clients in (checked.fresh, checked.overlap, checked.missing)
            for client in clients
        )


def _key(update: bytes) -> tuple[int, bytes]:
    return len(update), sha256(update).digest()
