"""The room: peers come, say things and go; it answers with effects. SPEC.md, section R, has its rules."""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from crdt.awareness import Awareness, Entry, decode_awareness, encode_awareness
from crdt.errors import CrdtError, MalformedFrame, RefusedUpdate
from crdt.guard import Limits
from crdt.messages import (
    AwarenessUpdate,
    Message,
    QueryAwareness,
    Stateless,
    SyncStatus,
    SyncStep1,
    SyncStep2,
    Update,
)
from crdt.room.audience import Audience
from crdt.room.barriers import WHOLE, health, is_barrier
from crdt.room.content import EMPTY, Content, Opening, Turn
from crdt.room.effects import Append, Broadcast, Effect, Refuse, Resynchronise, Send
from crdt.room.elsewhere import Examined
from crdt.room.errands import Errands
from crdt.room.following import Following
from crdt.room.inspection import Finding, Inspection, Outcome, Told
from crdt.room.intake import BIG, Intake, Offer, Settled, Verdict, adds_structs
from crdt.room.peer import Member, Owed, Peer, Right
from crdt.room.turn import NOBODY, author_of, joined, writer_rows

__all__ = ["Room"]

REMEMBERED_BYTES = 8 << 10
"""The longest awareness frame that is compared with the next one: a stock client's renewal is one state."""
OWED_MESSAGES = 10_000
"""Acknowledgements that one peer can wait for; a stock client at full speed has some hundreds on the way."""


