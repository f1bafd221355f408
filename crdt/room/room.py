"""The room: peers come, say things and go; it answers with effects. SPEC.md, section R, has its rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from crdt.awareness import Awareness, Entry, Seen, Told, decode_awareness, encode_awareness
from crdt.errors import MalformedFrame
from crdt.guard import Limits
from crdt.messages import (
    AwarenessUpdate,
    Message,
    QueryAwareness,
    Stateless,
    SyncStep1,
    SyncStep2,
    Update,
)
from crdt.room.audience import Audience
from crdt.room.barriers import WHOLE, health, is_barrier
from crdt.room.content import Content, Opening
from crdt.room.effects import Broadcast, Effect, Refuse, Resynchronise, Send, Show
from crdt.room.errands import Errands
from crdt.room.following import Following
from crdt.room.inspection import Inspection
from crdt.room.intake import Intake
from crdt.room.learning import Learning, Learnt
from crdt.room.peer import Member, Owed, Peer, Right
from crdt.room.taking import Taking
from crdt.room.turn import NOBODY, Turns

__all__ = ["Room"]

AFAR = NOBODY - 1
"""The origin of what another node has said: it is not told back."""
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
        self._peers: dict[int, Peer] = {}
        self._audience = Audience(self._peers)
        self._following = Following(self._content, self._intake, self._errands, self._audience)
        self._turns = Turns(self._content, self._intake, self._audience)
        self._learning = Learning(self._content, self._intake, self._turns, self._errands)
        inspection = Inspection(self._content, self._intake.document, self._errands, limits)
        self._taking = Taking(
            self._intake, inspection, self._following, self._turns, peers=self._peers, heed=self._heed
        )
        self._committed = 0
        self._moved: dict[int, tuple[Entry, int]] = {}
        self.shows_afar = False
        """Are there other nodes, that are to be told who is here?"""
        self._told = Told()
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

    def presence_changed_at(self, number: int) -> float | None:
        """When the state that this peer shows last became another one; None for who shows none."""
        return self._awareness.changed_at(number)

    @property
    def is_waiting(self) -> bool:
        """Is an update held for clocks that are not known here?"""
        return self._intake.is_waiting

    @property
    def is_dirty(self) -> bool:
        """Is anything accepted that is not committed, or being looked at?"""
        return bool(self._intake.taken) or self._turns.batch > self._committed or bool(self._errands)

    # People come and go.

    def join(self, number: int, member: Member) -> list[Effect]:
        """A peer sits down. It hears awareness from now on, and updates once it has asked for the document."""
        peer = self._peers[number] = Peer(number, member)
        self._audience.changed()
        self._intake.seat(number, peer.user)
        effects: list[Effect] = []
        if member.manners.greets:
            effects.append(self._following.ask(peer, extra=False))
        if self._awareness.anyone:
            effects.append(self._presence_for(number))
        return effects

    def leave(self, number: int) -> None:
        """The peer's seat is empty. Its presence stays until `fade`: at once after a clean leave, else in a while."""
        self._peers.pop(number, None)
        self._audience.changed()
        self._taking.debtors.discard(number)

    def fade(self, number: int, now: float) -> list[Effect]:
        """The peer will not be back: its presence goes, and what waited for it as the owner of an id is tried again."""
        self._intake.unseat(number)
        for entry in self._awareness.leave(number, now):
            self._moved[entry.client_id] = (entry, NOBODY)
        return self._taking.settled(self._intake.settle_owners())

    def expire(self, now: float) -> None:
        """Every few seconds: presence that came back by an echo only, and nobody confirmed, goes."""
        for entry in self._awareness.expire(now):
            self._moved[entry.client_id] = (entry, NOBODY)
        for entry in self._awareness.expire_afar(now):
            self._moved[entry.client_id] = (entry, AFAR)

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
        if type(message) is Update and self._taking.type(peer, message.update):
            return []
        if peer.is_inspected and not isinstance(message, AwarenessUpdate | QueryAwareness):
            return [] if peer.keep(message) else [Resynchronise(number)]
        return self._heed(peer, message, now)

    def edit(self, number: int, update: bytes, only_at: int | None) -> list[Effect]:
        """An edit of the server's own, by a peer whose last one is decided; `only_at`: the turn it is for (R21)."""
        return self._taking.edit(self._peers[number], update, only_at)

    def is_inspecting(self, number: int) -> bool:
        """Is an update of this peer looked at elsewhere, so that what it says now waits?"""
        peer = self._peers.get(number)
        return peer is not None and peer.is_inspected

    def waiting_bytes(self, number: int) -> int:
        """How much this peer has said that waits until an earlier update of its is looked at."""
        peer = self._peers.get(number)
        return peer.waiting_bytes if peer else 0

    def _heed(self, peer: Peer, message: Message, now: float = 0.0) -> list[Effect]:
        match message:
            case SyncStep1(state_vector):
                return self._following.answer(peer, state_vector)
            case SyncStep2(update):
                return self._taking.sync(peer, update)
            case Update(update):
                return self._taking.edit(peer, update)
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
        effects = self._turns.end()
        if self._moved:
            effects += self._relay_awareness()
        if self._taking.debtors:
            for number in self._taking.debtors & self._peers.keys():
                effects.extend(self._pay(self._peers[number]))
            self._taking.debtors.clear()
        return effects

    def committed(self, number: int) -> list[Effect]:
        """Batch `number` is in the log for good; whoever waited for it is told."""
        self._committed = number
        effects: list[Effect] = []
        for waiting in tuple(self._taking.creditors):
            peer = self._peers.get(waiting)
            if peer is not None:
                effects += self._pay(peer)
            if peer is None or not peer.owed:
                self._taking.creditors.discard(waiting)
        return effects

    def learn(self, rows: Sequence[Learnt], owners: Mapping[int, str]) -> list[Effect]:
        """The next rows of the log, which another node has written; `owners` are those of client ids.

        Call `flush` afterwards, as after `receive`. Raises TurnLost.
        """
        effects = self._learning.learn(rows, owners)
        return [*effects, *self._taking.settled(self._intake.settle())]

    def hear_afar(self, node: str, seen: Sequence[Seen], *, whole: bool, now: float) -> None:
        """Who is present at another node; `whole`: nobody else is. The next `flush` relays it."""
        for entry in self._awareness.hear_afar(node, seen, whole=whole, now=now):
            self._moved[entry.client_id] = (entry, AFAR)

    def seen_here(self) -> tuple[Seen, ...]:
        """Everybody who is present at this node, for the others."""
        return tuple(self._awareness.seen_here())

    @property
    def last_batch(self) -> int:
        """The number of the last Append."""
        return self._turns.batch

    @property
    def committed_batch(self) -> int:
        """The number of the last Append that is committed."""
        return self._committed

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

    # Private.

    def _pay(self, peer: Peer) -> list[Effect]:
        if peer.stalled:
            return []
        return [Send(peer.number, message) for message in peer.due(self._committed)]

    def passes_over(self, number: int, update: bytes) -> bool:
        """Does this awareness update, by its bytes, say nothing new? Then it need not be counted, nor received."""
        peer = self._peers.get(number)
        return peer is not None and self._says_nothing(peer, update)

    def _says_nothing(self, peer: Peer, update: bytes) -> bool:
        if update == peer.last_awareness:
            self._awareness.ignored["repeated"] += 1
            return True
        if update in self._told and self._awareness.held_by(peer.number) is not None:
            self._awareness.ignored["echo"] += 1
            return True
        return False

    def _hear(self, peer: Peer, update: bytes, now: float) -> list[Effect]:
        if self._says_nothing(peer, update):
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
        said = self._awareness.everyone_encoded()
        self._told.remember(said)
        return Send(number, AwarenessUpdate(said))

    def _relay_awareness(self) -> list[Effect]:
        moved, self._moved = self._moved, {}
        origins = {origin for _, origin in moved.values()}
        author = origins.pop() if len(origins) == 1 else NOBODY
        said = encode_awareness([entry for entry, _ in moved.values()])
        self._told.remember(said)
        effects: list[Effect] = [Broadcast(self._audience.of_presence(), AwarenessUpdate(said), author)]
        if self.shows_afar and (here := [id_ for id_, (_, origin) in moved.items() if origin != AFAR]):
            effects.append(Show(tuple(self._awareness.seen_here(here))))
        return effects

    def _barrier(self, peer: Peer, payload: str) -> list[Effect]:
        """`{"barrier": n}` comes back when everything that this peer said before it is committed (decision 7)."""
        if not is_barrier(payload):
            return []
        self._taking.owe(peer, Owed(Stateless(payload), self._turns.accepted))
        self._taking.debtors.add(peer.number)
        first_time, peer.uses_barriers = not peer.uses_barriers, True
        if not first_time:
            return []
        notices = [health(self._trouble)] if self._trouble else []
        notices += [Stateless(self._content_notice)] if self._content_notice else []
        return [Send(peer.number, notice) for notice in notices]
