"""Roles, scopes and rights: both sides must allow, and a token is never worth more than its owner."""

import pytest

from crdt.room import Right
from server.identity.roles import (
    ROLE_PERMISSIONS,
    SCOPE_PERMISSIONS,
    OrganisationRole,
    Permission,
    Scope,
    WorkspaceRole,
    document_right,
    permissions_of,
)

ORG, SPACE = OrganisationRole, WorkspaceRole


def test_the_tables_name_every_role_and_scope() -> None:
    assert set(ROLE_PERMISSIONS) == set(OrganisationRole)
    assert set(SCOPE_PERMISSIONS) == set(Scope)


def test_each_role_may_all_that_the_next_lower_one_may() -> None:
    viewer, analyst, steward, admin = (ROLE_PERMISSIONS[role] for role in reversed(OrganisationRole))
    assert viewer < analyst < steward < admin
    assert admin == set(Permission)


@pytest.mark.parametrize("permission", [Permission.USERS_MANAGE, Permission.WEBHOOKS_MANAGE])
def test_only_administrators_manage_users_and_webhooks_of_the_organisation(permission: Permission) -> None:
    assert [role for role, may in ROLE_PERMISSIONS.items() if permission in may] == [ORG.ADMIN]
    assert not any(permission in may for may in SCOPE_PERMISSIONS.values())


@pytest.mark.parametrize("role", OrganisationRole)
def test_a_token_with_every_scope_may_no_more_than_its_owner(role: OrganisationRole) -> None:
    assert permissions_of(role, frozenset(Scope)) <= permissions_of(role, None)


def test_a_token_without_scopes_may_nothing() -> None:
    assert permissions_of(ORG.ADMIN, frozenset()) == frozenset()


@pytest.mark.parametrize(
    ("role", "workspace_role", "right"),
    [
        *((role, member, Right.WRITE) for role in list(ORG)[:3] for member in list(SPACE)[:3]),
        *((role, SPACE.VIEWER, Right.READ) for role in ORG),
        *((ORG.VIEWER, member, Right.COMMENT) for member in list(SPACE)[:3]),
    ],
)
def test_both_roles_must_allow_a_right(role: ORG, workspace_role: SPACE, right: Right) -> None:
    assert document_right(role, None, workspace_role) is right


@pytest.mark.parametrize(
    ("scopes", "right"),
    [
        ({Scope.DOCUMENTS_READ}, Right.READ),
        ({Scope.DOCUMENTS_WRITE}, Right.WRITE),
        ({Scope.DOCUMENTS_READ, Scope.DOCUMENTS_WRITE}, Right.WRITE),
        ({Scope.ACCOUNT, Scope.WORKSPACES_MANAGE}, None),
        (set(), None),
    ],
)
def test_a_tokens_scopes_cap_the_right(scopes: set[Scope], right: Right | None) -> None:
    assert document_right(ORG.ADMIN, frozenset(scopes), SPACE.OWNER) is right
    lower = document_right(ORG.ADMIN, frozenset(scopes), SPACE.VIEWER)
    assert lower is (Right.READ if right else None)
