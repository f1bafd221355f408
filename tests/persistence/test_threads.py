"""Threads of comments in both kinds of store."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.thread_rows import (
    NewAnchor,
    NewComment,
    NoThread,
    ReactionRow,
    TakenId,
    ThreadFull,
    ThreadLimits,
    TooManyReactions,
    TooManyThreads,
)
from persistence.threads import ThreadStore
from tests.persistence.conftest import NOW, Place

LIMITS = ThreadLimits(threads=5, comments=4, characters=1000, reaction_kinds=2, reactions=3)
ANCHOR = NewAnchor(b"s", b"e", None, None, False, "word", "attached", None, 2, 5, 2, 9, 7)


class Heard:
    """Counts the changes that were told."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, _: Connection) -> None:
        self.times += 1


@pytest.fixture
def store(database: Database) -> ThreadStore:
    return ThreadStore(database)


@pytest.fixture
def new(place: Place, document: str) -> Callable[..., NewComment]:
    moments = iter(range(1000))

    def make(content: str = "Why?", **changes: Any) -> NewComment:
        at = NOW + timedelta(seconds=next(moments))
        plain = NewComment(uuid.uuid4().hex, document, None, place.user, content, at)
        return replace(plain, **changes)

    return make


async def page(store: ThreadStore, document: str, **asked: Any) -> list[tuple[str, list[str]]]:
    found, _ = await store.page(document, **{"limit": 10, "characters": 10_000, **asked})
    return [(each.thread.id, [comment.content for comment in each.comments]) for each in found]


async def test_a_thread_has_the_id_of_the_comment_that_began_it(
    store: ThreadStore, document: str, new: Callable[..., NewComment]
) -> None:
    root = new(anchor=ANCHOR)
    written = await store.add(root, LIMITS)
    await store.add(new("Because.", thread_id=root.id), LIMITS)
    assert (written.thread_id, written.author_name) == (root.id, "Ada")
    found = await store.thread(document, root.id)
    assert found is not None
    assert [each.content for each in found.comments] == ["Why?", "Because."]
    assert found.thread.anchor is not None
    assert (found.thread.anchor.line, found.thread.anchor.quote, found.thread.anchor.position) == (2, "word", 7)
    assert (found.thread.comments, found.thread.characters) == (2, 12)


async def test_the_same_comment_again_is_the_same_comment(
    store: ThreadStore, document: str, new: Callable[..., NewComment]
) -> None:
    root, heard = new(), Heard()
    first = await store.add(root, LIMITS, also=heard)
    assert await store.add(replace(root, content="Other"), LIMITS, also=heard) == first
    reply = new(thread_id=root.id)
    await asyncio.gather(*(store.add(reply, LIMITS, also=heard) for _ in range(3)))
    assert heard.times == 2
    assert await page(store, document) == [(root.id, ["Why?", "Why?"])]


async def test_an_id_of_another_comment_is_taken(
    store: ThreadStore, documents: DocumentStore, place: Place, new: Callable[..., NewComment]
) -> None:
    root = new()
    await store.add(root, LIMITS)
    other = await documents.create(place.document(), NOW)
    with pytest.raises(TakenId):
        await store.add(new(id=root.id, document_id=other.id), LIMITS)


async def test_a_thread_of_another_document_is_not_there(
    store: ThreadStore, documents: DocumentStore, place: Place, new: Callable[..., NewComment]
) -> None:
    root = new()
    await store.add(root, LIMITS)
    other = (await documents.create(place.document(), NOW)).id
    with pytest.raises(NoThread):
        await store.add(new(document_id=other, thread_id=root.id), LIMITS)
    assert await store.thread(other, root.id) is None
    assert await store.comment(other, root.id) is None
    assert not await store.edit(other, root.id, "x", NOW, LIMITS)
    assert not await store.delete(other, root.id, place.user, NOW)
    assert not await store.settle(other, root.id, place.user, NOW)


async def test_a_note_and_a_change_are_one_transaction(
    store: ThreadStore, document: str, new: Callable[..., NewComment]
) -> None:
    def fail(_: Connection) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.add(new(), LIMITS, also=fail)
    assert await page(store, document) == []


async def test_pages_go_on_where_the_last_one_ended(
    store: ThreadStore, document: str, new: Callable[..., NewComment]
) -> None:
    at: datetime = NOW
    roots = [new(created_at=at) for _ in range(5)]
    for root in roots:
        await store.add(root, LIMITS)
    seen: list[str] = []
    after, more = None, True
    while more:
        found, more = await store.page(document, after=after, limit=2, characters=10_000)
        seen += [each.thread.id for each in found]
        after = (found[-1].thread.created_at, found[-1].thread.id)
    assert seen == sorted(root.id for root in roots)


