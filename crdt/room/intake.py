"""What becomes of an update that somebody offers: taken, known already, held for a while, or refused."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from crdt.awareness import Awareness
from crdt.errors import CrdtError, RefusedUpdate
from crdt.guard import Checked, Limits, check, next_typed
from crdt.messages import SyncStatus
from crdt.room.content import Content
from crdt.room.elsewhere import Examined, agrees, prepared
from crdt.room.peer import Owed, Peer
from crdt.updates import take
from crdt.updates.keystrokes import Typed
from crdt.updates.structs import Parsed

__all__ = [
    "BIG",
    "HELD_BYTES",
    "HELD_UPDATES",
    "REUSED",
    "Accepted",
    "Intake",
    "Offer",
    "Settled",
    "Verdict",
    "adds_structs",
]

BIG = 32 << 10
"""Bytes of an update, or of a document that is asked about, above which it is looked at elsewhere: some 3,000 structs,
10 ms."""
REUSED = "this client id has other content here; use a new one"

HELD_UPDATES = 256
HELD_BYTES = 4 << 20
"""What a room holds back at most; beyond, the oldest goes and its peer must synchronise anew (R6)."""


class Verdict(Enum):
    """What an offer came to."""

    TAKEN = auto()
    KNOWN = auto()
    HELD = auto()
    ELSEWHERE = auto()
    """It is too much to look at here: `decide` on it once it has been examined."""


@dataclass(slots=True)
class Offer:
    """An update as a peer gave it; `owed` is the acknowledgement that waits for it."""

    peer: Peer
    update: bytes
    is_sync: bool
    owed: Owed
    only_at: int | None = None
    """It is to be taken only while this is the last turn, and nothing is accepted after it (R21)."""


@dataclass(slots=True)
class Accepted:
    """What a turn has to log and to relay; `read`: what these bytes were read as, where that is known."""

    peer: int
    user: str
    update: bytes
    client_ids: tuple[int, ...]
    read: Parsed | Typed | None


@dataclass(frozen=True, slots=True)
class Settled:
    """A held offer that is held no longer: with a verdict, with an error, or (neither) pushed out."""

    offer: Offer
    verdict: Verdict | None = None
    error: CrdtError | None = None
    whoever_owns: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    offer: Offer
    waits_for: Mapping[int, int]
    """client -> a clock that must be known first; empty: it waits for the owner of a client id."""


class Intake:
    """Guards one document: decides each offer against what is known, and gathers what a turn has taken (R4 to R6)."""

    def __init__(self, content: Content, awareness: Awareness, owners: Mapping[int, str], limits: Limits) -> None:
        self.owners = dict(owners)
        self.taken: list[Accepted] = []
        self._content = content
        self._awareness = awareness
        self._limits = limits
        self._live: dict[int, str] = {}
        self._held: deque[_Held] = deque()
        self._held_bytes = 0

    # Who is here; the holder of a client id is live while its peer is.

    def seat(self, peer: int, user: str) -> None:
        self._live[peer] = user

    def unseat(self, peer: int) -> None:
        self._live.pop(peer, None)

    def owner_of(self, client_id: int) -> str | None:
        return self.owners.get(client_id)

    @property
    def is_waiting(self) -> bool:
        """Is something held for clocks that are not known?"""
        return bool(self._held) and any(held.waits_for for held in self._held)

    # Offers.

    def would_add_structs(self, update: bytes) -> bool:
        """Would this update, which is not BIG, bring structs that are not known? Raises as `offer` does, and takes
        nothing."""
        return adds_structs(check(update, self._content.state, self._content.deleted, self._limits))

    def type(self, peer: Peer, update: bytes) -> bool:
        """Take what somebody typed, when `offer` would take it and nothing more were to be done. False: offer it.

        Nearly every update goes this way: 6 µs with the guard instead of 12.
        """
        content = self._content
        if self._held or (typed := next_typed(update, content.state)) is None:
            return False  # what is held may wait for these clocks
        client = typed.client
        holder = self._awareness.holder_of(client)
        if holder is not None and holder != peer.number and self._live.get(holder, peer.user) != peer.user:
            return False
        if content.size + len(update) > self._limits.document_bytes or len(update) > self._limits.max_bytes:
            return False
        content.state[client] = typed.end
        learned: tuple[int, ...] = ()
        if client not in self.owners and holder == peer.number:
            self.owners[client] = peer.user
            learned = (client,)
        self.taken.append(Accepted(peer.number, peer.user, update, learned, typed))
        return True

    def offer(self, offer: Offer, *, whoever_owns: bool = False) -> Verdict:
        """Decide one update; `whoever_owns`: even if a live peer holds its client id.

        Raises MalformedUpdate, or RefusedUpdate: the client id was used before for something else, or the document
        is over its quota.
        """
        if len(offer.update) > BIG:
            return Verdict.ELSEWHERE
        content = self._content
        checked = check(offer.update, content.state, content.deleted, self._limits)
        if checked.overlap:
            if content.size > BIG:
                return Verdict.ELSEWHERE
            if not agrees(self.document(), offer.update, checked.overlap, content.state):
                raise RefusedUpdate("client_id_reused", REUSED)
        if checked.missing:
            if checked.contiguous is not None:
                # The part is acknowledged with the whole, so nothing is owed for it alone.
                part = take(offer.update, checked.contiguous)
                self.offer(replace(offer, update=part, owed=Owed(offer.owed.message, None)))
            return self._hold(offer, checked.missing)
        if not whoever_owns and self._belongs_to_another(offer.peer, checked.fresh):
            return self._hold(offer, {})
        if not checked.fresh and not checked.deletes:
            return Verdict.KNOWN
        self._accept(offer, checked, None)
        return Verdict.TAKEN

    def decide(self, offer: Offer, examined: Examined, *, whoever_owns: bool = False) -> Verdict:
        """Decide an update that was examined elsewhere, against the state of now, and whose repetitions agree.

        Raises RefusedUpdate when the document is over its quota.
        """
        checked = examined.checked
        if checked.missing:
            if examined.part is not None:
                update, part = examined.part
                self.decide(replace(offer, update=update, owed=Owed(offer.owed.message, None)), part)
            return self._hold(offer, checked.missing)
        if not whoever_owns and self._belongs_to_another(offer.peer, checked.fresh):
            return self._hold(offer, {})
        if not checked.fresh and not checked.deletes:
            return Verdict.KNOWN
        self._accept(offer, checked, examined.ready or offer.update)
        return Verdict.TAKEN

    def document(self) -> list[bytes]:
        """Everything that was accepted, as updates in the order of their coming."""
        return [*self._content.pieces(), *(each.update for each in self.taken)]

    def settle(self) -> Iterator[Settled]:
        """Try again what waited for clocks that are known now. Call it after something was taken."""
        return self._retry(lambda held: bool(held.waits_for) and self._passed(held.waits_for))

    def settle_owners(self) -> Iterator[Settled]:
        """Try again what waited for the owner of a client id, who has gone or has synchronised since."""
        yield from self._retry(lambda held: not held.waits_for, whoever_owns=True)
        yield from self.settle()

    def forget(self, peer: Peer) -> None:
        """The peer may no longer write: drop what is held of it, and owe it nothing but that word."""
        for held in self._held:
            if held.offer.peer is peer:
                held.offer.owed.message, held.offer.owed.after = SyncStatus(applied=False), 0
        self._held = deque(held for held in self._held if held.offer.peer is not peer)
        self._held_bytes = sum(len(held.offer.update) for held in self._held)

    def pushed_out(self) -> Iterator[Settled]:
        """What no longer fits among the held; its peers must synchronise anew."""
        while len(self._held) > HELD_UPDATES or self._held_bytes > HELD_BYTES:
            held = self._held.popleft()
            self._held_bytes -= len(held.offer.update)
            yield Settled(held.offer)

    # How it is decided.

    def _belongs_to_another(self, peer: Peer, fresh: Mapping[int, tuple[int, int]]) -> bool:
        for client in fresh:
            holder = self._awareness.holder_of(client)
            if holder is not None and self._live.get(holder, peer.user) != peer.user:
                return True
        return False

    def _passed(self, clocks: Mapping[int, int]) -> bool:
        state = self._content.state
        return all(state.get(client, 0) > clock for client, clock in clocks.items())

    def _retry(self, ripe: Callable[[_Held], bool], *, whoever_owns: bool = False) -> Iterator[Settled]:
        """Offer again whatever is ripe, until nothing more is: what is taken may make more of it so."""
        while (held := next((each for each in self._held if ripe(each)), None)) is not None:
            self._held.remove(held)
            self._held_bytes -= len(held.offer.update)
            try:
                verdict = self.offer(held.offer, whoever_owns=whoever_owns)
            except CrdtError as error:
                yield Settled(held.offer, error=error)
                continue
            if verdict is not Verdict.HELD:
                yield Settled(held.offer, verdict, whoever_owns=whoever_owns)

    def _hold(self, offer: Offer, waits_for: Mapping[int, int]) -> Verdict:
        self._held.append(_Held(offer, waits_for))
        self._held_bytes += len(offer.update)
        return Verdict.HELD

    def _accept(self, offer: Offer, checked: Checked, ready: bytes | None) -> None:
        """`ready` is what is to be logged of it, when that is known already."""
        content, update = self._content, offer.update
        if checked.fresh and content.size + len(update) > self._limits.document_bytes:
            raise RefusedUpdate("quota", f"the document would exceed {self._limits.document_bytes} bytes")
        if ready is not None:
            update = ready
        elif checked.overlap or offer.is_sync:
            update = prepared(update, checked, is_sync=offer.is_sync)
        for client, (_, end) in checked.fresh.items():
            content.state[client] = end
        if checked.deletes:
            content.delete(checked.deletes)
        peer = offer.peer
        read = checked.read if update is offer.update else None
        self.taken.append(Accepted(peer.number, peer.user, update, self._learn(peer, checked.fresh), read))

    def _learn(self, peer: Peer, fresh: Mapping[int, tuple[int, int]]) -> tuple[int, ...]:
        mine = self._awareness.held_by(peer.number)
        if mine is None or mine not in fresh or mine in self.owners:
            return ()
        self.owners[mine] = peer.user
        return (mine,)


def adds_structs(checked: Checked) -> bool:
    """Are there structs in it that are not known?"""
    return bool(checked.fresh or checked.missing)
