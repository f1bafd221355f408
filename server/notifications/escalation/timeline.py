"""When an escalation calls whom: pure arithmetic on its steps."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from persistence.escalation_rows import Advance, EscalationRow, Targets

__all__ = ["GRACE", "advance", "first_due", "targets_of"]

GRACE = timedelta(minutes=15)
"""So long after the last call an escalation that nobody has acknowledged is exhausted."""

Step = Mapping[str, Any]
"""As the store keeps it: the JSON of a `Step` of the API, with every field."""


class Call(NamedTuple):
    """A step that is taken for the first time, or again, so many minutes after the beginning."""

    minutes: int
    step: int


def first_due(steps: Sequence[Step], started_at: datetime) -> datetime:
    return started_at + timedelta(minutes=_calls(steps)[0].minutes)


def targets_of(steps: Sequence[Step]) -> Targets:
    """All whom they name."""
    named = {kind: [each for step in steps for each in step["notify"][kind]] for kind in ("users", "groups", "roles")}
    return Targets(**{kind: frozenset(ids) for kind, ids in named.items()})


def advance(row: EscalationRow, now: datetime) -> Advance:
    """What is to be done now that its timer has run out.

    Calls that are late (no server was running) are made as one, so that nobody is told of each of them. After the last
    there is a while to answer it; then the escalation is exhausted.
    """
    calls = _calls(row.steps)
    if row.position >= len(calls):
        return Advance("exhausted", row.position, row.level, None, Targets())
    due = [call for call in calls[row.position :] if _at(row, call) <= now]
    taken = [row.steps[call.step] for call in due]
    position = row.position + len(due)
    return Advance(
        state="open",
        position=position,
        level=max([row.level, *(call.step + 1 for call in due)]),
        due_at=_at(row, calls[position]) if position < len(calls) else now + GRACE,
        targets=targets_of(taken),
        channels=_channels(taken),
    )


def _calls(steps: Sequence[Step]) -> list[Call]:
    """In the order in which they are made."""
    return sorted(
        Call(step["after_minutes"] + again * step["every_minutes"], number)
        for number, step in enumerate(steps)
        for again in range(step["repeat"] + 1)
    )


def _at(row: EscalationRow, call: Call) -> datetime:
    return row.started_at + timedelta(minutes=call.minutes)


def _channels(steps: Sequence[Step]) -> tuple[str, ...]:
    """None when one of them goes by all."""
    named = [step["channels"] for step in steps]
    return tuple(sorted({each for channels in named for each in channels})) if all(named) else ()
