"""A personal token is never worth more than its owner."""

from server.events.model import system_actor
from server.identity.accounts import AccountChanges
from server.identity.roles import OrganisationRole, Scope
from tests.server.identity.place import Place, lets_in

ROLE = OrganisationRole
BEN = "ben@example.org"


async def test_a_personal_token_has_its_owners_role_of_today(place: Place) -> None:
    await place.person()
    ben = await place.person(BEN, ROLE.DATA_STEWARD)
    organisation = await place.organisation()
    token, _ = await place.wing.tokens.create(system_actor(organisation), ben, "bot", Scope, None)
    assert (await place.principal(token)).organisation_role is ROLE.DATA_STEWARD
    await place.wing.accounts.change(system_actor(organisation), ben, AccountChanges(role=ROLE.VIEWER))
    principal = await place.principal(token)
    assert principal.organisation_role is ROLE.VIEWER
    assert "collaboration.manage" not in principal.permissions
    await place.wing.accounts.change(system_actor(organisation), ben, AccountChanges(active=False))
    assert not await lets_in(place, token)
