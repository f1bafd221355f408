"""Advice for people: read, dismissed, and taken up again."""

from sqlalchemy import Connection

from persistence.data_sources import DataSourceStore
from persistence.recommendations import RecommendationRow, RecommendationStore
from persistence.threshold_states import watched_of
from server.errors import NotFound
from server.events.advice import RecommendationDecided
from server.events.outbox import Outbox
from server.identity.principal import Principal
from server.performance.advice.model import Recommendation

__all__ = ["AdviceService", "recommendation_view"]


class AdviceService:
    def __init__(self, store: RecommendationStore, sources: DataSourceStore, *, outbox: Outbox) -> None:
        self._store = store
        self._sources = sources
        self._outbox = outbox

    async def page(self, caller: Principal, source: int | None, state: str, limit: int) -> list[RecommendationRow]:
        """The most urgent first. Raises NotFound of the source."""
        if source is not None and await self._sources.get(caller.organisation_id, source) is None:
            raise NotFound
        return await self._store.page(caller.organisation_id, source, state, limit)

    async def decide(self, caller: Principal, recommendation: str, state: str, reason: str | None) -> RecommendationRow:
        """`state`: dismissed, with a reason, or open. A repeat changes nothing. Raises NotFound."""
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, row: RecommendationRow) -> None:
            record(
                connection,
                RecommendationDecided(
                    data_source_id=row.source_id,
                    data_source_name=_name_in(connection, row.source_id),
                    recommendation_id=row.id,
                    title=row.title,
                    state=row.state,
                    reason=row.reason,
                ),
            )

        found = await self._store.decide(caller.organisation_id, recommendation, (state, reason, caller.user_id), also)
        if found is None:
            raise NotFound
        self._outbox.published(record)
        return found


def _name_in(connection: Connection, source: int) -> str:
    known = watched_of(connection, [source]).get(source)
    return known.name if known is not None else ""


def recommendation_view(row: RecommendationRow) -> Recommendation:
    same = {name: getattr(row, name) for name in ("id", "category", "priority", "title", "state", "reason", "rule")}
    times = {"first_seen_at": row.first_seen_at, "last_seen_at": row.last_seen_at}
    return Recommendation.model_validate({**row.body, **same, **times, "data_source_id": row.source_id})
