"""The collaboration API over HTTP: C1 to C4 of the REST contract, and what a person needs besides."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from persistence.answers import Note
from persistence.workspaces import WorkspaceRow
from server.collaboration.documents import DocumentService
from server.collaboration.model import (
    DocumentChanges,
    DocumentFilter,
    Member,
    NewDocument,
    NewMember,
    NewWorkspace,
    RoleChange,
    SharedDocument,
    Workspace,
    WorkspaceChanges,
    WorkspaceFilter,
)
from server.collaboration.service import WorkspaceService
from server.collaboration.views import member_view, workspace_view
from server.http.idempotency import DESCRIBED, IdempotentAnswers
from server.http.paging import MAX_LIMIT, cursor_of, place_of
from server.http.reply import Envelope, StreamPlace
from server.http.streams import StreamsOf
from server.identity.dependencies import Caller
from server.identity.principal import Principal
from server.identity.roles import WorkspaceRole

__all__ = ["router"]

WORKSPACES = "/collaboration/workspaces"
WORKSPACE = WORKSPACES + "/{workspace_id}"
DOCUMENT = "/collaboration/documents/{document_id}"


def _workspaces(request: Request) -> WorkspaceService:
    service: WorkspaceService = request.app.state.house.collaboration.workspaces
    return service


def _documents(request: Request) -> DocumentService:
    service: DocumentService = request.app.state.house.collaboration.documents
    return service


def _answers(request: Request) -> IdempotentAnswers:
    answers: IdempotentAnswers = request.app.state.house.answers
    return answers


Workspaces = Annotated[WorkspaceService, Depends(_workspaces)]
Documents = Annotated[DocumentService, Depends(_documents)]
Answers = Annotated[IdempotentAnswers, Depends(_answers)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")]
Cursor = Annotated[str | None, Query(description="The next_cursor of the page before.")]

router = APIRouter(tags=["collaboration"])


def _chosen(value: str | None) -> str | None:
    return None if value in {"all", ""} else value


# Workspaces.


@router.get(WORKSPACES, summary="C1: the workspaces that you are in, newest first")
async def list_workspaces(
    *,
    caller: Caller,
    workspaces: Workspaces,
    documents: Documents,
    streams: StreamsOf,
    user_id: str | None = None,
    workspace_type: WorkspaceFilter | None = None,
    limit: Limit = MAX_LIMIT,
    cursor: Cursor = None,
) -> Envelope[list[Workspace]]:
    """`user_id` of another person, or `all` of the organisation, is for administrators.

    `stream` tells of workspaces that come and go; each workspace has its own besides.
    """
    place = await streams.place(caller.organisation_id, f"user:{caller.user_id}")
    rows = await workspaces.page(caller, user_id, _chosen(workspace_type), place_of(cursor), limit)
    page, more = rows[:limit], len(rows) > limit
    places = await streams.places(caller.organisation_id, [_channel(row.id) for row in page])
    data = await _seen(caller, await workspaces.again(caller, page), workspaces, documents, places)
    following = cursor_of((page[-1].created_at, page[-1].id)) if more else None
    return Envelope(data=data, next_cursor=following, stream=place)


@router.post(
    WORKSPACES,
    status_code=201,
    summary="C2: make a workspace",
    response_model=Envelope[Workspace],
    openapi_extra=DESCRIBED,
)
async def create_workspace(
    *,
    request: Request,
    caller: Caller,
    workspaces: Workspaces,
    documents: Documents,
    answers: Answers,
    new: NewWorkspace,
) -> Response:
    """You become its owner. Two workspaces of one owner cannot have one name."""

    async def make(note: Note) -> Envelope[Workspace]:
        row = await workspaces.create(caller, new, note)
        return Envelope(data=(await _seen(caller, [row], workspaces, documents))[0])

    async def again(made: str) -> Envelope[Workspace]:
        row = await workspaces.get(caller, made)
        return Envelope(data=(await _seen(caller, [row], workspaces, documents))[0])

    return await answers.once_made(request, caller.user_id, 201, make, again)


@router.get(WORKSPACE, summary="One workspace with its members and documents")
async def get_workspace(
    caller: Caller, workspaces: Workspaces, documents: Documents, streams: StreamsOf, workspace_id: str
) -> Envelope[Workspace]:
    place = await streams.place(caller.organisation_id, _channel(workspace_id))
    row = await workspaces.get(caller, workspace_id)
    data = await _seen(caller, [row], workspaces, documents, {place.channel: place})
    return Envelope(data=data[0], stream=place)


@router.patch(WORKSPACE, summary="Rename a workspace, or change its description, type or settings")
async def change_workspace(
    caller: Caller, workspaces: Workspaces, documents: Documents, workspace_id: str, changes: WorkspaceChanges
) -> Envelope[Workspace]:
    row = await workspaces.update(caller, workspace_id, changes)
    return Envelope(data=(await _seen(caller, [row], workspaces, documents))[0])


@router.delete(WORKSPACE, status_code=204, summary="Delete a workspace; its owner can restore it")
async def delete_workspace(caller: Caller, workspaces: Workspaces, workspace_id: str) -> None:
    await workspaces.delete(caller, workspace_id)


@router.post(WORKSPACE + "/restore", summary="Bring a deleted workspace back")
async def restore_workspace(
    caller: Caller, workspaces: Workspaces, documents: Documents, workspace_id: str
) -> Envelope[Workspace]:
    row = await workspaces.restore(caller, workspace_id)
    return Envelope(data=(await _seen(caller, [row], workspaces, documents))[0])


# Members.


@router.get(WORKSPACE + "/members", summary="Who is in a workspace")
async def list_members(
    caller: Caller, workspaces: Workspaces, streams: StreamsOf, workspace_id: str
) -> Envelope[list[Member]]:
    place = await streams.place(caller.organisation_id, _channel(workspace_id))
    await workspaces.get(caller, workspace_id)
    members = (await workspaces.members([workspace_id]))[workspace_id]
    return Envelope(data=[member_view(row) for row in members], stream=place)


@router.post(
    WORKSPACE + "/members",
    status_code=201,
    summary="Add a colleague by e-mail address",
    response_model=Envelope[Member],
    openapi_extra=DESCRIBED,
)
async def add_member(
    *, request: Request, caller: Caller, workspaces: Workspaces, answers: Answers, workspace_id: str, new: NewMember
) -> Response:
    """The address must be that of an account in this organisation."""

    async def make(note: Note) -> Envelope[Member]:
        return Envelope(data=member_view(await workspaces.add_member(caller, workspace_id, new, note)))

    async def again(made: str) -> Envelope[Member]:
        return Envelope(data=member_view(await workspaces.member(caller, workspace_id, made)))

    return await answers.once_made(request, caller.user_id, 201, make, again)


@router.put(WORKSPACE + "/members/{user_id}", summary="Change a member's role")
async def set_role(
    caller: Caller, workspaces: Workspaces, workspace_id: str, user_id: str, change: RoleChange
) -> Envelope[Member]:
    """Takes effect on open sockets at once."""
    row = await workspaces.set_role(caller, workspace_id, user_id, WorkspaceRole(change.role))
    return Envelope(data=member_view(row))


@router.delete(WORKSPACE + "/members/{user_id}", status_code=204, summary="Remove a member, or leave")
async def remove_member(caller: Caller, workspaces: Workspaces, workspace_id: str, user_id: str) -> None:
    await workspaces.remove_member(caller, workspace_id, user_id)


# Documents.


@router.get(WORKSPACE + "/documents", summary="C3: the documents of a workspace, oldest first")
async def list_documents(
    *,
    caller: Caller,
    documents: Documents,
    streams: StreamsOf,
    workspace_id: str,
    document_type: DocumentFilter | None = None,
    deleted: Annotated[bool, Query(description="Those that were deleted and can be restored.")] = False,
    limit: Limit = MAX_LIMIT,
    cursor: Cursor = None,
) -> Envelope[list[SharedDocument]]:
    place = await streams.place(caller.organisation_id, _channel(workspace_id))
    kind = _chosen(document_type)
    page, more = await documents.page(caller, workspace_id, kind, place_of(cursor), limit, deleted=deleted)
    following = cursor_of((page[-1].created_at, page[-1].id)) if more else None
    return Envelope(data=page, next_cursor=following, stream=place)


@router.post(
    WORKSPACE + "/documents",
    status_code=201,
    summary="C4: make a document, from content or empty",
    response_model=Envelope[SharedDocument],
    openapi_extra=DESCRIBED,
)
async def create_document(
    *, request: Request, caller: Caller, documents: Documents, answers: Answers, workspace_id: str, new: NewDocument
) -> Response:
    """The content becomes the document's first update, with you as its author."""

    async def make(note: Note) -> Envelope[SharedDocument]:
        return Envelope(data=await documents.create(caller, workspace_id, new, note))

    async def again(made: str) -> Envelope[SharedDocument]:
        return Envelope(data=await documents.get(caller, made))

    return await answers.once_made(request, caller.user_id, 201, make, again)


