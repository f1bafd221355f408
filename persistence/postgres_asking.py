"""Questions on PostgreSQL: one round trip each, past SQLAlchemy."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.own_connection import OwnConnection
from persistence.questions import Question

__all__ = ["PostgresAsker"]


class PostgresAsker:
    """One question at a time: each takes a fraction of a millisecond."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._dialect = engine.dialect
        self._own = OwnConnection(engine)
        self._lock = asyncio.Lock()
        self._texts: dict[Question, tuple[str, dict[str, Any]]] = {}

    async def ask(self, question: Question, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        text, defaults = self._text(question)
        async with self._lock:
            try:
                driver = await self._own.driver()
                return [tuple(row) for row in await driver.fetch(text, *{**defaults, **values}.values())]
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
