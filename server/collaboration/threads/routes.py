"""Comments over HTTP: C6 and C7 of the REST contract, and what a conversation needs besides."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from persistence.answers import Note
from server.collaboration.threads.emoji import checked_emoji
from server.collaboration.threads.model import Comment, CommentChanges, NewComment, NewReaction
from server.collaboration.threads.service import ThreadService
from server.errors import FieldIssue, Invalid
from server.http.idempotency import DESCRIBED, IdempotentAnswers
from server.http.paging import MAX_LIMIT, cursor_of, place_of
from server.http.reply import Envelope
from server.http.streams import StreamsOf
from server.identity.dependencies import Caller

__all__ = ["router"]

COMMENTS = "/collaboration/documents/{document_id}/comments"
COMMENT = COMMENTS + "/{comment_id}"
THREAD = "/collaboration/documents/{document_id}/threads/{thread_id}"

router = APIRouter(tags=["comments"])


def _threads(request: Request) -> ThreadService:
    service: ThreadService = request.app.state.house.collaboration.threads
    return service


def _answers(request: Request) -> IdempotentAnswers:
    answers: IdempotentAnswers = request.app.state.house.answers
    return answers


Threads = Annotated[ThreadService, Depends(_threads)]
Answers = Annotated[IdempotentAnswers, Depends(_answers)]
Since = Annotated[
    AwareDatetime | None, Query(description="Only threads in which something has changed at this time or later.")
]


@router.get(COMMENTS, summary="C7: the threads of a document, oldest first, with their replies")
async def list_comments(
    *,
    caller: Caller,
    threads: Threads,
    streams: StreamsOf,
    document_id: str,
    resolved: Annotated[bool | None, Query(description="Only threads that are, or are not, resolved.")] = None,
    since: Since = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most threads of a page.")] = MAX_LIMIT,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
) -> Envelope[list[Comment]]:
    """A page ends, too, when its comments come to a million characters. What was deleted is there as a tombstone."""
    row = await threads.document(caller, document_id)
    place = await streams.place(caller.organisation_id, f"workspace:{row.workspace_id}")
    at: datetime | None = since
    data, last = await threads.page(
        caller, document_id, after=place_of(cursor), limit=limit, resolved=resolved, since=at
    )
    return Envelope(data=data, next_cursor=cursor_of(last) if last is not None else None, stream=place)


@router.post(
    COMMENTS,
    status_code=201,
    summary="C6: comment on a document, or reply",
    response_model=Envelope[Comment],
    openapi_extra=DESCRIBED,
)
async def add_comment(
    *, request: Request, caller: Caller, threads: Threads, answers: Answers, document_id: str, new: NewComment
) -> Response:
    """With a `thread_id` it is a reply; a position or an anchor is for a new thread only. An `id` of your own, or an
    `Idempotency-Key`, makes a repeat safe."""

    async def make(note: Note) -> Envelope[Comment]:
        return Envelope(data=await threads.add(caller, document_id, new, note))

    async def again(made: str) -> Envelope[Comment]:
        return Envelope(data=await threads.comment(caller, document_id, made))

    return await answers.once_made(request, caller.user_id, 201, make, again)


@router.get(COMMENT, summary="One comment; the first of a thread comes with its replies")
async def get_comment(caller: Caller, threads: Threads, document_id: str, comment_id: str) -> Envelope[Comment]:
    return Envelope(data=await threads.comment(caller, document_id, comment_id))


@router.patch(COMMENT, summary="Edit a comment of your own")
async def edit_comment(
    caller: Caller, threads: Threads, document_id: str, comment_id: str, changes: CommentChanges
) -> Envelope[Comment]:
    """Who is mentioned for the first time is told."""
    return Envelope(data=await threads.edit(caller, document_id, comment_id, changes.content))


@router.delete(COMMENT, status_code=204, summary="Delete a comment of your own, or as an admin of the workspace any")
async def delete_comment(caller: Caller, threads: Threads, document_id: str, comment_id: str) -> None:
    """Its text and reactions are gone for good; its place in the thread stays."""
    await threads.delete(caller, document_id, comment_id)


@router.post(COMMENT + "/reactions", summary="Put an emoji under a comment")
async def react(
    caller: Caller, threads: Threads, document_id: str, comment_id: str, new: NewReaction
) -> Envelope[Comment]:
    """Twenty different ones at most, each once for every user."""
    return Envelope(data=await threads.react(caller, document_id, comment_id, new.emoji))


@router.delete(COMMENT + "/reactions/{emoji}", summary="Take your emoji back")
async def take_reaction_back(
    caller: Caller, threads: Threads, document_id: str, comment_id: str, emoji: str
) -> Envelope[Comment]:
    try:
        checked = checked_emoji(emoji)
    except ValueError as error:
        raise Invalid(details=[FieldIssue("emoji", str(error), emoji)]) from None
    return Envelope(data=await threads.take_back(caller, document_id, comment_id, checked))


@router.get(THREAD, summary="One thread: its first comment, with the replies")
async def get_thread(caller: Caller, threads: Threads, document_id: str, thread_id: str) -> Envelope[Comment]:
    return Envelope(data=await threads.thread(caller, document_id, thread_id))


@router.post(THREAD + "/resolve", summary="Say that a thread is dealt with")
async def resolve_thread(caller: Caller, threads: Threads, document_id: str, thread_id: str) -> Envelope[Comment]:
    """A thread that is resolved already stays as it is."""
    return Envelope(data=await threads.resolve(caller, document_id, thread_id))


@router.post(THREAD + "/reopen", summary="Open a resolved thread again")
async def reopen_thread(caller: Caller, threads: Threads, document_id: str, thread_id: str) -> Envelope[Comment]:
    return Envelope(data=await threads.reopen(caller, document_id, thread_id))
