"""Cursors: what was given out comes back, and anything else is refused by name."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from server.errors import Invalid
from server.http.paging import cursor_of, place_of


def test_a_cursor_stands_for_its_place() -> None:
    place = datetime(2026, 5, 17, 10, 30, tzinfo=UTC), "a1b2"
    assert place_of(cursor_of(place)) == place


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+14:00 abc", "2026-05-17T10:30:00 abc", "abc", "2026-05-17"])
def test_a_cursor_that_was_never_given_out_is_refused(said: str) -> None:
    with pytest.raises(Invalid):
        place_of(urlsafe_b64encode(said.encode()).decode())
