"""The catalogue: every metric by its name, and which type of source can deliver which of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from server.sources.probe import Kind, SourceType

__all__ = [
    "ALIASES",
    "CUSTOM",
    "EXPORTED",
    "METRICS",
    "NOT_BY_TYPE",
    "OF_TYPE",
    "SCRAPED",
    "SUMMARY",
    "Metric",
    "is_custom",
    "metric_names",
    "metric_of",
]

Worse = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Metric:
    """unit    of the value that is stored and shown: `ms`, `s`, `%`, `B`, `/s`, `B/s`, or empty for a count
    kind    a `counter` is read as it stands and stored as a rate per second
    worse   the direction that means trouble; None where there is none
    """

    name: str
    title: str
    unit: str
    kind: Kind = "gauge"
    worse: Worse | None = None


def _all(*metrics: Metric) -> Mapping[str, Metric]:
    return MappingProxyType({each.name: each for each in metrics})


M = Metric
METRICS = _all(
    # Of every type.
    M("up", "Reachable", "", worse="low"),
    M("response_time", "Response time", "ms", worse="high"),
    M("throughput", "Throughput", "/s", "counter"),
    M("error_rate", "Errors", "%", worse="high"),
    M("cpu_usage", "CPU", "%", worse="high"),
    M("memory_usage", "Memory", "%", worse="high"),
    M("disk_usage", "Disk", "%", worse="high"),
    # Databases.
    M("connections", "Connections", "", worse="high"),
    M("connections_usage", "Connections used", "%", worse="high"),
    M("active_queries", "Active queries", "", worse="high"),
    M("idle_in_transaction", "Idle in transaction", "", worse="high"),
    M("longest_transaction", "Longest transaction", "s", worse="high"),
    M("longest_query", "Longest query", "s", worse="high"),
    M("waiting_on_locks", "Waiting on locks", "", worse="high"),
    M("deadlocks", "Deadlocks", "/s", "counter", "high"),
    M("slow_queries", "Slow queries", "/s", "counter", "high"),
    M("temporary_bytes", "Temporary files", "B/s", "counter", "high"),
    M("temporary_disk_tables", "Temporary tables on disk", "/s", "counter", "high"),
    M("cache_hit_ratio", "Cache hits", "%", worse="low"),
    M("database_size", "Size", "B"),
    M("replication_lag", "Replication lag", "s", worse="high"),
    M("transaction_ids_left", "Transaction ids left", "", worse="low"),
    M("dead_rows_ratio", "Dead rows", "%", worse="high"),
    # Redis and Valkey.
    M("keys", "Keys", ""),
    M("memory_used", "Memory used", "B", worse="high"),
    M("fragmentation_ratio", "Fragmentation", "", worse="high"),
    M("evictions", "Evicted keys", "/s", "counter", "high"),
    M("expirations", "Expired keys", "/s", "counter"),
    M("rejected_connections", "Rejected connections", "/s", "counter", "high"),
    M("blocked_clients", "Blocked clients", "", worse="high"),
    # SQLite.
    M("free_pages_bytes", "Free pages", "B", worse="high"),
    M("wal_bytes", "Write-ahead log", "B", worse="high"),
    # HTTP.
    M("status_code", "Status", ""),
    M("dns_time", "Name looked up", "ms", worse="high"),
    M("connect_time", "Connected", "ms", worse="high"),
    M("tls_time", "TLS", "ms", worse="high"),
    M("first_byte_time", "First byte", "ms", worse="high"),
    M("body_bytes", "Size of the answer", "B"),
    M("certificate_days_left", "Certificate valid for", "days", worse="low"),
    # Hosts.
    M("load", "Load of one minute", "", worse="high"),
    M("swap_usage", "Swap", "%", worse="high"),
    M("disk_read_bytes", "Read from disks", "B/s", "counter"),
    M("disk_written_bytes", "Written to disks", "B/s", "counter"),
    M("network_received_bytes", "Received", "B/s", "counter"),
    M("network_sent_bytes", "Sent", "B/s", "counter"),
)
"""By name. Names never change their meaning: rows and thresholds are stored under them."""

SUMMARY = ("response_time", "throughput", "error_rate", "cpu_usage", "memory_usage", "disk_usage")
"""The figures that clients of the data-sources contract read as flat numbers (P2)."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {"cpu": "cpu_usage", "memory": "memory_usage", "disk": "disk_usage", "io": "disk_usage", "network": "throughput"}
)
"""Other names that those clients ask by."""

