"""What a route depends on: who is calling, let in by the policy table."""

from typing import Annotated

from fastapi import Depends, Request

from server.errors import Forbidden
from server.identity.house import IdentityWing
from server.identity.policy import Rule, check_permission, rule_of
from server.identity.principal import Principal

__all__ = ["Caller", "Wing", "current_principal", "identity_of"]


def identity_of(request: Request) -> IdentityWing:
    wing: IdentityWing = request.app.state.house.identity
    return wing


async def current_principal(request: Request) -> Principal:
    """Who is calling, if this route's row of the policy table lets him. Raises Unauthenticated, Forbidden.

    Roles in workspaces and rights to documents are for the route's service to ask: only it knows which one is meant.
    """
    wing = identity_of(request)
    principal = await wing.doorkeeper.authenticate(wing.cookie.credentials_of(request))
    check_permission(principal, _rule(request))
    return principal


def _rule(request: Request) -> Rule:
    # The matched route's own template, never the address that the client wrote (CVE-2026-48710).
    rule = rule_of(request.method, request.scope["route"].path)
    if rule is None or rule.public:
        raise Forbidden("Nobody has said who may do this.")
    return rule


Caller = Annotated[Principal, Depends(current_principal)]
Wing = Annotated[IdentityWing, Depends(identity_of)]
