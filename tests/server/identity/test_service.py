"""The doorkeeper: who somebody is, and what he may do with a document at this moment."""

import pytest

from persistence.documents import DocumentStore
from persistence.workspaces import WorkspaceStore
from server.errors import Deleted, Forbidden, NotFound, Unauthenticated
from server.events.model import system_actor
from server.identity.accounts import AccountChanges
from server.identity.principal import Right
from server.identity.roles import OrganisationRole, Scope
from tests.server.identity.conftest import OpenPlace
from tests.server.identity.place import Place, app_token, lets_in, right_to

ROLE = OrganisationRole
BEN = "ben@example.org"


# Who is it?


async def test_a_session_counts_as_cookie_and_as_bearer(place: Place) -> None:
    ada = await place.person()
    token = await place.session()
    assert (await place.principal(cookie=token)).user_id == ada
    principal = await place.principal(token)
    assert (principal.kind, principal.user_id, principal.organisation_role) == ("session", ada, ROLE.ADMIN)


@pytest.mark.parametrize("bearer", ["cps_", "cps_nobody", "cpt_nobody", "cpk_x", "x", "\ud800", "a.b.c", "cpt_\x00"])
async def test_what_nobody_issued_lets_nobody_in(bearer: str, place: Place) -> None:
    await place.person()
    with pytest.raises(Unauthenticated):
        await place.principal(bearer)
    with pytest.raises(Unauthenticated):
        await place.principal(cookie=bearer)
    with pytest.raises(Unauthenticated):
        await place.principal(ticket=bearer)


async def test_nothing_at_all_lets_nobody_in(place: Place) -> None:
    with pytest.raises(Unauthenticated):
        await place.principal()


# Documents.


@pytest.mark.parametrize(
    ("role", "member", "right"),
    [
        (ROLE.DATA_ANALYST, "editor", Right.WRITE),
        (ROLE.DATA_ANALYST, "viewer", Right.READ),
        (ROLE.VIEWER, "editor", Right.COMMENT),
        (ROLE.VIEWER, "viewer", Right.READ),
        (ROLE.ADMIN, "viewer", Right.READ),
    ],
)
async def test_both_roles_must_allow(role: ROLE, member: str, right: Right, place: Place) -> None:
    ada, ben = await place.person(), await place.person(BEN, role)
    workspace = await place.workspace(ada, **{ben: member})
    document = await place.document(workspace, ada)
    assert await right_to(place, await place.principal(await place.session(BEN)), document) is right


async def test_without_a_membership_a_document_is_not_there_even_for_administrators(place: Place) -> None:
    ada = await place.person()
    await place.person(BEN, ROLE.ADMIN)
    document = await place.document(await place.workspace(ada), ada)
    ben = await place.principal(await place.session(BEN))
    with pytest.raises(NotFound) as strangers:
        await place.wing.doorkeeper.document_access(ben, document)
    with pytest.raises(NotFound) as nobodys:
        await place.wing.doorkeeper.document_access(ben, "0" * 32)
    assert strangers.value.message == nobodys.value.message
    assert type(strangers.value) is type(nobodys.value)
    assert await place.wing.doorkeeper.recheck(ben, document) is None


async def test_another_organisations_document_is_not_there(place: Place) -> None:
    ada = await place.person()
    eve = await place.person("eve@example.net", ROLE.ADMIN, organisation="Globex")
    document = await place.document(await place.workspace(ada), ada, name="plan")
    eves = await place.principal(await place.session("eve@example.net"))
    assert eves.user_id == eve
    for name in (document, "plan"):
        with pytest.raises(NotFound):
            await place.wing.doorkeeper.document_access(eves, name)
    assert await place.wing.doorkeeper.recheck(eves, document) is None


@pytest.mark.parametrize("name", ["", " ", "a\0b", "x" * 501, "\ud800", "'; DROP TABLE documents; --", "%", "../x"])
async def test_a_name_that_cannot_be_one_is_not_there(name: str, place: Place) -> None:
    await place.person()
    caller = await place.principal(await place.session())
    with pytest.raises(NotFound):
        await place.wing.doorkeeper.document_access(caller, name)


async def test_deleted_is_told_only_to_who_could_see_it(place: Place) -> None:
    ada = await place.person()
    await place.person(BEN, ROLE.ADMIN)
    workspace = await place.workspace(ada)
    document = await place.document(workspace, ada)
    adas, bens = [await place.principal(await place.session(email)) for email in ("ada@example.org", BEN)]
    await DocumentStore(place.database).delete(await place.organisation(), document, place.clock.now())
    with pytest.raises(Deleted):
        await place.wing.doorkeeper.document_access(adas, document)
    with pytest.raises(Deleted):
        await place.wing.doorkeeper.recheck(adas, document)
    with pytest.raises(NotFound) as refused:
        await place.wing.doorkeeper.document_access(bens, document)
    assert not isinstance(refused.value, Deleted)


