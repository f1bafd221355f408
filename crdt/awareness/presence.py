"""The server-owned presence of one room: rules A1 to A12 of SPEC.md, each against an attack or a trap.

No clock and no timers: `now` is handed in, in seconds of a monotonic clock.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crdt.awareness.afar import Afar, Seen
from crdt.awareness.departed import Departed, Last
from crdt.awareness.entries import Entry, encode_entry, frame_of
from crdt.awareness.states import MAX_STATE_BYTES, Identity, same_state, stamp

__all__ = ["Awareness"]

MAX_CLOCK = 1 << 31
MAX_SENT_CLOCK = (1 << 32) - 1
"""yrs keeps awareness clocks in 32 bits."""
STRANGERS = 64
"""Ids that nobody here holds, and that one frame can try to claim: each costs the reading of its state. A stock client
says its own first, and then those that it heard of."""
CONFIRM_SECONDS = 30.0
"""Stock clients renew their state every 15 s and drop others' after 30 s."""


@dataclass(slots=True)
class _Seat:
    """One client id, the live peer that holds it, and what the others were told of it."""

    holder: int
    identity: Identity | None
    heard: int
    """The last clock as the holder said it; `shown.clock` can be higher, when the id has returned."""
    shown: Entry
    changed: float
    """When the state was last another one: clients renew the same one every 15 s."""
    encoded: bytes | None = None
    """`shown` as newcomers are told it, once it was."""
    claimant: int | None = None
    """Another peer of the same user that said nothing new under this id: its owner come back, or an echo."""
    confirm_by: float | None = None
    """Until the holder has said something new, it may be an echo: the state is dropped at this time."""

    @property
    def user(self) -> str | None:
        return self.identity.user_id if self.identity else None


class _Said(NamedTuple):
    """One entry, who said it and when."""

    peer: int
    identity: Identity | None
    entry: Entry
    now: float

    @property
    def user(self) -> str | None:
        return self.identity.user_id if self.identity else None


