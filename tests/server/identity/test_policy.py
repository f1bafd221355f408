"""Every route and every message has a row, and every row is about something that there is."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from fastapi import FastAPI
from fastapi.routing import APIWebSocketRoute, iter_route_contexts
from starlette.routing import WebSocketRoute

from crdt import messages as m
from crdt.awareness import Entry, Identity, encode_awareness
from crdt.messages import Message
from crdt.room import Append, Broadcast, Manners, Member, Opening, Right, Room, Send
from crdt.updates import DeleteRanges
from server.app import build
from server.errors import Forbidden, NotFound
from server.identity.policy import MESSAGES, ROUTES, Rule, check_permission, check_workspace_role, rule_of
from server.identity.principal import Principal
from server.identity.roles import SERVER_PERMISSIONS, OrganisationRole, Permission, Scope, WorkspaceRole
from server.settings import Settings
from tests.crdt.crafting import string, update


def http_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, path template) of every HTTP route, those of included routers too."""
    for route in iter_route_contexts(app.routes):
        # A route without methods takes any; HEAD goes wherever GET goes.
        if not isinstance(route.original_route, WebSocketRoute | APIWebSocketRoute):
            yield from ((method, route.path) for method in (route.methods or {"GET"}) - {"HEAD"})


async def test_every_route_has_a_row_and_every_row_a_route(tmp_path: Path) -> None:
    app = build(Settings(data_dir=tmp_path))
    async with app.router.lifespan_context(app):
        served = set(http_routes(app))
    assert len(served) > 20, "the routes were not found"
    assert served - set(ROUTES) == set(), "routes that nobody may use: write their rows"
    assert set(ROUTES) - served == set(), "rows about no route"


def test_every_message_has_a_row() -> None:
    assert set(MESSAGES) == set(get_args(Message))


def test_only_who_may_write_changes_a_document() -> None:
    changing = {kind.__name__ for kind, rule in MESSAGES.items() if rule.right is Right.WRITE}
    assert changing == {"SyncStep2", "Update"}


SAMPLES: list[Message] = [
    m.SyncStep1(b"\x00"),
    m.SyncStep2(update((7, 0, [string("a")]))),
    m.Update(update((7, 0, [string("a")]))),
    m.AwarenessUpdate(encode_awareness([Entry(7, 1, "{}")])),
    m.QueryAwareness(),
    m.AuthToken("token", None),
    m.TokenRequest(),
    m.PermissionDenied("no"),
    m.Authenticated("read-write"),
    m.Stateless('{"barrier": 1}'),
    m.Detach(),
    m.Detached("gone"),
    m.SyncStatus(applied=True),
    m.Ping(),
    m.Pong(),
    m.Ignored(99),
]


def said_by(right: Right, message: Message) -> set[str]:
    """What a room does when a peer with this right says so: `document`, `presence`, `answer`."""
    room = Room(Opening(b"\x00\x00", {}, DeleteRanges(), (), {}))
    manners = Manners(acknowledges=False, greets=True)
    for number in 1, 2:
        room.join(number, Member(Identity(f"user {number}", "", stamped=True), right, manners))
        for message_of_a_start in m.SyncStep1(b"\x00"), m.SyncStep2(b"\x00\x00"):
            room.receive(number, message_of_a_start, 0.0)
    room.flush()
    done = set()
    for effect in [*room.receive(1, message, 0.0), *room.flush()]:
        match effect:
            case Append():
                done.add("document")
            case Broadcast(_, m.AwarenessUpdate()):
                done.add("presence")
            case Send():
                done.add("answer")
    return done


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: type(message).__name__)
def test_the_room_does_what_a_messages_row_says(message: Message, right: Right) -> None:
    rule, done = MESSAGES[type(message)], said_by(right, message)
    if rule.right is None:
        assert done == set(), "the room has no part in it"
    elif right < rule.right:
        assert done == set(), "it changes nothing"
    else:
        assert done, "it counts"
    assert ("document" in done) <= (rule.right is Right.WRITE)


def test_every_message_is_tried() -> None:
    assert {type(each) for each in SAMPLES} == set(MESSAGES)


def test_a_row_is_public_or_asks_for_a_permission() -> None:
    for row in ROUTES.values():
        assert row.public != (row.permission is not None)


def test_what_is_about_a_workspace_or_a_document_asks_for_a_role_or_right_there() -> None:
    for (_, template), row in ROUTES.items():
        if "{workspace_id}" in template:
            assert row.workspace_role is not None, template
        if template.startswith("/admin/"):  # of a document it tells how the server is doing with it
            assert row.permission in SERVER_PERMISSIONS, template
        elif "{document_id}" in template:
            assert row.right is not None, template


def test_a_route_without_a_row_is_nobodys() -> None:
    assert rule_of("GET", "/nowhere") is None
    assert rule_of("HEAD", "/auth/me") == ROUTES["GET", "/auth/me"]


def caller(role: OrganisationRole, kind: str = "session", *scopes: Scope) -> Principal:
    return Principal("u", "U", None, "o", role, kind, "c", scopes=frozenset(scopes))  # type: ignore[arg-type]


def test_a_missing_permission_is_named() -> None:
    rule = Rule(Permission.USERS_MANAGE)
    check_permission(caller(OrganisationRole.ADMIN), rule)
    with pytest.raises(Forbidden, match=r"users\.manage"):
        check_permission(caller(OrganisationRole.DATA_STEWARD), rule)


@pytest.mark.parametrize("kind", ["token", "jwt", "open"])
def test_tokens_make_no_tokens_and_change_no_password(kind: str) -> None:
    for template in ("/auth/tokens", "/auth/password"):
        with pytest.raises(Forbidden):
            check_permission(caller(OrganisationRole.ADMIN, kind, *Scope), ROUTES["POST", template])


def test_to_who_is_no_member_a_workspace_is_not_there() -> None:
    check_workspace_role(WorkspaceRole.OWNER, WorkspaceRole.ADMIN)
    with pytest.raises(Forbidden, match="admin"):
        check_workspace_role(WorkspaceRole.EDITOR, WorkspaceRole.ADMIN)
    with pytest.raises(NotFound):
        check_workspace_role(None, WorkspaceRole.VIEWER)