async def test_a_deleted_workspace_takes_its_documents_with_it(place: Place) -> None:
    ada = await place.person()
    workspace = await place.workspace(ada)
    document = await place.document(workspace, ada)
    caller = await place.principal(await place.session())
    await WorkspaceStore(place.database).delete(workspace, place.clock.now())
    with pytest.raises(Deleted):
        await place.wing.doorkeeper.document_access(caller, document)


@pytest.mark.parametrize(
    ("scopes", "right"),
    [({Scope.DOCUMENTS_READ}, Right.READ), ({Scope.DOCUMENTS_WRITE}, Right.WRITE)],
)
async def test_a_tokens_scopes_cap_the_right(scopes: set[Scope], right: Right, place: Place) -> None:
    ada = await place.person()
    document = await place.document(await place.workspace(ada), ada)
    token, _ = await place.wing.tokens.create(system_actor(await place.organisation()), ada, "bot", scopes, None)
    assert await right_to(place, await place.principal(token), document) is right


async def test_a_token_without_a_scope_for_documents_opens_none(place: Place) -> None:
    ada = await place.person()
    document = await place.document(await place.workspace(ada), ada)
    token, _ = await place.wing.tokens.create(
        system_actor(await place.organisation()), ada, "bot", [Scope.ACCOUNT], None
    )
    with pytest.raises(Forbidden):
        await place.wing.doorkeeper.document_access(await place.principal(token), document)
    token, _ = await place.wing.tokens.create(
        system_actor(await place.organisation()), ada, "bot", [Scope.WORKSPACES_MANAGE], None
    )
    with pytest.raises(NotFound):
        await place.wing.doorkeeper.document_access(await place.principal(token), document)


# What changes while a socket is open.


async def test_a_role_change_counts_at_the_next_look(place: Place) -> None:
    ada, ben = await place.person(), await place.person(BEN, ROLE.DATA_ANALYST)
    workspace = await place.workspace(ada, **{ben: "editor"})
    document = await place.document(workspace, ada)
    caller = await place.principal(await place.session(BEN))
    look = place.wing.doorkeeper.recheck
    assert await look(caller, document) is Right.WRITE
    await WorkspaceStore(place.database).set_role(workspace, ben, "viewer")
    assert await look(caller, document) is Right.READ
    await WorkspaceStore(place.database).remove_member(workspace, ben)
    assert await look(caller, document) is None


async def test_an_ended_credential_is_not_a_lost_right(place: Place) -> None:
    ada = await place.person()
    document = await place.document(await place.workspace(ada), ada)
    organisation = await place.organisation()
    token, row = await place.wing.tokens.create(system_actor(organisation), ada, "bot", Scope, None)
    by_session = await place.principal(await place.session())
    by_token = await place.principal(token)
    await place.wing.accounts.sign_out(by_session)
    await place.wing.tokens.revoke(system_actor(organisation), ada, row.id)
    assert place.changes[-1] == {"organisation": organisation, "user": ada, "credential": row.id, "document": None}
    for caller in (by_session, by_token):
        with pytest.raises(Unauthenticated):
            await place.wing.doorkeeper.recheck(caller, document)


# An application's users.


async def test_an_applications_user_is_one_user_whose_name_is_the_applications_to_say(place: Place) -> None:
    first = await place.principal(app_token(place, name="Grace"))
    second = await place.principal(app_token(place, name="Grace Hopper"))
    other = await place.principal(app_token(place, sub="u-2"))
    assert first.user_id == second.user_id != other.user_id
    assert second.name == "Grace Hopper"
    assert (second.kind, second.organisation_id) == ("jwt", await place.organisation())
    assert second.organisation_role is ROLE.VIEWER


async def test_the_same_subject_in_two_organisations_is_two_users(place: Place) -> None:
    acme = await place.organisation("Acme Ltd")
    one = await place.principal(app_token(place, org="Acme Ltd"))
    same = await place.principal(app_token(place, org="acme-ltd"))
    default = await place.principal(app_token(place))
    assert (one.organisation_id, same.user_id) == (acme, one.user_id)
    assert default.user_id != one.user_id


async def test_an_organisation_that_nobody_made_is_nobodys(place: Place) -> None:
    with pytest.raises(Unauthenticated, match="org"):
        await place.principal(app_token(place, org="nowhere"))


async def test_an_applications_user_can_be_shut_out(place: Place) -> None:
    caller = await place.principal(app_token(place))
    await place.wing.accounts.change(caller.actor, caller.user_id, AccountChanges(active=False))
    assert not await lets_in(place, app_token(place))
    with pytest.raises(Unauthenticated):
        await place.wing.doorkeeper.recheck(caller, "0" * 32)


