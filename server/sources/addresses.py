"""Is what somebody gives as a source's address one, for its type? Named by field, before anything is connected."""

from urllib.parse import urlsplit

from server.egress.addresses import literal
from server.errors import FieldIssue, Invalid
from server.sources.probe import SourceType

__all__ = ["DEFAULT_PORTS", "check_address"]

DEFAULT_PORTS: dict[SourceType, int] = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "redis": 6379}
NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_:[]%")
LONGEST_NAME = 253


def check_address(source_type: SourceType, host: str, database_name: str | None) -> None:
    """Raises Invalid. Whether we may go there is asked at each connection: names come to mean something else."""
    issue = _issue(source_type, host)
    if issue is not None:
        raise Invalid(details=[FieldIssue("host", issue, None if "@" in host else host)])
    if source_type == "redis" and database_name is not None and not database_name.isdecimal():
        raise Invalid(details=[FieldIssue("database_name", "must be the number of a database", database_name)])


def _issue(source_type: SourceType, host: str) -> str | None:
    match source_type:
        case "host":
            return "must be empty: it is the machine of the node that samples it" if host else None
        case "sqlite":
            return None if host.startswith("/") and host.isprintable() else "must be the full path of a file"
        case "http":
            return _url_issue(host)
        case _:
            good = 0 < len(host) <= LONGEST_NAME and set(host.lower()) <= NAME_CHARACTERS
            good = good and (":" not in host or literal(host.strip("[]")) is not None)
            return None if good else "must be the name or the address of a host, without a port"


def _url_issue(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "must be an address such as https://example.org/health"
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable() or " " in url:
        return "must be an address such as https://example.org/health"
    if parts.username is not None or parts.password is not None:
        return "must not have a user name or a password in it: there are fields for them"
    return "has no good port" if port == 0 else None
