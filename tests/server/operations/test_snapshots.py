"""A snapshot is made when somebody asks for it: of everything that is committed, also where nobody has it open."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from crdt.messages import Update
from server.errors import Busy, NotFound, StoreRefuses
from server.operations import snapshots as module
from server.operations.snapshots import fold_now
from server.realtime.materialiser import MaterialiserFailed
from tests.server.realtime.stage import Stage, staged


async def written(stage: Stage, words: int = 3) -> str:
    document = await stage.document()
    ada = await stage.sync(document)
    for _ in range(words):
        ada.say(Update(ada.edit("word ")))
        await stage.keeper.flush(5)
    return document


async def test_everything_is_folded_and_once_more_nothing_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 30.0)  # a worker starts first
    async with staged(tmp_path) as stage:
        document = await written(stage)
        made, again = await fold_now(stage.keeper, document), await fold_now(stage.keeper, document)
        opened = await stage.log.open(document)
    assert (made.position, made.wanted_position, made.is_done) == (3, 3, True)
    assert again == made
    assert stage.figures.compactions == 1
    assert opened is not None
    assert opened.snapshot is not None
    assert (opened.snapshot.position, list(opened.rows)) == (3, [])


async def test_a_document_without_a_word_has_nothing_to_fold(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        made = await fold_now(stage.keeper, await stage.document())
        assert (made.position, made.is_done) == (0, True)
        with pytest.raises(NotFound):
            await fold_now(stage.keeper, "x" * 32)


async def test_whoever_asks_hears_that_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(tmp_path) as stage:
        document = await written(stage)
        may_go, call = asyncio.Event(), stage.materialiser.call

        async def slow(*args: Any, **named: Any) -> Any:
            await may_go.wait()
            return await call(*args, **named)

        monkeypatch.setattr(stage.materialiser, "call", slow)
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
        made = await fold_now(stage.keeper, document)
        assert (made.position, made.wanted_position, made.is_done) == (0, 3, False)
        host = stage.keeper.find(document)
        assert host is not None
        assert host.compaction.task is not None
        may_go.set()
        await host.compaction.task
        assert host.compaction.position == 3


async def test_a_fold_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(tmp_path) as stage:
        document = await written(stage)

        async def fails(*_: Any, **__: Any) -> Any:
            raise MaterialiserFailed("lost")

        monkeypatch.setattr(stage.materialiser, "call", fails)
        with pytest.raises(Busy, match="No snapshot was made: "):
            await fold_now(stage.keeper, document)


async def test_what_is_not_committed_yet_is_waited_for_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        host = await stage.keeper.enter(await written(stage))
        monkeypatch.setattr(module, "COMMIT_SECONDS", 0.01)
        host._all_logged.clear()
        with pytest.raises(StoreRefuses):
            await fold_now(stage.keeper, host.document)
        host._all_logged.set()
