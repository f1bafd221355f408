"""Rows as the shapes of comments."""

from base64 import b64encode
from collections.abc import Sequence

from persistence.thread_rows import AnchorRow, CommentRow, ReactionRow, WholeThread
from server.collaboration.threads.mentions import mentions_in
from server.collaboration.threads.model import Anchor, Comment, Position, Reaction, Reactor
from server.events.comments import CommentState

__all__ = ["comment_state", "comment_view", "thread_view"]

NAMED_REACTORS = 100


def thread_view(whole: WholeThread, caller: str) -> Comment:
    """The comment that began the thread, with the others as its replies."""
    thread = whole.thread
    views = {each.id: _view(each, whole.reactions[each.id], caller) for each in whole.comments}
    anchor = _anchor(thread.anchor) if thread.anchor is not None else None
    return views.pop(thread.id).model_copy(
        update={
            "replies": list(views.values()),
            "anchor": anchor,
            "position": _position(anchor),
            "resolved_at": thread.resolved_at,
            "resolved_by": thread.resolved_by,
        }
    )


def comment_view(whole: WholeThread, comment: str, caller: str) -> Comment | None:
    """One of them; the first one as `thread_view` has it."""
    if comment == whole.thread.id:
        return thread_view(whole, caller)
    return next((_view(each, whole.reactions[comment], caller) for each in whole.comments if each.id == comment), None)


def comment_state(row: CommentRow) -> CommentState:
    """As events tell it."""
    return CommentState(
        id=row.id,
        document_id=row.document_id,
        thread_id=_thread_of(row),
        author_id=row.author_id,
        author_name=row.author_name,
        content=row.content,
        created_at=row.created_at,
        updated_at=row.updated_at,
        edited_at=row.edited_at,
    )


def _view(row: CommentRow, reactions: Sequence[ReactionRow], caller: str) -> Comment:
    return Comment(
        **comment_state(row).model_dump(),
        deleted_at=row.deleted_at,
        mentions=mentions_in(row.content),
        reactions=_grouped(reactions, caller),
    )


def _thread_of(row: CommentRow) -> str | None:
    return row.thread_id if row.thread_id != row.id else None


def _grouped(reactions: Sequence[ReactionRow], caller: str) -> list[Reaction]:
    kinds: dict[str, list[ReactionRow]] = {}
    for row in reactions:
        kinds.setdefault(row.kind, []).append(row)
    return [
        Reaction(
            emoji=rows[0].emoji,
            count=len(rows),
            mine=any(row.user_id == caller for row in rows),
            users=[Reactor(user_id=row.user_id, username=row.user_name) for row in rows[:NAMED_REACTORS]],
        )
        for rows in kinds.values()
    ]


def _anchor(row: AnchorRow) -> Anchor:
    return Anchor.model_validate(
        {
            "state": row.state,
            "reason": row.reason,
            "line": row.line,
            "column": row.column,
            "end_line": row.end_line,
            "end_column": row.end_column,
            "quote": row.quote,
            "clamped": row.clamped,
            "version": row.position if row.position >= 0 else None,
            "start": _base64(row.start),
            "end": _base64(row.end),
        }
    )


def _base64(position: bytes | None) -> str | None:
    return b64encode(position).decode() if position is not None else None


def _position(anchor: Anchor | None) -> Position | None:
    if anchor is None or anchor.line is None or anchor.column is None:
        return None
    return Position(line=anchor.line, column=anchor.column)
