"""What every type of source offers to whoever measures it: figures, and slow checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

__all__ = ["Fact", "Kind", "Probe", "Reading", "SourceType", "Target"]

Kind = Literal["gauge", "counter"]
SourceType = Literal["postgresql", "mysql", "mariadb", "redis", "sqlite", "http", "host"]


@dataclass(frozen=True, slots=True)
class Target:
    """A source as a probe needs it.

    host        a host's name or address; a full URL for `http`; a path for `sqlite`; empty for `host` (this machine)
    password    in the clear, for as long as the probe lives
    options     what only some types have (server.sources.model says which)
    """

    id: int
    source_type: SourceType
    host: str
    port: int | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    database_name: str | None = None
    use_encryption: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source has answered at one moment.

    values    by the name of the metric (server.sources.metrics). Gauges are what they are; counters stand as the
              source counts them, and become rates by two readings (server.performance.rates)
    missing   metrics of the type that could not be read this time, and why, in a sentence for people
    trouble   why `up` is 0 although it answered
    kinds     `gauge` or `counter`, for metrics that are not in the catalogue, or are read in another form than it says
    """

    values: Mapping[str, float]
    missing: Mapping[str, str] = field(default_factory=dict)
    trouble: str | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """What a slow check has read, for advice. `name` is of the check, `query` what was asked, as it was asked.

    reason    why it could not be read (a permission, a version); `rows` is empty then
    """

    name: str
    query: str
    rows: Sequence[Mapping[str, Any]]
    read_at: datetime
    reason: str | None = None


class Probe(Protocol):
    """One connection to one source, opened at the first question and again after an error. Not for two tasks at once.

    Nothing that it asks changes anything there, and every question has its bounds (statement and lock time-outs).
    """

    async def read(self) -> Reading:
        """The figures of now. Raises SourceUnreachable, SourceRefused and SourceSlow (server.errors), with a reason."""
        ...

    async def examine(self) -> Sequence[Fact]:
        """The slow checks of the type, a few minutes apart at most. Raises as `read`."""
        ...

    async def close(self) -> None:
        """Let go of the connection; never raises."""
        ...
