"""A room at work: seats around it, its effects performed, its turns ended, its log written."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crdt.awareness import Identity, Seen
from crdt.errors import CrdtError, RefusedUpdate
from crdt.messages import AwarenessUpdate, Message, SyncStep1, SyncStep2
from crdt.reading import Hidden
from crdt.room import (
    Append,
    Broadcast,
    Effect,
    Elsewhere,
    GoOn,
    Learnt,
    Manners,
    Member,
    Refuse,
    Resynchronise,
    Right,
    Room,
    Send,
    Show,
    TurnLost,
)
from persistence.log import Batch, Committed, LoggedAnswer, Replaced, Row
from server.clock import Clock
from server.errors import AppError, Deleted, OutOfStep, Restored
from server.realtime.compaction import Compaction
from server.realtime.errands import work_out
from server.realtime.fan_out import FanOut
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.materialiser import Materialiser, MaterialiserFailed
from server.realtime.pacing import Pacing
from server.realtime.refusals import as_told
from server.realtime.replication.follower import Follower
from server.realtime.replication.positions import Positions
from server.realtime.seat import Seat
from server.realtime.shared_frames import SharedFrames
from server.realtime.writer import LogWriter, Outcome

__all__ = ["GRACE_SECONDS", "QUIET_SECONDS", "RoomHost"]

log = logging.getLogger(__name__)

QUIET_SECONDS = 2.0
WAITING_BYTES = 1 << 20
WAITING_PAUSE = 0.1
"""While this much of what a peer says waits for an earlier update of its, it is read slowly."""
PACED_BYTES = 128 << 10
"""First syncs of larger documents go out a few at a time: each is a millisecond of copying and more."""
GRACE_SECONDS = 3.0
"""How long presence outlives a socket that broke: most clients that lose one are back sooner."""


class RoomHost:
    """Runs one room on the loop. `node` is unique to this opening, so that a retried batch is never written twice."""

    def __init__(
        self,
        document: str,
        room: Room,
        node: str,
        positions: Positions,
        compaction: Compaction,
        *,
        incarnation: str,
        writer: LogWriter,
        materialiser: Materialiser,
        clock: Clock,
        figures: Figures,
    ) -> None:
        self.document = document
        self.incarnation = incarnation
        self.room = room
        self.seats: dict[int, Seat] = {}
        self._fan_out = FanOut(self.seats, figures)
        self.idle_since = clock.monotonic()
        self.hidden = Hidden()
        self.is_over = False
        """The document was deleted or replaced under unlogged edits, or a turn was lost: the log does not hold them."""
        self._node = node
        self.positions = positions
        self.compaction = compaction
        self.follower: Follower | None = None
        self._writer = writer
        self._materialiser = materialiser
        self._clock = clock
        self._figures = figures
        self._loop = asyncio.get_running_loop()
        self._flush_is_due = False
        self._fading: dict[int, asyncio.TimerHandle] = {}
        self._committed_at = clock.monotonic()
        self.wrote_at: dict[str, float] = {}
        """When each user's last edit here was taken (monotonic seconds)."""
        self._appended = 0
        self._all_logged = asyncio.Event()
        self._all_logged.set()
        self._pacing = Pacing(self._loop)
        self._shared = SharedFrames()
        self._answers: dict[int, LoggedAnswer] = {}
        self._errands: set[asyncio.Task[None]] = set()

    # What it is like.

    @property
    def position(self) -> int:
        """The room holds the document's log up to here."""
        return self.positions.held

    @property
    def is_idle(self) -> bool:
        """Nobody is here or may be back in a moment, and nothing waits for the store: it can be closed."""
        busy = self.seats or self._fading or self.room.is_dirty or self.compaction.task or self._flush_is_due
        return not busy

    # People.

    def sit(self, seat: Seat, manners: Manners) -> None:
        guest = seat.admission.guest
        self.seats[seat.peer] = seat
        identity = Identity(guest.user_id, guest.name, guest.stamped)
        self._perform(self.room.join(seat.peer, Member(identity, seat.admission.right, manners)))
        if seat.transport.stalled:
            self._stalled(seat)  # other documents of its socket have filled it: the first sync waits

    def hear(self, seat: Seat, message: Message) -> float:
        """Take what a peer says; its consequences leave at the end of the loop's turn.

        The answer is how many seconds not to read on: what it says waits for what it said before.
        """
        if seat.peer in self.seats:
            if isinstance(message, SyncStep1) and self._is_paced(seat):
                self._pacing.ask(seat.peer, lambda: self._answer(seat, message))
                return 0.0
            self._receive(seat.peer, message)
            if self._errands and self.room.waiting_bytes(seat.peer) > WAITING_BYTES:
                return WAITING_PAUSE
        return 0.0

    def edit(self, seat: Seat, update: bytes, only_at: int | None, answer: LoggedAnswer | None) -> None:
        """An edit of the server's own, logged with this answer; `only_at`: for this turn only, else not applied."""
        self.flush()
        if seat.peer in self.seats:
            if answer is not None:
                self._answers[seat.peer] = answer
            self._perform(self.room.edit(seat.peer, update, only_at))
            self.flush()

    def leave(self, seat: Seat, *, clean: bool) -> None:
        """The peer goes. Presence goes with it at once after a clean leave, else after a grace."""
        if self.seats.pop(seat.peer, None) is None:
            return
        self.idle_since = self._clock.monotonic()
        self.room.leave(seat.peer)
        self._pacing.forget(seat.peer)
        self._fan_out.forget()
        if clean:
            self._fade(seat.peer)
        else:
            self._fading[seat.peer] = self._loop.call_later(GRACE_SECONDS, self._fade, seat.peer)

    def end(self, seat: Seat, error: AppError) -> None:
        """Take a seat away, and let its connection tell why."""
        if seat.peer in self.seats:
            self.leave(seat, clean=True)
            seat.ended(seat, error)

    def end_all(self, error: AppError) -> None:
        for seat in tuple(self.seats.values()):
            self.end(seat, error)

    def change_right(self, seat: Seat, right: Right) -> None:
        if seat.peer not in self.seats or seat.admission.right == right:
            return
        self._answers.pop(seat.peer, None)  # what the room has not taken of its edits is not taken any more
        seat.admission = replace(seat.admission, right=right)
        seat.right_changed(seat)
        self._perform(self.room.change_right(seat.peer, right))

    def drained(self, seat: Seat) -> None:
        if seat.peer in self.seats:
            self._pacing.release(seat.peer)
            self._perform(self.room.drained(seat.peer))

    def store_is(self, trouble: str | None) -> None:
        self._perform(self.room.store_is(trouble))

    def content_is(self, notice: str | None, hidden: Hidden) -> None:
        """Workers are shown the document without what is hidden; our app is told why."""
        self.hidden = hidden
        self._perform(self.room.content_is(notice))

    def expire(self) -> None:
        self._shared.expire()
        self.room.expire(self._clock.monotonic())
        self._flush_soon()

    def rest(self) -> None:
        """Fold a long tail while nobody types: who opens the document next would have to merge it."""
        quiet = self._clock.monotonic() - self._committed_at >= QUIET_SECONDS
        if quiet and not self.room.is_dirty and not self.is_over:
            self.compaction.while_quiet(self.position)

    def learn(self, rows: Sequence[Learnt], owners: Mapping[int, str]) -> None:
        """The next rows of the log, which another node has written."""
        if self.is_over:
            return
        self.compaction.learnt()
        try:
            self._perform(self.room.learn(rows, owners))
        except TurnLost as error:
            self.discard(error)
        else:
            self._flush_soon()

    def follow(self, follower: Follower) -> None:
        """There may be other nodes: this keeps the room in step with them."""
        self.follower, self.room.shows_afar = follower, follower.shows

    def hear_afar(self, node: str, seen: Sequence[Seen], *, whole: bool) -> None:
        """Who is present at another node."""
        self.room.hear_afar(node, seen, whole=whole, now=self._clock.monotonic())
        self._flush_soon()

    def flush(self) -> None:
        """End the turn now."""
        self._flush_is_due = False
        if self.is_over:
            return
        try:
            effects = self.room.flush()
        except TurnLost as error:
            self.discard(error)
        else:
            self._perform(effects)

    def discard(self, error: Exception) -> None:
        """The room does not hold what the log does, or will: it is opened anew, and its peers bring what is missing."""
        log.error("a room is opened anew", extra={"document": self.document, "reason": str(error)}, exc_info=error)
        self.is_over = True
        self.end_all(OutOfStep())

    @property
    def has_logged_all(self) -> bool:
        return self._all_logged.is_set()

    async def all_logged(self) -> None:
        """Wait until everything that this room has appended is committed, or known to be gone."""
        await self._all_logged.wait()

    def close(self) -> None:
        self._figures.presence_ignored.update(self.room.presence_ignored)
        for timer in self._fading.values():
            timer.cancel()
        self.compaction.close()
        if self.follower is not None:
            self.follower.close()
        for errand in self._errands:
            errand.cancel()
        self._pacing.close()

    # Private: what is heard.

    def _receive(self, peer: int, message: Message) -> None:
        now = self._clock.monotonic() if isinstance(message, AwarenessUpdate) else 0.0  # only presence has a time
        if effects := self.room.receive(peer, message, now):
            self._perform(effects)
        if self.follower is not None and self.room.is_waiting:
            self.follower.miss()
        self._flush_soon()

    def _answer(self, seat: Seat, question: SyncStep1) -> None:
        self._receive(seat.peer, question)
        self._pacing.asked(seat.peer, is_put_off=self.room.is_inspecting(seat.peer))

    def _is_paced(self, seat: Seat) -> bool:
        return not seat.transport.stalled and self.room.content.size > PACED_BYTES

    # Private: effects.

    def _flush_soon(self) -> None:
        if not self._flush_is_due:
            self._flush_is_due = True
            self._loop.call_soon(self.flush)

    def _fade(self, peer: int) -> None:
        self._fading.pop(peer, None)
        self._perform(self.room.fade(peer, self._clock.monotonic()))
        self._flush_soon()

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Append():
                    self._append(effect)
                case Broadcast(peers, message, author):
                    for seat in self._fan_out.tell(peers, message, author):
                        self._stalled(seat)
                case Send(peer, message):
                    self._send(peer, message)
                case Show(seen):
                    if self.follower is not None:
                        self.follower.show(seen)
                case Elsewhere():
                    errand = asyncio.create_task(self._work_out(effect), name=f"errand for {self.document}")
                    self._errands.add(errand)
                    errand.add_done_callback(self._errands.discard)
                case GoOn(peer):
                    self._perform(self.room.go_on(peer))
                case Refuse(peer, error):
                    self._refuse(peer, error)
                case Resynchronise(peer):
                    self._end_peer(peer, OutOfStep())

    def _send(self, peer: int, message: Message) -> None:
        if (seat := self.seats.get(peer)) is not None:
            if (frame := self._shared.encode(seat.voice, message)) is not None:
                self._write(seat, frame)
            if isinstance(message, SyncStep2):
                self._pacing.written(peer, stalled=seat.transport.stalled)

    def _write(self, seat: Seat, frame: Frame) -> None:
        self._figures.frames_out += 1
        self._figures.bytes_out += len(frame.payload)
        seat.transport.write(frame)
        if seat.transport.stalled:
            self._stalled(seat)

    def _stalled(self, seat: Seat) -> None:
        if seat.peer in self.seats and self.room.stalled(seat.peer):
            self._figures.stalls += 1
            self._pacing.written(seat.peer, stalled=True)  # an answer that is worked out for it will have to wait

    def _refuse(self, peer: int, error: CrdtError) -> None:
        reason = error.reason if isinstance(error, RefusedUpdate) else "malformed"
        seat = self.seats.get(peer)
        who = seat.admission.guest.user_id if seat is not None else "gone"
        self._figures.refusals.note("update", reason, who, document=self.document, peer=peer, detail=str(error))
        self._end_peer(peer, as_told(error))

    def _end_peer(self, peer: int, error: AppError) -> None:
        self._answers.pop(peer, None)
        if (seat := self.seats.get(peer)) is not None:
            self.end(seat, error)

    # Private: what is too much for the loop.

    async def _work_out(self, errand: Elsewhere) -> None:
        answer: Any
        try:
            answer = await work_out(self._materialiser, self.document, errand)
        except CrdtError as error:
            if error.__cause__ is not None:
                log.warning("errand failed", extra={"document": self.document, "reason": str(error.__cause__)})
            answer = error
        except MaterialiserFailed:
            return  # the workers are closed; so is this room, in a moment
        try:
            self._perform(self.room.answered(errand.token, answer))
        except TurnLost as error:
            self.discard(error)
        else:
            self._flush_soon()

    # Private: the log.

    def _append(self, effect: Append) -> None:
        if self.is_over:
            return
        self._figures.turns += 1
        self._appended = effect.number
        self._all_logged.clear()
        rows = tuple(Row(row.writer, row.update, row.client_ids) for row in effect.rows)
        now = self._clock.monotonic()
        self.wrote_at.update((row.writer, now) for row in rows if row.writer is not None)
        answer = self._answers.pop(effect.author, None) if self._answers else None
        batch = Batch(self.document, self._node, effect.number, rows, answer, self.incarnation)
        self._writer.append(batch, lambda outcome: self._committed(effect, outcome))

    def _committed(self, effect: Append, outcome: Outcome) -> None:
        if effect.number == self._appended:
            self._all_logged.set()
        if not isinstance(outcome, Committed):
            self.is_over = True
            self.end_all(Restored() if isinstance(outcome, Replaced) else Deleted())
            self.room.committed(effect.number)
            return
        self._committed_at = self._clock.monotonic()
        self.positions.own(outcome.first, outcome.last)
        if self.follower is not None:
            self.follower.committed(outcome.first, effect.rows)
        self._perform(self.room.committed(effect.number))
        self.compaction.committed(effect.number, self.position)
        self.compaction.after_commit(self.position)
