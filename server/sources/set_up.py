"""How to let a probe in with the least rights, for each type of source. Markdown, shown as it is."""

from collections.abc import Mapping
from types import MappingProxyType

from server.sources.probe import SourceType

__all__ = ["SET_UP"]

_POSTGRESQL = """\
A role that may read statistics and nothing else (PostgreSQL 10 or later):

```sql
CREATE ROLE counterpoint LOGIN PASSWORD '...' CONNECTION LIMIT 3;
GRANT pg_monitor TO counterpoint;
GRANT CONNECT ON DATABASE yours TO counterpoint;
ALTER ROLE counterpoint SET default_transaction_read_only = on;
```

Optional, for slow queries: `CREATE EXTENSION pg_stat_statements` in that database, and
`shared_preload_libraries = 'pg_stat_statements'`. Without `pg_monitor` other people's sessions are not seen: those
figures are unavailable then, and say so."""

_MYSQL = """\
A user that may read statistics and nothing else:

```sql
CREATE USER 'counterpoint'@'%' IDENTIFIED BY '...' WITH MAX_USER_CONNECTIONS 3;
GRANT PROCESS, REPLICATION CLIENT ON *.* TO 'counterpoint'@'%';
GRANT SELECT ON performance_schema.* TO 'counterpoint'@'%';
GRANT SELECT ON sys.* TO 'counterpoint'@'%';
```

On MariaDB 10.5 and later the second privilege is called `REPLICA MONITOR` (and `SLAVE MONITOR`)."""

_REDIS = """\
A user that may read statistics and no key (Redis 6 or later, Valkey):

```
ACL SETUSER counterpoint on >... resetkeys -@all +info +ping +hello +client|setname +client|id
ACL SETUSER counterpoint +slowlog|get +slowlog|len +config|get +latency|latest
```

Managed services that do not allow `CONFIG` still tell all figures but those that come from the configuration."""

_SQLITE = """\
The file is opened for reading by the server's own process: it must be able to read the file and its folder. The
operator names the folders whose files may be watched by `COUNTERPOINT_SOURCE_PATHS`."""

_HTTP = """\
Nothing is needed but an address that answers a GET. With a user name and a password they are sent by HTTP Basic, over
https only. Redirects are not followed: name the address that they lead to."""

_HOST = """\
Nothing is needed: the machine of the node that takes the sample tells it. With several nodes each has a machine of its
own; give the others a node exporter and name its URL at another source."""

SET_UP: Mapping[SourceType, str] = MappingProxyType(
    {
        "postgresql": _POSTGRESQL,
        "mysql": _MYSQL,
        "mariadb": _MYSQL,
        "redis": _REDIS,
        "sqlite": _SQLITE,
        "http": _HTTP,
        "host": _HOST,
    }
)