async def test_a_page_ends_before_it_is_too_long_but_has_one_thread(
    store: ThreadStore, document: str, new: Callable[..., NewComment]
) -> None:
    for _ in range(3):
        await store.add(new("x" * 100), LIMITS)
    found, more = await store.page(document, limit=10, characters=250)
    assert (len(found), more) == (2, True)
    found, more = await store.page(document, limit=10, characters=10)
    assert (len(found), more) == (1, True)


async def test_an_edit_is_said_and_an_equal_one_is_none(
    store: ThreadStore, document: str, new: Callable[..., NewComment]
) -> None:
    root, heard = new(), Heard()
    await store.add(root, LIMITS)
    later = NOW + timedelta(days=1)
    assert await store.edit(document, root.id, "Why?", later, LIMITS, also=heard)
    assert heard.times == 0
    assert await store.edit(document, root.id, "What?", later, LIMITS, also=heard)
    assert heard.times == 1
    found = await store.comment(document, root.id)
    assert found is not None
    assert (found[0].content, found[0].edited_at) == ("What?", later)
    assert await page(store, document, since=later) == [(root.id, ["What?"])]
    assert await page(store, document, since=later + timedelta(seconds=1)) == []


async def test_what_is_deleted_leaves_a_tombstone_without_words(
    store: ThreadStore, document: str, place: Place, new: Callable[..., NewComment]
) -> None:
    root, heard = new("x" * 900), Heard()
    await store.add(root, LIMITS)
    await store.add(new("stays", thread_id=root.id), LIMITS)
    await store.react(document, ReactionRow(root.id, "👍", place.user, "Ada", "👍", NOW), LIMITS)
    assert await store.delete(document, root.id, place.user, NOW, also=heard)
    assert not await store.delete(document, root.id, place.user, NOW, also=heard)
    assert heard.times == 1
    assert await page(store, document) == [(root.id, ["", "stays"])]
    found = await store.thread(document, root.id)
    assert found is not None
    assert found.reactions[root.id] == []
    assert found.thread.characters == 5
    assert not await store.edit(document, root.id, "back", NOW, LIMITS)
    assert not await store.react(document, ReactionRow(root.id, "👍", place.user, "Ada", "👍", NOW), LIMITS)


async def test_reactions_are_counted_once_and_bounded(
    store: ThreadStore, document: str, place: Place, new: Callable[..., NewComment]
) -> None:
    root, heard = new(), Heard()
    await store.add(root, LIMITS)

    async def react(emoji: str) -> bool:
        return await store.react(document, ReactionRow(root.id, emoji, place.user, "", emoji, NOW), LIMITS, also=heard)

    assert await react("👍")
    assert await react("👍")
    assert await react("🎉")
    assert heard.times == 2
    with pytest.raises(TooManyReactions):
        await react("❤")
    assert await store.take_back(document, root.id, "👍", place.user, NOW, also=heard)
    assert await store.take_back(document, root.id, "👍", place.user, NOW, also=heard)
    assert heard.times == 3
    found = await store.comment(document, root.id)
    assert found is not None
    assert [(each.emoji, each.user_name) for each in found[1]] == [("🎉", "Ada")]


async def test_a_thread_is_resolved_once_and_reopened_once(
    store: ThreadStore, document: str, place: Place, new: Callable[..., NewComment]
) -> None:
    root, other, heard = new(), new(), Heard()
    for each in root, other:
        await store.add(each, LIMITS)
    for _ in range(2):
        assert await store.settle(document, root.id, place.user, NOW, also=heard)
    assert heard.times == 1
    assert [id_ for id_, _ in await page(store, document, resolved=True)] == [root.id]
    assert [id_ for id_, _ in await page(store, document, resolved=False)] == [other.id]
    for _ in range(2):
        assert await store.settle(document, root.id, None, NOW, also=heard)
    assert heard.times == 2
    assert await page(store, document, resolved=True) == []


async def test_threads_and_documents_are_bounded(store: ThreadStore, new: Callable[..., NewComment]) -> None:
    root = new()
    await store.add(root, LIMITS)
    with pytest.raises(ThreadFull):
        await store.add(new("x" * 1000, thread_id=root.id), LIMITS)
    for _ in range(3):
        await store.add(new(thread_id=root.id), LIMITS)
    with pytest.raises(ThreadFull):
        await store.add(new(thread_id=root.id), LIMITS)
    for _ in range(4):
        await store.add(new(), LIMITS)
    with pytest.raises(TooManyThreads):
        await store.add(new(), LIMITS)


async def test_comments_that_come_together_pass_no_limit(
    store: ThreadStore, document: str, new: Callable[..., NewComment]
) -> None:
    root = new()
    await store.add(root, LIMITS)
    outcomes = await asyncio.gather(
        *(store.add(new(thread_id=root.id), LIMITS) for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(each, ThreadFull) for each in outcomes) == 3
    found = await store.thread(document, root.id)
    assert found is not None
    assert found.thread.comments == len(found.comments) == 4
