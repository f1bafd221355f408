"""Ids that sort by time, as RFC 9562 section 5.7 lays them out."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from server.events.uuid7 import uuid7

# The moment of the example in RFC 9562, appendix A.6: Tuesday, February 22, 2022 2:22:22.00 PM GMT-05:00.
EXAMPLE = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


def test_the_milliseconds_stand_where_the_example_of_the_rfc_has_them() -> None:
    assert uuid7(EXAMPLE).startswith("017f22e2-79b0-7")


def test_version_and_variant_are_said() -> None:
    for _ in range(100):
        made = UUID(uuid7(EXAMPLE))
        assert (made.version, made.variant) == (7, RFC_4122)


def test_later_ids_sort_later_down_to_the_microsecond() -> None:
    moments = [EXAMPLE + timedelta(microseconds=n) for n in (0, 1, 500, 999, 1000, 10**9)]
    ids = [uuid7(moment) for moment in moments]
    assert ids == sorted(ids)


def test_ids_of_one_moment_differ() -> None:
    assert len({uuid7(EXAMPLE) for _ in range(1000)}) == 1000
