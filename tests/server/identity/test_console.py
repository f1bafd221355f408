"""Accounts at the command line."""

from datetime import timedelta

import pytest

from server.errors import Conflict, NotFound, Unauthenticated
from server.identity.roles import OrganisationRole, Scope
from tests.server.identity.place import ADA, PASSWORD, Place

NEW = "a quite different password"


async def test_a_user_is_made_listed_and_given_a_new_password(place: Place) -> None:
    console = place.wing.console
    await console.create_user(ADA, "Ada", PASSWORD, role=OrganisationRole.ADMIN)
    session = await place.session()
    assert [row.email for row in await console.list_users()] == [ADA]
    await console.set_password(ADA.upper(), NEW)
    with pytest.raises(Unauthenticated):
        await place.principal(session)
    assert await place.wing.accounts.sign_in(ADA, NEW, "198.51.100.1")


async def test_an_organisation_is_made_with_its_first_user(place: Place) -> None:
    await place.wing.console.create_user("eve@example.net", "Eve", PASSWORD, organisation="Globex")
    assert [row.organisation_name for row in await place.wing.console.list_users("globex")] == ["Globex"]
    assert await place.wing.console.list_users() == []


async def test_a_token_is_made_for_a_user(place: Place) -> None:
    ada = await place.person()
    token = await place.wing.console.create_token(ADA, "bot", [Scope.DOCUMENTS_READ], timedelta(days=1))
    principal = await place.principal(token)
    assert (principal.user_id, principal.scopes) == (ada, {Scope.DOCUMENTS_READ})


async def test_the_last_administrator_cannot_be_shut_out(place: Place) -> None:
    await place.person()
    with pytest.raises(Conflict):
        await place.wing.console.set_active(ADA, active=False)


async def test_who_is_not_there_is_named(place: Place) -> None:
    with pytest.raises(NotFound, match=r"nobody@example\.org"):
        await place.wing.console.set_password("nobody@example.org", NEW)
    with pytest.raises(NotFound, match="Globex"):
        await place.wing.console.list_users("Globex")
