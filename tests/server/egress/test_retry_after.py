"""RFC 9110 section 10.2.3: seconds or a date, and nothing else."""

from datetime import UTC, datetime

import pytest

from server.egress.retry_after import retry_after

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 23 Nov 2026 09:02:00 GMT", 120.0),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("9" * 5000, 999999999.0),
        ("Mon, 23 Nov 2026 09:02:00", None),
        ("Mon, 99 Nov 2026 09:02:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said}, NOW) == seconds
