"""How soon documents are read after their edits: after a pause, within some seconds, as often as their size allows."""

from collections.abc import AsyncIterator

import pytest

from server.collaboration.examiner import Examiner
from server.collaboration.projector import AT_ONCE, CEILING_SECONDS, QUIET_SECONDS, Projector
from tests.server.collaboration.poison import honest
from tests.server.collaboration.test_examiner import Ward, ward
from tests.server.realtime.stage import HandClock

__all__ = ["ward"]


class Watched(Projector):
    """A projector that says what it would read, instead of reading it."""

    def due(self) -> list[str]:
        self._begin_what_is_due()
        return list(self._reading)

    async def refresh(self, document: str) -> None:
        self._rest_until[document] = self._clock.monotonic() + self.rest

    rest = 0.0


@pytest.fixture
async def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def projector(ward: Ward, clock: HandClock) -> AsyncIterator[Watched]:
    examiner = Examiner(ward.quarantine, ward.log, ward.materialiser, clock)
    projector = Watched(ward.projections, ward.log, ward.materialiser, clock, examiner)
    yield projector
    await projector.stop()


async def test_a_document_is_read_once_nobody_has_typed_for_a_second(projector: Watched, clock: HandClock) -> None:
    projector.edited(["d"])
    clock.ahead += QUIET_SECONDS * 0.6
    projector.edited(["d"])
    clock.ahead += QUIET_SECONDS * 0.6
    assert projector.due() == [], "somebody types"
    clock.ahead += QUIET_SECONDS
    assert projector.due() == ["d"]


async def test_a_document_in_which_somebody_types_on_is_read_all_the_same(projector: Watched, clock: HandClock) -> None:
    waited = 0.0
    while waited < CEILING_SECONDS:
        assert projector.due() == []
        projector.edited(["d"])
        waited += QUIET_SECONDS / 2
        clock.ahead += QUIET_SECONDS / 2
    assert projector.due() == ["d"]


async def test_who_reads_a_text_that_is_behind_need_not_wait_for_quiet(projector: Watched) -> None:
    projector.edited(["d"])
    projector.ask("d")
    assert projector.due() == ["d"]


async def test_those_that_have_waited_longest_come_first(projector: Watched, clock: HandClock) -> None:
    names = [f"d{number:02}" for number in range(AT_ONCE + 4)]
    for name in names:
        projector.edited([name])
        clock.ahead += 0.01
    clock.ahead += QUIET_SECONDS
    assert projector.due() == names[:AT_ONCE]


async def test_a_document_that_took_long_rests(ward: Ward, clock: HandClock) -> None:
    document = await ward.document()
    await ward.write(document, "ada", honest(0))
    projector = Projector(ward.projections, ward.log, ward.materialiser, clock, ward.examiner)
    reading = ward.materialiser.call

    async def slow(*args: object, **options: object) -> object:
        clock.ahead += 2.0
        return await reading(*args, **options)  # type: ignore[arg-type]

    ward.materialiser.call = slow  # type: ignore[method-assign, assignment]
    await projector.refresh(document)
    assert not projector._may_be_read(document)
    clock.ahead += 9.0
    assert not projector._may_be_read(document), "two seconds of reading are ten of rest"
    clock.ahead += 60.0
    assert projector._may_be_read(document)


async def test_those_that_are_asked_for_do_not_overtake_what_has_waited_long(
    projector: Watched, clock: HandClock
) -> None:
    projector.edited(["z"])
    clock.ahead += CEILING_SECONDS + 1
    for number in range(AT_ONCE):
        projector.ask(f"d{number}")
    assert projector.due()[0] == "z"
