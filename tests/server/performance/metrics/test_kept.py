"""What is kept is as good as new for its time, and no longer."""

import pytest

from server.performance.metrics.kept import Kept
from tests.server.realtime.feed.test_presence import Time


async def test_what_is_kept_is_made_anew_after_its_time_and_when_there_was_no_place_for_it() -> None:
    time, made = Time(), []
    kept: Kept[str, int] = Kept(time, 2)

    async def make() -> int:
        made.append(0)
        return len(made)

    assert [await kept.get("a", 10, make) for _ in range(3)] == [1, 1, 1]
    time.passes(10)
    assert await kept.get("a", 10, make) == 2
    await kept.get("b", 10, make)
    await kept.get("a", 10, make)
    await kept.get("c", 10, make)
    assert await kept.get("a", 10, make) == 2
    assert await kept.get("b", 10, make) == 5, "it was not asked for the longest"


async def test_a_failure_is_not_kept() -> None:
    kept: Kept[str, int] = Kept(Time(), 2)

    async def fails() -> int:
        raise LookupError("not today")

    async def works() -> int:
        return 1

    with pytest.raises(LookupError):
        await kept.get("a", 10, fails)
    assert await kept.get("a", 10, works) == 1
