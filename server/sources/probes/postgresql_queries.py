"""What PostgreSQL is asked, as it is asked: advice quotes it, so that whoever doubts can ask the same."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ACTIVITY", "DATABASE", "FACTS", "REPLICATION", "TABLES"]

ACTIVITY = """\
SELECT count(*) AS connections,
       count(*) FILTER (WHERE query = '<insufficient privilege>') AS hidden,
       count(*) FILTER (WHERE state = 'active' AND pid <> pg_backend_pid()) AS active_queries,
       count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS idle_in_transaction,
       count(*) FILTER (WHERE wait_event_type = 'Lock') AS waiting_on_locks,
       max(extract(epoch FROM clock_timestamp() - xact_start)) FILTER (WHERE pid <> pg_backend_pid())
         AS longest_transaction,
       max(extract(epoch FROM clock_timestamp() - query_start))
         FILTER (WHERE state = 'active' AND pid <> pg_backend_pid()) AS longest_query,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true), '0')::int AS usable
FROM pg_stat_activity
WHERE backend_type = 'client backend' OR backend_type IS NULL AND datid IS NOT NULL AND usesysid IS NOT NULL"""
# The type is hidden from who may not see the session; sessions of clients still show their database and user.

DATABASE = """\
SELECT xact_commit AS commits, xact_rollback AS rollbacks, blks_hit AS hits, blks_read AS reads, deadlocks,
       temp_bytes AS temporary_bytes,
       CASE WHEN has_database_privilege(datid, 'CONNECT') THEN pg_database_size(datid) END AS size,
       (SELECT 2147483647 - max(age(datfrozenxid)) FROM pg_database) AS transaction_ids_left
FROM pg_stat_database WHERE datname = current_database()"""

TABLES = "SELECT sum(n_live_tup) AS live, sum(n_dead_tup) AS dead FROM pg_stat_user_tables"

REPLICATION = """\
SELECT CASE WHEN NOT pg_is_in_recovery()
              THEN (SELECT max(extract(epoch FROM coalesce(replay_lag, '0'))) FROM pg_stat_replication)
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END AS lag"""

FACTS: Mapping[str, str] = MappingProxyType(
    {
        "settings": """\
SELECT current_setting('server_version') AS version, current_setting('max_connections')::int AS max_connections,
       current_setting('shared_buffers') AS shared_buffers, current_setting('autovacuum') AS autovacuum,
       pg_is_in_recovery() AS standby, pg_postmaster_start_time() AS started_at,
       (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()) AS stats_reset""",
        "tables": """\
SELECT schemaname AS schema, relname AS "table", n_live_tup AS rows, n_dead_tup AS dead_rows, seq_scan,
       seq_tup_read, coalesce(idx_scan, 0) AS idx_scan, pg_relation_size(relid) AS bytes,
       greatest(last_vacuum, last_autovacuum) AS last_vacuum, greatest(last_analyze, last_autoanalyze) AS last_analyze
FROM pg_stat_user_tables ORDER BY pg_relation_size(relid) DESC LIMIT 200""",
        "indexes": """\
SELECT s.schemaname AS schema, s.relname AS "table", s.indexrelname AS index, s.idx_scan, i.indisunique AS is_unique,
       i.indisvalid AS is_valid, pg_relation_size(s.indexrelid) AS bytes,
       EXISTS (SELECT FROM pg_constraint WHERE conindid = s.indexrelid) AS is_constraint,
       pg_get_indexdef(s.indexrelid) AS definition
FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
ORDER BY pg_relation_size(s.indexrelid) DESC LIMIT 200""",
        "duplicate_indexes": """\
SELECT n.nspname AS schema, t.relname AS "table", c.relname AS index, o.relname AS same_as,
       pg_relation_size(i.indexrelid) AS bytes
FROM pg_index i JOIN pg_index k ON k.indrelid = i.indrelid AND k.indexrelid <> i.indexrelid
  AND k.indclass::text = i.indclass::text AND k.indkey::text = i.indkey::text
  AND coalesce(k.indpred::text, '') = coalesce(i.indpred::text, '')
  AND coalesce(k.indexprs::text, '') = coalesce(i.indexprs::text, '')
  AND k.indoption::text = i.indoption::text AND k.indcollation::text = i.indcollation::text
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class o ON o.oid = k.indexrelid AND o.relam = c.relam
JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema') AND NOT i.indisunique AND i.indisvalid
  AND k.indisvalid AND (k.indisunique OR k.indexrelid < i.indexrelid)
ORDER BY bytes DESC LIMIT 100""",
        "sequences": """\
SELECT schemaname AS schema, sequencename AS sequence, last_value, max_value,
       100.0 * last_value / max_value AS used_percent
FROM pg_sequences WHERE last_value IS NOT NULL AND increment_by > 0
ORDER BY last_value::float / max_value DESC LIMIT 50""",
        "statements": """\
SELECT query, calls, mean_exec_time AS mean_ms, total_exec_time AS total_ms, rows
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
ORDER BY total_exec_time DESC LIMIT 50""",
        "transactions": """\
SELECT pid, usename AS "user", application_name AS application, state,
       extract(epoch FROM clock_timestamp() - xact_start)::float AS seconds,
       extract(epoch FROM clock_timestamp() - state_change)::float AS seconds_in_state, left(query, 500) AS query
FROM pg_stat_activity WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
ORDER BY xact_start LIMIT 20""",
        "wraparound": """\
SELECT datname AS database, age(datfrozenxid) AS age, 2147483647 - age(datfrozenxid) AS left,
       current_setting('autovacuum_freeze_max_age')::int AS freeze_max_age
FROM pg_database ORDER BY age(datfrozenxid) DESC""",
    }
)
"""By the name of the fact."""
