"""One peer of a room, and what the room still owes it."""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

from crdt.awareness import Identity
from crdt.messages import Message, Stateless, SyncStep1, SyncStep2, Update

__all__ = ["Manners", "Member", "Owed", "Peer", "Right"]


WAITING_BYTES = 32 << 20
"""What one peer can say while an update of its is looked at elsewhere; its reading is paused long before."""
MESSAGE_BYTES = 100
"""What a message costs beside its bytes."""


class Right(IntEnum):
    """What a peer may do with the document."""

    READ = 1
    COMMENT = 2
    WRITE = 3


@dataclass(frozen=True, slots=True)
class Manners:
    """How a protocol's peers expect to be treated.

    acknowledges    each Update and each expected SyncStep2 is answered with a SyncStatus (Hocuspocus)
    greets          the server speaks first, with a SyncStep1 (y-websocket); else it answers each SyncStep1
                    of the peer with one of its own (Hocuspocus)
    """

    acknowledges: bool
    greets: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Who sits down: its user and the name that others see, its right, and how it speaks."""

    identity: Identity
    right: Right
    manners: Manners


@dataclass(slots=True)
class Owed:
    """A message that a peer gets once batch `after` is committed; None: what it answers is still held."""

    message: Message
    after: int | None


@dataclass(slots=True)
class Peer:
    """What the room knows of one peer."""

    number: int
    member: Member
    live: bool = False
    """It has asked for the document; before that it hears no update (R3)."""
    asked: deque[bool] = field(default_factory=deque)
    """For each SyncStep1 of ours that it has not answered: was it an extra one, because of a gap?"""
    owed: deque[Owed] = field(default_factory=deque)
    first_sync: Owed | None = None
    """Its first SyncStep2; nothing is acknowledged before that is committed (R7)."""
    uses_barriers: bool = False
    last_awareness: bytes = b""
    stalled: bool = False
    """Its socket does not drain: nothing is written to it."""
    is_answered: bool = False
    """What it lacks is being worked out elsewhere."""
    behind: tuple[int, dict[int, int]] | None = None
    """While it is stalled or being answered: the (turn, state vector) of the last frame written to it."""
    unanswered: bytes | None = None
    """The last state vector that it asked with while it was behind: answered once its socket has drained (R10)."""
    is_inspected: bool = False
    """An update of its is looked at elsewhere; what it says meanwhile is kept in `waiting`, in order (R17)."""
    waiting: deque[Message] = field(default_factory=deque)
    waiting_bytes: int = 0

    @property
    def user(self) -> str:
        return self.member.identity.user_id

    @property
    def may_write(self) -> bool:
        return self.member.right >= Right.WRITE

    def keep(self, message: Message) -> bool:
        """Keep what it says while an update of its is looked at elsewhere; False: that is more than a room keeps."""
        size = _size(message)
        if self.waiting_bytes + size > WAITING_BYTES:
            return False
        self.waiting.append(message)
        self.waiting_bytes += size
        return True

    def next_kept(self) -> Message:
        """The first message that was kept; there is one."""
        message = self.waiting.popleft()
        self.waiting_bytes -= _size(message)
        return message

    def due(self, committed: int) -> list[Message]:
        """Take out what is owed now, in order: an early debt holds back all later ones, so a barrier is one."""
        first = self.first_sync
        if first is None or first.after is None or first.after > committed:
            return []
        due: list[Message] = []
        while self.owed and (after := self.owed[0].after) is not None and after <= committed:
            due.append(self.owed.popleft().message)
        return due


def _size(message: Message) -> int:
    match message:
        case SyncStep2(said) | Update(said) | SyncStep1(said) | Stateless(said):
            return MESSAGE_BYTES + len(said)
        case _:
            return MESSAGE_BYTES