class Room:
    """One document and the peers around it: pure, without clock or I/O.

    Call `receive` for each message and `flush` at the end of the loop's turn, and perform what they answer in order.
    After an `Append` was committed, call `committed` with its number; batches are committed in the order of
    their numbers. `now` is monotonic seconds, from any start.
    """

    def __init__(self, opening: Opening, limits: Limits | None = None) -> None:
        self._content = Content(opening)
        self._awareness = Awareness()
        limits = limits or Limits()
        self._intake = Intake(self._content, self._awareness, opening.owners, limits)
        self._errands = Errands()
        self._inspection = Inspection(self._content, self._intake.document, self._errands, limits)
        self._peers: dict[int, Peer] = {}
        self._audience = Audience(self._peers)
        self._following = Following(self._content, self._intake, self._errands, self._audience)
        self._number = 0
        self._committed = 0
        self._moved: dict[int, tuple[Entry, int]] = {}
        self._debtors: set[int] = set()
        self._trouble: str | None = None
        self._content_notice: str | None = None

    # What it is like.

    @property
    def peers(self) -> tuple[Peer, ...]:
        return tuple(self._peers.values())

    @property
    def content(self) -> Content:
        return self._content

    @property
    def presence_ignored(self) -> Counter[str]:
        """How much awareness has changed nothing so far, by reason."""
        return self._awareness.ignored

    @property
    def is_dirty(self) -> bool:
        """Is anything accepted that is not committed, or being looked at?"""
        return bool(self._intake.taken) or self._number > self._committed or bool(self._errands)

    # People come and go.

    def join(self, number: int, member: Member) -> list[Effect]:
        """A peer sits down. It hears awareness from now on, and updates once it has asked for the document."""
        peer = self._peers[number] = Peer(number, member)
        self._audience.changed()
        self._intake.seat(number, peer.user)
        effects: list[Effect] = []
        if member.manners.greets:
            effects.append(self._following.ask(peer, extra=False))
        if present := self._awareness.everyone():
            effects.append(Send(number, AwarenessUpdate(encode_awareness(present))))
        return effects

    def leave(self, number: int) -> None:
        """The peer's seat is empty. Its presence stays until `fade`: at once after a clean leave, else in a while."""
        self._peers.pop(number, None)
        self._audience.changed()
        self._debtors.discard(number)

    def fade(self, number: int, now: float) -> list[Effect]:
        """The peer will not be back: its presence goes, and what waited for it as the owner of an id is tried again."""
        self._intake.unseat(number)
        for entry in self._awareness.leave(number, now):
            self._moved[entry.client_id] = (entry, NOBODY)
        return self._settled(self._intake.settle_owners())

    def expire(self, now: float) -> None:
        """Every few seconds: presence that came back by an echo only, and nobody confirmed, goes."""
        for entry in self._awareness.expire(now):
            self._moved[entry.client_id] = (entry, NOBODY)

    def change_right(self, number: int, right: Right) -> list[Effect]:
        """The peer may do more, or less, from now on. Who may write again is asked for what it kept meanwhile."""
        peer = self._peers[number]
        before = peer.member.right
        peer.member = Member(peer.member.identity, right, peer.member.manners)
        if not peer.may_write:
            self._intake.forget(peer)
            return []
        return [self._following.ask(peer, extra=True)] if before < Right.WRITE and peer.live else []

    # People say things.

    def receive(self, number: int, message: Message, now: float) -> list[Effect]:
        """Take one message. What it starts is done by the effects, and by those of the next `flush`."""
        peer = self._peers[number]
        if len(peer.owed) > OWED_MESSAGES:
            return [Resynchronise(number)]
        if peer.is_inspected and not isinstance(message, AwarenessUpdate | QueryAwareness):
            return [] if peer.keep(message) else [Resynchronise(number)]
        return self._heed(peer, message, now)

    def waiting_bytes(self, number: int) -> int:
        """How much this peer has said that waits until an earlier update of its is looked at."""
        peer = self._peers.get(number)
        return peer.waiting_bytes if peer else 0

    def _heed(self, peer: Peer, message: Message, now: float) -> list[Effect]:
        match message:
            case SyncStep1(state_vector):
                return self._following.answer(peer, state_vector)
            case SyncStep2(update):
                return self._sync(peer, update)
            case Update(update):
                return self._edit(peer, update)
            case AwarenessUpdate(update):
                return self._hear(peer, update, now)
            case QueryAwareness():
                # While it is stalled: it hears of everybody once it has drained.
                return [] if peer.stalled else [self._presence_for(peer.number)]
            case Stateless(payload):
                return self._barrier(peer, payload)
            case _:
                return []

    def flush(self) -> list[Effect]:
        """End the turn: log and relay what was taken, relay who moved, acknowledge what is committed already."""
        effects = self._end_turn()
        if self._moved:
            effects.append(self._relay_awareness())
        for number in self._debtors & self._peers.keys():
            effects.extend(self._pay(self._peers[number]))
        self._debtors.clear()
        return effects

    def committed(self, number: int) -> list[Effect]:
        """Batch `number` is in the log for good; whoever waited for it is told."""
        self._committed = number
        return [effect for peer in self._peers.values() if peer.owed for effect in self._pay(peer)]

    # Slow sockets, and the store's health.

    def stalled(self, number: int) -> bool:
        """The peer's socket does not drain: write nothing to it, and remember where it stands. Is that news?"""
        return self._following.stalled(self._peers[number])

    def drained(self, number: int) -> list[Effect]:
        """The peer's socket has drained: it is brought up to date."""
        peer = self._peers[number]
        if not peer.stalled:
            return []
        return [*self._following.drained(peer), self._presence_for(number), *self._pay(peer)]

    def go_on(self, number: int) -> list[Effect]:
        """The first part of an answer is written."""
        peer = self._peers.get(number)
        return self._following.go_on(peer) if peer else []

    # What was worked out elsewhere.

    def answered(self, token: int, result: Any) -> list[Effect]:
        """The result of an `Elsewhere`, or a CrdtError in its place. Call `flush` afterwards, as after `receive`."""
        return self._errands.answered(token, result)

    def store_is(self, trouble: str | None) -> list[Effect]:
        """The store fails (why), or works again (None): tell whoever shows its people what is saved."""
        if trouble == self._trouble:
            return []
        self._trouble = trouble
        return [Send(peer.number, health(self._trouble)) for peer in self._peers.values() if peer.uses_barriers]

    def content_is(self, notice: str | None) -> list[Effect]:
        """What the server cannot read of the document, in words of our own app; None: nothing of the kind."""
        known, self._content_notice = self._content_notice, notice
        if notice == known:
            return []
        said = Stateless(notice or WHOLE)
        return [Send(peer.number, said) for peer in self._peers.values() if peer.uses_barriers]

    # Private: synchronisation.

    def _sync(self, peer: Peer, update: bytes) -> list[Effect]:
        extra = peer.asked.popleft() if peer.asked else False
        owed = Owed(SyncStatus(applied=True), None)
        if peer.first_sync is None:
            peer.first_sync = owed
        if peer.member.manners.acknowledges and not extra:
            peer.owed.append(owed)
        return self._take(Offer(peer, update, is_sync=True, owed=owed), may_ask=not extra)

    def _edit(self, peer: Peer, update: bytes) -> list[Effect]:
        owed = Owed(SyncStatus(applied=True), None)
        if peer.member.manners.acknowledges:
            peer.owed.append(owed)
        return self._take(Offer(peer, update, is_sync=False, owed=owed), may_ask=True)

    def _take(self, offer: Offer, *, may_ask: bool) -> list[Effect]:
        peer = offer.peer
        self._debtors.add(peer.number)
        if not peer.may_write:
            return self._drop(offer)
        try:
            verdict = Verdict.KNOWN if offer.update == EMPTY else self._intake.offer(offer)
        except CrdtError as error:
            return self._after(offer, [Refuse(peer.number, error)])
        if verdict is Verdict.ELSEWHERE:
            return self._inspect(offer, lambda offer, found: self._inspected(offer, found, may_ask=may_ask))
        return self._after(offer, self._decided(offer, verdict, may_ask=may_ask))

    def _after(self, offer: Offer, effects: list[Effect]) -> list[Effect]:
        """A peer that has synchronised has said what it knows of its client ids."""
        return [*effects, *self._settled(self._intake.settle_owners())] if offer.is_sync else effects

    def _decided(self, offer: Offer, verdict: Verdict, *, may_ask: bool) -> list[Effect]:
        peer = offer.peer
        if verdict is Verdict.HELD:
            asks = may_ask and True not in peer.asked
            effects: list[Effect] = [self._following.ask(peer, extra=True)] if asks else []
            return [*effects, *self._settled(self._intake.pushed_out())]
        offer.owed.after = self._accepted
        return self._settled(self._intake.settle()) if verdict is Verdict.TAKEN else []

    def _drop(self, offer: Offer) -> list[Effect]:
        """A viewer changes nothing. Yjs derives deletions while it integrates, so they are no offence (R8)."""
        if not offer.is_sync:
            return _dropped(offer, applied=False)
        if len(offer.update) > BIG:
            return self._inspect(offer, self._dropped)
        try:
            return _dropped(offer, applied=not self._intake.would_add_structs(offer.update))
        except RefusedUpdate:
            return _dropped(offer, applied=False)
        except CrdtError as error:
            return [Refuse(offer.peer.number, error)]

    def _settled(self, settled: Iterable[Settled]) -> list[Effect]:
        effects: list[Effect] = []
        for each in settled:
            peer = each.offer.peer
            if each.verdict is Verdict.ELSEWHERE:
                effects += self._inspect_held(each)
            elif each.verdict is not None:
                each.offer.owed.after = self._accepted
                self._debtors.update({peer.number} & self._peers.keys())
            elif peer.number in self._peers:
                effects.append(Refuse(peer.number, each.error) if each.error else Resynchronise(peer.number))
        return effects

    # Private: what is looked at elsewhere.

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
                effects += self._heed(peer, peer.next_kept(), 0.0)
            return effects

        return self._inspection.inspect(offer, then)

    def _dropped(self, offer: Offer, found: Finding) -> list[Effect]:
        """A viewer's SyncStep2 was looked at."""
        self._debtors.add(offer.peer.number)
        if isinstance(found, CrdtError) and not isinstance(found, RefusedUpdate):
            return [Refuse(offer.peer.number, found)]
        adds = isinstance(found, CrdtError) or (isinstance(found, Examined) and adds_structs(found.checked))
        return _dropped(offer, applied=not adds)

    def _inspect_held(self, held: Settled) -> list[Effect]:
        """An offer that was held is ripe: it waits for nobody's turn, and nobody waits for it."""
        if not self._inspection.has_room_for(held.offer.update):
            return [Resynchronise(held.offer.peer.number)]
        told = partial(self._inspected, may_ask=False, whoever_owns=held.whoever_owns)
        return self._inspection.inspect(held.offer, told)

    def _inspected(self, offer: Offer, found: Finding, *, may_ask: bool, whoever_owns: bool = False) -> list[Effect]:
        """Decide on what was found. A big update is a turn of its own: it is never merged with others here."""
        peer = offer.peer
        self._debtors.add(peer.number)
        if not peer.may_write:
            return _dropped(offer, applied=False)
        if found is Outcome.OUTRUN:
            return [Resynchronise(peer.number)]
        effects = self._end_turn()
        try:
            if isinstance(found, CrdtError):
                raise found
            verdict = Verdict.KNOWN
            if isinstance(found, Examined):
                verdict = self._intake.decide(offer, found, whoever_owns=whoever_owns)
        except CrdtError as error:
            return [*effects, *self._after(offer, [Refuse(peer.number, error)])]
        if verdict is not Verdict.HELD and len(offer.update) > BIG:
            self._inspection.remember(offer.update)
        effects += self._decided(offer, verdict, may_ask=may_ask)
        return [*effects, *self._end_turn(), *self._after(offer, [])]

    # Private: the end of a turn.

    @property
    def _accepted(self) -> int:
        """The batch with which everything accepted until now is committed."""
        return self._number + bool(self._intake.taken)

    def _end_turn(self) -> list[Effect]:
        taken, self._intake.taken = self._intake.taken, []
        if not taken:
            return []
        self._number += 1
        update = joined(taken)
        self._content.add(Turn(self._number, update))
        told = Broadcast(self._audience.of_updates(), Update(update), author_of(taken))
        return [Append(self._number, writer_rows(taken, update)), told]

    def _pay(self, peer: Peer) -> list[Effect]:
        if peer.stalled:
            return []
        return [Send(peer.number, message) for message in peer.due(self._committed)]

    # Private: presence and barriers.

    def _hear(self, peer: Peer, update: bytes, now: float) -> list[Effect]:
        if update == peer.last_awareness:
            self._awareness.ignored["repeated"] += 1
            return []
        peer.last_awareness = update if len(update) <= REMEMBERED_BYTES else b""
        try:
            entries = decode_awareness(update)
        except MalformedFrame as error:
            return [Refuse(peer.number, error)]
        identity = peer.member.identity
        for entry in self._awareness.hear(peer.number, identity, entries, self._intake.owner_of, now):
            self._moved[entry.client_id] = (entry, peer.number)
        return []

    def _presence_for(self, number: int) -> Send:
        return Send(number, AwarenessUpdate(encode_awareness(self._awareness.everyone())))

    def _relay_awareness(self) -> Broadcast:
        moved, self._moved = self._moved, {}
        origins = {origin for _, origin in moved.values()}
        author = origins.pop() if len(origins) == 1 else NOBODY
        said = AwarenessUpdate(encode_awareness([entry for entry, _ in moved.values()]))
        return Broadcast(self._audience.of_presence(), said, author)

    def _barrier(self, peer: Peer, payload: str) -> list[Effect]:
        """`{"barrier": n}` comes back when everything that this peer said before it is committed (decision 7)."""
        if not is_barrier(payload):
            return []
        peer.owed.append(Owed(Stateless(payload), self._accepted))
        self._debtors.add(peer.number)
        first_time, peer.uses_barriers = not peer.uses_barriers, True
        if not first_time:
            return []
        notices = [health(self._trouble)] if self._trouble else []
        notices += [Stateless(self._content_notice)] if self._content_notice else []
        return [Send(peer.number, notice) for notice in notices]


def _dropped(offer: Offer, *, applied: bool) -> list[Effect]:
    offer.owed.message, offer.owed.after = SyncStatus(applied), 0
    return []
