"""Who is here (C5 of the REST contract), invitations (C8), and the door for those who are invited."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from server.collaboration.people.invitations import InvitationService, Sent
from server.collaboration.people.model import (
    AcceptedInvitation,
    AcceptInvitation,
    Invitation,
    NewInvitation,
    OpenInvitation,
    ReceivedInvitation,
    SentInvitation,
    SignUp,
)
from server.collaboration.people.sessions import Session, SessionService
from server.http.paging import MAX_LIMIT, cursor_of, place_of
from server.http.reply import Envelope
from server.http.streams import StreamsOf
from server.identity.dependencies import Caller, Wing
from server.identity.model import SessionReply, User
from server.identity.roles import WorkspaceRole

__all__ = ["router"]

WORKSPACE = "/collaboration/workspaces/{workspace_id}"
INVITATION = WORKSPACE + "/invitations/{invitation_id}"


def _invitations(request: Request) -> InvitationService:
    service: InvitationService = request.app.state.house.collaboration.invitations
    return service


def _sessions(request: Request) -> SessionService:
    service: SessionService = request.app.state.house.collaboration.sessions
    return service


def _site(request: Request) -> str:
    """Where the web app is, as the settings say it, or as the caller has reached it."""
    public_url: str | None = request.app.state.house.settings.public_url
    return public_url or str(request.base_url).rstrip("/")


Invitations = Annotated[InvitationService, Depends(_invitations)]
Sessions = Annotated[SessionService, Depends(_sessions)]
Site = Annotated[str, Depends(_site)]

router = APIRouter()


@router.get("/collaboration/sessions/active", tags=["collaboration"], summary="C5: who is in which document now")
async def list_active_sessions(
    caller: Caller,
    sessions: Sessions,
    workspace_id: Annotated[
        str | None, Query(description="One of your workspaces; all of them when not given.")
    ] = None,
) -> Envelope[list[Session]]:
    """By live connections only, at most a second old. The last active first."""
    return Envelope(data=await sessions.active(caller, workspace_id or None))


# For those who invite.


@router.post(WORKSPACE + "/invite", status_code=201, tags=["collaboration"], summary="C8: invite somebody by e-mail")
async def invite(
    *, caller: Caller, invitations: Invitations, site: Site, workspace_id: str, new: NewInvitation
) -> Envelope[SentInvitation]:
    """The address need not have an account, and the answer does not say whether it has one.

    Inviting an address again changes its open invitation and makes its former link worthless; so a repeated request
    leaves one invitation, and needs no Idempotency-Key. The link is good for seven days, and once.
    """
    return Envelope(data=_sent_view(invitations, await invitations.invite(caller, workspace_id, new, site)))


@router.get(WORKSPACE + "/invitations", tags=["collaboration"], summary="The invitations into a workspace")
async def list_invitations(
    *,
    caller: Caller,
    invitations: Invitations,
    streams: StreamsOf,
    workspace_id: str,
    history: Annotated[bool, Query(description="Also those that were accepted or taken back.")] = False,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")] = MAX_LIMIT,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
) -> Envelope[list[Invitation]]:
    """The newest first. Those that have expired are among the open ones: they can be sent again."""
    place = await streams.place(caller.organisation_id, f"workspace:{workspace_id}")
    rows = await invitations.page(caller, workspace_id, place_of(cursor), limit, only_open=not history)
    page = rows[:limit]
    more = cursor_of((page[-1].created_at, page[-1].id)) if len(rows) > limit else None
    return Envelope(data=[invitations.view(row) for row in page], next_cursor=more, stream=place)


@router.post(INVITATION + "/resend", tags=["collaboration"], summary="Send an invitation again, with a new link")
async def resend_invitation(
    *, caller: Caller, invitations: Invitations, site: Site, workspace_id: str, invitation_id: str
) -> Envelope[SentInvitation]:
    """For seven days from now; the former link is worth nothing any more."""
    return Envelope(data=_sent_view(invitations, await invitations.resend(caller, workspace_id, invitation_id, site)))


@router.delete(INVITATION, status_code=204, tags=["collaboration"], summary="Take an invitation back")
async def revoke_invitation(caller: Caller, invitations: Invitations, workspace_id: str, invitation_id: str) -> None:
    await invitations.revoke(caller, workspace_id, invitation_id)


# For those who are invited. Bodies are raw, as everywhere under /auth.


@router.get("/auth/invitations", tags=["Account"], summary="The invitations that wait for me")
async def list_received(caller: Caller, invitations: Invitations) -> list[ReceivedInvitation]:
    return [invitations.received_view(row) for row in await invitations.received(caller)]


@router.post("/auth/invitations/look", tags=["Sign-in"], summary="What an invitation's link is for")
async def look_at_invitation(body: OpenInvitation, invitations: Invitations) -> ReceivedInvitation:
    """Nobody needs to be signed in. It does not say whether the address has an account."""
    return invitations.received_view(await invitations.look(body.token))


@router.post("/auth/invitations/accept", tags=["Account"], summary="Accept an invitation with my account")
async def accept_invitation(body: AcceptInvitation, caller: Caller, invitations: Invitations) -> AcceptedInvitation:
    """By an account with the address that was invited. A link works once; of two who come at once, one gets in."""
    accepted = await invitations.accept(caller, body)
    return AcceptedInvitation(workspace_id=accepted.member.workspace_id, role=WorkspaceRole(accepted.member.role).value)


@router.post(
    "/auth/invitations/sign-up", tags=["Sign-in"], summary="Accept an invitation by making an account", status_code=201
)
async def sign_up(body: SignUp, invitations: Invitations, wing: Wing, response: Response) -> SessionReply:
    """The account has the invited address, and is signed in."""
    signed_in = await invitations.sign_up(body)
    session = signed_in.session
    wing.cookie.put(response, session.token, session.expires_at)
    return SessionReply(token=session.token, user=User.of(signed_in.account), expires_at=session.expires_at)


def _sent_view(invitations: InvitationService, sent: Sent) -> SentInvitation:
    return SentInvitation(**invitations.view(sent.invitation).model_dump(), accept_url=sent.accept_url)
