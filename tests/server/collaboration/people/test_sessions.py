"""Active sessions (C5): real connections in real rooms, told over HTTP to who may know."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from crdt.awareness import Entry, encode_awareness
from crdt.messages import AwarenessUpdate, SyncStep2, Update
from persistence.whereabouts import Whereabouts
from server.collaboration.people.sessions import AWAY_SECONDS, IDLE_SECONDS, Session, SessionService
from server.identity.principal import Credentials
from server.realtime.connections.y_websocket import YWebsocketConnection
from server.realtime.door import Admission, Guest
from server.realtime.meter import Meter
from server.realtime.present import FRESH_SECONDS, Presence
from tests.server.realtime.linked import Linked
from tests.server.realtime.stage import HandClock, YPeer
from tests.server.support import Person, Place

ACTIVE = "/collaboration/sessions/active"


@dataclass
class Table:
    place: Place
    clock: HandClock

    async def sit(self, person: Person, document: str) -> YPeer:
        """A y-websocket client of this person's, as the hall seats it."""
        house = self.place.house
        door, realtime = house.identity.doorkeeper, house.realtime
        who = await door.authenticate(Credentials(None, person.token, None, None, "here"))
        access = await door.admit(who, document)
        guest = Guest(who.user_id, who.name, who.organisation_id, who.credential_id, None)
        recheck = partial(door.still_may, who, document)
        peer, meter = YPeer(), Meter(self.clock.monotonic(), 1000, 1 << 20)
        peer.connection = YWebsocketConnection(
            peer.socket,
            self.clock,
            realtime.figures,
            "here",
            meter,
            peer=realtime.registry.next_peer(),
            admission=Admission(guest, document, access.right, recheck),
        )
        peer.connection.enter(await realtime.rooms.enter(document))
        realtime.registry.add(peer.connection)
        peer.say(SyncStep2(peer.doc.get_update()))
        return peer

    async def told(self, person: Person, workspace: str | None = None) -> list[Session]:
        house = self.place.house
        who = await house.identity.doorkeeper.authenticate(Credentials(None, person.token, None, None, "here"))
        presence = Presence(house.realtime.registry, self.clock)
        service = SessionService(presence, Whereabouts(house.database), house.collaboration.workspaces, self.clock)
        return await service.active(who, workspace)


@pytest.fixture
def table(place: Place) -> Table:
    clock = HandClock()
    place.house.realtime.rooms._clock = clock  # the rooms' sense of time is the test's
    return Table(place, clock)


def moves(peer: YPeer, clock: int, state: str) -> None:
    peer.say(AwarenessUpdate(encode_awareness([Entry(peer.doc.client_id % (1 << 31), clock, state)])))


async def test_who_is_connected_is_told_once_however_many_windows_he_has(table: Table, ada: Person) -> None:
    ben = await table.place.colleague("ben@example.org")
    workspace = await ada.workspace()
    await ada.post(f"/collaboration/workspaces/{workspace}/members", {"email": ben.email, "role": "editor"})
    score, _ = await ada.document(workspace), await ada.document(workspace, "Nobody is here")
    for person in (ada, ada, ben):
        await table.sit(person, score)
    [session] = (await ben.get(ACTIVE)).json()["data"]
    assert (session["id"], session["workspace_id"], session["activity_type"]) == (score, workspace, "viewing")
    people = {each["user_id"]: each for each in session["participants"]}
    assert {user: each["connections"] for user, each in people.items()} == {ada.id: 2, ben.id: 1}
    assert people[ben.id]["status"] == "active"
    assert people[ben.id]["cursor_position"] is None
    assert session["started_at"] <= session["last_activity"]


async def test_only_members_of_the_workspace_are_told(table: Table, ada: Person) -> None:
    ben = await table.place.colleague("ben@example.org")
    workspace, other = await ada.workspace(), await ben.workspace("Elsewhere")
    await table.sit(ada, await ada.document(workspace))
    assert (await ben.get(ACTIVE)).json()["data"] == []
    assert (await ben.get(ACTIVE, params={"workspace_id": other})).json()["data"] == []
    assert (await ben.get(ACTIVE, params={"workspace_id": workspace})).status_code == 404
    assert len((await ada.get(ACTIVE, params={"workspace_id": workspace})).json()["data"]) == 1
    assert len((await ada.get(ACTIVE, params={"workspace_id": ""})).json()["data"]) == 1


