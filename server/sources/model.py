"""What goes in and out of the routes of data sources."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, SecretStr

from server.http.text import Line, Prose
from server.sources.metrics import CUSTOM, SCRAPED
from server.sources.probe import SourceType

__all__ = [
    "Capabilities",
    "CheckCapability",
    "ConnectionTest",
    "DataSource",
    "DataSourceChanges",
    "MetricCapability",
    "NewDataSource",
    "ScrapedFigure",
    "SourceHealth",
    "SourceOptions",
    "SourceStats",
    "Unavailable",
]

MOST_TAGS = 20
MOST_SCRAPED = 50
LONGEST_PEM = 32 * 1024
Location = Literal["on_prem", "cloud", "hybrid"]
Environment = Literal["production", "staging", "development", "test"]
Criticality = Literal["critical", "high", "medium", "low"]
Classification = Literal["public", "internal", "confidential", "restricted"]
Status = Literal["active", "inactive", "error", "pending", "syncing", "maintenance"]


def _certificates(value: str) -> str:
    if "-----BEGIN CERTIFICATE-----" not in value or "PRIVATE KEY" in value:
        raise ValueError("must be certificates in PEM form, and no key")
    return value


class ScrapedFigure(BaseModel):
    """A figure from the Prometheus text that an address answers with.

    name      what it is called here: `custom.` and a name of yours, or a figure that an address does not have by itself
    sample    as it stands in the text, such as `rabbitmq_queue_messages` or `http_requests_total`
    labels    only samples with these; others do not matter
    combine   what is made of several samples that match

    What the text calls a counter (also counts and sums of histograms and summaries) becomes a rate per second.
    """

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=rf"^({CUSTOM.pattern}|{'|'.join(SCRAPED)})$")]
    sample: Annotated[str, Field(max_length=200, pattern=r"^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    labels: Annotated[
        dict[Annotated[str, Field(max_length=100)], Annotated[str, Field(max_length=200)]], Field(max_length=20)
    ] = {}
    combine: Literal["sum", "mean", "max", "min"] = "sum"


def _named_once(figures: list[ScrapedFigure]) -> list[ScrapedFigure]:
    names = [each.name for each in figures]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"has {twice} twice")
    return figures


class SourceOptions(BaseModel):
    """What only some types have.

    exporter_url      a node exporter (or any address with Prometheus text) of the machine: CPU, memory and disk
    ca                certificates (PEM) that its TLS certificate may come from, in place of the machine's
    expect_status     `http`: statuses that are good; any below 400 if none is named
    expect_text       `http`: what the answer must contain
    prometheus        `http`: figures from the Prometheus text that it answers with
    disk              `host`: the folder whose file system is meant; the root if none is named
    """

    model_config = ConfigDict(extra="forbid")

    exporter_url: Annotated[str, Field(max_length=2_000, pattern=r"^https?://")] | None = None
    ca: Annotated[str, Field(max_length=LONGEST_PEM), AfterValidator(_certificates)] | None = None
    expect_status: Annotated[list[Annotated[int, Field(ge=100, le=599)]], Field(max_length=20)] | None = None
    expect_text: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    prometheus: Annotated[list[ScrapedFigure], Field(max_length=MOST_SCRAPED), AfterValidator(_named_once)] | None = (
        None
    )
    disk: Annotated[str, Field(max_length=1_000, pattern=r"^/")] | None = None


Name = Annotated[Line, Field(max_length=200)]
Host = Annotated[
    str,
    Field(
        max_length=2_000,
        description="A host's name or address; the full URL for `http`; the full path for `sqlite`; empty for `host`.",
    ),
]
Port = Annotated[int, Field(ge=1, le=65535)]
Short = Annotated[Line, Field(max_length=200)]
Secret = Annotated[SecretStr, Field(max_length=1_000)]
Password = Annotated[Secret | None, Field(validation_alias=AliasChoices("password_secret", "password"))]
Tags = Annotated[list[Annotated[Line, Field(max_length=50)]], Field(max_length=MOST_TAGS)]


class NewDataSource(BaseModel):
    """`password_secret` is sealed, and never answered."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)  # clients send fields that only others have

    name: Name
    source_type: SourceType
    host: Host = ""
    port: Port | None = None
    location: Location = "on_prem"
    username: Short | None = None
    password_secret: Password = None
    database_name: Short | None = None
    use_encryption: bool = False
    options: SourceOptions = SourceOptions()
    description: Annotated[Prose, Field(max_length=2_000)] = ""
    environment: Environment = "production"
    criticality: Criticality = "medium"
    data_classification: Classification = "internal"
    tags: Tags = []
    owner: Short | None = None
    team: Short | None = None


class DataSourceChanges(BaseModel):
    """What is not given stays; null takes away what may be missing. Another type is another source.

    version     the one that you have seen; a source that was changed since is not changed (409)
    """

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    version: int | None = None
    name: Name | None = None
    host: Host | None = None
    port: Port | None = None
    location: Location | None = None
    username: Short | None = None
    password_secret: Password = None
    database_name: Short | None = None
    use_encryption: bool | None = None
    options: SourceOptions | None = None
    description: Annotated[Prose, Field(max_length=2_000)] | None = None
    environment: Environment | None = None
    criticality: Criticality | None = None
    data_classification: Classification | None = None
    tags: Tags | None = None
    owner: Short | None = None
    team: Short | None = None


class DataSource(BaseModel):
    """A data source. What is not measured is null, and `unknown` says why."""

    id: int
    name: str
    source_type: str
    location: str
    host: str
    port: int | None
    username: str | None
    has_password: bool
    use_encryption: bool
    database_name: str | None
    options: SourceOptions
    description: str
    status: Status
    status_reason: str | None
    status_at: datetime
    environment: Environment
    criticality: Criticality
    data_classification: Classification
    tags: list[str]
    owner: str | None
    team: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    health_score: float | None = None
    compliance_score: float | None = None
    avg_response_time: float | None = None
    uptime_percentage: float | None = None
    cost_per_month: float | None = None
    scan_frequency: str | None = None
    unknown: dict[str, str] = Field(description="Why a field is null, by its name.")


class Unavailable(BaseModel):
    metric: str
    reason: str


class ConnectionTest(BaseModel):
    """What a real connection has shown, now. `success`: it answered; `message` says what was wrong else."""

    success: bool
    message: str
    tested_at: datetime
    seconds: float
    metrics: list[str]
    unavailable: list[Unavailable]


class MetricCapability(BaseModel):
    """`unit`: ms, s, %, B, /s, B/s, days or empty. `worse`: the direction that means trouble."""

    name: str
    title: str
    unit: str
    worse: Literal["high", "low"] | None


class CheckCapability(BaseModel):
    name: str
    title: str


class Capabilities(BaseModel):
    """What this source can deliver, and how to let us in with the least rights."""

    source_type: str
    metrics: list[MetricCapability]
    unavailable: list[Unavailable]
    set_up: str = Field(description="Markdown: what to do at the source, statement by statement.")


class SourceHealth(BaseModel):
    """The state that sampling has found last."""

    id: int
    status: Status
    status_reason: str | None
    status_at: datetime
    health_score: float | None = None
    unknown: dict[str, str]


class SourceStats(BaseModel):
    """Of the last 24 hours, from the stored rollups; null where there are none."""

    id: int
    window_hours: int
    samples: int
    uptime_percentage: float | None
    avg_response_time: float | None = Field(description="ms")
    max_response_time: float | None = Field(description="ms")
    unknown: dict[str, str]
