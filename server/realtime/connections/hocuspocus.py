"""A Hocuspocus connection: many documents on one socket, each opened by its own token."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from crdt.errors import MalformedFrame
from crdt.messages import (
    Authenticated,
    AuthToken,
    AwarenessUpdate,
    Detach,
    Message,
    PermissionDenied,
    Pong,
)
from crdt.protocols import hocuspocus
from crdt.room import Right
from persistence.errors import StoreUnavailable
from server.clock import Clock
from server.errors import (
    AppError,
    Busy,
    Deleted,
    Internal,
    Invalid,
    NotFound,
    OtherIncarnation,
    RateLimited,
    Refused,
    StoreRefuses,
    TooLarge,
)
from server.realtime.connections.documents import NOBODY_MOVED, DocumentConnection, Place
from server.realtime.copies import CopyKeeper, CopyTaker, KnownIncarnations, incarnation_notice
from server.realtime.door import Admission, Door
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.host import RoomHost
from server.realtime.meter import Meter
from server.realtime.refusals import reason_of
from server.realtime.rooms import RoomKeeper
from server.realtime.seat import Seat
from server.realtime.transport import Transport
from server.realtime.voice import HOCUSPOCUS, HocuspocusVoice

__all__ = ["HocuspocusConnection"]

log = logging.getLogger(__name__)

WAITING_MESSAGES = 64
WAITING_BYTES = 256 << 10
"""What a socket may send before a document is open; a signed-in provider sends three small messages."""
WAITING_PAUSE = 0.1
LONGEST_ADDRESS = 600
"""A document's name has at most 500 characters; a v4 provider adds its session."""
DENIALS = 1_000
"""Addresses that a socket may be denied before it is closed."""
DOCUMENTS = 128
"""Documents open on one socket."""
WORDS: tuple[tuple[type[AppError], str], ...] = (
    (Deleted, "document-deleted"),
    (NotFound, "no-such-document"),
    (TooLarge, "over-quota"),
    (Refused, "refused"),
    (Invalid, "malformed"),
    (RateLimited, "too-many-documents"),
)
"""Why an address is denied; the first that fits."""


