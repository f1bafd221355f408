"""A client as a stock provider is one: it synchronises, types, counts what is acknowledged, and comes back."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any

from pycrdt import Doc, Text

from crdt.awareness import Entry, decode_awareness, encode_awareness
from crdt.messages import AwarenessUpdate, Message, SyncStatus, SyncStep1, SyncStep2, Update
from crdt.room import Manners, Right
from server.errors import AppError, OutOfStep
from server.realtime.door import Admission, Guest
from server.realtime.frames import Frame
from server.realtime.host import RoomHost
from server.realtime.seat import Seat

__all__ = ["Client"]

MANNERS = Manners(acknowledges=True, greets=False)


class Client:
    """One user with one document, at one node at a time."""

    def __init__(self, name: str, client_id: int, random: Random) -> None:
        self.name = name
        self.doc: Doc[Any] = Doc(client_id=client_id)
        self.text = self.doc.get("text", type=Text)
        self.sent: list[str] = []
        self.erased: list[str] = []
        self.acked: set[str] = set()
        self.refused: list[AppError] = []
        self.seat: Seat | None = None
        self.host: RoomHost | None = None
        self._clock = 1
        self._shown: dict[int, tuple[int, bool, float]] = {}
        self._random = random
        self._outstanding: deque[list[str]] = deque()
        self._is_asked = False

    def sit(self, host: RoomHost, peer: int) -> None:
        guest = Guest(self.name, self.name, "org", "", None)
        line = _Line(self._heard)
        self.seat = Seat(peer, Admission(guest, host.document, Right.WRITE, _may), line, line, self._ended, _pass)
        line.seat = self.seat
        self.host = host
        self._outstanding.clear()
        self._is_asked = False
        host.sit(self.seat, MANNERS)
        self._say(SyncStep1(self.doc.get_state()))
        self._announce()

    def types(self) -> None:
        """A word that nobody else has, somewhere in the text; also while it is away from every node."""
        word = f"<{self.name}:{len(self.sent)}>"
        self.sent.append(word)
        before = self.doc.get_state()
        self.text.insert(self._random.choice(_borders(str(self.text))), word)
        self._tell(word, before)

    def erases(self) -> None:
        """A word of its own."""
        if left := [word for word in self.sent if word not in self.erased]:
            word = self._random.choice(left)
            self.erased.append(word)
            before, at = self.doc.get_state(), str(self.text).index(word)
            del self.text[at : at + len(word)]
            self._tell(f"no {word}", before)

    def renews(self) -> None:
        """Its presence, as stock clients do every 15 s."""
        self._clock += 1
        self._announce()

    @property
    def sees(self) -> set[int]:
        """The client ids of the others that it shows: those that were renewed within 30 s."""
        after = asyncio.get_running_loop().time() - 30.0
        return {client for client, (_, is_there, at) in self._shown.items() if is_there and at > after}

    def gone(self) -> None:
        """Its node has died, or its line."""
        self.seat = self.host = None

    @property
    def is_saved(self) -> bool:
        return self.acked == set(self._told) and self.seat is not None

    @property
    def _told(self) -> list[str]:
        return [*self.sent, *(f"no {word}" for word in self.erased)]

    # Private.

    def _tell(self, what: str, before: bytes) -> None:
        if self.seat is not None and self._is_asked:
            self._outstanding.append([what])
            self._say(Update(self.doc.get_update(before)))

    def _heard(self, seat: Seat, message: Message) -> None:
        if seat is not self.seat:
            return
        match message:
            case SyncStep1(state_vector):
                if not self._is_asked:  # else it is an extra question, which is not acknowledged
                    self._is_asked = True
                    self._outstanding.append(self._told)
                self._say(SyncStep2(self.doc.get_update(state_vector)))
            case SyncStep2(update) | Update(update):
                self.doc.apply_update(update)
            case SyncStatus(applied):
                assert applied, "an edit of somebody who may write"
                self.acked.update(self._outstanding.popleft())
            case AwarenessUpdate(update):
                for entry in decode_awareness(update):
                    self._sees(entry)
            case _:
                pass

    def _sees(self, entry: Entry) -> None:
        """As y-protocols 1.0.7 takes it."""
        client, clock, state = entry
        if client == self.doc.client_id:
            self._clock = max(self._clock, clock + (state is None))
            return
        known, is_there, _ = self._shown.get(client, (0, False, 0.0))
        if known < clock or (known == clock and state is None and is_there):
            self._shown[client] = (clock, state is not None, asyncio.get_running_loop().time())

    def _announce(self) -> None:
        state = Entry(self.doc.client_id, self._clock, json.dumps({"at": self._clock}))
        self._say(AwarenessUpdate(encode_awareness([state])))

    def _say(self, message: Message) -> None:
        if self.seat is not None and self.host is not None:
            self.host.hear(self.seat, message)

    def _ended(self, seat: Seat, error: AppError) -> None:
        if not isinstance(error, OutOfStep):
            self.refused.append(error)
        if seat is self.seat:
            self.gone()


class _Line:
    """A seat's voice and transport: it takes a moment, and keeps the order."""

    stalled = False
    spoke = False
    sent = sent_bytes = waiting_bytes = 0

    def __init__(self, heard: Callable[[Seat, Message], None]) -> None:
        self.seat: Seat | None = None
        self._heard = heard

    def encode(self, message: Message) -> Frame | None:
        if self.seat is not None:
            asyncio.get_running_loop().call_soon(self._heard, self.seat, message)
        return None

    def write(self, frame: Frame) -> None:
        """Nothing is encoded for it."""

    def close(self, code: int, reason: str) -> None:
        """There is no socket."""

    def limit(self, max_size: int | None) -> None:
        """There is no socket."""


def _borders(text: str) -> list[int]:
    """Where a word of somebody begins, or the text ends: words are not torn."""
    return [at for at, letter in enumerate(text) if letter == "<"] + [len(text)]


def _pass(_: Seat) -> None:
    """Rights do not change here."""


async def _may() -> Right | None:
    return Right.WRITE
