"""What peers are sent of the document: all of it, what they lack, or what they missed (SPEC.md, R16 and R19).

An answer is a piece that brings a peer up to some turn; whoever is not up to date then asks for what was added since.
What is too much to work out on the loop is worked out elsewhere, once for all who ask the same, and kept for those who
ask next.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import takewhile
from typing import Any, TypeAlias

from crdt.errors import CrdtError, MalformedUpdate
from crdt.messages import SyncStep2, Update
from crdt.room.content import EMPTY, Content, Turn
from crdt.room.effects import Effect
from crdt.room.elsewhere import joined, lacking
from crdt.room.errands import Errands
from crdt.room.intake import BIG
from crdt.updates import decode_state_vector, encode_state_vector, merge

__all__ = ["Answers", "Found", "Sync"]

PARTS = 16
"""The most messages into which missed turns are cut, rather than merged: big turns stand by themselves."""
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
        self._kept: dict[bytes | int, Turn] = {}
        """state vector, or number of a turn -> what whoever stands there lacked at a later turn."""
        self._parts: tuple[int, int, list[Turn]] | None = None

    def beyond(self, state_vector: bytes, user: str, found: Found) -> list[Effect]:
        """What a user with this encoded state vector lacks. The error is a MalformedUpdate when it is none."""
        content = self._content
        known = {}
        if len(state_vector) <= BIG // 4:
            try:
                known = decode_state_vector(state_vector)
            except MalformedUpdate as error:
                return found(content.number, error)
            if not known:
                return self._all(user, found)
        if content.tells_deletes and all(known.get(client, 0) >= clock for client, clock in content.state.items()):
            return found(content.number, [SyncStep2(b"\x00" + content.encoded_deletes())])
        if content.size <= BIG:
            return found(content.number, [SyncStep2(content.lacking(state_vector))])
        if (kept := self._kept.get(state_vector)) is not None and kept.number >= content.folded:
            return found(kept.number, [SyncStep2(kept.update)])
        args = (content.pieces(), state_vector)
        then = partial(self._worked_out, state_vector, SyncStep2, found)
        return self._errands.send(("beyond", state_vector), lacking, args, then, content.number, user=user)

    def since(self, number: int, state: Mapping[int, int], user: str, found: Found) -> list[Effect]:
        """What was added after turn `number` for a user who then had `state`."""
        if self._content.folded > number:
            return self.beyond(encode_state_vector(state), user, lambda at, said: found(at, _as_updates(said)))
        return self._after(number, Update, user, found)

    # Private.

    def _all(self, user: str, found: Found) -> list[Effect]:
        content = self._content
        if content.size <= BIG:
            return found(content.number, [SyncStep2(content.whole())])
        if content.base != EMPTY:
            return found(content.folded, [SyncStep2(content.base)])
        return self._after(content.folded, SyncStep2, user, found)

    def _after(self, number: int, first: type[Sync], user: str, found: Found) -> list[Effect]:
        """The turns after `number`, or the beginning of them; the first message is a `first`."""
        content = self._content
        if (kept := self._kept.get(number)) is not None:
            return found(kept.number, [first(kept.update)])
        parts = self._parts_after(number)
        if parts is not None:
            lot = [*parts[:1], *takewhile(lambda part: len(part.update) <= BIG, parts[1:])]
            said: list[Sync] = [(Update if at else first)(part.update) for at, part in enumerate(lot)]
            return found(lot[-1].number if lot else content.number, said)
        turns = [turn.update for turn in content.turns_after(number)]
        then = partial(self._worked_out, number, first, found)
        return self._errands.send(("after", number), joined, (turns,), then, content.number, user=user)

    def _parts_after(self, number: int) -> list[Turn] | None:
        """The turns after `number` in few parts; None when it would take the loop too long to merge them."""
        content = self._content
        if self._parts is not None and self._parts[:2] == (number, content.number):
            return self._parts[2]
        groups: list[list[Turn]] = [[]]
        light = 0
        for turn in content.turns_after(number):
            if len(turn.update) > BIG:
                groups += [[turn], []]
            else:
                groups[-1].append(turn)
                light += len(turn.update)
            if light > BIG or len(groups) > PARTS:
                return None
        parts = [Turn(group[-1].number, merge([turn.update for turn in group])) for group in groups if group]
        self._parts = (number, content.number, parts)
        return parts

    def _worked_out(self, key: bytes | int, first: type[Sync], found: Found, number: int, answer: Any) -> list[Effect]:
        if isinstance(answer, CrdtError):
            return found(number, answer)
        self._keep(key, Turn(number, answer))
        return found(number, [first(answer)])

    def _keep(self, key: bytes | int, answer: Turn) -> None:
        kept = self._kept
        kept.pop(key, None)
        kept[key] = answer
        for old in [key for key, each in kept.items() if each.number < self._content.folded]:
            del kept[old]
        while len(kept) > KEPT_ANSWERS or (len(kept) > 1 and _size(kept) > KEPT_BYTES):
            del kept[next(iter(kept))]


def _size(kept: Mapping[bytes | int, Turn]) -> int:
    return sum(len(each.update) for each in kept.values())


def _as_updates(said: Sequence[Sync] | CrdtError) -> Sequence[Sync] | CrdtError:
    return said if isinstance(said, CrdtError) else [Update(each.update) for each in said]
