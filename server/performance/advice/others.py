"""Advice for Redis and Valkey, SQLite files, HTTP addresses and hosts."""

from collections.abc import Iterable

from persistence.recommendations import Found
from server.performance.advice.evidence import Evidence, Priority, Rule, advice

__all__ = ["HOST", "HTTP", "REDIS", "SQLITE"]

FULL, FRAGMENTED, SMALL = 0.9, 1.5, 64 << 20
SLOW_MICROSECONDS = 10_000
FREE_BYTES, FREE_SHARE = 10 << 20, 0.2
SOON, VERY_SOON = 30, 7
FULL_DISK, FULLER_DISK = 90.0, 97.0


def _no_eviction(evidence: Evidence) -> Iterable[Found]:
    [memory] = evidence.rows("memory")
    most, used = int(memory.get("maxmemory", 0)), int(memory["used_memory"])
    if most and memory.get("maxmemory_policy") == "noeviction" and used > FULL * most:
        yield advice(
            evidence,
            "no_eviction",
            "memory",
            says=(
                "resource",
                "critical",
                "Writes will be refused when the memory is full",
                f"{used} of {most} bytes are used, and the policy is noeviction.",
            ),
            rests_on=("memory", [memory]),
            to_do=(
                "There is room, or old keys go.",
                "Writes go on.",
                "low",
                ("Raise maxmemory.", "Or set a maxmemory-policy."),
            ),
            window="now",
        )


def _fragmented(evidence: Evidence) -> Iterable[Found]:
    [memory] = evidence.rows("memory")
    ratio = float(memory.get("mem_fragmentation_ratio", 0))
    if ratio > FRAGMENTED and int(memory["used_memory"]) >= SMALL:
        yield advice(
            evidence,
            "fragmentation",
            "memory",
            says=(
                "resource",
                "medium",
                f"It holds {ratio:g} times the memory that it uses",
                f"{memory.get('used_memory_rss')} bytes for {memory['used_memory']}.",
            ),
            rests_on=("memory", [memory]),
            to_do=(
                "A ratio below 1.5.",
                "Memory for others.",
                "low",
                ("Set activedefrag yes.", "Or restart it when it is quiet."),
            ),
            window="now",
        )


def _no_persistence(evidence: Evidence) -> Iterable[Found]:
    [memory] = evidence.rows("memory")
    [settings] = evidence.rows("settings")
    keeps = int(memory.get("aof_enabled", 0)) or settings.get("save")
    if evidence.criticality in ("critical", "high") and not keeps:
        yield advice(
            evidence,
            "no_persistence",
            "persistence",
            says=(
                "resource",
                "high",
                "A restart loses everything",
                f"It is of {evidence.criticality} importance, and neither snapshots nor the append-only file are on.",
            ),
            rests_on=("settings", [settings]),
            to_do=("What it holds outlives a restart.", "No loss.", "low", ("Set appendonly yes, or save.",)),
            window="now",
        )


def _snapshot_failed(evidence: Evidence) -> Iterable[Found]:
    [memory] = evidence.rows("memory")
    if memory.get("rdb_last_bgsave_status") not in (None, "ok"):
        yield advice(
            evidence,
            "snapshot_failed",
            "persistence",
            says=("resource", "high", "The last snapshot has failed", "What came since is in no file."),
            rests_on=("memory", [memory]),
            to_do=("Snapshots work.", "A restart loses less.", "medium", ("Look into its log, and at its disk.",)),
            window="now",
        )


def _slow_commands(evidence: Evidence) -> Iterable[Found]:
    slow = [row for row in evidence.rows("slow_commands") if row["microseconds"] >= SLOW_MICROSECONDS]
    if slow:
        worst = max(slow, key=lambda row: row["microseconds"])
        yield advice(
            evidence,
            "slow_commands",
            "slow log",
            says=(
                "performance",
                "medium",
                f"{len(slow)} commands kept all others waiting",
                f"The slowest, {worst.get('command', 'one')}, took {worst['microseconds'] / 1000:.0f} ms.",
            ),
            rests_on=("slow_commands", sorted(slow, key=lambda row: -row["microseconds"])),
            to_do=(
                "No command takes 10 ms.",
                "Even answers.",
                "medium",
                ("Ask for less at once: SCAN, pages, smaller keys.",),
            ),
            window="as far as its slow log goes back",
        )


