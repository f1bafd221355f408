"""The figures of a crash run, as one line of JSON."""

import json
import statistics
from dataclasses import dataclass, field

__all__ = ["Figures"]


@dataclass(slots=True)
class Figures:
    """What one run has shown."""

    seed: int
    store: str
    kills: int = 0
    sent: int = 0
    acknowledged: int = 0
    resent: int = 0
    restart_seconds: list[tuple[float, float]] = field(default_factory=list)
    load_seconds: float = 0.0

    def as_json(self) -> str:
        return json.dumps(
            {
                "seed": self.seed,
                "store": self.store,
                "kills": self.kills,
                "sent": self.sent,
                "acknowledged": self.acknowledged,
                "unacknowledged_at_a_kill_and_resent": self.resent,
                "updates_per_second": round(self.sent / self.load_seconds, 1) if self.load_seconds else None,
                "restart_seconds": _spread([wall for wall, _ in self.restart_seconds]),
                "restart_seconds_without_waiting_for_a_processor": _spread([own for _, own in self.restart_seconds]),
            }
        )


def _spread(seconds: list[float]) -> dict[str, float] | None:
    if not seconds:
        return None
    named = {"min": min(seconds), "median": statistics.median(seconds), "max": max(seconds)}
    return {name: round(value, 3) for name, value in named.items()}