@dataclass(slots=True)
class _Waiting:
    """An address that is being opened, or that waits for its token; what it said meanwhile is kept."""

    said: list[Message] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class HocuspocusConnection(DocumentConnection):
    """Speaks Hocuspocus v2, v3 and v4. An address is a document's name as the client writes it, with its session."""

    __slots__ = (
        "_copies",
        "_denied",
        "_door",
        "_keeper",
        "_known",
        "_next_peer",
        "_places",
        "_rooms",
        "_waiting",
        "_waiting_bytes",
        "_waiting_messages",
    )

    protocol = "hocuspocus"

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        figures: Figures,
        address: str,
        meter: Meter,
        *,
        door: Door,
        rooms: RoomKeeper,
        next_peer: Callable[[], int],
        keeper: CopyKeeper,
        known: KnownIncarnations,
    ) -> None:
        super().__init__(transport, clock, figures, address, meter)
        self._keeper = keeper
        self._known = known
        self._copies: dict[str, CopyTaker] = {}
        """Addresses whose copy is of another incarnation, and is asked for."""
        self._door = door
        self._rooms = rooms
        self._next_peer = next_peer
        self._places: dict[str, Place] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._denied: set[str] = set()
        """Addresses that were denied: what is said to them goes nowhere until a new Auth (decision 15)."""
        self._waiting_messages = 0
        self._waiting_bytes = 0

        transport.limit(WAITING_BYTES)

    # For the transport.

    def _receive(self, data: bytes | str, now: float) -> float:
        self._count(data)
        if self._closed:
            return 0.0
        try:
            if isinstance(data, str):
                raise MalformedFrame("text frames are not part of this protocol")
            name, message = hocuspocus.decode(data)
        except MalformedFrame as error:
            self.close(self._refuse_frame(data, error))
            return 0.0
        if name is None or isinstance(message, Pong):
            self.unmetered += 1
            return 0.0
        return self._hear(name, message, len(data), now)

    def _hear(self, name: str, message: Message, size: int, now: float) -> float:
        place = self._places.get(name)
        if place is None or isinstance(message, AuthToken | Detach):
            self._beside_the_room(name, message, size)
            return max(self._patience(), self._meter.take(size, now))
        if not isinstance(message, AwarenessUpdate):
            return max(place.hear(message), self._meter.take(size, now))
        self._hear_presence(place, message, size, now)
        return 0.0

    def lost(self, *, clean: bool) -> None:
        for waiting in self._waiting.values():
            if waiting.task is not None:
                waiting.task.cancel()
        super().lost(clean=clean)
        self._places.clear()
        for taker in self._copies.values():
            taker.close()
        self._copies.clear()

    # For the registry.

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(self._places.values())

    @property
    def is_waiting(self) -> bool:
        return not self._places and not self._copies

    def look_after(self, now: float, at: datetime) -> None:
        super().look_after(now, at)
        for taker in tuple(self._copies.values()):
            taker.look_after(now)

    def keep_alive(self) -> None:
        for address in (*self._places, *self._copies)[:1]:
            self._say(address, NOBODY_MOVED)

    # Opening and leaving documents.

    def _beside_the_room(self, name: str, message: Message, size: int) -> None:
        if len(name) > LONGEST_ADDRESS:
            self._figures.refusals.note("frame", "long_address", self.address, characters=len(name))
            self.close(Invalid(f"An address has at most {LONGEST_ADDRESS} characters."))
            return
        match message:
            case Detach():
                self._detach(name)
            case AuthToken(token, _):
                self._denied.discard(name)
                self._open(name, token or None)
            case _ if name in self._copies:
                self._copies[name].hear(message)
            case _ if name not in self._denied:
                self._keep(name, message, size)
            case _:
                pass

    def _open(self, name: str, token: str | None) -> None:
        """Begin to open a document; for one that is open, a new token renews the right (`onTokenSync`)."""
        if name not in self._waiting and len(self._waiting) >= DOCUMENTS:
            # Each opening asks the store: a thousand at once would keep the loop from everybody.
            self._figures.refusals.note("opening", "rate_limited", self.address)
            self._say_no(name, RateLimited(f"One socket opens at most {DOCUMENTS} documents at a time."))
            return
        waiting = self._waiting.setdefault(name, _Waiting())
        if waiting.task is None:
            waiting.task = asyncio.create_task(self._admit(name, token, waiting), name="open a document")

    def _keep(self, name: str, message: Message, size: int) -> None:
        """A message before its document is open. A v2 provider without a token sends no Auth: it opens like this."""
        waiting = self._waiting.setdefault(name, _Waiting())
        waiting.said.append(message)
        self._waiting_messages += 1
        self._waiting_bytes += size
        if self._waiting_messages > WAITING_MESSAGES * (1 + len(self._places)) or self._waiting_bytes > WAITING_BYTES:
            self._figures.refusals.note("frame", "too_early", self.address)
            self.close(RateLimited("Too much was sent before a document was open."))
        elif waiting.task is None and self._door.knows_the_caller:
            self._open(name, None)

    def _patience(self) -> float:
        """While much waits for its document, what follows waits with the client."""
        much = self._waiting_messages > WAITING_MESSAGES // 2 or self._waiting_bytes > WAITING_BYTES // 4
        return WAITING_PAUSE if much and not self._closed else 0.0

    async def _admit(self, name: str, token: str | None, waiting: _Waiting) -> None:
        try:
            self._check_room_for(name)
            admission = await self._door.admit(hocuspocus.split_address(name)[0], token)
            if name in self._places:
                self._renew(name, admission)
            else:
                await self._sit(name, admission)
        except AppError as error:
            self._figures.refusals.note("opening", reason_of(error), self.address)
            self._deny(name, error)
        except StoreUnavailable as error:
            # No word of the protocol means "later": the provider comes back by itself when the socket closes.
            self.close(StoreRefuses(str(error)))
        except Exception:  # a client that is never answered waits for ever: it is told, and the fault is logged
            log.exception("opening a document failed")
            self.close(Internal())
        finally:
            if self._waiting.get(name) is waiting:  # closed and opened again meanwhile, it is another one's
                self._forget_waiting(name)

    async def _sit(self, name: str, admission: Admission) -> None:
        host = await self._rooms.enter(admission.document)
        if self._closed:
            return
        self._check_room_for(name)  # many may have come in while this one waited
        self.transport.limit(None)
        known = self._known.of(hocuspocus.split_address(name)[0])
        if known is not None:
            self._say(name, incarnation_notice(host.incarnation))
        if known and known != host.incarnation:
            self._take_copy(name, host, admission, known)
            return
        seat = Seat(
            self._next_peer(), admission, HocuspocusVoice(name), self.transport, self._ended, self._right_changed
        )
        place = self._places[name] = Place(host, seat, self._clock.monotonic())
        self._say(name, _scope(admission.right))
        host.sit(seat, HOCUSPOCUS)
        for message in self._waiting[name].said:
            place.hear(message)

    def _take_copy(self, name: str, host: RoomHost, admission: Admission, known: str) -> None:
        """It is not let in: what it has is of before a restore, and is kept apart."""

        def ended(error: AppError) -> None:
            del self._copies[name]
            self._tell_end(name, error)

        if name in self._copies:
            return  # it was asked already
        taker = self._copies[name] = CopyTaker(
            self._keeper,
            host,
            admission,
            known,
            now=self._clock.monotonic(),
            say=lambda message: self._say(name, message),
            ended=ended,
        )
        taker.begin()

    def _check_room_for(self, name: str) -> None:
        if name not in self._places and len(self._places) + len(self._copies) >= DOCUMENTS:
            raise RateLimited(f"One socket opens at most {DOCUMENTS} documents.")

    def _renew(self, name: str, admission: Admission) -> None:
        place = self._places[name]
        if admission.document != place.seat.admission.document:
            raise NotFound
        before = place.seat.admission.right
        place.seat.admission = replace(admission, right=before)
        if before == admission.right:
            self._say(name, _scope(before))
        else:
            place.host.change_right(place.seat, admission.right)

    def _detach(self, name: str) -> None:
        waiting = self._waiting.get(name)
        if waiting is not None and waiting.task is not None:
            waiting.task.cancel()
        self._forget_waiting(name)
        if (taker := self._copies.pop(name, None)) is not None:
            taker.close()
        if (place := self._places.pop(name, None)) is not None:
            place.host.leave(place.seat, clean=True)

    def _deny(self, name: str, error: AppError) -> None:
        """Say no; the socket stays, and a new Auth for the address is a fresh try."""
        if (place := self._places.pop(name, None)) is not None:
            place.host.leave(place.seat, clean=True)
        self._say_no(name, error)

    def _forget_waiting(self, name: str) -> None:
        if (waiting := self._waiting.pop(name, None)) is not None:
            self._waiting_messages -= len(waiting.said)
        if not self._waiting:
            self._waiting_messages = self._waiting_bytes = 0

    # What the room tells.

    def _ended(self, seat: Seat, error: AppError) -> None:
        """The seat is gone. A reason that ends for good is a denial; else the document is closed, and opened anew."""
        name = next((name for name, place in self._places.items() if place.seat is seat), None)
        if name is None:
            return
        del self._places[name]
        self._tell_end(name, error)

    def _tell_end(self, name: str, error: AppError) -> None:
        if isinstance(error, Busy | Internal):
            self.close(error)
        else:
            self._say_no(name, error)

    def _say_no(self, name: str, error: AppError) -> None:
        self._say(name, PermissionDenied(_reason(error)))
        self._denied.add(name)
        if len(self._denied) > DENIALS:
            self.close(RateLimited("Too many documents were denied."))

    def _right_changed(self, seat: Seat) -> None:
        for name, place in self._places.items():
            if place.seat is seat:
                self._say(name, _scope(seat.admission.right))

    def _say(self, name: str, message: Message) -> None:
        self._write(Frame(hocuspocus.encode(name, message)))


def _scope(right: Right) -> Authenticated:
    return Authenticated("read-write" if right >= Right.WRITE else "readonly")


def _reason(error: AppError) -> str:
    """One word that a page can act on; the stock server's word where nothing more exact is right to say."""
    if isinstance(error, OtherIncarnation):
        nothing = "copy-outdated" if error.may_keep else "copy-not-kept"
        return nothing if error.branch is None else f"kept-as-branch:{error.branch}"
    return next((word for kind, word in WORDS if isinstance(error, kind)), "permission-denied")
