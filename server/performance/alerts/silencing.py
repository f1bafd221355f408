"""Which silence an alert falls under."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from persistence.silences import SilenceRow

__all__ = ["is_silenced_by", "silence_of"]


def silence_of(labels: Mapping[str, str], alert: int | None, silences: Sequence[SilenceRow]) -> SilenceRow | None:
    """The first that the alert falls under; `alert` None: it has no id yet."""
    return next((each for each in silences if is_silenced_by(labels, alert, each)), None)


def is_silenced_by(labels: Mapping[str, str], alert: int | None, silence: SilenceRow) -> bool:
    """It is of this very alert, or all of its matchers match; without either it matches nothing."""
    if silence.alert_id is not None:
        return alert == silence.alert_id
    return bool(silence.matchers) and all(_matches(labels, each) for each in silence.matchers)


def _matches(labels: Mapping[str, str], matcher: Mapping[str, Any]) -> bool:
    """A label that is not there is as good as an empty one, as in Alertmanager."""
    value = labels.get(matcher["name"], "")
    found = re.fullmatch(matcher["value"], value) is not None if matcher["is_regex"] else value == matcher["value"]
    return bool(found) == bool(matcher["is_equal"])
