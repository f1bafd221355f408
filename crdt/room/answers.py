"""What peers are sent of the document: all of it, what they lack, or what they missed (SPEC.md, R16 and R19).

Each question is answered with a turn's number and the messages that bring a peer up to that turn. What is too much to
work out on the loop is worked out elsewhere, once for all who ask the same, and kept for those who ask next.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from crdt.errors import CrdtError, MalformedUpdate
from crdt.messages import SyncStep2, Update
from crdt.room.content import EMPTY, Content, Turn
from crdt.room.effects import Effect
from crdt.room.elsewhere import joined, lacking
from crdt.room.errands import Errands
from crdt.room.intake import BIG
from crdt.updates import decode_state_vector, encode_state_vector, merge

__all__ = ["Answers", "Found"]

MESSAGES = 16
"""The most messages that one answer is cut into, rather than merged."""
KEPT_ANSWERS = 8
KEPT_BYTES = 16 << 20

Sync: TypeAlias = SyncStep2 | Update
Found = Callable[[int, Sequence[Sync] | CrdtError], list[Effect]]
"""What to do with (number of the turn that the peer then has, messages), or with the error in their place."""


class Answers:
    """Answers for one document; knows nothing of peers."""

    def __init__(self, content: Content, errands: Errands) -> None:
        self._content = content
        self._errands = errands
        self._kept: dict[bytes, Turn] = {}
        self._tail: tuple[int, int, list[bytes]] | None = None

    def beyond(self, state_vector: bytes, found: Found) -> list[Effect]:
        """What somebody with this encoded state vector lacks. The error is a MalformedUpdate when it is none."""
        content = self._content
        if state_vector == b"\x00":
            return self._all(found)
        if len(state_vector) <= BIG // 4:
            try:
                known = decode_state_vector(state_vector)
            except MalformedUpdate as error:
                return found(content.number, error)
            if not known:
                return self._all(found)
            if content.tells_deletes and all(known.get(client, 0) >= clock for client, clock in content.state.items()):
                return found(content.number, [SyncStep2(b"\x00" + content.encoded_deletes())])
        if content.size <= BIG:
            return found(content.number, [SyncStep2(content.lacking(state_vector))])
        if (kept := self._kept.get(state_vector)) is not None and (rest := self._rest(kept.number)) is not None:
            return found(content.number, [SyncStep2(kept.update), *map(Update, rest)])
        args = (content.pieces(), state_vector)
        then = partial(self._found, state_vector, found)
        return self._errands.send(("beyond", state_vector), lacking, args, then, content.number)

    def since(self, number: int, state: Mapping[int, int], found: Found) -> list[Effect]:
        """What was added after turn `number` to somebody who then had `state`."""
        content = self._content
        if content.folded > number:
            return self.beyond(encode_state_vector(state), lambda at, said: found(at, _as_updates(said)))
        if (rest := self._rest(number)) is not None:
            return found(content.number, [Update(each) for each in rest])
        missed = [each.update for each in content.turns_after(number)]
        then = partial(self._joined, found)
        return self._errands.send(("since", number), joined, (missed,), then, content.number)

    # Private.

    def _all(self, found: Found) -> list[Effect]:
        content = self._content
        if content.size <= BIG:
            return found(content.number, [SyncStep2(content.whole())])
        first = [content.base] if content.base != EMPTY else []
        start = content.folded
        if (kept := self._kept.get(b"")) is not None and kept.number >= start:
            first.append(kept.update)
            start = kept.number
        if (rest := self._rest(start)) is not None:
            return self._say_all(found, content.number, [*first, *rest])
        turns = [each.update for each in content.turns_after(content.folded)]
        return self._errands.send(("tail",), joined, (turns,), partial(self._found_tail, found), content.number)

    def _say_all(self, found: Found, number: int, pieces: Sequence[bytes]) -> list[Effect]:
        first, *others = pieces or [EMPTY]
        return found(number, [SyncStep2(first), *map(Update, others)])

    def _found(self, state_vector: bytes, found: Found, number: int, answer: Any) -> list[Effect]:
        if isinstance(answer, CrdtError):
            return found(number, answer)
        self._keep(state_vector, Turn(number, answer))
        return found(number, [SyncStep2(answer)])

    def _found_tail(self, found: Found, number: int, answer: Any) -> list[Effect]:
        if isinstance(answer, CrdtError):
            return found(number, answer)
        base = self._content.base
        if number < self._content.folded:  # the snapshot holds all of it by now
            return self._all(found)
        self._keep(b"", Turn(number, answer))
        return self._say_all(found, number, [answer] if base == EMPTY else [base, answer])

    def _joined(self, found: Found, number: int, answer: Any) -> list[Effect]:
        return found(number, answer if isinstance(answer, CrdtError) else [Update(answer)])

    def _rest(self, number: int) -> list[bytes] | None:
        """The turns after `number` as few updates; None when it would take the loop too long to say."""
        content = self._content
        if content.folded > number:
            return None
        if self._tail is not None and self._tail[:2] == (number, content.number):
            return self._tail[2]
        parts: list[list[bytes]] = [[]]
        light = 0
        for turn in content.turns_after(number):
            if len(turn.update) > BIG:
                parts += [[turn.update], []]
            else:
                parts[-1].append(turn.update)
                light += len(turn.update)
            if light > BIG or len(parts) > MESSAGES:
                return None
        rest = [merge(part) for part in parts if part]
        self._tail = (number, content.number, rest)
        return rest

    def _keep(self, key: bytes, answer: Turn) -> None:
        """Keep the latest answers, and their latest only."""
        kept = self._kept
        kept.pop(key, None)
        kept[key] = answer
        for old in [key for key, each in kept.items() if each.number < self._content.folded]:
            del kept[old]
        while len(kept) > KEPT_ANSWERS or (
            len(kept) > 1 and sum(len(each.update) for each in kept.values()) > KEPT_BYTES
        ):
            del kept[next(iter(kept))]


def _as_updates(said: Sequence[Sync] | CrdtError) -> Sequence[Sync] | CrdtError:
    return said if isinstance(said, CrdtError) else [Update(each.update) for each in said]
