"""What becomes of what peers write: taken, held, refused or dropped, at once or after a look elsewhere (R4 to R17)."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from crdt.errors import CrdtError, RefusedUpdate
from crdt.messages import Message, SyncStatus
from crdt.room.content import EMPTY
from crdt.room.effects import Effect, Refuse, Resynchronise
from crdt.room.elsewhere import Examined
from crdt.room.following import Following
from crdt.room.inspection import Finding, Inspection, Outcome, Told
from crdt.room.intake import BIG, Intake, Offer, Settled, Verdict, adds_structs
from crdt.room.peer import Owed, Peer
from crdt.room.turn import Turns

__all__ = ["Taking"]

APPLIED = SyncStatus(applied=True)


class Taking:
    """The way of an update through a room. `heed` takes what a peer has said while an update of its was looked at."""

    def __init__(
        self,
        intake: Intake,
        inspection: Inspection,
        following: Following,
        turns: Turns,
        *,
        peers: Mapping[int, Peer],
        heed: Callable[[Peer, Message], list[Effect]],
    ) -> None:
        self.debtors: set[int] = set()
        """Peers that may have to be told now what was done with what they wrote."""
        self.creditors: set[int] = set()
        """Peers that wait for a word; some may have got it."""
        self._intake = intake
        self._inspection = inspection
        self._following = following
        self._turns = turns
        self._peers = peers
        self._heed = heed

    def sync(self, peer: Peer, update: bytes) -> list[Effect]:
        """A SyncStep2."""
        extra = peer.asked.popleft() if peer.asked else False
        owed = Owed(APPLIED, None)
        if peer.first_sync is None:
            peer.first_sync = owed
        if peer.member.manners.acknowledges and not extra:
            self.owe(peer, owed)
        return self._take(Offer(peer, update, is_sync=True, owed=owed), may_ask=not extra)

    def edit(self, peer: Peer, update: bytes, only_at: int | None = None) -> list[Effect]:
        """An Update; `only_at`: for this turn only."""
        owed = Owed(APPLIED, None)
        if peer.member.manners.acknowledges:
            self.owe(peer, owed)
        return self._take(Offer(peer, update, is_sync=False, owed=owed, only_at=only_at), may_ask=True)

    def type(self, peer: Peer, update: bytes) -> bool:
        """An Update that is somebody's typing, if it is: False, and nothing is done, when it is to be an `edit`."""
        if peer.is_inspected or not peer.may_write or not self._intake.type(peer, update):
            return False
        if peer.member.manners.acknowledges:
            self.owe(peer, Owed(APPLIED, self._turns.accepted))
        return True

    def owe(self, peer: Peer, owed: Owed) -> None:
        peer.owed.append(owed)
        self.creditors.add(peer.number)

    def settled(self, settled: Iterable[Settled]) -> list[Effect]:
        """What was held is held no longer."""
        effects: list[Effect] = []
        for each in settled:
            peer = each.offer.peer
            if each.verdict is Verdict.ELSEWHERE:
                effects += self._inspect_held(each)
            elif each.verdict is not None:
                each.offer.owed.after = self._turns.accepted
                self.debtors.add(peer.number)
            elif peer.number in self._peers:
                effects.append(Refuse(peer.number, each.error) if each.error else Resynchronise(peer.number))
        return effects

    # Private: at once.

    def _is_overtaken(self, offer: Offer) -> bool:
        return offer.only_at is not None and offer.only_at != self._turns.now

    def _take(self, offer: Offer, *, may_ask: bool) -> list[Effect]:
        peer = offer.peer
        self.debtors.add(peer.number)
        if not peer.may_write:
            return self._drop(offer)
        if self._is_overtaken(offer):
            return _dropped(offer, applied=False)
        try:
            verdict = Verdict.KNOWN if offer.update == EMPTY else self._intake.offer(offer)
        except CrdtError as error:
            return self._after(offer, [Refuse(peer.number, error)])
        if verdict is Verdict.ELSEWHERE:
            return self._inspect(offer, partial(self._inspected, may_ask=may_ask))
        return self._after(offer, self._decided(offer, verdict, may_ask=may_ask))

    def _after(self, offer: Offer, effects: list[Effect]) -> list[Effect]:
        """A peer that has synchronised has said what it knows of its client ids."""
        return [*effects, *self.settled(self._intake.settle_owners())] if offer.is_sync else effects

    def _decided(self, offer: Offer, verdict: Verdict, *, may_ask: bool) -> list[Effect]:
        peer = offer.peer
        if verdict is Verdict.HELD:
            asks = may_ask and True not in peer.asked
            effects: list[Effect] = [self._following.ask(peer, extra=True)] if asks else []
            return [*effects, *self.settled(self._intake.pushed_out())]
        offer.owed.after = self._turns.accepted
        return self.settled(self._intake.settle()) if verdict is Verdict.TAKEN else []

    def _drop(self, offer: Offer) -> list[Effect]:
        """A viewer changes nothing. Yjs derives deletions while it integrates, so they are no offence (R8)."""
        if not offer.is_sync:
            return _dropped(offer, applied=False)
        if len(offer.update) > BIG:
            return self._inspect(offer, self._looked_at)
        try:
            return _dropped(offer, applied=not self._intake.would_add_structs(offer.update))
        except RefusedUpdate:
            return _dropped(offer, applied=False)
        except CrdtError as error:
            return [Refuse(offer.peer.number, error)]

    # Private: elsewhere.

    def _inspect(self, offer: Offer, told: Told) -> list[Effect]:
        """Look at it elsewhere; what its peer says meanwhile waits, so that all is taken in the order it came in."""
        peer = offer.peer
        if not self._inspection.has_room_for(offer.update):
            return [Resynchronise(peer.number)]
        peer.is_inspected = True

        def then(offer: Offer, found: Finding) -> list[Effect]:
            effects = told(offer, found)
            peer.is_inspected = False
            while peer.waiting and not peer.is_inspected:
                effects += self._heed(peer, peer.next_kept())
            return effects

        return self._inspection.inspect(offer, then)

    def _inspect_held(self, held: Settled) -> list[Effect]:
        """An offer that was held is ripe: it waits for nobody's turn, and nobody waits for it."""
        if not self._inspection.has_room_for(held.offer.update):
            return [Resynchronise(held.offer.peer.number)]
        told = partial(self._inspected, may_ask=False, whoever_owns=held.whoever_owns)
        return self._inspection.inspect(held.offer, told)

    def _looked_at(self, offer: Offer, found: Finding) -> list[Effect]:
        """A viewer's SyncStep2 was looked at."""
        self.debtors.add(offer.peer.number)
        if found is Outcome.UNEXAMINED:
            return [Resynchronise(offer.peer.number)]
        if isinstance(found, CrdtError) and not isinstance(found, RefusedUpdate):
            return [Refuse(offer.peer.number, found)]
        adds = isinstance(found, CrdtError) or (isinstance(found, Examined) and adds_structs(found.checked))
        return _dropped(offer, applied=not adds)

    def _inspected(self, offer: Offer, found: Finding, *, may_ask: bool, whoever_owns: bool = False) -> list[Effect]:
        """Decide on what was found. A big update is a turn of its own: it is never merged with others here."""
        peer = offer.peer
        self.debtors.add(peer.number)
        if not peer.may_write or self._is_overtaken(offer):
            return _dropped(offer, applied=False)
        if found in (Outcome.OUTRUN, Outcome.UNEXAMINED):
            return [Resynchronise(peer.number)]
        effects = self._turns.end()
        verdict = Verdict.KNOWN
        try:
            if isinstance(found, CrdtError):
                raise found
            if isinstance(found, Examined):
                verdict = self._intake.decide(offer, found, whoever_owns=whoever_owns)
        except CrdtError as error:
            return [*effects, *self._after(offer, [Refuse(peer.number, error)])]
        if verdict is not Verdict.HELD and len(offer.update) > BIG:
            self._inspection.remember(offer.update)
        effects += self._turns.end()
        effects += self._decided(offer, verdict, may_ask=may_ask)
        return self._after(offer, effects)


def _dropped(offer: Offer, *, applied: bool) -> list[Effect]:
    offer.owed.message, offer.owed.after = SyncStatus(applied), 0
    return []
