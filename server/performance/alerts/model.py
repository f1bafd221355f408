"""What goes in and out of the routes of thresholds, alerts and silences."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from server.events.alerts import AlertState, SilenceState, ThresholdState
from server.http.text import Line, Prose

__all__ = [
    "Acknowledge",
    "AlertEntry",
    "AlertHistory",
    "Condition",
    "LabelName",
    "Matcher",
    "NewSilence",
    "NewThreshold",
    "PerfAlert",
    "Resolve",
    "Silence",
    "Threshold",
    "ThresholdChanges",
]

MOST_LABELS, MOST_MATCHERS = 20, 20
LONGEST_FOR = 7 * 86_400
MOST_DOTS = 3
SIMPLE = re.compile(r"(?:[\w \-:/@|()]|\.[*+]?|\\\.)*")
Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False, ge=-1e300, le=1e300)]
LabelName = Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$", max_length=64)]
Labels = Annotated[dict[LabelName, Annotated[str, Field(max_length=200)]], Field(max_length=MOST_LABELS)]
Operator = Literal["gt", "lt", "eq", "ne"]
Comment = Annotated[Prose, Field(max_length=2_000)]


class Condition(BaseModel):
    """`for`: seconds that it must hold before it is an alert. `keep_firing`: seconds that it must be over before the
    alert is. `clear_at`: the level beyond which it is over, where that is another one than the warning."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["for", "keep_firing", "clear_at"]
    value: Number


def _checked(conditions: list[Condition]) -> list[Condition]:
    kinds = [each.type for each in conditions]
    if len(set(kinds)) < len(kinds):
        raise ValueError("must name each type once")
    for each in conditions:
        if each.type != "clear_at" and not 0 <= each.value <= LONGEST_FOR:
            raise ValueError(f"must have seconds from 0 to {LONGEST_FOR} for {each.type}")
    return conditions


Conditions = Annotated[list[Condition], Field(max_length=3), AfterValidator(_checked)]


class NewThreshold(BaseModel):
    """`data_source_id` null: every source that can deliver the metric. `labels` go into its alerts."""

    model_config = ConfigDict(extra="ignore")

    metric_name: Annotated[str, Field(max_length=64)]
    warning_threshold: Number
    critical_threshold: Number
    operator: Operator
    data_source_id: int | None = None
    conditions: Conditions = []
    labels: Labels = {}
    enabled: bool = True


class ThresholdChanges(BaseModel):
    """What is not given stays. `version`: the one that you have seen."""

    model_config = ConfigDict(extra="ignore")

    version: int | None = None
    warning_threshold: Number | None = None
    critical_threshold: Number | None = None
    conditions: Conditions | None = None
    labels: Labels | None = None
    enabled: bool | None = None


class Threshold(ThresholdState):
    """A threshold."""

    conditions: list[Condition]
    labels: dict[str, str]
    created_by: str
    created_at: datetime
    updated_at: datetime


class PerfAlert(AlertState):
    """An alert. `tags`: its labels, as name:value."""

    tags: list[str]
    last_seen_at: datetime


class AlertEntry(BaseModel):
    """What became of an alert at a moment."""

    at: datetime
    kind: str
    actor: str
    text: str
    data: dict[str, Any]


class AlertHistory(PerfAlert):
    """An alert with what became of it, in order."""

    entries: list[AlertEntry]


class Acknowledge(BaseModel):
    """Clients of the contract send `user_id`, which is passed over: it is whoever is signed in."""

    model_config = ConfigDict(extra="ignore")

    comments: Comment | None = None


class Resolve(BaseModel):
    model_config = ConfigDict(extra="ignore")

    resolution: Annotated[Prose, Field(min_length=1, max_length=2_000)]
    comments: Comment | None = None


class Matcher(BaseModel):
    """As Alertmanager has them: a label and what it must be, or must not be."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    name: LabelName
    value: Annotated[str, Field(max_length=200)]
    is_regex: Annotated[bool, Field(alias="isRegex")] = False
    is_equal: Annotated[bool, Field(alias="isEqual")] = True

    @model_validator(mode="after")
    def _is_matched_quickly(self) -> "Matcher":
        """Nothing but `.*` and `.+` repeats, and that a few times: no value can make it slow."""
        if self.is_regex and not (SIMPLE.fullmatch(self.value) and self.value.count(".") <= MOST_DOTS):
            raise ValueError(f"must be of letters, digits, _ : / @ - | ( ) . .* and .+, with {MOST_DOTS} dots at most")
        if self.is_regex:
            try:
                re.compile(self.value)
            except re.error as error:
                raise ValueError(f"{self.value!r} is no regular expression: {error}") from None
        return self


class NewSilence(BaseModel):
    """From `starts_at` (now, where none is given) to `ends_at`. `alert_id`: for that alert alone, and over with it."""

    model_config = ConfigDict(extra="ignore")

    matchers: Annotated[list[Matcher], Field(max_length=MOST_MATCHERS)] = []
    comment: Annotated[Line, Field(max_length=1_000)]
    starts_at: datetime | None = None
    ends_at: datetime
    alert_id: int | None = None


class Silence(SilenceState):
    """A silence; `ended_at`: ended before its time."""

    ended_at: datetime | None
    created_by: str
    created_at: datetime
