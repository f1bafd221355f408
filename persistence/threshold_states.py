"""What thresholds have found of sources so far; where there is no row, nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from persistence.tables.alerts import threshold_states
from persistence.tables.sources import data_sources, monitors

__all__ = ["StateRow", "Watched", "forget_states", "keep_state", "states_of", "watched_of"]

S, D, M = threshold_states.c, data_sources.c, monitors.c


@dataclass(frozen=True, slots=True)
class StateRow:
    """pending   it is passed, and not yet for long enough, since `since`
    firing    it has an alert; `clear_since`: it was good again from then on
    missing   the source answers without the metric since `since`
    no_data   for so long that there is an alert of that
    """

    state: Literal["pending", "firing", "missing", "no_data"]
    level: Literal["warning", "critical"] | None
    value: float | None
    since: datetime
    clear_since: datetime | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """A source as an alert of it says it. `metrics` None: it is sampled for all that it can deliver."""

    id: int
    organisation_id: str
    name: str
    source_type: str
    environment: str
    criticality: str
    options: Mapping[str, Any]
    interval_seconds: float
    metrics: Collection[str] | None
    failures_in_a_row: int


def watched_of(connection: Connection, sources: Collection[int]) -> dict[int, Watched]:
    """Those of them that are sampled, or pushed to."""
    columns = (D.id, D.organisation_id, D.name, D.source_type, D.environment, D.criticality, D.options)
    query = select(*columns, M.interval_seconds, M.metrics, M.failures_in_a_row)
    query = query.join(monitors, M.source_id == D.id).where(D.id.in_(sources), D.deleted_at.is_(None))
    return {row.id: Watched(**row._mapping) for row in connection.execute(query)}  # noqa: SLF001 - public in spite of its name


def states_of(connection: Connection, sources: Collection[int]) -> dict[tuple[int, int], StateRow]:
    """By threshold and source."""
    columns = (S.state, S.level, S.value, S.since, S.clear_since, S.seen_at)
    query = select(S.threshold_id, S.source_id, *columns).where(S.source_id.in_(sources))
    return {(threshold, source): StateRow(*values) for threshold, source, *values in connection.execute(query)}


def keep_state(connection: Connection, key: tuple[int, int], state: StateRow | None) -> None:
    """In place of what there is; None: nothing is found any more."""
    threshold, source = key
    mine = (S.threshold_id == threshold) & (S.source_id == source)
    if state is None:
        connection.execute(delete(threshold_states).where(mine))
        return
    values = {name: getattr(state, name) for name in StateRow.__dataclass_fields__}
    if connection.execute(update(threshold_states).where(mine).values(values)).rowcount == 0:
        connection.execute(insert(threshold_states).values(threshold_id=threshold, source_id=source, **values))


def forget_states(connection: Connection, threshold: int) -> None:
    connection.execute(delete(threshold_states).where(S.threshold_id == threshold))
