"""Tickets are good once, soon, and no longer than what they stand for."""

import pytest

from server.errors import Forbidden, Unauthenticated
from server.identity.principal import Right
from tests.server.identity.place import Place, app_token, right_to


async def test_a_ticket_is_good_once_and_for_thirty_seconds(place: Place) -> None:
    ada = await place.person()
    caller = await place.principal(await place.session())
    ticket, _ = await place.wing.tickets.issue(caller, None)
    by_ticket = await place.principal(ticket=ticket)
    assert (by_ticket.user_id, by_ticket.credential_id) == (ada, caller.credential_id)
    with pytest.raises(Unauthenticated):
        await place.principal(ticket=ticket)
    late, _ = await place.wing.tickets.issue(caller, None)
    place.clock.move(seconds=30)
    with pytest.raises(Unauthenticated):
        await place.principal(ticket=late)


async def test_a_ticket_dies_with_the_session_that_asked_for_it(place: Place) -> None:
    await place.person()
    caller = await place.principal(await place.session())
    ticket, _ = await place.wing.tickets.issue(caller, None)
    await place.wing.accounts.sign_out(caller)
    with pytest.raises(Unauthenticated):
        await place.principal(ticket=ticket)


async def test_a_ticket_for_one_document_opens_no_other(place: Place) -> None:
    ada = await place.person()
    workspace = await place.workspace(ada)
    one, other = await place.document(workspace, ada), await place.document(workspace, ada)
    caller = await place.principal(await place.session())
    ticket, _ = await place.wing.tickets.issue(caller, one)
    by_ticket = await place.principal(ticket=ticket)
    assert await right_to(place, by_ticket, one) is Right.WRITE
    with pytest.raises(Forbidden):
        await place.wing.doorkeeper.document_access(by_ticket, other)


async def test_an_applications_user_gets_tickets_with_its_grants_and_no_longer_than_its_token(place: Place) -> None:
    caller = await place.principal(app_token(place, ("a*", "write"), exp=int(place.clock.now().timestamp()) + 10))
    ticket, _ = await place.wing.tickets.issue(caller, None)
    by_ticket = await place.principal(ticket=ticket)
    assert (by_ticket.user_id, by_ticket.grants, by_ticket.expires_at) == (
        caller.user_id,
        caller.grants,
        caller.expires_at,
    )
    late, _ = await place.wing.tickets.issue(caller, None)
    place.clock.move(seconds=10)
    with pytest.raises(Unauthenticated):
        await place.principal(ticket=late)
