"""What other nodes have committed: taken as it stands in the log, and relayed as one turn (SPEC.md, R23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from crdt.errors import CrdtError
from crdt.guard import Checked, Limits, check
from crdt.room.content import Content
from crdt.room.effects import Effect
from crdt.room.elsewhere import agrees
from crdt.room.errands import Errands
from crdt.room.intake import BIG, Accepted, Intake
from crdt.room.turn import NOBODY, TurnLost, Turns
from crdt.updates import DeleteRanges, StateVector

__all__ = ["Learning", "Learnt"]

AS_LOGGED = Limits(max_bytes=1 << 40, max_structs=1 << 40, spare_clients=1 << 40, max_root_names=1 << 40)
"""What stands in the log was within the limits of the node that took it."""
OTHER_CONTENT = "another node has logged other content under the clocks of a client id"


@dataclass(frozen=True, slots=True)
class Learnt:
    """A row of the log. `contents`: what it contains, when that was read elsewhere; a BIG row must bring it."""

    update: bytes
    contents: tuple[StateVector, DeleteRanges] | None = None


class Learning:
    """Rows come in the order of the log, and all rows before them are known: then none of them can wait for another.

    A room that cannot take a row does not agree with the log: it raises TurnLost, and is opened anew from the log.
    """

    def __init__(self, content: Content, intake: Intake, turns: Turns, errands: Errands) -> None:
        self._content = content
        self._intake = intake
        self._turns = turns
        self._errands = errands

    def learn(self, rows: Sequence[Learnt], owners: Mapping[int, str]) -> list[Effect]:
        """The effects relay what was not known. Raises TurnLost."""
        effects = self._turns.end()
        for client, owner in owners.items():
            self._intake.owners.setdefault(client, owner)
        news: list[Accepted] = []
        for row in rows:
            if row.contents is not None:
                self._take_contents(row.update, *row.contents, news)
            else:
                effects += self._take(row.update, news)
        return [*effects, *self._turns.relay(news)] if news else effects

    # Private.

    def _take(self, update: bytes, news: list[Accepted]) -> list[Effect]:
        content = self._content
        try:
            checked = check(update, content.state, content.deleted, AS_LOGGED)
        except CrdtError:
            return []  # no client could take it either; whoever opens the document passes it over, too
        if checked.missing:
            raise TurnLost(f"a row of the log needs clocks that are not known: {checked.missing}")
        effects = self._compare(update, checked, news) if checked.overlap else []
        if checked.fresh or checked.deletes:
            for client, (_, end) in checked.fresh.items():
                content.state[client] = end
            if checked.deletes:
                content.delete(checked.deletes)
            news.append(Accepted(NOBODY, "", update, (), checked.read))
        return effects

    def _take_contents(self, update: bytes, ends: StateVector, ranges: DeleteRanges, news: list[Accepted]) -> None:
        content = self._content
        new = {client: end for client, end in ends.items() if end > content.state.get(client, 0)}
        deletes = content.deleted.missing(ranges)
        if new or deletes:
            content.state.update(new)
            content.delete(deletes)
            news.append(Accepted(NOBODY, "", update, (), None))

    def _compare(self, update: bytes, checked: Checked, news: Sequence[Accepted]) -> list[Effect]:
        """Somebody has brought to both nodes what only he can have made once: mostly it is the same."""
        known = [*self._content.pieces(), *(each.update for each in news)]
        args = (known, update, checked.overlap, dict(self._content.state))
        if self._content.size > BIG:
            key = ("learnt", self._turns.number, len(news))
            return self._errands.send(key, agrees, args, partial(_compared), self._turns.number, user="")
        _compared(0, agrees(*args))
        return []


def _compared(_: int, answer: Any) -> list[Effect]:
    if answer is False:
        raise TurnLost(OTHER_CONTENT)
    return []  # the same; or nobody could look at it, and then the next opening decides
