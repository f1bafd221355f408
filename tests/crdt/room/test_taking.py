"""The straight way of a keystroke through a room comes to the same as the way of every update (R4 to R11, R15)."""

import random
from dataclasses import dataclass, field

import pytest

from crdt.guard import Limits
from crdt.messages import Update
from crdt.room import Right, Room
from tests.crdt.room.table import HOCUSPOCUS, Y_WEBSOCKET, Person, Table, fresh
from tests.fuzz.hostile import mangled

STEPS = 200
ACTS = {"type": 18, "insert": 9, "again": 3, "mangle": 0.3, "right": 0.5, "other": 2, "flush": 8, "commit": 4}
"""What somebody does next, and how often."""


@dataclass
class Session:
    """People who type, repeat, leave things out and mean harm: the same for the same seed."""

    seed: int
    straight: bool
    table: Table = field(default_factory=Table)
    went_straight: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.table.room = Room(fresh(), Limits(document_bytes=4_000))
        taking = self.table.room._taking
        way = taking.type

        def type_(*about: object) -> bool:
            went = self.straight and way(*about)  # type: ignore[arg-type]
            self.went_straight += went
            return went

        taking.type = type_  # type: ignore[method-assign]

    def play(self) -> "Session":
        table, pick = self.table, self.random
        people = [
            table.sit(name, manners=manners, client_id=number)
            for number, (name, manners) in enumerate(
                [("ada", HOCUSPOCUS), ("ben", Y_WEBSOCKET), ("ben", HOCUSPOCUS), ("cyd", Y_WEBSOCKET)], 300
            )
        ]
        said: list[bytes] = []
        for _ in range(STEPS):
            person = pick.choice(people)
            if person.number not in table.room._peers:
                continue
            self._act(person, said)
            self._leave_the_refused()
        table.perform(table.room.flush())
        table.commit()
        return self

    def _act(self, person: Person, said: list[bytes]) -> None:
        table, pick = self.table, self.random
        match pick.choices(list(ACTS), list(ACTS.values()))[0]:
            case "type":
                said.append(person.writes(pick.choice(["a", "é", "😀", "word", "x" * 130])))
            case "insert":
                before = person.doc.get_state()
                person.text.insert(pick.randrange(len(person.text) + 1) if person.text else 0, "i")  # type: ignore[union-attr]
                said.append(person.doc.get_update(before))
            case "again" if said:
                table.mutters(person, Update(pick.choice(said)))
                return
            case "mangle" if said:
                table.mutters(person, Update(mangled(said[-1], pick)))
                return
            case "right":
                for right in (Right.READ, Right.WRITE) if pick.random() < 0.7 else (Right.READ,):
                    table.perform(table.room.change_right(person.number, right))
                return
            case "other" if said:
                person.doc.apply_update(pick.choice(said))
                return
            case "flush":
                table.perform(table.room.flush())
                return
            case "commit":
                table.commit()
                return
            case _:
                return
        if pick.random() < 0.98:  # else it comes later or never, and what follows has a gap
            table.mutters(person, Update(said[-1]))

    def _leave_the_refused(self) -> None:
        while self.table.refused:
            self.table.room.leave(self.table.refused.pop().peer)


@pytest.mark.parametrize("seed", range(12))
def test_R4_R5_R6_R7_R9_R11_R15_the_straight_way_comes_to_the_same(seed: int) -> None:
    one, other = Session(seed, straight=True).play(), Session(seed, straight=False).play()
    assert one.went_straight > 0
    assert other.went_straight == 0
    # By what they read: an error is equal to itself only.
    assert list(map(repr, one.table.effects)) == list(map(repr, other.table.effects))
    assert one.table.room.content.state == other.table.room.content.state
    assert one.table.room._intake.owners == other.table.room._intake.owners
