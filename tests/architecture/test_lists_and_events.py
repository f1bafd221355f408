"""An old list and the events since its `stream` are the new list: for every kind of change, for all who see it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.events.changes import ROUTES, Change
from tests.server.events.replica import Replica
from tests.server.events.stage import Stage, set_up
from tests.server.support import Person, served

LISTS = ("/collaboration/", "/auth/users", "/notifications", "/escalations")
LISTED = [route for route in ROUTES if any(each in route[1] for each in LISTS)]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with served(tmp_path) as place:
        yield await set_up(place)


async def replica(stage: Stage, person: Person) -> Replica:
    await stage.place.house.events.consumers.settled()
    organisation = (await stage.ada.get("/auth/me")).json()["organisation"]["id"]
    return await Replica(person, stage.place.house.events.store, organisation).load()


@pytest.mark.parametrize("change", [pytest.param(ROUTES[route], id=" ".join(route)) for route in LISTED])
async def test_events_applied_to_an_old_list_make_the_new_one(stage: Stage, change: Change) -> None:
    people = (stage.ada, stage.ben, stage.cyd)
    old = [await replica(stage, person) for person in people]
    await change.do(stage)
    for person, each in zip(people, old, strict=True):
        if (await person.get("/auth/me")).status_code == 401:
            continue  # a new password has signed him out
        await stage.place.house.events.consumers.settled()
        await each.catch_up()
        assert each.state == (await replica(stage, person)).state, person.email


async def test_an_owner_who_leaves_is_seen_to_have_left(stage: Stage) -> None:
    old = await replica(stage, stage.cyd)
    await stage.ada.ask("PUT", f"{stage.at_workspace}/members/{stage.cyd.id}", json={"role": "owner"})
    await stage.ada.ask("DELETE", f"{stage.at_workspace}/members/{stage.ada.id}")
    await stage.place.house.events.consumers.settled()
    await old.catch_up()
    assert old.state == (await replica(stage, stage.cyd)).state
    assert old.state[stage.workspace]["owner_id"] == stage.cyd.id


async def test_each_list_says_where_its_channel_was(stage: Stage) -> None:
    for path in (stage.at_workspace, stage.at_workspace + "/members", stage.at_workspace + "/documents"):
        stream = (await stage.ada.get(path)).json()["stream"]
        assert stream["channel"] == f"workspace:{stage.workspace}"
        assert stream["offset"] == 4  # made, joined, Cyd joined, a document
        assert stream["epoch"]
    listed = (await stage.ada.get("/collaboration/workspaces")).json()
    assert listed["stream"]["channel"] == f"user:{stage.ada.id}"
    assert listed["data"][0]["stream"]["offset"] == 4


async def test_the_place_is_read_before_the_rows(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens between the two comes again as an event, and is never missing."""
    positions = type(stage.place.house.events.store).positions
    happened = False

    async def then_something_happens(store: object, organisation: str, names: object) -> object:
        nonlocal happened
        found = await positions(store, organisation, names)  # type: ignore[arg-type]
        if not happened and any(name.startswith("workspace:") for name in found):
            happened = True
            await stage.ada.ask("PATCH", stage.at_workspace, json={"name": "Meanwhile"})
        return found

    with monkeypatch.context() as patch:
        patch.setattr(type(stage.place.house.events.store), "positions", then_something_happens)
        torn = await replica(stage, stage.cyd)
    assert happened
    await stage.place.house.events.consumers.settled()
    await torn.catch_up()
    assert torn.state == (await replica(stage, stage.cyd)).state
