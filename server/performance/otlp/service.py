"""OTLP messages for people's sources: whose each resource is, and what of it was taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from persistence.data_sources import DataSourceRow, DataSourceStore
from server.errors import Invalid
from server.identity.principal import Principal
from server.performance.model import MOST_METRICS
from server.performance.otlp.rating import rated
from server.performance.otlp.reading import Batch
from server.performance.pushing import Pushing

__all__ = ["BY_ID", "BY_NAME", "Otlp", "Taken"]

BY_ID, BY_NAME = "counterpoint.data_source_id", "service.name"
MOST_RESOURCES = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """`why`: of those that were rejected, a sentence each; empty where everything was taken."""

    rejected: int
    why: Sequence[str]


class Otlp:
    def __init__(self, sources: DataSourceStore, pushing: Pushing) -> None:
        self._sources = sources
        self._pushing = pushing

    async def take(self, caller: Principal, batches: Sequence[Batch]) -> Taken:
        """Each resource that names a source of the organisation becomes a sample of it."""
        rejected, why = sum(batch.rejected for batch in batches), dict[str, None]()
        if rejected:
            why[f"{rejected} points have no value."] = None
        for number, batch in enumerate(batches):
            problem = "A message has at most 100 resources." if number >= MOST_RESOURCES else None
            problem = problem or await self._take(caller, batch)
            if problem is not None:
                rejected += batch.points - batch.rejected
                why[problem] = None
        return Taken(rejected, tuple(why)[:10])

    async def _take(self, caller: Principal, batch: Batch) -> str | None:
        """The answer says why it was not."""
        if not batch.gauges and not batch.totals:
            return None
        source = await self._source(caller, batch.resource)
        if source is None:
            return f"A resource must name a data source: its id as {BY_ID}, or its name as {BY_NAME}."
        if len(batch.gauges) + len(batch.totals) > MOST_METRICS:
            return f"{source.name}: a sample has at most {MOST_METRICS} metrics."
        try:
            await self._pushing.receive(caller, source, batch.at, partial(rated, batch))
        except Invalid as error:
            said = error.details[0] if error.details else None
            return f"{source.name}: {said.field} {said.issue}." if said is not None else error.message
        return None

    async def _source(self, caller: Principal, resource: Mapping[str, str]) -> DataSourceRow | None:
        given = resource.get(BY_ID, "")
        if given.isdecimal() and len(given) < len(str(2**63)):
            return await self._sources.get(caller.organisation_id, int(given))
        name = resource.get(BY_NAME)
        return await self._sources.named(caller.organisation_id, name) if name else None
