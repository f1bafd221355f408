"""What becomes of data sources: told in the stream of sources, for whoever may see figures."""

from pydantic import BaseModel, ConfigDict

from server.events.model import Event

__all__ = [
    "SourceCreated",
    "SourceDeleted",
    "SourceEvent",
    "SourceMonitored",
    "SourceState",
    "SourceStatusChanged",
    "SourceUpdated",
]


class SourceState(BaseModel):
    """A data source as lists show it; never its password, nor where its file or its address is."""

    model_config = ConfigDict(frozen=True)

    id: int
    name: str
    source_type: str
    environment: str
    criticality: str
    tags: list[str]
    status: str
    status_reason: str | None
    version: int


class SourceEvent(Event):
    """About one data source."""

    data_source_id: int
    data_source_name: str

    @property
    def stream(self) -> str:
        return "sources"

    @property
    def origin(self) -> str:
        return "/scan/data-sources"

    @property
    def subject(self) -> str:
        return f"source/{self.data_source_id}"


class SourceCreated(SourceEvent):
    """There is a data source from now on."""

    source: SourceState


class SourceUpdated(SourceEvent):
    """It is another one now; `changed` names the fields, `password` among them without saying it."""

    source: SourceState
    changed: list[str]


class SourceDeleted(SourceEvent):
    """It is not watched any more, and is not listed."""


class SourceStatusChanged(SourceEvent):
    """It answers now, or does not, or was paused; `status_reason` says why."""

    status: str
    former_status: str
    status_reason: str | None


class SourceMonitored(SourceEvent):
    """Its sampling was begun, changed, paused or stopped by somebody; `state`: running, paused or stopped."""

    state: str
    interval_seconds: float
    metrics: list[str] | None
