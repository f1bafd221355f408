"""Advice for PostgreSQL, MySQL and MariaDB. Limits as PgHero has them (MIT), but for two where it is blind: a table
that is only ever scanned has no index scan that it could compare with, and an index is unused only where its
statistics are old enough to say so."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from persistence.recommendations import Found
from server.performance.advice.evidence import Evidence, Rule, advice

__all__ = ["MYSQL", "POSTGRESQL"]

BIG_TABLE = 10_000
INDEX_SHARE, SCANS = 0.95, 5
UNUSED_SCANS, UNUSED_BYTES, UNUSED_AFTER = 50, 1 << 20, timedelta(days=7)
DEAD_SHARE, DEAD_ROWS = 0.2, 10_000
FULL_SEQUENCE = 90.0
LAST_IDS = 10_000_000
SLOW_MS, SLOW_CALLS, SLOWEST = 20.0, 100, 5
LONG_SECONDS = 60.0
FREE_SHARE, FREE_BYTES = 0.25, 100 << 20
HITS = 99.0


def _name(row: Mapping[str, Any], what: str) -> str:
    return f"{row['schema']}.{row[what]}"


def _scanned(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("tables"):
        scans = row["seq_scan"] + row["idx_scan"]
        if row["rows"] < BIG_TABLE or row["seq_scan"] < SCANS or row["idx_scan"] >= INDEX_SHARE * scans:
            continue
        by_index = f"{row['idx_scan']} of {scans} times by an index" if row["idx_scan"] else "never by an index"
        name = _name(row, "table")
        yield advice(
            evidence,
            "scanned_table",
            name,
            says=(
                "performance",
                "high" if not row["idx_scan"] else "medium",
                f"{name} is read from end to end",
                f"It has {row['rows']} rows, was scanned whole {row['seq_scan']} times, and {by_index}.",
            ),
            rests_on=("tables", [row]),
            to_do=(
                "Its questions find their rows by an index.",
                f"Each scan has read about {row['seq_tup_read'] // max(1, row['seq_scan'])} rows.",
                "medium",
                (
                    "Find the statements that ask it.",
                    "EXPLAIN them.",
                    "CREATE INDEX CONCURRENTLY for what they ask by.",
                ),
            ),
            window="since the statistics were reset",
        )


def _unused(evidence: Evidence) -> Iterable[Found]:
    [settings] = evidence.rows("settings")
    reset = _moment(settings.get("stats_reset")) or _moment(settings.get("started_at"))
    if reset is None or evidence.at - reset < UNUSED_AFTER:
        return
    for row in evidence.rows("indexes"):
        has_use = row["is_unique"] or row["is_constraint"] or row["idx_scan"] > UNUSED_SCANS
        if has_use or row["bytes"] < UNUSED_BYTES:
            continue
        name = _name(row, "index")
        yield advice(
            evidence,
            "unused_index",
            name,
            says=(
                "resource",
                "low",
                f"The index {name} is hardly used",
                (
                    f"It was used {row['idx_scan']} times since {reset.date()}, and is {row['bytes']} bytes that every "
                    "write keeps up to date. A replica has statistics of its own: look there too."
                ),
            ),
            rests_on=("indexes", [row]),
            to_do=(
                "It is not there.",
                f"{row['bytes']} bytes, and faster writes.",
                "low",
                ("DROP INDEX CONCURRENTLY.",),
            ),
            window=f"since {reset.isoformat()}",
        )


def _duplicate(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("duplicate_indexes"):
        name = f"{row['schema']}.{row['table']}.{row['index']}"
        yield advice(
            evidence,
            "duplicate_index",
            name,
            says=(
                "resource",
                "medium",
                f"The index {row['index']} on {row['schema']}.{row['table']} says what another one says",
                f"{row['same_as']} serves everything that it serves.",
            ),
            rests_on=("duplicate_indexes", [row]),
            to_do=("One of them.", "Room, and faster writes.", "low", (f"Drop {row['index']}.",)),
            window="now",
        )


def _invalid(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("indexes"):
        if not row["is_valid"]:
            name = _name(row, "index")
            yield advice(
                evidence,
                "invalid_index",
                name,
                says=(
                    "performance",
                    "high",
                    f"The index {name} is invalid",
                    "Making it has failed: it is written to, and no question uses it.",
                ),
                rests_on=("indexes", [row]),
                to_do=(
                    "It is valid, or gone.",
                    "Its questions are fast again.",
                    "low",
                    ("REINDEX INDEX CONCURRENTLY.",),
                ),
                window="now",
            )


def _dead(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("tables"):
        dead, rows = row["dead_rows"], row["rows"]
        if dead >= DEAD_ROWS and dead > DEAD_SHARE * (dead + rows):
            name = _name(row, "table")
            yield advice(
                evidence,
                "dead_rows",
                name,
                says=(
                    "resource",
                    "medium",
                    f"{name} holds many dead rows",
                    f"{dead} of {dead + rows} rows are dead; it was vacuumed last {row['last_vacuum'] or 'never'}.",
                ),
                rests_on=("tables", [row]),
                to_do=(
                    "Vacuum keeps up.",
                    "Less to read and to store.",
                    "low",
                    ("Look for transactions that are left open.", "VACUUM it.", "Let autovacuum run on it more often."),
                ),
                window="now",
            )


def _sequences(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("sequences"):
        if float(row["used_percent"]) > FULL_SEQUENCE:
            name = _name(row, "sequence")
            yield advice(
                evidence,
                "full_sequence",
                name,
                says=(
                    "resource",
                    "critical",
                    f"The sequence {name} is nearly used up",
                    f"{row['last_value']} of {row['max_value']} are given; after the last one, inserts fail.",
                ),
                rests_on=("sequences", [row]),
                to_do=(
                    "It counts in bigint.",
                    "Inserts go on.",
                    "high",
                    ("Change the column and the sequence to bigint.",),
                ),
                window="now",
            )


def _wraparound(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("wraparound"):
        is_last = row["left"] < LAST_IDS
        if is_last or row["age"] > row["freeze_max_age"]:
            yield advice(
                evidence,
                "wraparound",
                str(row["database"]),
                says=(
                    "resource",
                    "critical" if is_last else "high",
                    f"Transaction ids of {row['database']} are not made free",
                    (
                        f"Its oldest one is {row['age']} behind, autovacuum was to freeze at {row['freeze_max_age']}, "
                        f"and {row['left']} are left before it stops taking writes."
                    ),
                ),
                rests_on=("wraparound", [row]),
                to_do=(
                    "Autovacuum freezes in time.",
                    "No stop of all writes.",
                    "medium",
                    (
                        "End transactions and drop replication slots that hold it back.",
                        "VACUUM (FREEZE) the oldest tables.",
                    ),
                ),
                window="now",
            )


def _slow(evidence: Evidence) -> Iterable[Found]:
    slow = [row for row in evidence.rows("statements") if row["mean_ms"] >= SLOW_MS and row["calls"] >= SLOW_CALLS]
    for row in slow[:SLOWEST]:
        text = " ".join(str(row["query"]).split())
        yield advice(
            evidence,
            "slow_statement",
            text[:200],
            says=(
                "performance",
                "medium",
                f"A statement takes {float(row['mean_ms']):.0f} ms each time",
                f"It ran {row['calls']} times, {float(row['total_ms']) / 1000:.0f} seconds in sum: {text[:300]}",
            ),
            rests_on=("statements", [row]),
            to_do=(
                "It is answered by an index, or asked less often.",
                "Its time, each time.",
                "medium",
                ("EXPLAIN it.",),
            ),
            window="since the statistics were reset",
        )


def _open_transactions(evidence: Evidence) -> Iterable[Found]:
    left = [
        row
        for row in evidence.rows("transactions")
        if str(row["state"]).startswith("idle in transaction") and row["seconds_in_state"] >= LONG_SECONDS
    ]
    if left:
        longest = max(float(row["seconds_in_state"]) for row in left)
        who = ", ".join(sorted({f"{row['user']} ({row['application'] or 'no name'})" for row in left}))
        yield advice(
            evidence,
            "open_transactions",
            "idle in transaction",
            says=(
                "performance",
                "high",
                f"{len(left)} transactions are left open",
                (
                    f"The longest does nothing for {longest:.0f} seconds, holds its locks, and keeps vacuum from "
                    f"cleaning up. They are of {who}."
                ),
            ),
            rests_on=("transactions", left),
            to_do=(
                "A transaction ends when its work does.",
                "Locks and dead rows go.",
                "medium",
                (
                    "Look at what these applications wait for.",
                    "Set idle_in_transaction_session_timeout for their role.",
                ),
            ),
            window="now",
        )


def _misses(evidence: Evidence) -> Iterable[Found]:
    hits = evidence.values["cache_hit_ratio"]
    if hits < HITS:
        yield advice(
            evidence,
            "cache_misses",
            "buffer cache",
            says=(
                "performance",
                "medium",
                f"{100 - hits:.1f} % of the pages are read from the disk",
                f"The cache answers {hits:.1f} %; {HITS:g} % is usual where the working set fits into it.",
            ),
            rests_on={"cache_hit_ratio": hits},
            to_do=(
                "The working set fits into memory.",
                "Fewer waits for the disk.",
                "medium",
                ("Look for scans of large tables first.", "Give the cache more memory."),
            ),
            window="between the last two samples",
        )


def _without_index(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("statements"):
        if row["calls"] >= SLOW_CALLS and float(row["without_index"]) > 0.5 * row["calls"]:
            text = " ".join(str(row["query"]).split())
            yield advice(
                evidence,
                "statement_without_index",
                text[:200],
                says=(
                    "performance",
                    "medium",
                    "A statement finds no index",
                    f"{row['without_index']} of {row['calls']} times: {text[:300]}",
                ),
                rests_on=("statements", [row]),
                to_do=(
                    "It is answered by an index.",
                    "No scan each time.",
                    "medium",
                    ("EXPLAIN it.", "Add an index for it."),
                ),
                window="since the statistics were reset",
            )


def _fragmented(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("tables"):
        free, used = int(row["free_bytes"] or 0), int(row["bytes"] or 0)
        if free >= FREE_BYTES and free > FREE_SHARE * (free + used):
            name = _name(row, "table")
            yield advice(
                evidence,
                "fragmented_table",
                name,
                says=("resource", "low", f"{name} holds {free} free bytes", f"It uses {used} bytes."),
                rests_on=("tables", [row]),
                to_do=(
                    "Its file is as large as its rows.",
                    f"{free} bytes.",
                    "medium",
                    (f"OPTIMIZE TABLE {name}, when it is quiet.",),
                ),
                window="now",
            )


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if isinstance(value, datetime) else None


def _mysql_unused(evidence: Evidence) -> Iterable[Found]:
    for row in evidence.rows("unused_indexes"):
        name = f"{row['schema']}.{row['table']}.{row['index']}"
        yield advice(
            evidence,
            "unused_index",
            name,
            says=("resource", "low", f"The index {name} was not used", "Since this server was started."),
            rests_on=("unused_indexes", [row]),
            to_do=("It is not there.", "Room, and faster writes.", "low", ("Make it invisible, wait, and drop it.",)),
            window="since the server was started",
        )


POSTGRESQL = (
    Rule("scanned_table", _scanned, ("tables",)),
    Rule("unused_index", _unused, ("indexes", "settings")),
    Rule("duplicate_index", _duplicate, ("duplicate_indexes",)),
    Rule("invalid_index", _invalid, ("indexes",)),
    Rule("dead_rows", _dead, ("tables",)),
    Rule("full_sequence", _sequences, ("sequences",)),
    Rule("wraparound", _wraparound, ("wraparound",)),
    Rule("slow_statement", _slow, ("statements",)),
    Rule("open_transactions", _open_transactions, ("transactions",)),
    Rule("cache_misses", _misses, reads=("cache_hit_ratio",)),
)
MYSQL = (
    Rule("unused_index", _mysql_unused, ("unused_indexes",)),
    Rule("duplicate_index", _duplicate, ("duplicate_indexes",)),
    Rule("statement_without_index", _without_index, ("statements",)),
    Rule("slow_statement", _slow, ("statements",)),
    Rule("fragmented_table", _fragmented, ("tables",)),
)
