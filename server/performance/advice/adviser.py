"""From what was read to advice, in the transaction that keeps both."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from persistence.recommendations import RecommendationRow, note_advice
from persistence.source_facts import FactRow, keep_facts
from persistence.threshold_states import Watched, watched_of
from server.events.advice import RecommendationCreated
from server.events.outbox import Told
from server.performance.advice.databases import MYSQL, POSTGRESQL
from server.performance.advice.evidence import Evidence, Rule
from server.performance.advice.others import HOST, HTTP, REDIS, SQLITE
from server.performance.judging import sampler_actor

__all__ = ["RULES", "advise"]

RULES: Mapping[str, Sequence[Rule]] = MappingProxyType(
    {
        "postgresql": POSTGRESQL,
        "mysql": MYSQL,
        "mariadb": MYSQL,
        "redis": REDIS,
        "sqlite": SQLITE,
        "http": HTTP,
        "host": HOST,
    }
)
"""By type of source. A rule whose evidence could not be read says nothing, and takes nothing back."""


def advise(
    connection: Connection, source: int, facts: Sequence[FactRow], values: Mapping[str, float], now: datetime
) -> list[Told]:
    """Keep the facts, and what follows from them; the answer tells of what is new."""
    watched = watched_of(connection, [source]).get(source)
    if watched is None:
        return []
    keep_facts(connection, source, facts)
    evidence = Evidence({each.name: each for each in facts if each.reason is None}, values, watched.criticality, now)
    rules = [rule for rule in RULES.get(watched.source_type, ()) if rule.can_judge(evidence)]
    found = [each for rule in rules for each in rule.judge(evidence)]
    unique = {(each.rule, each.object): each for each in found}
    whose = (watched.organisation_id, source)
    fresh = note_advice(connection, whose, list(unique.values()), {rule.name for rule in rules}, now)
    return [(sampler_actor(watched.organisation_id), _created(watched, each)) for each in fresh]


def _created(watched: Watched, row: RecommendationRow) -> RecommendationCreated:
    return RecommendationCreated(
        data_source_id=watched.id,
        data_source_name=watched.name,
        recommendation_id=row.id,
        rule=row.rule,
        category=row.category,
        priority=row.priority,
        title=row.title,
    )
