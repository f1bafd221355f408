"""What the settings say of Redis: where it is, and how it is spoken to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio.connection import Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

__all__ = ["CONNECT_SECONDS", "Node", "RedisAddress", "read_redis_url"]

CONNECT_SECONDS = 3.0
NOT_OURS = frozenset({"max_connections", "timeout"})
"""Of the URL, but of a pool, which we have not."""

Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """A URL that was understood: redis://, rediss:// or unix://, with an ACL user and redis-py's query parameters."""

    kind: type[Connection]
    options: Mapping[str, Any]

    def connection(self, node: Node | None = None) -> Connection:
        """One that is not yet open, to the server of the URL or to this node of its cluster."""
        options = dict(self.options)
        if node is not None:
            options["host"], options["port"] = node
        return self.kind(**options)


def read_redis_url(url: str) -> RedisAddress:
    """Raises ValueError, without the URL, which may have a password."""
    try:
        parsed: dict[str, Any] = {name: value for name, value in parse_url(url).items() if name not in NOT_OURS}
        kind = parsed.pop("connection_class", Connection)
        # One that waits for messages waits for ever; that it is alive is proved by the echo, not by a time-out.
        options = parsed | {
            "protocol": 3,
            "socket_timeout": None,
            "socket_connect_timeout": CONNECT_SECONDS,
            "health_check_interval": 0,
            "retry": Retry(NoBackoff(), 0),
            "client_name": "counterpoint",
            "decode_responses": False,
        }
        if "path" not in options:
            options["socket_keepalive"] = True
        address = RedisAddress(kind, options)
        address.connection()
    except (ValueError, TypeError, RedisError) as error:
        raise ValueError("must be redis://, rediss:// or unix://, with options that Redis' clients know") from error
    return address
