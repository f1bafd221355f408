"""Who hears what is told to everybody is kept, and is at every moment who it would be if it were asked anew."""

import random

import pytest

from crdt.messages import SyncStep1
from tests.crdt.room.table import HOCUSPOCUS, Y_WEBSOCKET, Person, Table


def check_audience(table: Table) -> None:
    peers, audience = table.room.peers, table.room._audience
    assert audience.of_updates() == tuple(peer.number for peer in peers if peer.live and peer.behind is None)
    assert audience.of_presence() == tuple(peer.number for peer in peers if not peer.stalled)
    assert audience.of_updates() is audience.of_updates()


@pytest.mark.parametrize("seed", range(8))
def test_R3_R10_the_audience_is_who_follows_now(seed: int) -> None:
    pick, table = random.Random(seed), Table()
    people: list[Person] = []
    for number in range(120):
        match pick.randrange(7):
            case 0 | 1:
                people.append(table.join(f"p{number}", manners=pick.choice([HOCUSPOCUS, Y_WEBSOCKET])))
            case 2 if people:
                table.room.leave(people.pop(pick.randrange(len(people))).number)
            case 3 if people:
                table.says(pick.choice(people), SyncStep1(b"\x00"))
            case 4 if people:
                table.room.stalled(pick.choice(people).number)
            case 5 if people:
                table.perform(table.room.drained(pick.choice(people).number))
            case _ if people:
                table.types(pick.choice(people), "a")
        check_audience(table)


def test_R9_one_tuple_serves_edits_and_presence_while_nobody_is_behind() -> None:
    table = Table()
    for name in ("ada", "ben"):
        table.sit(name)
    audience = table.room._audience
    assert audience.of_presence() is audience.of_updates()