class Awareness:
    """Who is present. A peer holds at most one client id; its memory is one state of at most `max_state_bytes`."""

    def __init__(self, max_state_bytes: int = MAX_STATE_BYTES) -> None:
        self._max_state_bytes = max_state_bytes
        self._seats: dict[int, _Seat] = {}
        self._held: dict[int, int] = {}
        self._claimed: dict[int, int] = {}
        self._departed = Departed()
        self._afar = Afar()
        self._unconfirmed: set[int] = set()
        self.ignored: Counter[str] = Counter()
        """Entries that were passed over, by reason; a client that echoes what it hears has many `second_id`."""

    # What peers say and do.

    def hear(
        self,
        peer: int,
        identity: Identity | None,
        entries: Sequence[Entry],
        owner_of: Callable[[int], str | None],
        now: float,
    ) -> list[Entry]:
        """The accepted changes, as they are to be told to the others. Everything else is passed over in silence.

        `owner_of` gives the user who wrote first under a client id, or None when nobody is recorded.
        """
        changes = []
        strangers = 0
        if len(entries) > 1:
            entries = tuple({entry.client_id: entry for entry in entries}.values())  # a frame says one thing of each id
        for entry in entries:
            if peer not in self._held and entry.client_id not in self._seats:
                strangers += 1
                if strangers > STRANGERS:
                    self.ignored["too_many"] += 1
                    continue
            change = self._hear_entry(_Said(peer, identity, entry, now), owner_of)
            if change is not None:
                changes.append(change)
        return changes

    def leave(self, peer: int, now: float) -> list[Entry]:
        """The removals to tell the others: none when the peer held nothing, or its owner is back already."""
        self._withdraw(peer)
        client_id = self._held.pop(peer, None)
        if client_id is None:
            return []
        seat = self._seats[client_id]
        if seat.claimant is not None:
            self._hand_over(client_id, seat.claimant, now)
            return []
        return self._clear(client_id)

    def expire(self, now: float) -> list[Entry]:
        """The removals of states that came back by an echo only. To be called every few seconds."""
        removals = []
        for client_id in tuple(self._unconfirmed):
            confirm_by = self._seats[client_id].confirm_by
            if confirm_by is None:
                self._unconfirmed.discard(client_id)
                continue
            if confirm_by > now:
                continue
            del self._held[self._seats[client_id].holder]
            removals += self._clear(client_id)
        return removals

    # What other nodes say of their peers.

    def hear_afar(self, node: str, seen: Sequence[Seen], *, whole: bool, now: float) -> list[Entry]:
        """The changes to tell the peers here; `whole`: the node shows nobody else."""
        changes = self._afar.only(node, {each.entry.client_id for each in seen}) if whole else []
        for each in seen:
            change = self._afar.hear(node, each, self._last(each.entry.client_id), now)
            if change is not None:
                changes.append(change)
        return self._told(changes)

    def expire_afar(self, now: float) -> list[Entry]:
        """The removals of those that their node has not renewed."""
        return self._told(self._afar.expire(now)) if self._afar else []

    def seen_here(self, client_ids: Sequence[int] | None = None) -> list[Seen]:
        """What other nodes are to be told: of these ids, or of everybody here who shows a state."""
        if client_ids is None:
            return [Seen(seat.shown, seat.user) for seat in self._seats.values() if seat.shown.state is not None]
        seen = []
        for client_id in client_ids:
            if (seat := self._seats.get(client_id)) is not None:
                seen.append(Seen(seat.shown, seat.user))
            elif (last := self._departed.last(client_id)) is not None:
                seen.append(Seen(Entry(client_id, last.clock, None), last.user))
        return seen

    # What is known.

    @property
    def anyone(self) -> bool:
        """Does anybody show a state?"""
        return bool(self._afar) or any(seat.shown.state is not None for seat in self._seats.values())

    def everyone(self) -> list[Entry]:
        """Everybody's state, for a newcomer."""
        return [*(seat.shown for seat in self._seats.values() if seat.shown.state is not None), *self._afar]

    def holder_of(self, client_id: int) -> int | None:
        """The live peer that holds this client id."""
        seat = self._seats.get(client_id)
        return None if seat is None else seat.holder

    def held_by(self, peer: int) -> int | None:
        """The client id that this peer holds."""
        return self._held.get(peer)

    def changed_at(self, peer: int) -> float | None:
        """When this peer's state last became another one; None for who shows none."""
        client_id = self._held.get(peer)
        return None if client_id is None else self._seats[client_id].changed

    def everyone_encoded(self) -> bytes:
        """The awareness update that says `everyone`; each state is encoded once."""
        parts = []
        for seat in self._seats.values():
            if seat.shown.state is not None:
                if seat.encoded is None:
                    seat.encoded = encode_entry(seat.shown)
                parts.append(seat.encoded)
        parts += map(encode_entry, self._afar)
        return frame_of(parts)

    # Private.

    def _told(self, changes: Sequence[Seen]) -> list[Entry]:
        """Who has come here from that node is not gone; of whom is gone, the last clock is remembered."""
        told = []
        for entry, user in changes:
            if entry.state is None:
                if entry.client_id in self._seats:
                    continue
                self._departed.remember(entry.client_id, Last(user, entry.clock))
            told.append(entry)
        return told

    # Private: one entry.

    def _hear_entry(self, said: _Said, owner_of: Callable[[int], str | None]) -> Entry | None:
        if said.entry.clock > MAX_CLOCK:
            self.ignored["clock"] += 1
            return None
        held = self._held.get(said.peer)
        if held == said.entry.client_id:
            return self._renew(self._seats[held], said)
        if held is not None:
            self.ignored["second_id"] += 1
            return None
        if owner_of(said.entry.client_id) not in (None, said.user) or not self._is_free_for(said):
            self.ignored["anothers_id"] += 1
            return None
        return self._claim(said)

    def _renew(self, seat: _Seat, said: _Said) -> Entry | None:
        entry = said.entry
        if entry.clock < seat.heard or (entry.clock == seat.heard and entry.state is not None):
            return None
        if entry.clock == seat.shown.clock and same_state(entry.state, seat.shown.state):
            seat.heard = entry.clock  # our own words came back; to number them anew would go on for ever
            return None
        if entry.state is None:
            return self._show(seat, said, None, max(entry.clock, seat.shown.clock))
        state = stamp(entry.state, said.identity, self._max_state_bytes)
        return None if state is None else self._show(seat, said, state, max(entry.clock, seat.shown.clock + 1))

    def _show(self, seat: _Seat, said: _Said, state: str | None, clock: int) -> Entry | None:
        if clock > MAX_SENT_CLOCK:
            return None
        if seat.claimant is not None:
            self._withdraw(seat.claimant)  # the holder lives, so that was an echo
        news = state is not None or seat.shown.state is not None
        seat.identity, seat.heard, seat.confirm_by = said.identity, said.entry.clock, None
        if state != seat.shown.state:
            seat.changed = said.now
        seat.shown, seat.encoded = Entry(said.entry.client_id, clock, state), None
        return seat.shown if news else None

    # Private: who holds an id.

    def _claim(self, said: _Said) -> Entry | None:
        entry = said.entry
        if entry.state is None:
            return None
        state = stamp(entry.state, said.identity, self._max_state_bytes)
        if state is None:
            return None
        seat, last = self._seats.get(entry.client_id), self._last(entry.client_id)
        if seat is not None and entry.clock <= seat.shown.clock:
            self._note_claim(seat, said.peer)
            return None
        clock = max(entry.clock, last + 1)
        if clock > MAX_SENT_CLOCK:
            return None
        confirm_by = said.now + CONFIRM_SECONDS if 0 < entry.clock <= last else None
        shown = Entry(entry.client_id, clock, state)
        self._seat(_Seat(said.peer, said.identity, entry.clock, shown, said.now, confirm_by=confirm_by))
        return shown

    def _is_free_for(self, said: _Said) -> bool:
        seat = self._seats.get(said.entry.client_id)
        if seat is not None:
            return said.user is not None and seat.user == said.user
        if self._afar and (far := self._afar.find(said.entry.client_id)) is not None:
            return said.user is not None and far.user == said.user
        last = self._departed.last(said.entry.client_id)
        return last is None or last.user == said.user

    def _last(self, client_id: int) -> int:
        """The last clock that the others heard of this id; stock clients start at 0, and so never see a clock of 0."""
        seat, far = self._seats.get(client_id), self._afar.find(client_id)
        clock = 0 if far is None else far.entry.clock
        if seat is not None:
            return max(clock, seat.shown.clock)
        last = self._departed.last(client_id)
        return clock if last is None else max(clock, last.clock)

    def _seat(self, new: _Seat) -> None:
        client_id = new.shown.client_id
        old = self._seats.get(client_id)
        if old is not None:
            self._held.pop(old.holder, None)
            if old.claimant is not None:
                self._withdraw(old.claimant)
        self._withdraw(new.holder)
        self._departed.forget(client_id)
        self._afar.forget(client_id)
        self._seats[client_id] = new
        if new.confirm_by is not None:
            self._unconfirmed.add(client_id)
        self._held[new.holder] = client_id

    def _note_claim(self, seat: _Seat, peer: int) -> None:
        if seat.claimant is not None:
            self._withdraw(seat.claimant)
        self._withdraw(peer)
        seat.claimant = peer
        self._claimed[peer] = seat.shown.client_id

    def _withdraw(self, peer: int) -> None:
        client_id = self._claimed.pop(peer, None)
        if client_id is not None:
            self._seats[client_id].claimant = None

    def _hand_over(self, client_id: int, peer: int, now: float) -> None:
        seat = self._seats[client_id]
        self._withdraw(peer)
        seat.holder, seat.confirm_by = peer, now + CONFIRM_SECONDS
        self._unconfirmed.add(client_id)
        self._held[peer] = client_id

    def _clear(self, client_id: int) -> list[Entry]:
        seat = self._seats.pop(client_id)
        self._unconfirmed.discard(client_id)
        if seat.claimant is not None:
            self._claimed.pop(seat.claimant, None)
        self._departed.remember(client_id, Last(seat.user, seat.shown.clock))
        if seat.shown.state is None or self._afar.find(client_id) is not None:
            return []  # it is at another node by now
        return [Entry(client_id, seat.shown.clock, None)]