@router.get(DOCUMENT, summary="One document, with its text")
async def get_document(caller: Caller, documents: Documents, document_id: str) -> Envelope[SharedDocument]:
    return Envelope(data=await documents.get(caller, document_id))


@router.patch(DOCUMENT, summary="Rename a document, or change its type")
async def change_document(
    caller: Caller, documents: Documents, document_id: str, changes: DocumentChanges
) -> Envelope[SharedDocument]:
    return Envelope(data=await documents.update(caller, document_id, changes))


@router.delete(DOCUMENT, status_code=204, summary="Delete a document; it can be restored")
async def delete_document(caller: Caller, documents: Documents, document_id: str) -> None:
    """Everybody who has it open is told."""
    await documents.delete(caller, document_id)


@router.post(DOCUMENT + "/restore", summary="Bring a deleted document back")
async def restore_document(caller: Caller, documents: Documents, document_id: str) -> Envelope[SharedDocument]:
    return Envelope(data=await documents.restore(caller, document_id))


def _channel(workspace: str) -> str:
    return f"workspace:{workspace}"


async def _seen(
    caller: Principal,
    rows: list[WorkspaceRow],
    workspaces: WorkspaceService,
    documents: DocumentService,
    places: Mapping[str, StreamPlace] | None = None,
) -> list[Workspace]:
    """The workspaces as the caller sees them, each with its members and its newest documents.

    places: of the workspaces' channels, where these were before the rows were read.
    """
    ids = [row.id for row in rows]
    members, heads = await workspaces.members(ids), await documents.overview(caller, ids)
    return [
        workspace_view(row, caller, members[row.id], heads[row.id], (places or {}).get(_channel(row.id)))
        for row in rows
    ]
