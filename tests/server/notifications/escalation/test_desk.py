"""Steps are taken when they are due: once, also after a process that died; until somebody acknowledges."""

import asyncio

import pytest

from persistence.escalations import EscalationStore
from server.events.envelope import hear
from server.events.outbox import Outbox
from server.notifications.escalation.desk import EscalationDesk
from server.notifications.escalation.figures import EscalationCollector, EscalationFigures
from tests.server.events.stage import written
from tests.server.notifications.escalation.stage import Stage, step
from tests.server.notifications.test_desk import Recorder, desk, prefer


async def kinds(stage: Stage) -> list[str]:
    events = [hear(each) for each in await written(stage.inboxes.house.database) if each.stream == "incidents"]
    return [type(each.event).__name__.removeprefix("Escalation") for each in events]


async def test_people_are_called_step_by_step_until_somebody_acknowledges(stage: Stage) -> None:
    ben, cyd, dan = stage.inboxes.ben, stage.inboxes.cyd, stage.inboxes.dan
    made = await stage.start(step(0, ben), step(10, cyd), step(20, dan))
    await stage.after()
    assert (await stage.titles(ben), await stage.titles(cyd)) == (["Disk full"], [])
    await stage.after(10)
    assert await stage.titles(cyd) == ["Not acknowledged yet: Disk full"]
    assert (await stage.state(made))["level"] == 2
    [item] = await stage.inboxes.inbox(cyd)
    assert item["action"] == {"name": "acknowledge", "path": f"/escalations/{made}/acknowledge"}
    await stage.inboxes.do(cyd, "POST", item["action"]["path"])
    await stage.after(60)
    assert await stage.titles(dan) == []
    assert await stage.titles(ben) == ["cyd acknowledged it: Disk full"] == await stage.titles(cyd)
    for person in (ben, cyd):
        [item] = await stage.inboxes.inbox(person)
        assert (item["action"], item["read_at"] is None, await stage.inboxes.counts(person)) == (None, False, (0, 0))
    assert await kinds(stage) == ["Started", "Stepped", "Stepped", "Acknowledged"]


async def test_a_process_that_takes_over_finds_the_timers_of_the_one_that_died(stage: Stage) -> None:
    await stage.start(step(5, stage.inboxes.ben))
    await stage.after(4)
    assert await kinds(stage) == ["Started"]
    await stage.after(2, stage.another_desk(), stage.desk)
    assert await kinds(stage) == ["Started", "Stepped"]
    assert await stage.titles(stage.inboxes.ben) == ["Disk full"]


async def test_desks_that_look_at_the_same_moment_take_a_step_once(stage: Stage) -> None:
    await stage.start(step(0, stage.inboxes.ben))
    await asyncio.gather(*(each.work() for each in (stage.desk, stage.another_desk(), stage.another_desk())))
    assert await kinds(stage) == ["Started", "Stepped"]


