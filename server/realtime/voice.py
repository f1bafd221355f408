"""How messages are put for a peer: which protocol, and which address."""

from dataclasses import dataclass
from typing import Protocol

from crdt.messages import Message
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


@dataclass(frozen=True, slots=True)
class HocuspocusVoice:
    """Many documents a socket: each frame carries the address as the client wrote it."""

    address: str

    def encode(self, message: Message) -> Frame:
        return Frame(hocuspocus.encode(self.address, message))
