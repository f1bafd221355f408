"""/auth: signing in and out, oneself, tokens and tickets, and the organisation's users. Bodies are raw, no envelope."""

from datetime import timedelta
from importlib.metadata import version

from fastapi import APIRouter, Request, Response, status

from server.errors import Unauthenticated
from server.identity.accounts import AccountChanges, SignedIn
from server.identity.dependencies import Caller, Wing
from server.identity.model import (
    LoginRequest,
    NewTokenRequest,
    NewUserRequest,
    PasswordChange,
    PermissionsReply,
    SessionReply,
    SetupRequest,
    StatusReply,
    TicketReply,
    TicketRequest,
    Token,
    TokenReply,
    User,
    UserChanges,
)
from server.identity.roles import SERVER_PERMISSIONS

__all__ = ["router"]


def _routes() -> APIRouter:
    router = APIRouter(prefix="/auth")
    for add in (_add_sign_in, _add_own_account, _add_tokens, _add_users):
        add(router)
    return router


def _add_sign_in(router: APIRouter) -> None:
    @router.get("/status", tags=["Sign-in"], summary="What a visitor must know before signing in")
    async def tell_status(wing: Wing) -> StatusReply:
        needs_setup = not wing.open_mode and await wing.setup.is_needed()
        return StatusReply(needs_setup=needs_setup, open_mode=wing.open_mode, version=version("counterpoint"))

    @router.post("/setup", tags=["Sign-in"], summary="Make the first account, by the link printed at the start")
    async def set_up(body: SetupRequest, wing: Wing, response: Response) -> SessionReply:
        signed_in = await wing.setup.accept(body.token, email=body.email, name=body.name, password=body.password)
        return _signed_in(wing, response, signed_in)

    @router.post("/login", tags=["Sign-in"], summary="Sign in by e-mail address and password")
    async def sign_in(body: LoginRequest, wing: Wing, request: Request, response: Response) -> SessionReply:
        return _signed_in(wing, response, await wing.accounts.sign_in(body.email, body.password, _address(request)))

    @router.post("/logout", tags=["Sign-in"], summary="End this session", status_code=status.HTTP_204_NO_CONTENT)
    async def sign_out(wing: Wing, request: Request, response: Response) -> None:
        wing.cookie.clear(response)
        try:
            caller = await wing.doorkeeper.authenticate(wing.cookie.credentials_of(request))
        except Unauthenticated:
            return  # it has ended already, which is what was asked for
        await wing.accounts.sign_out(caller)


def _add_own_account(router: APIRouter) -> None:
    @router.get("/me", tags=["Account"], summary="Who am I?")
    async def tell_me(caller: Caller, wing: Wing) -> User:
        return User.of(await wing.accounts.account(caller.organisation_id, caller.user_id))

    @router.get("/permissions", tags=["Account"], summary="What may I do in my organisation?")
    async def tell_permissions(caller: Caller, wing: Wing) -> PermissionsReply:
        """An administrator of an organisation that is a guest of the server has no permissions on the server itself."""
        permissions = caller.permissions
        if permissions & SERVER_PERMISSIONS and not await wing.setup.runs_the_server(caller.organisation_id):
            permissions -= SERVER_PERMISSIONS
        return PermissionsReply(permissions=sorted(permissions), role=caller.organisation_role)

    @router.post(
        "/password",
        tags=["Account"],
        summary="Change my password; my other sessions end",
        status_code=status.HTTP_204_NO_CONTENT,
    )
    async def change_password(body: PasswordChange, caller: Caller, wing: Wing, request: Request) -> None:
        await wing.accounts.change_password(caller, body.current, body.new, _address(request))


def _add_tokens(router: APIRouter) -> None:
    @router.get("/tokens", tags=["Account"], summary="My personal tokens")
    async def list_tokens(caller: Caller, wing: Wing) -> list[Token]:
        return [Token.of(row) for row in await wing.tokens.tokens(caller.user_id, caller.organisation_id)]

    @router.post(
        "/tokens",
        tags=["Account"],
        summary="Make a personal token; it is told this once",
        status_code=status.HTTP_201_CREATED,
    )
    async def create_token(body: NewTokenRequest, caller: Caller, wing: Wing) -> TokenReply:
        lifetime = timedelta(days=body.expires_in_days) if body.expires_in_days is not None else None
        token, row = await wing.tokens.create(caller.actor, caller.user_id, body.name, body.scopes, lifetime)
        return TokenReply(token=token, **Token.of(row).model_dump())

    @router.delete(
        "/tokens/{token_id}", tags=["Account"], summary="Revoke a token", status_code=status.HTTP_204_NO_CONTENT
    )
    async def revoke_token(token_id: str, caller: Caller, wing: Wing) -> None:
        await wing.tokens.revoke(caller.actor, caller.user_id, token_id)

    @router.post("/ws-ticket", tags=["Account"], summary="A ticket that opens one socket, once, soon")
    async def issue_ticket(caller: Caller, wing: Wing, body: TicketRequest | None = None) -> TicketReply:
        document: str | None = None
        if body is not None and body.document is not None:
            document = (await wing.doorkeeper.document_access(caller, body.document)).document_id
        ticket, expires_at = await wing.tickets.issue(caller, document)
        return TicketReply(ticket=ticket, expires_at=expires_at)


def _add_users(router: APIRouter) -> None:
    @router.get("/users", tags=["Users"], summary="Everybody in the organisation")
    async def list_users(caller: Caller, wing: Wing) -> list[User]:
        return [User.of(row) for row in await wing.accounts.accounts(caller.organisation_id)]

    @router.post("/users", tags=["Users"], summary="Add a colleague", status_code=status.HTTP_201_CREATED)
    async def add_user(body: NewUserRequest, caller: Caller, wing: Wing) -> User:
        row = await wing.accounts.create(
            caller.actor, email=body.email, name=body.name, password=body.password, role=body.role
        )
        return User.of(row)

    @router.patch("/users/{user_id}", tags=["Users"], summary="Change a colleague's role, name, password or state")
    async def change_user(user_id: str, body: UserChanges, caller: Caller, wing: Wing) -> User:
        changes = AccountChanges(body.name, body.role, body.active, body.password)
        return User.of(await wing.accounts.change(caller.actor, user_id, changes))


def _signed_in(wing: Wing, response: Response, signed_in: SignedIn) -> SessionReply:
    session = signed_in.session
    wing.cookie.put(response, session.token, session.expires_at)
    return SessionReply(token=session.token, user=User.of(signed_in.account), expires_at=session.expires_at)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


router = _routes()