async def test_write_grants_make_documents_and_read_grants_find_them(place: Place) -> None:
    writer = await place.principal(app_token(place, ("report-*", "write")))
    reader = await place.principal(app_token(place, ("report-*", "read"), sub="u-2"))
    with pytest.raises(NotFound):
        await place.wing.doorkeeper.document_access(reader, "report-1")
    with pytest.raises(NotFound):
        await place.wing.doorkeeper.document_access(writer, "budget")
    made = await place.wing.doorkeeper.document_access(writer, "report-1")
    assert made.right is Right.WRITE
    assert made.incarnation
    found = await place.wing.doorkeeper.document_access(reader, "report-1")
    assert (found.document_id, found.right) == (made.document_id, Right.READ)
    assert (await place.wing.doorkeeper.document_access(writer, "report-1")).document_id == made.document_id


async def test_a_pattern_reaches_no_document_of_a_workspace_but_by_its_whole_id(place: Place) -> None:
    ada = await place.person()
    document = await place.document(await place.workspace(ada), ada)
    everything = await place.principal(app_token(place, ("*", "write"), (document[:4] + "*", "write")))
    with pytest.raises(NotFound):
        await place.wing.doorkeeper.document_access(everything, document)
    named = await place.principal(app_token(place, (document, "comment"), sub="u-2"))
    assert await right_to(place, named, document) is Right.COMMENT


async def test_one_name_in_two_organisations_is_two_documents(place: Place) -> None:
    await place.organisation("Globex")
    ours, theirs = [
        (await place.wing.doorkeeper.document_access(await place.principal(token), "plan")).document_id
        for token in (app_token(place, ("plan", "write")), app_token(place, ("plan", "write"), org="globex"))
    ]
    assert ours != theirs


async def test_an_expired_application_token_is_gone_at_the_next_look(place: Place) -> None:
    caller = await place.principal(app_token(place, ("plan", "write")))
    document = (await place.wing.doorkeeper.document_access(caller, "plan")).document_id
    place.clock.move(seconds=600)
    with pytest.raises(Unauthenticated):
        await place.wing.doorkeeper.recheck(caller, document)


async def test_without_a_configured_key_no_application_signs_anybody_in(open_place: OpenPlace) -> None:
    place = await open_place(jwt_secret=None)
    with pytest.raises(Unauthenticated):
        await place.principal(app_token(place))


# --open.


async def test_open_to_everybody_makes_documents_and_asks_for_nothing(open_place: OpenPlace) -> None:
    place = await open_place(open_mode=True)
    assert place.wing.doorkeeper.is_open
    caller = await place.principal("whatever the client says")
    assert caller.kind == "open"
    assert caller.user_id == (await place.principal()).user_id
    first = await place.wing.doorkeeper.document_access(caller, "my/room 1")
    assert first.right is Right.WRITE
    assert (await place.wing.doorkeeper.document_access(caller, "my/room 1")).document_id == first.document_id
    assert await place.wing.doorkeeper.recheck(caller, first.document_id) is Right.WRITE


async def test_open_is_another_organisation_than_the_one_with_accounts(open_place: OpenPlace, place: Place) -> None:
    ada = await place.person()
    document = await place.document(await place.workspace(ada), ada)
    opened = await open_place(open_mode=True)
    made = await opened.wing.doorkeeper.document_access(await opened.principal(), document)
    assert made.document_id != document


async def test_what_a_socket_was_told_counts_for_a_second_and_no_longer(place: Place) -> None:
    ada = await place.person()
    ben = await place.person(BEN)
    workspace = await place.workspace(ada, **{ben: "viewer"})
    document = await place.document(workspace, ada)
    bens = await place.principal(await place.session(BEN))
    await place.wing.doorkeeper.admit(bens, document)
    await WorkspaceStore(place.database).remove_member(workspace, ben)  # as another process does: nobody tells us
    assert (await place.wing.doorkeeper.admit(bens, document)).document_id == document
    place.clock.move(seconds=1)
    with pytest.raises(NotFound):
        await place.wing.doorkeeper.admit(bens, document)


async def test_a_right_that_is_taken_away_here_is_forgotten_at_once(place: Place) -> None:
    ada = await place.person()
    document = await place.document(await place.workspace(ada), ada)
    adas = await place.principal(await place.session())
    await place.wing.doorkeeper.admit(adas, document)
    assert await place.wing.doorkeeper.still_may(adas, document) is Right.WRITE
    await place.wing.accounts.sign_out(adas)
    with pytest.raises(Unauthenticated):
        await place.wing.doorkeeper.admit(adas, document)
    with pytest.raises(Unauthenticated):
        await place.wing.doorkeeper.still_may(adas, document)
