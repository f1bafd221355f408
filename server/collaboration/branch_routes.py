"""A document's branches over HTTP: copies of before a restore that are kept apart from it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from server.collaboration.branches import BranchService
from server.collaboration.branches_model import Branch, BranchForm, MergedBranch
from server.collaboration.contents import Unhurried
from server.http.reply import Envelope
from server.identity.dependencies import Caller

__all__ = ["router"]

BRANCHES = "/collaboration/documents/{document_id}/branches"
BRANCH = BRANCHES + "/{branch_id}"
TYPES: dict[BranchForm, str] = {
    "update": "application/octet-stream",
    "text": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
}
SUFFIXES: dict[BranchForm, str] = {"update": "yjs", "text": "txt", "markdown": "md"}

router = APIRouter(tags=["collaboration"])


def _branches(request: Request) -> BranchService:
    service: BranchService = request.app.state.house.collaboration.branches
    return service


def _unhurried(request: Request) -> Unhurried:
    unhurried: Unhurried = request.app.state.house.collaboration.unhurried
    return unhurried


Branches = Annotated[BranchService, Depends(_branches)]
Patience = Annotated[Unhurried, Depends(_unhurried)]


@router.get(BRANCHES, summary="The copies of a document of before a restore, oldest first")
async def list_branches(caller: Caller, branches: Branches, document_id: str) -> Envelope[list[Branch]]:
    """Who may edit the document sees all of them, anybody else his own. Those that were merged or discarded stay in the
    list for a while."""
    rows = await branches.all(caller, document_id)
    return Envelope(data=[Branch.model_validate(row) for row in rows])


@router.get(BRANCH, summary="One branch")
async def get_branch(caller: Caller, branches: Branches, document_id: str, branch_id: str) -> Envelope[Branch]:
    return Envelope(data=Branch.model_validate(await branches.get(caller, document_id, branch_id)))


@router.get(
    BRANCH + "/content",
    summary="Download a branch",
    response_class=Response,
    responses={
        200: {"content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in TYPES.values()}},
    },
)
async def get_branch_content(
    *,
    caller: Caller,
    branches: Branches,
    document_id: str,
    branch_id: str,
    form: Annotated[
        BranchForm, Query(alias="format", description="All of it as one Yjs update (version 1), or what it says.")
    ] = "update",
) -> Response:
    content = await branches.content(caller, document_id, branch_id, form)
    name = f'attachment; filename="branch-{branch_id}.{SUFFIXES[form]}"'
    return Response(content, 200, {"Content-Disposition": name}, TYPES[form])


@router.post(BRANCH + "/merge", summary="Merge a branch into its document")
async def merge_branch(
    caller: Caller, branches: Branches, patience: Patience, document_id: str, branch_id: str
) -> Envelope[MergedBranch]:
    """What the document lacks of it becomes an edit by you, which everybody who has the document open sees. The answer
    comes when the edit is committed. To merge again changes nothing."""

    async def merge() -> Envelope[MergedBranch]:
        row, version, changed = await branches.merge(caller, document_id, branch_id)
        return Envelope(data=MergedBranch(branch=Branch.model_validate(row), version=version, changed=changed))

    return await patience.once(caller.user_id, None, merge)


@router.delete(BRANCH, status_code=204, summary="Discard a branch")
async def discard_branch(caller: Caller, branches: Branches, document_id: str, branch_id: str) -> None:
    """Its content is dropped at once; that it was there is told for a while."""
    await branches.discard(caller, document_id, branch_id)