REDIS = (
    Rule("no_eviction", _no_eviction, ("memory",)),
    Rule("fragmentation", _fragmented, ("memory",)),
    Rule("no_persistence", _no_persistence, ("memory", "settings")),
    Rule("snapshot_failed", _snapshot_failed, ("memory",)),
    Rule("slow_commands", _slow_commands, ("slow_commands",)),
)


def _spoiled(evidence: Evidence) -> Iterable[Found]:
    rows = evidence.rows("integrity")
    if rows and [str(value) for value in rows[0].values()] != ["ok"]:
        yield advice(
            evidence,
            "spoiled_file",
            "integrity",
            says=(
                "resource",
                "critical",
                "The file is spoiled",
                "; ".join(str(next(iter(row.values()))) for row in rows[:3]),
            ),
            rests_on=("integrity", rows),
            to_do=(
                "A whole file.",
                "No loss.",
                "high",
                ("Stop writing to it.", "Bring back a backup, or .recover it."),
            ),
            window="now",
        )


def _no_statistics(evidence: Evidence) -> Iterable[Found]:
    indexed = [row for row in evidence.rows("tables") if row["indexes"]]
    if indexed and not evidence.rows("statistics"):
        yield advice(
            evidence,
            "no_statistics",
            "statistics",
            says=(
                "performance",
                "low",
                "Its planner has no statistics",
                f"{len(indexed)} tables have indexes that it chooses among by guessing.",
            ),
            rests_on=("tables", indexed),
            to_do=("sqlite_stat1 is there.", "Better plans.", "low", ("ANALYZE, or PRAGMA optimize when closing.",)),
            window="now",
        )


def _free_pages(evidence: Evidence) -> Iterable[Found]:
    free, size = evidence.values["free_pages_bytes"], evidence.values["database_size"]
    if free >= FREE_BYTES and free > FREE_SHARE * size:
        yield advice(
            evidence,
            "free_pages",
            "file",
            says=("resource", "low", f"{free:.0f} bytes of the file are free", f"The whole of it is {size:.0f} bytes."),
            rests_on={"free_pages_bytes": free, "database_size": size},
            to_do=("The file is as large as its rows.", f"{free:.0f} bytes.", "low", ("VACUUM, when it is quiet.",)),
            window="now",
        )


SQLITE = (
    Rule("spoiled_file", _spoiled, ("integrity",)),
    Rule("no_statistics", _no_statistics, ("tables", "statistics")),
    Rule("free_pages", _free_pages, reads=("free_pages_bytes", "database_size")),
)


def _certificate(evidence: Evidence) -> Iterable[Found]:
    days = evidence.values["certificate_days_left"]
    if days < SOON:
        priority: Priority = "critical" if days < VERY_SOON else "high"
        yield advice(
            evidence,
            "certificate",
            "certificate",
            says=("security", priority, f"The certificate ends in {days:.0f} days", "Afterwards nobody can reach it."),
            rests_on={"certificate_days_left": days},
            to_do=("A newer certificate.", "It stays reachable.", "low", ("Renew it.", "Let it be renewed by itself.")),
            window="now",
        )


HTTP = (Rule("certificate", _certificate, reads=("certificate_days_left",)),)


def _full_disk(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("file_systems"):
        if row["used_percent"] >= FULL_DISK:
            priority: Priority = "critical" if row["used_percent"] >= FULLER_DISK else "high"
            yield advice(
                evidence,
                "full_disk",
                str(row["at"]),
                says=(
                    "resource",
                    priority,
                    f"{row['at']} is {row['used_percent']:g} % full",
                    f"It has {row['bytes']} bytes in all.",
                ),
                rests_on=("file_systems", [row]),
                to_do=(
                    "Below 90 %.",
                    "Nothing stops for want of room.",
                    "medium",
                    ("Remove what is not needed.", "Or enlarge it."),
                ),
                window="now",
            )


HOST = (Rule("full_disk", _full_disk, ("file_systems",)),)
