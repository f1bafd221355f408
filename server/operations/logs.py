"""Logs: one JSON object a line, without secrets, query strings or raw control characters (ASVS 5.0, 16.2 to 16.4)."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

__all__ = ["JsonLines", "configure_logging", "without_secrets"]

# What a record has by itself; everything else was handed over as `extra` and is logged under its own name.
OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
LONGEST = 8_000  # characters of one field: a trace fits, a document does not

SECRETS = (
    (re.compile(r"\bcp[a-z]_[A-Za-z0-9_-]{8,}"), "[token]"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), "[jwt]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"']+"), r"\1 [secret]"),
    (
        re.compile(r"(?i)\b(\w*(?:password|secret|token|ticket|cookie)\w*[\"']?\s*[:=]\s*[\"']?)[^\s\"',&;}]+"),
        r"\1[secret]",
    ),
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@"), r"\1:[secret]@"),
    (re.compile(r"(/[^\s?\"']*)\?[^\s\"']*"), r"\1"),
)
# JSON escapes the other control characters by itself; DEL and the C1 set can still steer a terminal.
CONTROL = re.compile("[\x7f-\x9f\u2028\u2029]")


def without_secrets(text: str) -> str:
    """The text with tokens, passwords and query strings taken out."""
    for pattern, replacement in SECRETS:
        text = pattern.sub(replacement, text)
    return text


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: time, level, logger, message, the extra fields, the trace."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _clean(record.getMessage()),
        }
        entry |= {name: _clean(value) for name, value in vars(record).items() if name not in OWN_FIELDS}
        if record.exc_info:
            entry["trace"] = _clean(self.formatException(record.exc_info))
        line = json.dumps(entry, ensure_ascii=True, default=lambda value: _clean(repr(value)))
        return CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", line)


def _clean(value: Any) -> Any:
    return without_secrets(value)[:LONGEST] if isinstance(value, str) else value


ABOUT_ONE_SOCKET = ('%s - "WebSocket ', "connection ", "ASGI callable returned without completing handshake.")


def _is_worth_telling(record: logging.LogRecord) -> bool:
    """uvicorn tells of every socket three times, and calls one that we refused an error: strangers could fill a disk.

    Sockets are in the figures, and refused ones in entries of our own.
    """
    return not str(record.msg).startswith(ABOUT_ONE_SOCKET)


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Send every logger's records to one stream (stderr) as JSON lines. Called once, by the command line."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    if level != "debug":
        logging.getLogger("uvicorn.error").addFilter(_is_worth_telling)
    # They tell of every request and statement at `info`, query strings and all; our own entries say it without.
    for name in ("uvicorn.access", "httpx", "httpcore", "alembic", "sqlalchemy.engine", "websockets", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It tells whole addresses of chats, also of those that it refuses; what is wrong with one, its owner is told.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
