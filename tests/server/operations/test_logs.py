"""A8: one JSON object a line, no control character in it, no secret and no query string."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.operations.logs import JsonLines, configure_logging, without_secrets


def line_of(message: str, *args: object, **extra: object) -> str:
    record = logging.makeLogRecord({"name": "test", "levelname": "INFO", "msg": message, "args": args, **extra})
    return JsonLines().format(record)


def test_a_line_has_its_time_level_logger_message_and_extra_fields() -> None:
    entry = json.loads(line_of("%s came", "Ada", document="d1", size=3))
    assert entry.pop("time").endswith("+00:00")
    assert entry == {"level": "info", "logger": "test", "message": "Ada came", "document": "d1", "size": 3}


@given(st.text(alphabet=st.characters(codec=None)))
@settings(max_examples=100)
def test_whatever_a_stranger_sends_stays_on_one_printable_line(text: str) -> None:
    line = line_of("%s", text, path=text)
    assert line.isascii()
    assert line.isprintable()
    json.loads(line)


def test_a_line_cannot_be_forged() -> None:
    line = line_of('GET /a\r\n{"level": "info", "message": "all is well"}\x1b[2J\x7f\x9b')
    assert len(line.splitlines()) == 1
    assert not set("\r\n\x1b\x7f\x9b").intersection(line)


@pytest.mark.parametrize(
    "text",
    [
        "cps_SESAME-SESAME-SESAME",
        "Authorization: Bearer SESAME-SESAME",
        'WebSocket /sync/doc?token=SESAME&x=1" [accepted]',
        "/hocuspocus?parameters=SESAME",
        "postgresql://ada:SESAME@store/x",
        "COUNTERPOINT_ADMIN_PASSWORD=SESAME",
        '{"password": "SESAME", "a": 1}',
        "eyJhbGciOiJIUzI1NiJ9.SESAME.SESAME",
        "cookie: counterpoint=cps_SESAMESESAME; a=b",
        "ticket=SESAME",
    ],
)
def test_a_secret_is_taken_out(text: str) -> None:
    assert "SESAME" not in without_secrets(text)
    assert "SESAME" not in line_of("%s", text)
    assert "SESAME" not in line_of("x", detail=text)


def test_ordinary_words_stay() -> None:
    text = "the store at https://pad.example/a refused: disk full (token of nobody)"
    assert without_secrets(text) == text


def test_a_trace_is_kept_and_cleaned() -> None:
    try:
        raise ValueError("token=SESAME")
    except ValueError as error:
        entry = json.loads(line_of("failed", exc_info=(ValueError, error, error.__traceback__)))
    assert "ValueError" in entry["trace"]
    assert "SESAME" not in entry["trace"]


@pytest.fixture
def untouched_logging() -> Iterator[None]:
    names = (
        "",
        "uvicorn",
        "uvicorn.error",
        "uvicorn.access",
        "httpx",
        "httpcore",
        "alembic",
        "sqlalchemy.engine",
        "websockets",
    )
    loggers = [logging.getLogger(name) for name in names]
    before = [(each, each.level, each.handlers[:], each.propagate, each.filters[:]) for each in loggers]
    yield
    for each, level, handlers, propagate, filters in before:
        each.filters[:] = filters
        each.setLevel(level)
        each.handlers[:] = handlers
        each.propagate = propagate


@pytest.mark.usefixtures("untouched_logging")
def test_every_logger_writes_to_the_one_stream_and_others_access_logs_do_not() -> None:
    stream = io.StringIO()
    configure_logging("info", stream)
    logging.getLogger("uvicorn.error").info("Shutting down: %s", "/sync/d?token=SESAME")
    logging.getLogger("uvicorn.access").info("GET /?token=SESAME")
    logging.getLogger("counterpoint.x").debug("too small")
    entries = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [each["message"] for each in entries] == ["Shutting down: /sync/d"]


@pytest.mark.usefixtures("untouched_logging")
def test_nothing_of_what_apprise_says_is_written_for_it_tells_whole_addresses() -> None:
    stream = io.StringIO()
    configure_logging("debug", stream)
    logging.getLogger("apprise").error("Unparseable URL slack://SESAME")
    logging.getLogger("urllib3.connectionpool").debug("POST /services/SESAME")
    assert stream.getvalue() == ""


@pytest.mark.usefixtures("untouched_logging")
@pytest.mark.parametrize(("level", "written"), [("info", 0), ("debug", 4)])
def test_a_storm_of_sockets_does_not_fill_the_log(level: str, written: int) -> None:
    stream = io.StringIO()
    configure_logging(level, stream)
    server = logging.getLogger("uvicorn.error")
    server.info('%s - "WebSocket %s" [accepted]', "::1", "/sync/d?token=SESAME")
    server.info('%s - "WebSocket %s" %d', "::1", "/sync/d", 429)
    server.info("connection open")
    server.error("ASGI callable returned without completing handshake.")
    assert len(stream.getvalue().splitlines()) == written
    assert "SESAME" not in stream.getvalue()
