"""Samples of many sources on their way into the store: whatever has come while one transaction ran is in the next."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Connection

from persistence.errors import StoreUnavailable
from persistence.samples import SampleRow, SampleStore, TakenSample
from server.events.outbox import Outbox, Told
from server.performance.judging import Judge
from server.performance.telling import Teller

__all__ = ["SampleWriter"]

MOST_AT_ONCE = 200


class SampleWriter:
    def __init__(self, samples: SampleStore, judges: Sequence[Judge], outbox: Outbox, teller: Teller) -> None:
        self._teller = teller
        self._samples = samples
        self._judges = tuple(judges)
        self._outbox = outbox
        self._waiting: list[tuple[TakenSample, asyncio.Future[bool]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, taken: TakenSample) -> bool:
        """When it is stored. False: another node samples the source by now. Raises StoreUnavailable: it is lost."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((taken, future))
        if self._task is None:
            self._task = asyncio.create_task(self._write_all(), name="samples")
        return await future

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._teller.stop()

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                await self._write(batch)
        finally:
            self._task = None

    async def _write(self, batch: Sequence[tuple[TakenSample, "asyncio.Future[bool]"]]) -> None:
        record = self._outbox.record_of(())

        def judge(connection: Connection, samples: Sequence[SampleRow]) -> None:
            told: list[Told] = [each for judge in self._judges for each in judge.judge(connection, samples)]
            record.write(connection, told)

        try:
            stored = await self._samples.take([taken for taken, _ in batch], judge)
        except Exception as error:  # whoever has measured is told, each for himself, and goes on or says so
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, StoreUnavailable):
                raise
            return
        self._outbox.published(record)
        for (taken, future), is_stored in zip(batch, stored, strict=True):
            if is_stored:
                self._teller.told(taken.organisation_id, taken.sample)
            if not future.done():
                future.set_result(is_stored)
