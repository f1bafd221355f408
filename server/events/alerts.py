"""What becomes of alerts, and of what makes and mutes them: told in the stream of alerts."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from server.events.model import Event

__all__ = [
    "AlertAcknowledged",
    "AlertEvent",
    "AlertOpened",
    "AlertRaised",
    "AlertReopened",
    "AlertResolved",
    "AlertState",
    "AlertUnmuted",
    "SilenceEnded",
    "SilenceStarted",
    "SilenceState",
    "ThresholdChanged",
    "ThresholdCreated",
    "ThresholdDeleted",
    "ThresholdState",
]


class AlertState(BaseModel):
    """An alert as lists show it. `muted_by`: a silence, or `inhibited`; nobody is called then. People by their names;
    who is not there was no person."""

    model_config = ConfigDict(frozen=True)

    id: int
    data_source_id: int | None
    alert_type: str
    severity: Literal["info", "warning", "critical", "error"]
    title: str
    description: str
    status: Literal["open", "acknowledged", "resolved", "closed"]
    labels: dict[str, str]
    conditions: list[dict[str, Any]]
    occurrences: int
    is_firing: bool
    triggered_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None
    muted_by: str | None
    correlation_id: str
    escalation_level: int
    version: int


class AlertEvent(Event):
    """`alert` is as it was from then on."""

    alert: AlertState

    @property
    def stream(self) -> str:
        return "alerts"

    @property
    def origin(self) -> str:
        return "/performance/alerts"

    @property
    def subject(self) -> str:
        return f"alert/{self.alert.id}"


class AlertOpened(AlertEvent):
    """Something is wrong. `is_first`: nobody was told of the same cause in the last minutes."""

    is_first: bool = True


class AlertRaised(AlertEvent):
    """It is worse than it was: `former_severity` before."""

    former_severity: str


class AlertAcknowledged(AlertEvent):
    """Somebody has taken it on."""


class AlertResolved(AlertEvent):
    """It is over: by itself, or because somebody said so."""


class AlertReopened(AlertEvent):
    """Somebody has found that it is not over."""


class AlertUnmuted(AlertEvent):
    """What kept it quiet is over, and it is not."""


class ThresholdState(BaseModel):
    """A threshold as lists show it."""

    model_config = ConfigDict(frozen=True)

    id: int
    metric_name: str
    data_source_id: int | None
    operator: str
    warning_threshold: float
    critical_threshold: float
    enabled: bool
    version: int


class ThresholdEvent(Event):
    """About one threshold."""

    threshold: ThresholdState

    @property
    def stream(self) -> str:
        return "alerts"

    @property
    def origin(self) -> str:
        return "/performance/thresholds"

    @property
    def subject(self) -> str:
        return f"threshold/{self.threshold.id}"


class ThresholdCreated(ThresholdEvent):
    """Figures are judged by it from now on."""


class ThresholdChanged(ThresholdEvent):
    """It is another one now; `changed` names the fields."""

    changed: list[str]


class ThresholdDeleted(ThresholdEvent):
    """Nothing is judged by it any more."""


class SilenceState(BaseModel):
    """A silence as lists show it."""

    model_config = ConfigDict(frozen=True)

    id: str
    matchers: list[dict[str, Any]]
    comment: str
    starts_at: datetime
    ends_at: datetime
    alert_id: int | None


class SilenceEvent(Event):
    """About one silence."""

    silence: SilenceState

    @property
    def stream(self) -> str:
        return "alerts"

    @property
    def origin(self) -> str:
        return "/performance/silences"

    @property
    def subject(self) -> str:
        return f"silence/{self.silence.id}"


class SilenceStarted(SilenceEvent):
    """Nobody is called for the alerts that it matches, while it lasts."""


class SilenceEnded(SilenceEvent):
    """Somebody has ended it before its time."""
