"""Which alerts a silence matches, and that no matcher can be made slow."""

from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import pytest
from pydantic import ValidationError

from persistence.silences import SilenceRow
from server.performance.alerts.model import Matcher
from server.performance.alerts.silencing import is_silenced_by, silence_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LABELS = {"source": "Orders", "metric": "connections", "severity": "warning"}


def silence(*matchers: dict[str, Any], alert: int | None = None) -> SilenceRow:
    made = [Matcher.model_validate(each).model_dump() for each in matchers]
    return SilenceRow("s", "o", made, "why", NOON, NOON, None, alert, "u", NOON)


@pytest.mark.parametrize(
    ("matchers", "is_silent"),
    [
        ([{"name": "source", "value": "Orders"}], True),
        ([{"name": "source", "value": "Orders"}, {"name": "severity", "value": "critical"}], False),
        ([{"name": "source", "value": "Ord.*", "isRegex": True}], True),
        ([{"name": "source", "value": "Ord", "isRegex": True}], False),
        ([{"name": "metric", "value": "(connections|load)", "is_regex": True}], True),
        ([{"name": "severity", "value": "critical", "isEqual": False}], True),
        ([{"name": "team", "value": ""}], True),
        ([{"name": "team", "value": ".+", "isRegex": True}], False),
        ([], False),
    ],
)
def test_an_alert_is_silent_when_every_matcher_matches(matchers: list[dict[str, Any]], is_silent: bool) -> None:
    assert is_silenced_by(LABELS, 7, silence(*matchers)) == is_silent


def test_a_silence_of_one_alert_is_of_no_other() -> None:
    made = silence({"name": "source", "value": "Orders"}, alert=7)
    assert is_silenced_by(LABELS, 7, made)
    assert silence_of(LABELS, 8, [made]) is None
    assert silence_of(LABELS, None, [made]) is None


@pytest.mark.parametrize("value", ["(a+)+", "a*", "(a|a)*", "[a-z]+", ".*.*.*.*", "a{1,9}", "(?i)a", "(", "\\1"])
def test_an_expression_that_could_be_slow_or_is_none_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        Matcher.model_validate({"name": "source", "value": value, "isRegex": True})


def test_the_slowest_expression_that_there_can_be_is_quick() -> None:
    made = silence({"name": "source", "value": ".*a.*a.*b", "isRegex": True})
    began = perf_counter()
    assert not is_silenced_by({"source": "a" * 200}, None, made)
    assert perf_counter() - began < 1
