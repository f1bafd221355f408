"""Questions on PostgreSQL: one round trip each, past SQLAlchemy."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.own_connection import OwnConnection
from persistence.questions import Question

__all__ = ["PostgresAsker"]


LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
)
"""What a connection says that was lost while nobody used it; the driver may be about to hear of it at that moment."""


class PostgresAsker:
    """One question at a time: each takes a fraction of a millisecond."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._dialect = engine.dialect
        self._own = OwnConnection(engine)
        self._lock = asyncio.Lock()
        self._texts: dict[Question, tuple[str, dict[str, Any]]] = {}

    async def ask(self, question: Question, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        text, defaults = self._text(question)
        given = {**defaults, **values}.values()
        async with self._lock:
            was_used = self._own.is_open
            try:
                return await self._answer(text, given)
            except LOST:
                if not was_used:
                    raise
            return await self._answer(text, given)  # a question changes nothing: it may be asked twice

    async def _answer(self, text: str, values: Iterable[Any]) -> Sequence[tuple[Any, ...]]:
        try:
            driver = await self._own.driver()
            return [tuple(row) for row in await driver.fetch(text, *values)]
        except BaseException:  # also when it is cancelled: an answer may be on its way
            await self._own.give_up()
            raise

    async def close(self) -> None:
        async with self._lock:
            await self._own.give_up()

    def _text(self, question: Question) -> tuple[str, dict[str, Any]]:
        """The statement, and what stands in it by name in the order of its places."""
        if (known := self._texts.get(question)) is None:
            compiled = question.query.compile(dialect=self._dialect)
            names: Sequence[str] = getattr(compiled, "positiontup", None) or ()
            known = self._texts[question] = (compiled.string, {name: compiled.params[name] for name in names})
        return known
