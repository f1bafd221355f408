"""Edits of the server: they go the way of anyone's, and are answered once committed. Real rooms, log and workers."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Text

from crdt.awareness import encode_awareness
from crdt.awareness.entries import Entry
from crdt.edits import Splice
from crdt.edits.editing import patch, put
from crdt.errors import InvalidContent
from crdt.guard import Limits
from crdt.messages import AwarenessUpdate, SyncStatus, SyncStep1, SyncStep2, Update
from crdt.projection import text_of
from crdt.room.elsewhere import examine
from crdt.updates import merge
from persistence.answers import AnswerStore
from persistence.log import LoggedAnswer
from server.errors import Conflict, Deleted, Invalid, NotFound, PreconditionFailed, Refused, StoreRefuses, TooLarge
from server.realtime.desk import DocumentDesk, Edited, Writer, _Visit
from tests.persistence.appender import NAME
from tests.server.realtime.stage import Stage, YPeer, staged

ADA = Writer("ada", "Ada", "org")
BOB = Writer("bob", "Bob", "org")
EMPTY = b"\0\0"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as stage:
        yield stage


@pytest.fixture
def desk(stage: Stage) -> DocumentDesk:
    return DocumentDesk(stage.keeper, stage.log, stage.materialiser, stage.registry.next_peer)


async def said(stage: Stage, document: str) -> str:
    return text_of(merge([EMPTY, *(row.update for row in await stage.log.read(document, 0))]))


async def test_a_document_that_nobody_has_open_is_edited_in_the_writers_name(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    edited = await desk.edit(document, ADA, put, "one\ntwo", "text")
    assert (edited.position, edited.changed, edited.merged) == (1, True, False)
    edited = await desk.edit(document, BOB, patch, (Splice("/content/0", 3, 0, "!"),))
    assert edited.position == 2
    assert [row.writer for row in await stage.log.read(document, 0)] == ["ada", "bob"]
    assert await said(stage, document) == "one!\ntwo"
    assert not stage.keeper.find(document).seats  # type: ignore[union-attr]


async def test_who_has_it_open_sees_the_edit(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    peer = await stage.sync(document)
    peer.say(SyncStep1(peer.doc.get_state()))
    peer.say(SyncStep2(EMPTY))
    peer.say(Update(peer.edit("typed")))
    edited = await desk.edit(document, BOB, patch, (Splice("/roots/text", 5, 0, " more"),))
    assert edited.position == 2
    for message in peer.heard():
        if isinstance(message, Update):
            peer.doc.apply_update(message.update)
    assert str(peer.text) == "typed more"


async def test_many_edits_at_once_are_made_one_after_the_other(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, {"roots": {"n": "", "list": []}}, "json")
    await desk.edit(document, ADA, patch, (Splice("/roots/n", 0, 0, "-"),))
    edits = [desk.edit(document, ADA, patch, (Splice("/roots/n", 0, 0, str(each)),)) for each in range(8)]
    positions = [edited.position for edited in await asyncio.gather(*edits)]
    assert sorted(positions) == list(range(2, 10))
    assert sorted(await said(stage, document)) == sorted("-01234567")


async def test_nothing_to_change_writes_nothing(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, "one", "text")
    edited = await desk.edit(document, ADA, put, "one", "text")
    assert (edited.position, edited.changed) == (1, False)
    assert await stage.log.heads([document]) == {document: 1}


async def test_an_edit_for_one_version_only_is_not_made_at_another(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, "one", "text", only_at=frozenset({0}))
    with pytest.raises(PreconditionFailed) as refused:
        await desk.edit(document, ADA, put, "two", "text", only_at=frozenset({0, 7}))
    assert refused.value.details[0].issue == "is not the document's version, 1"
    assert await said(stage, document) == "one"


async def test_of_two_edits_for_one_version_one_is_made(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    edits = [desk.edit(document, ADA, put, text, "text", only_at=frozenset({0})) for text in ("one", "two")]
    done = await asyncio.gather(*edits, return_exceptions=True)
    assert [type(each).__name__ for each in done].count("Edited") == 1
    assert [type(each).__name__ for each in done].count("PreconditionFailed") == 1
    assert await stage.log.heads([document]) == {document: 1}


async def test_an_edit_that_somebody_overtakes_is_merged_and_says_so(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, "one two", "text")
    await desk.edit(document, BOB, patch, (Splice("/content/0", 0, 0, "new "),))
    edited = await desk.edit(document, ADA, patch, (Splice("/content/0", 3, 0, "!"),), base=1)
    assert (edited.position, edited.merged) == (3, True)
    assert await said(stage, document) == "new one! two"


async def test_a_version_that_is_not_there_is_no_base(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    for text in ("one", "two"):
        await desk.edit(document, ADA, put, text, "text")
    with pytest.raises(Invalid) as refused:
        await desk.edit(document, ADA, put, "three", "text", base=5)
    assert refused.value.details[0].field == "base"
    for table in ("document_rows", "fresh_rows"):
        await stage.database.write(lambda connection, table=table: connection.exec_driver_sql(f"DELETE FROM {table}"))  # type: ignore[misc]
    with pytest.raises(Conflict) as gone:
        await desk.edit(document, ADA, put, "three", "text", base=1)
    assert gone.value.details[0].issue == "is not kept any more"


async def test_what_cannot_be_made_changes_nothing(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    with pytest.raises(InvalidContent):
        await desk.edit(document, ADA, patch, (Splice("/content/4", 0, 0, "x"),))
    with pytest.raises(NotFound):
        await desk.edit("f" * 32, ADA, put, "one", "text")
    assert await stage.log.heads([document]) == {document: 0}


async def test_the_documents_quota_holds_for_the_server_too(tmp_path: Path) -> None:
    async with staged(tmp_path, limits=Limits(document_bytes=500)) as stage:
        desk = DocumentDesk(stage.keeper, stage.log, stage.materialiser, stage.registry.next_peer)
        document = await stage.document()
        await desk.edit(document, ADA, put, "x" * 400, "text")
        with pytest.raises(TooLarge):
            await desk.edit(document, ADA, put, "y" * 400, "text")
        assert await stage.log.heads([document]) == {document: 1}
        assert (await desk.edit(document, ADA, put, "x", "text")).position == 2


async def test_an_edit_that_is_refused_for_its_size_is_made_and_refused_once(tmp_path: Path) -> None:
    async with staged(tmp_path, limits=Limits(max_bytes=500)) as stage:
        desk = DocumentDesk(stage.keeper, stage.log, stage.materialiser, stage.registry.next_peer)
        document = await stage.document()
        with pytest.raises(Refused, match="the limit is 500"):
            await desk.edit(document, ADA, put, "x" * 600, "text")
        assert stage.figures.refusals.counts == {("update", "limit"): 1}
        assert (await desk.edit(document, ADA, put, "x", "text")).position == 1


async def test_an_edit_whose_client_id_has_other_content_is_made_with_another(
    stage: Stage, desk: DocumentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, {"roots": {"text": "one"}}, "json")
    host = stage.keeper.find(document)
    assert host is not None
    pen = desk._pens[host]
    thief = await stage.sync(document)
    thief.say(SyncStep2(EMPTY))
    doc: Doc[Any] = Doc(client_id=pen.client_id)
    doc.apply_update(merge([row.update for row in await stage.log.read(document, 0)]))
    before = doc.get_state()
    doc.get("text", type=Text).insert(0, "stolen ")
    call = stage.materialiser.call

    async def call_late(*args: Any, **given: Any) -> Any:
        found = await call(*args, **given)
        if patch in args:
            thief.say(Update(doc.get_update(before)))  # other content for the clocks of the edit that was just made
        return found

    monkeypatch.setattr(stage.materialiser, "call", call_late)
    assert (await desk.edit(document, ADA, patch, (Splice("/roots/text", 3, 0, "!"),))).changed
    assert await said(stage, document) == "sto!len one", "made anew, on what is there now"
    assert desk._pens[host] is not pen


async def test_somebody_who_claims_our_client_id_stops_nothing(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, "one", "text")
    host = stage.keeper.find(document)
    assert host is not None
    (ours,) = host.room.content.state
    thief = await stage.sync(document)
    thief.say(SyncStep2(EMPTY))
    thief.say(AwarenessUpdate(encode_awareness([Entry(ours, 1, '{"user":{}}')])))
    edited = await desk.edit(document, BOB, put, "one two", "text")
    assert edited.position == 2
    assert await said(stage, document) == "one two"
    assert len(host.room.content.state) == 2


async def test_a_document_that_is_deleted_meanwhile_is_said_to_be(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, "one", "text")
    assert await stage.documents.delete(NAME, document, stage.clock.now())
    with pytest.raises(Deleted):
        await desk.edit(document, ADA, put, "two", "text")


async def test_while_the_store_fails_an_edit_waits_and_no_other_is_begun(
    stage: Stage, desk: DocumentDesk, tmp_path: Path
) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, "one", "text")
    fails = asyncio.Event()
    stage.keeper.writer.on_trouble(lambda trouble: fails.set() if trouble else None)
    with closing(sqlite3.connect(tmp_path / "stage.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        edit = asyncio.create_task(desk.edit(document, ADA, put, "one two", "text"))
        async with asyncio.timeout(10):
            await fails.wait()
        with pytest.raises(StoreRefuses) as refused:
            await desk.edit(document, BOB, put, "three", "text")
        assert "Nothing was changed" in refused.value.message
        assert not edit.done()
        other.execute("ROLLBACK")
    async with asyncio.timeout(10):
        assert (await edit).position == 2
    assert await said(stage, document) == "one two"


async def test_a_big_edit_is_looked_at_elsewhere_and_answered_all_the_same(stage: Stage, desk: DocumentDesk) -> None:
    document = await stage.document()
    big = "\n".join(f"line {number}" for number in range(4_000))
    edited = await desk.edit(document, ADA, put, big, "text", only_at=frozenset({0}))
    assert (edited.position, edited.merged) == (1, False)
    edited = await desk.edit(document, BOB, patch, (Splice("/content/3999", 0, 4, "last"),))
    assert edited.position == 2
    assert await said(stage, document) == big.replace("line 3999", "last 3999")


async def test_an_edit_that_comes_while_a_big_one_for_this_version_is_looked_at_is_not_passed_over(
    stage: Stage, desk: DocumentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, {"roots": {"text": "one"}}, "json")
    ben = await stage.sync(document)
    ben.say(SyncStep2(EMPTY))
    call = stage.materialiser.call

    async def call_late(*args: Any, **given: Any) -> Any:
        found = await call(*args, **given)
        if examine in args:
            ben.say(Update(ben.edit("faster")))
        return found

    monkeypatch.setattr(stage.materialiser, "call", call_late)
    big = (Splice("/roots/text", 0, 3, "x" * 40_000),)
    with pytest.raises(PreconditionFailed) as refused:
        await desk.edit(document, ADA, patch, big, only_at=frozenset({1}))
    assert refused.value.details[0].field == "If-Match"
    await stage.keeper.writer.flushed()
    assert "x" not in await said(stage, document)
    assert (await desk.edit(document, ADA, put, "two", "text", only_at=frozenset({2}))).position == 3


async def test_a_caller_that_goes_while_its_edit_is_committed_harms_nobody(stage: Stage) -> None:
    document = await stage.document()
    visit = _Visit(await stage.keeper.enter(document), ADA, stage.registry.next_peer())
    waiting = asyncio.ensure_future(visit.offered(YPeer().edit("x")))
    await asyncio.sleep(0)
    waiting.cancel()
    assert visit.encode(SyncStatus(applied=True)) is None, "others of the same commit are told after it"
    await asyncio.gather(waiting, return_exceptions=True)
    visit.leave()


async def test_the_answer_is_kept_with_the_edit_whoever_hears_it(stage: Stage, desk: DocumentDesk) -> None:
    """Small and big, heard and not: the caller of the last one goes while it is committed."""
    document, answers = await stage.document(), AnswerStore(stage.database)
    now = stage.clock.now()

    def answer(told: Callable[[int], Edited]) -> LoggedAnswer:
        return LoggedAnswer(NAME, f"key {len(said_to)}", "hash", 200, lambda position: str(told(position)))

    said_to: list[str] = []
    for text in ("one", "\n".join(map(str, range(4_000)))):
        said_to.append(str(await desk.edit(document, ADA, put, text, "text", answer=answer)))
        known = await answers.claim(NAME, f"key {len(said_to) - 1}", "hash", now)
        assert known is not None
        assert (known.status, known.body) == (200, said_to[-1])
    host = stage.keeper.find(document)
    assert host is not None
    assert not host._answers
    before = host.room.content.number
    edit = asyncio.create_task(desk.edit(document, ADA, put, "two", "text", answer=answer))
    async with asyncio.timeout(20):
        while host.room.content.number == before:
            await asyncio.sleep(0)
    edit.cancel()
    await asyncio.gather(edit, return_exceptions=True)
    await stage.keeper.writer.flushed()
    known = await answers.claim(NAME, "key 2", "hash", now)
    assert known is not None
    assert known.body == str(Edited(3, changed=True, merged=False))
    assert await said(stage, document) == "two"


@pytest.mark.parametrize("steps", range(12))
async def test_a_caller_that_goes_at_any_moment_leaves_nothing_half_done(
    stage: Stage, desk: DocumentDesk, steps: int
) -> None:
    document = await stage.document()
    await desk.edit(document, ADA, put, "old", "text")
    edit = asyncio.create_task(desk.edit(document, ADA, put, "new\n" * 10_000, "text"))
    host = stage.keeper.find(document)
    assert host is not None
    if steps < 6:
        for _ in range(steps * steps):
            await asyncio.sleep(0)
    else:
        await asyncio.wait({edit}, timeout=steps * steps * 0.002)
    edit.cancel()
    await asyncio.gather(edit, return_exceptions=True)
    await stage.keeper.flush(5)
    assert await said(stage, document) in {"old", "new\n" * 10_000}
    assert not host.seats
    assert not host._answers
    assert not desk._pens[host].lock.locked()
    edited = await desk.edit(document, BOB, put, "next", "text")
    assert edited.changed
    assert await said(stage, document) == "next"
