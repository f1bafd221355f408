"""Who may listen to which channel, and see which of its events."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from server.errors import AppError, Forbidden, Invalid, NotFound, Unauthenticated
from server.events.catalogue import CATALOGUE
from server.events.envelope import hear
from server.identity.channels import may_see
from server.identity.principal import Credentials, Principal
from server.identity.roles import ROLE_PERMISSIONS, OrganisationRole, WorkspaceRole
from server.realtime.feed.channels import Channel
from tests.server.events.stage import Stage, set_up, written
from tests.server.support import Person, served


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with served(tmp_path) as place:
        yield await set_up(place)


async def principal(stage: Stage, person: Person) -> Principal:
    brought = Credentials(cookie=None, bearer=person.token, ticket=None, origin=None, address="203.0.113.5")
    return await stage.place.house.identity.doorkeeper.authenticate(brought)


async def opened(stage: Stage, person: Person, name: str) -> Channel:
    return await stage.place.house.channels.open(await principal(stage, person), name)


async def refused(stage: Stage, person: Person, name: str) -> type[AppError]:
    with pytest.raises(AppError) as error:
        await opened(stage, person, name)
    return type(error.value)


async def test_a_workspace_is_for_its_members(stage: Stage) -> None:
    name = f"workspace:{stage.workspace}"
    assert (await opened(stage, stage.cyd, name)).key[1] == name
    assert await refused(stage, stage.ben, name) is NotFound
    assert await refused(stage, stage.ada, "workspace:" + "0" * 32) is NotFound
    await stage.ada.ask("DELETE", stage.at_workspace)
    assert await refused(stage, stage.ada, name) is NotFound


async def test_a_user_hears_only_of_himself(stage: Stage) -> None:
    assert (await opened(stage, stage.ben, f"user:{stage.ben.id}")).guest.user_id == stage.ben.id
    assert await refused(stage, stage.ada, f"user:{stage.ben.id}") is NotFound


async def test_the_organisations_own_channels_take_their_permissions(stage: Stage) -> None:
    eve = await stage.place.colleague("eve@example.org", role="viewer")
    for name, may in (
        ("alerts", True),
        ("workflow", True),
        ("sources", True),
        ("metrics", True),
        ("metrics:7", True),
        ("threats", False),
        ("incidents", False),
    ):
        if may:
            assert (await opened(stage, eve, name)).key[1] == name
        else:
            assert await refused(stage, eve, name) is Forbidden
        assert await opened(stage, stage.ada, name)
    assert await refused(stage, stage.ada, "everything") is Invalid


async def test_a_token_hears_no_more_than_its_scopes_let_it_read(stage: Stage) -> None:
    made = await stage.ada.post("/auth/tokens", {"name": "bot", "scopes": ["account"]})
    bot = Person(stage.ada.http, made.json()["token"], stage.ada.id, stage.ada.email)
    assert await refused(stage, bot, f"workspace:{stage.workspace}") is Forbidden
    assert await opened(stage, bot, f"user:{stage.ada.id}")


async def test_a_channel_that_is_opened_again_knows_what_has_changed(stage: Stage) -> None:
    channel = await opened(stage, stage.cyd, f"workspace:{stage.workspace}")
    assert (await channel.reopen()).key == channel.key
    await stage.ada.ask("DELETE", f"{stage.at_workspace}/members/{stage.cyd.id}")
    with pytest.raises(NotFound):
        await channel.reopen()
    own = await opened(stage, stage.cyd, f"user:{stage.cyd.id}")
    await stage.cyd.post("/auth/logout")
    with pytest.raises(Unauthenticated):
        await own.reopen()


async def test_what_takes_a_higher_role_is_seen_only_with_it(stage: Stage) -> None:
    every = ROLE_PERMISSIONS[OrganisationRole.ADMIN]
    for row in CATALOGUE.values():
        least = WorkspaceRole(row.role)
        for role in WorkspaceRole:
            assert may_see(every, role, row) == (row.stream != "workspace" or role.at_least(least))
        assert not may_see(frozenset(), WorkspaceRole.OWNER, row)
        assert may_see(every, None, row) == (row.stream != "workspace")


async def test_everything_that_was_written_is_in_a_channel_that_somebody_may_open(stage: Stage) -> None:
    people = {person.id: person for person in (stage.ada, stage.ben, stage.cyd)}
    for event in await written(stage.place.house.database):
        kind, _, id_ = event.stream.partition(":")
        listener = people[id_] if kind == "user" else stage.ada
        assert (await opened(stage, listener, event.stream)).key == event.key
        assert hear(event).event is not None


async def test_everybody_is_told_the_channels_that_he_may_open_and_no_others(stage: Stage) -> None:
    eve = await stage.place.colleague("eve@example.org", role="viewer")
    for person in (stage.ada, stage.ben, stage.cyd, eve):
        caller = await principal(stage, person)
        names = await stage.place.house.channels.names(caller)
        assert len(set(names)) == len(names)
        for name in names:
            assert await opened(stage, person, name)
        assert (f"workspace:{stage.workspace}" in names) == (person in (stage.ada, stage.cyd))
        assert ("incidents" in names) == (person is not eve)
    gone = await principal(stage, stage.cyd)
    await stage.cyd.post("/auth/logout")
    with pytest.raises(Unauthenticated):
        await stage.place.house.channels.names(gone)


async def test_a_ticket_for_a_document_is_for_no_channel(stage: Stage) -> None:
    caller = replace(await principal(stage, stage.ada), document="a" * 32)
    with pytest.raises(Forbidden):
        await stage.place.house.channels.names(caller)
