"""Frames of answers that many peers get: each is encoded once for each voice, and no peer has a copy of its own."""

from crdt.messages import Message, SyncStep2, Update
from server.realtime.frames import Frame
from server.realtime.voice import Voice

__all__ = ["SharedFrames"]

WORTH_SHARING = 1 << 10
KEPT = 8


class SharedFrames:
    """Remembers the last few frames of SyncStep2 and Update, as long as they are asked for."""

    def __init__(self) -> None:
        self._frames: list[tuple[SyncStep2 | Update, Voice, Frame | None]] = []
        self._asked = False

    def __len__(self) -> int:
        return len(self._frames)

    def encode(self, voice: Voice, message: Message) -> Frame | None:
        """The frame of the message: the same object for the same update and equal voices."""
        if not isinstance(message, SyncStep2 | Update):
            return voice.encode(message)
        if isinstance(message, Update) and len(message.update) < WORTH_SHARING:
            return voice.encode(message)
        self._asked = True
        for known, known_voice, frame in self._frames:
            if known.update is message.update and type(known) is type(message) and known_voice == voice:
                return frame
        frame = voice.encode(message)
        self._frames = [*self._frames[1 - KEPT :], (message, voice, frame)]
        return frame

    def expire(self) -> None:
        """Every second or so: forget what nobody has asked for since the last time."""
        if not self._asked:
            self._frames.clear()
        self._asked = False
