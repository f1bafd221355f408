"""The room: a state machine around one document. It decides; its runner acts."""

from crdt.room.content import Content, Opening
from crdt.room.effects import Append, Broadcast, Effect, Elsewhere, GoOn, Refuse, Resynchronise, Send, Show, WriterRow
from crdt.room.learning import Learnt
from crdt.room.peer import Manners, Member, Right
from crdt.room.room import Room
from crdt.room.turn import TurnLost

__all__ = [
    "Append",
    "Broadcast",
    "Content",
    "Effect",
    "Elsewhere",
    "GoOn",
    "Learnt",
    "Manners",
    "Member",
    "Opening",
    "Refuse",
    "Resynchronise",
    "Right",
    "Room",
    "Send",
    "Show",
    "TurnLost",
    "WriterRow",
]
