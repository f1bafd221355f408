"""What rules judge, and what they say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from persistence.recommendations import Found
from persistence.source_facts import FactRow

__all__ = ["Evidence", "Judgement", "Priority", "Rule", "advice"]

Priority = Literal["low", "medium", "high", "critical"]
Category = Literal["performance", "resource", "cost", "security"]
MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """facts     those that could be read, by name
    values    the newest readings of the source, of `at`
    """

    facts: Mapping[str, FactRow]
    values: Mapping[str, float]
    criticality: str
    at: datetime

    def rows(self, name: str) -> Sequence[Mapping[str, Any]]:
        return self.facts[name].rows


Judgement: TypeAlias = Callable[[Evidence], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`needs`: facts without which it says nothing; `reads`: readings alike."""

    name: str
    judge: Judgement
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    def can_judge(self, evidence: Evidence) -> bool:
        return all(name in evidence.facts for name in self.needs) and all(
            name in evidence.values for name in self.reads
        )


def advice(
    evidence: Evidence,
    rule: str,
    about: str,
    *,
    says: tuple[Category, Priority, str, str],
    rests_on: tuple[str, Sequence[Mapping[str, Any]]] | Mapping[str, float],
    to_do: tuple[str, str, Literal["low", "medium", "high"], Sequence[str]],
    window: str,
) -> Found:
    """says       category, priority, title, and a sentence that explains it
    rests_on   the fact's name and the rows of it that show it, or readings
    to_do      what it should be, what that brings, how much work it is, and the steps
    window     of which time the numbers are
    """
    category, priority, title, description = says
    recommended, impact, effort, steps = to_do
    state: dict[str, Any] = {"window": window}
    if isinstance(rests_on, tuple):
        name, rows = rests_on
        fact = evidence.facts[name]
        state |= {"query": fact.query, "rows": [dict(row) for row in rows[:MOST_ROWS]]}
        state["read_at"] = fact.read_at.isoformat()
    else:
        state |= {"query": "the source's own readings", "numbers": dict(rests_on), "read_at": evidence.at.isoformat()}
    body = {
        "description": description,
        "current_state": state,
        "recommended_state": recommended,
        "expected_impact": impact,
        "implementation_effort": effort,
        "estimated_savings": None,
        "prerequisites": [],
        "implementation_steps": list(steps),
    }
    return Found(rule, about[:300], category, priority, title[:300], body)