async def test_a_process_that_dies_before_its_commit_has_not_taken_the_step(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.start(step(0, stage.inboxes.ben))

    def dies(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("server.events.outbox.append_events", dies)
        with pytest.raises(RuntimeError, match="killed"):
            await stage.desk.work()
    assert await kinds(stage) == ["Started"]
    await stage.after(0, stage.another_desk())
    assert await stage.titles(stage.inboxes.ben) == ["Disk full"]


async def test_a_process_that_dies_after_its_commit_has_called(stage: Stage) -> None:
    house = stage.inboxes.house
    await stage.start(step(0, stage.inboxes.ben))
    silent = Outbox(lambda _: None, stage.clock)
    died = EscalationDesk(EscalationStore(house.database), silent, stage.clock, EscalationFigures())
    assert await died.work() == 0.0
    await stage.after(0, stage.another_desk())
    assert await stage.titles(stage.inboxes.ben) == []
    await house.events.dispatcher.sweep()
    await house.events.dispatcher.sweep()
    await stage.inboxes.settled()
    assert await stage.titles(stage.inboxes.ben) == ["Disk full"]
    assert await kinds(stage) == ["Started", "Stepped"]


async def test_when_nobody_acknowledges_it_is_exhausted_and_can_be_acknowledged_still(stage: Stage) -> None:
    made = await stage.start(step(0, stage.inboxes.ben))
    await stage.after()
    await stage.after(16)
    assert (await stage.state(made))["state"] == "exhausted"
    [item] = await stage.inboxes.inbox(stage.inboxes.ben)
    await stage.inboxes.do(stage.inboxes.ben, "POST", item["action"]["path"])
    assert (await stage.state(made))["state"] == "acknowledged"
    assert await kinds(stage) == ["Started", "Stepped", "Exhausted", "Acknowledged"]


async def test_what_is_begun_again_when_nobody_has_answered_calls_anew(stage: Stage) -> None:
    first = await stage.start(step(0, stage.inboxes.ben))
    await stage.after()
    assert await stage.start(step(0, stage.inboxes.ben)) == first
    await stage.after(16)
    again = await stage.start(step(0, stage.inboxes.ben))
    await stage.after()
    assert ((await stage.state(first))["state"], (await stage.state(again))["state"]) == ("ended", "open")
    assert await stage.titles(stage.inboxes.ben) == ["Disk full", "ada ended it: Disk full"]
    assert (await kinds(stage))[-3:] == ["Ended", "Started", "Stepped"]


async def test_who_was_faster_than_the_inbox_spares_the_others(stage: Stage) -> None:
    made = await stage.start(step(0, stage.inboxes.ben))
    house = stage.inboxes.house
    silent = Outbox(lambda _: None, stage.clock)
    await EscalationDesk(EscalationStore(house.database), silent, stage.clock, EscalationFigures()).work()
    await stage.inboxes.do(stage.inboxes.ada, "POST", f"/escalations/{made}/resolve")
    await house.events.dispatcher.sweep()
    await house.events.dispatcher.sweep()
    await stage.inboxes.settled()
    assert await stage.titles(stage.inboxes.ben) == []


QUIET = {"enabled": True, "start": "00:00", "end": "23:59", "time_zone": "UTC"}
UNWANTED = {"escalation": {"in_app": False, "push": False, "email": False, "chat": False}}


async def test_what_is_critical_goes_out_at_once_by_the_channels_of_its_step_whatever_one_prefers(stage: Stage) -> None:
    push, mail = Recorder("push"), Recorder("email")
    await prefer(stage.inboxes, quiet_hours=QUIET, kinds=UNWANTED)
    async with desk(stage.inboxes, push, mail) as out:
        await stage.start(step(0, stage.inboxes.ben, channels=["push"]), severity="critical")
        await stage.after()
        await out.work()
    assert [[note.title for note in notes] for notes in push.sent] == [["Disk full"]]
    assert (mail.sent, await stage.titles(stage.inboxes.ben)) == ([], ["Disk full"])


async def test_what_is_not_critical_keeps_quiet_hours_and_is_not_sent_when_somebody_has_acknowledged_it(
    stage: Stage,
) -> None:
    push = Recorder("push")
    await prefer(stage.inboxes, quiet_hours=QUIET)
    async with desk(stage.inboxes, push) as out:
        made = await stage.start(step(0, stage.inboxes.ben))
        await stage.after()
        await out.work()
        assert push.sent == []
        await stage.inboxes.do(stage.inboxes.ada, "POST", f"/escalations/{made}/acknowledge")
        await out.now()
        assert await out.log() == [("push", "dropped", "it was read before")]
    assert push.sent == []


async def test_the_figures_say_what_was_done_and_how_late(stage: Stage) -> None:
    figures = EscalationFigures()
    late = EscalationDesk(
        EscalationStore(stage.inboxes.house.database), stage.inboxes.house.events.outbox, stage.clock, figures
    )
    await stage.start(step(0, stage.inboxes.ben, stage.inboxes.cyd))
    await stage.after(2, late)
    assert (figures.changes["stepped"], figures.told) == (1, 2)
    assert 120 <= figures.late < 180
    samples = [sample for metric in EscalationCollector(figures).collect() for sample in metric.samples]
    assert ("counterpoint_escalation_told_total", 2) in [(each.name, each.value) for each in samples]
