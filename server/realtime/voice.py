"""How messages are put for a peer: which protocol, and which address."""

from dataclasses import dataclass
from typing import Protocol

from crdt.messages import Message, SyncStatus
from crdt.protocols import hocuspocus, y_websocket
from crdt.room import Manners
from server.realtime.frames import Frame

__all__ = ["HOCUSPOCUS", "Y_WEBSOCKET", "HocuspocusVoice", "Voice", "YWebsocketVoice"]

Y_WEBSOCKET = Manners(acknowledges=False, greets=True)
HOCUSPOCUS = Manners(acknowledges=True, greets=False)


class Voice(Protocol):
    """Equal voices put a message in equal bytes, so a broadcast is encoded once for each voice."""

    def encode(self, message: Message) -> Frame | None:
        """The frame, or None where this cannot be said."""
        ...


@dataclass(frozen=True, slots=True)
class YWebsocketVoice:
    """One document a socket: frames carry no address."""

    def encode(self, message: Message) -> Frame | None:
        payload = y_websocket.encode(message)
        return None if payload is None else Frame(payload)


class HocuspocusVoice:
    """Many documents a socket: each frame carries the address as the client wrote it."""

    __slots__ = ("_saved", "address")

    def __init__(self, address: str) -> None:
        self.address = address
        self._saved: Frame | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HocuspocusVoice) and self.address == other.address

    def __hash__(self) -> int:
        return hash(self.address)

    def encode(self, message: Message) -> Frame:
        if not isinstance(message, SyncStatus) or not message.applied:
            return Frame(hocuspocus.encode(self.address, message))
        if self._saved is None:  # "saved" is said after each keystroke, and is always the same
            self._saved = Frame(hocuspocus.encode(self.address, message))
        return self._saved