async def test_who_is_silent_is_idle_and_then_away_and_a_renewed_state_is_silence(table: Table, ada: Person) -> None:
    document = await ada.document(await ada.workspace())
    peer = await table.sit(ada, document)
    moves(peer, 1, '{"cursor":1}')

    async def status() -> str:
        [session] = await table.told(ada)
        return session.participants[0].status

    assert await status() == "active"
    table.clock.ahead += IDLE_SECONDS
    moves(peer, 2, '{"cursor":1}')
    assert await status() == "idle"
    table.clock.ahead += AWAY_SECONDS - IDLE_SECONDS
    assert await status() == "away"
    moves(peer, 3, '{"cursor":2}')
    assert await status() == "active"


async def test_an_edit_makes_it_editing_for_a_minute(table: Table, ada: Person) -> None:
    document = await ada.document(await ada.workspace())
    peer = await table.sit(ada, document)
    table.clock.ahead += AWAY_SECONDS
    peer.say(Update(peer.edit("x")))
    await table.place.house.realtime.rooms.flush(5)
    [session] = await table.told(ada)
    assert (session.activity_type, session.participants[0].status) == ("editing", "active")
    table.clock.ahead += IDLE_SECONDS
    [session] = await table.told(ada)
    assert (session.activity_type, session.participants[0].status) == ("viewing", "idle")


async def test_who_is_gone_or_removed_is_not_told_any_more(table: Table, ada: Person) -> None:
    ben = await table.place.colleague("ben@example.org")
    workspace = await ada.workspace()
    members = f"/collaboration/workspaces/{workspace}/members"
    await ada.post(members, {"email": ben.email, "role": "editor"})
    document = await ada.document(workspace)
    first, second = await table.sit(ada, document), await table.sit(ben, document)
    await ada.ask("DELETE", f"{members}/{ben.id}")
    await second.socket.until(lambda: second.socket.closed is not None, seconds=1)
    told: Any = await table.told(ada)
    assert [each.user_id for each in told[0].participants] == [ada.id]
    table.place.house.realtime.registry.lost(first.connection, clean=True)
    assert await table.told(ada) == []


async def test_the_connections_are_gone_through_once_a_second(table: Table, ada: Person) -> None:
    document = await ada.document(await ada.workspace())
    presence = Presence(table.place.house.realtime.registry, table.clock)
    assert presence.everybody() == {}
    await table.sit(ada, document)
    assert presence.everybody() == {}
    table.clock.ahead += FRESH_SECONDS
    assert list(presence.everybody()) == [document]


async def test_who_is_on_another_node_is_told_with_his_age_and_merged_with_himself_here(
    table: Table, ada: Person
) -> None:
    document = await ada.document(await ada.workspace())
    link = Linked(table.clock, "one", "two")
    registry = table.place.house.realtime.registry
    here, there = (Presence(registry, table.clock, each) for each in link.tables("documents"))
    await table.sit(ada, document)
    table.clock.ahead += 100
    there.tell()
    link.tell()
    [[alone]], [[both]] = there.everybody().values(), here.everybody().values()
    assert (alone.connections, both.connections) == (1, 2), "the same registry stands for two nodes"
    assert both.active_at == pytest.approx(alone.active_at, abs=0.2)
    registry.lost(registry.connections[0], clean=True)
    table.clock.ahead += 2
    there.tell()
    link.tell()
    assert here.everybody() == {}


async def test_another_node_is_told_again_only_when_it_means_something_else(table: Table, ada: Person) -> None:
    document = await ada.document(await ada.workspace())
    [table_of_it, _] = Linked(table.clock, "one", "two").tables("documents")
    there = Presence(table.place.house.realtime.registry, table.clock, table_of_it)
    await table.sit(ada, document)
    ages = set()
    for _ in range(40):
        table.clock.ahead += 10
        there.tell()
        ages.add(round(table_of_it.news(whole=True)[document][0][5]))
    assert ages == {10, 20, 60, 140, 300}
