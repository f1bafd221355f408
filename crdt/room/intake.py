"""What becomes of an update that somebody offers: taken, known already, held for a while, or refused."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from crdt.awareness import Awareness
from crdt.errors import CrdtError, RefusedUpdate
from crdt.guard import Checked, Limits, check
from crdt.messages import SyncStatus
from crdt.room.content import Content
from crdt.room.peer import Owed, Peer
from crdt.updates import diff, encode_state_vector, merge, same_content, take, with_deletes

__all__ = ["HELD_BYTES", "HELD_UPDATES", "Accepted", "Intake", "Offer", "Settled", "Verdict"]

HELD_UPDATES = 256
HELD_BYTES = 4 << 20
"""What a room holds back at most; beyond, the oldest goes and its peer must synchronise anew (R6)."""


class Verdict(Enum):
    """What an offer came to."""

    TAKEN = auto()
    KNOWN = auto()
    HELD = auto()


@dataclass(frozen=True, slots=True)
class Offer:
    """An update as a peer gave it; `owed` is the acknowledgement that waits for it."""

    peer: Peer
    update: bytes
    is_sync: bool
    owed: Owed


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a turn has to log and to relay."""

    peer: int
    user: str
    update: bytes
    client_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A held offer that is held no longer: with a verdict, with an error, or (neither) pushed out."""

    offer: Offer
    verdict: Verdict | None = None
    error: CrdtError | None = None


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

    # Offers.

    def would_add_structs(self, update: bytes) -> bool:
        """Would this update bring structs that are not known? Raises as `offer` does, and takes nothing."""
        checked = check(update, self._content.state, self._content.deleted, self._limits)
        return bool(checked.fresh or checked.missing)

    def offer(self, offer: Offer, *, whoever_owns: bool = False) -> Verdict:
        """Decide one update; `whoever_owns`: even if a live peer holds its client id.

        Raises MalformedUpdate, or RefusedUpdate: the client id was used before for something else, or the document
        is over its quota.
        """
        content = self._content
        checked = check(offer.update, content.state, content.deleted, self._limits)
        if checked.overlap and not self._repeats(offer.update, checked):
            raise RefusedUpdate("client_id_reused", "this client id has other content here; use a new one")
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
        self._accept(offer, checked)
        return Verdict.TAKEN

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

    def _repeats(self, update: bytes, checked: Checked) -> bool:
        whole = self._content.whole()
        if self.taken:
            whole = merge([whole, *(each.update for each in self.taken)])
        start = {client: first for client, (first, _) in checked.overlap.items()}
        known = diff(whole, encode_state_vector({**self._content.state, **start}))
        return same_content(known, update, checked.overlap)

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
                yield Settled(held.offer, verdict)

    def _hold(self, offer: Offer, waits_for: Mapping[int, int]) -> Verdict:
        self._held.append(_Held(offer, waits_for))
        self._held_bytes += len(offer.update)
        return Verdict.HELD

    def _accept(self, offer: Offer, checked: Checked) -> None:
        content, update = self._content, offer.update
        if checked.fresh and content.size + len(update) > self._limits.document_bytes:
            raise RefusedUpdate("quota", f"the document would exceed {self._limits.document_bytes} bytes")
        if checked.overlap:
            known = {client: end for client, (_, end) in checked.overlap.items()}
            update = diff(update, encode_state_vector(known))
        if checked.overlap or offer.is_sync:
            update = with_deletes(update, checked.deletes)
        for client, (_, end) in checked.fresh.items():
            content.state[client] = end
        if checked.deletes:
            content.deleted.add(checked.deletes)
        learned = self._learn(offer.peer, checked.fresh)
        self.taken.append(Accepted(offer.peer.number, offer.peer.user, update, learned))

    def _learn(self, peer: Peer, fresh: Mapping[int, tuple[int, int]]) -> tuple[int, ...]:
        mine = self._awareness.held_by(peer.number)
        if mine is None or mine not in fresh or mine in self.owners:
            return ()
        self.owners[mine] = peer.user
        return (mine,)