_MYSQL = (
    "up", "response_time", "throughput", "error_rate", "connections", "connections_usage", "active_queries",
    "longest_transaction", "longest_query", "waiting_on_locks", "slow_queries", "temporary_disk_tables",
    "cache_hit_ratio", "database_size", "replication_lag",
)  # fmt: skip
OF_TYPE: Mapping[SourceType, tuple[str, ...]] = MappingProxyType(
    {
        "postgresql": (
            "up", "response_time", "throughput", "error_rate", "connections", "connections_usage", "active_queries",
            "idle_in_transaction", "longest_transaction", "longest_query", "waiting_on_locks", "deadlocks",
            "temporary_bytes", "cache_hit_ratio", "database_size", "replication_lag", "transaction_ids_left",
            "dead_rows_ratio",
        ),
        "mysql": _MYSQL,
        "mariadb": _MYSQL,
        "redis": (
            "up", "response_time", "throughput", "error_rate", "cpu_usage", "memory_usage", "connections",
            "connections_usage", "cache_hit_ratio", "keys", "memory_used", "fragmentation_ratio", "evictions",
            "expirations", "rejected_connections", "blocked_clients", "replication_lag",
        ),
        "sqlite": ("up", "response_time", "disk_usage", "database_size", "free_pages_bytes", "wal_bytes"),
        "http": (
            "up", "response_time", "status_code", "dns_time", "connect_time", "tls_time", "first_byte_time",
            "body_bytes", "certificate_days_left",
        ),
        "host": (
            "up", "cpu_usage", "memory_usage", "disk_usage", "load", "swap_usage", "disk_read_bytes",
            "disk_written_bytes", "network_received_bytes", "network_sent_bytes",
        ),
    }
)  # fmt: skip
"""What each type can deliver by itself. A source with a node exporter can deliver EXPORTED too."""

EXPORTED = ("cpu_usage", "memory_usage", "disk_usage")
SCRAPED = ("throughput", "error_rate", *EXPORTED)
"""What an HTTP address can deliver besides by the Prometheus text that it answers with, and names of one's own."""
_REMOTE = "The server does not tell it over its own protocol; name the URL of a node exporter to have it."
NOT_BY_TYPE: Mapping[SourceType, Mapping[str, str]] = MappingProxyType(
    {
        "postgresql": dict.fromkeys(EXPORTED, _REMOTE),
        "mysql": dict.fromkeys(EXPORTED, _REMOTE),
        "mariadb": dict.fromkeys(EXPORTED, _REMOTE),
        "redis": {"disk_usage": _REMOTE},
        "sqlite": {
            "throughput": "A SQLite file counts no queries.",
            "error_rate": "A SQLite file counts no errors.",
            "cpu_usage": "A SQLite file has no process of its own.",
            "memory_usage": "A SQLite file has no process of its own.",
        },
        "http": {
            "throughput": "An HTTP address does not say how many others ask it.",
            "error_rate": "An HTTP address does not say how it answers others; `up` says how it answers us.",
            **dict.fromkeys(EXPORTED, _REMOTE),
        },
        "host": {
            "response_time": "A host is asked nothing over a network.",
            "throughput": "A host has no one measure of its work; see what its disks and networks carry.",
            "error_rate": "A host counts no errors of its work.",
        },
    }
)  # fmt: skip
"""Why a figure of SUMMARY cannot be had of a type."""


CUSTOM = re.compile(r"custom\.[a-z0-9_.]{1,57}")


def is_custom(name: str) -> bool:
    """A name that somebody has given to what he pushes: `custom.`, small letters, digits, `_` and `.`, at most 64."""
    return CUSTOM.fullmatch(name) is not None


def metric_of(name: str) -> Metric:
    """Also of one that somebody measures or pushes under a name of his own."""
    return METRICS.get(name) or Metric(name, name.removeprefix("custom.").replace("_", " ").capitalize(), "")


def metric_names(source_type: SourceType, options: Mapping[str, Any] = MappingProxyType({})) -> tuple[str, ...]:
    """What a source of this type can deliver with these options (server.sources.model)."""
    exported = EXPORTED if options.get("exporter_url") else ()
    scraped = (figure["name"] for figure in options.get("prometheus") or ())
    return tuple(dict.fromkeys((*OF_TYPE[source_type], *exported, *scraped)))
