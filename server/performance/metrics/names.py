"""Names of metrics as clients ask for them: several at once, under their own names or the contract's."""

from collections.abc import Sequence

from server.errors import FieldIssue, Invalid
from server.sources.metrics import ALIASES, METRICS, is_custom

__all__ = ["asked_metrics"]

MOST_NAMES = 100


def asked_metrics(given: Sequence[str]) -> tuple[str, ...] | None:
    """From `?metric_types=cpu,memory&metric_types=connections`; None for all. Raises Invalid for what is none."""
    named = [name.strip() for part in given for name in part.split(",") if name.strip()]
    if not named or "all" in named:
        return None
    wanted = tuple(dict.fromkeys(ALIASES.get(name, name) for name in named))
    if len(wanted) > MOST_NAMES:
        raise Invalid(details=[FieldIssue("metric_types", f"are at most {MOST_NAMES}", len(wanted))])
    for name in wanted:
        if name not in METRICS and not is_custom(name):
            issue = f"has no metric of that name; there are: {', '.join(METRICS)}"
            raise Invalid(details=[FieldIssue("metric_types", issue, name[:64])])
    return wanted
