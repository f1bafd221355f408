"""Advice as rows: one for each rule and object of a source, there as long as its evidence is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, case, insert, select, update

from persistence.database import Database
from persistence.events import AlsoKnowing, nothing_else
from persistence.tables.alerts import recommendations
from persistence.tables.sources import data_sources

__all__ = ["Found", "RecommendationRow", "RecommendationStore", "note_advice"]

R = recommendations.c
URGENCY = case({"critical": 0, "high": 1, "medium": 2}, value=R.priority, else_=3)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says of an object now. `body`: the rest of the recommendation as it is answered."""

    rule: str
    object: str
    category: str
    priority: str
    title: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """`state`: open, gone (its evidence does not hold any more), or dismissed for a `reason`."""

    id: str
    organisation_id: str
    source_id: int
    rule: str
    object: str
    category: str
    priority: str
    title: str
    body: Mapping[str, Any]
    state: str
    reason: str | None
    decided_by: str | None
    first_seen_at: datetime
    last_seen_at: datetime


COLUMNS = tuple(R[name] for name in RecommendationRow.__dataclass_fields__)


def note_advice(
    connection: Connection, whose: tuple[str, int], found: Sequence[Found], judged: Collection[str], now: datetime
) -> list[RecommendationRow]:
    """`whose`: organisation and source. `judged`: rules whose evidence could be read; what they do not find any more is
    gone. The answer is what is new, or is back."""
    organisation, source = whose
    known = {(row.rule, row.object): row for row in _of_source(connection, source)}
    fresh = []
    for each in found:
        former = known.pop((each.rule, each.object), None)
        values: dict[str, Any] = {
            "category": each.category,
            "priority": each.priority,
            "title": each.title,
            "body": dict(each.body),
        }
        values["last_seen_at"] = now
        if former is None:
            same = {"organisation_id": organisation, "source_id": source, "rule": each.rule, "object": each.object}
            new: dict[str, Any] = {
                "id": uuid4().hex,
                **same,
                "state": "open",
                "reason": None,
                "decided_by": None,
                "first_seen_at": now,
            }
            connection.execute(insert(recommendations).values({**new, **values}))
            fresh.append(RecommendationRow(**{**new, **values}))
            continue
        is_back = former.state == "gone"
        values |= {"state": "open", "first_seen_at": now} if is_back else {}
        connection.execute(update(recommendations).where(R.id == former.id).values(values))
        if is_back:
            fresh.append(_row(connection.execute(select(*COLUMNS).where(R.id == former.id)).one()))
    gone = [row.id for row in known.values() if row.rule in judged and row.state == "open"]
    if gone:
        connection.execute(update(recommendations).where(R.id.in_(gone)).values(state="gone"))
    return fresh


class RecommendationStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, organisation: str, source: int | None, state: str, limit: int) -> list[RecommendationRow]:
        """The most urgent first; of sources that are there."""
        query = select(*COLUMNS).join(data_sources, data_sources.c.id == R.source_id)
        query = query.where(R.organisation_id == organisation, R.state == state, data_sources.c.deleted_at.is_(None))
        if source is not None:
            query = query.where(R.source_id == source)
        query = query.order_by(URGENCY, R.first_seen_at.desc(), R.id).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_row(row) for row in rows]

    async def decide(
        self,
        organisation: str,
        recommendation: str,
        decided: tuple[str, str | None, str],
        also: AlsoKnowing[RecommendationRow] = nothing_else,
    ) -> RecommendationRow | None:
        """`decided`: the state, why, and who says so. A repeat changes nothing. None: it is not there, or is gone."""
        state, reason, who = decided
        mine = (R.organisation_id == organisation) & (R.id == recommendation)

        def work(connection: Connection) -> RecommendationRow | None:
            row = connection.execute(select(*COLUMNS).where(mine).with_for_update()).first()
            if row is None or row.state == "gone":
                return None
            if row.state == state:
                return _row(row)
            connection.execute(update(recommendations).where(mine).values(state=state, reason=reason, decided_by=who))
            changed = _row(connection.execute(select(*COLUMNS).where(mine)).one())
            also(connection, changed)
            return changed

        return await self._database.write(work)


def _of_source(connection: Connection, source: int) -> list[RecommendationRow]:
    return [_row(row) for row in connection.execute(select(*COLUMNS).where(R.source_id == source))]


def _row(row: Row[Any]) -> RecommendationRow:
    return RecommendationRow(**row._mapping)  # noqa: SLF001 - public in spite of its name
