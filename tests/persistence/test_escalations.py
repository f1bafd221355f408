"""Escalations and their policies on every kind of store."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert

from persistence.database import Database
from persistence.escalation_policies import PolicyNameTaken, PolicyRow, PolicyStore, SeverityTaken, TooManyPolicies
from persistence.escalation_rows import Advance, EscalationRow, Targets, Who
from persistence.escalations import EscalationStore
from persistence.tables.identity import organisation_members
from tests.persistence.conftest import Place

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
ADA = Who("a" * 32, "Ada")


@pytest.fixture
def store(database: Database) -> EscalationStore:
    return EscalationStore(database)


def row(place: Place, subject: str = "incident/1", due_at: datetime | None = NOW) -> EscalationRow:
    return EscalationRow(
        id=uuid4().hex,
        organisation_id=place.organisation,
        subject=subject,
        severity="high",
        title="Disk full",
        text="",
        path="/inbox",
        policy_id=None,
        policy_name=None,
        steps=[{"after_minutes": 0}],
        state="open",
        position=0,
        level=0,
        due_at=due_at,
        started_at=NOW,
        started_by=place.user,
        started_by_name="Ada",
    )


async def join(database: Database, place: Place, role: str = "admin") -> None:
    values = {"organisation_id": place.organisation, "user_id": place.user, "role": role, "joined_at": NOW}
    await database.write(lambda connection: connection.execute(insert(organisation_members).values(values)))


def once(row: EscalationRow) -> Advance:
    return Advance("open", row.position + 1, 1, LATER, Targets(roles=frozenset({"admin"})), ("push",))


async def test_a_subject_is_escalated_once_at_a_time(store: EscalationStore, place: Place) -> None:
    told: list[tuple[EscalationRow | None, EscalationRow]] = []
    first, is_new = await store.start(row(place), lambda _, each: told.append(each))
    again, is_new_again = await store.start(row(place), lambda _, each: told.append(each))
    assert (is_new, is_new_again, again.id, told) == (True, False, first.id, [(None, first)])
    await store.end(place.organisation, ("subject", "incident/1"), ADA, NOW)
    assert await store.get(place.organisation, ("subject", "incident/1")) is None
    anew, is_new = await store.start(row(place))
    assert is_new
    assert [each.id for each in await store.page(place.organisation, ["open"], None, 10)] == [anew.id]
    assert await store.get("0" * 32, ("id", anew.id)) is None


async def test_a_timer_runs_out_once_however_many_look(
    database: Database, store: EscalationStore, place: Place
) -> None:
    await join(database, place)
    await store.start(row(place))
    await store.start(row(place, "incident/2", LATER))
    assert await store.next_due() == NOW
    found = await asyncio.gather(*(store.fire(NOW, 10, once) for _ in range(4)))
    [fired] = [each for some in found for each in some]
    assert (fired.due_at, fired.told, fired.row.position, fired.row.due_at, fired.row.told) == (
        NOW,
        [place.user],
        1,
        LATER,
        1,
    )
    assert [(each.position, each.name) for each in await store.tellings(fired.row.id)] == [(1, "Ada")]
    assert await store.told(fired.row.id, 2) == []
    assert await store.fire(NOW, 10, once) == []


async def test_a_step_whose_events_cannot_be_written_was_not_taken(store: EscalationStore, place: Place) -> None:
    started, _ = await store.start(row(place))

    def fails(*_: object) -> None:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        await store.fire(NOW, 10, once, fails)
    assert await store.get(place.organisation, ("id", started.id)) == started
    assert len(await store.fire(NOW, 10, once)) == 1


async def test_whoever_acknowledges_first_counts_and_nothing_is_due_any_more(
    store: EscalationStore, place: Place
) -> None:
    started, _ = await store.start(row(place))
    at = ("id", started.id)
    first = await store.acknowledge(place.organisation, at, ADA, NOW)
    again = await store.acknowledge(place.organisation, at, Who(None, "Ben"), LATER)
    assert first == again
    assert first is not None
    assert (first.state, first.acknowledged_by_name, first.due_at, await store.next_due()) == (
        "acknowledged",
        "Ada",
        None,
        None,
    )
    ended = await store.end(place.organisation, at, ADA, LATER)
    assert ended is not None
    assert (ended.state, ended.acknowledged_at, ended.ended_at) == ("ended", NOW, LATER)
    assert await store.acknowledge(place.organisation, at, ADA, LATER) == ended
    assert await store.acknowledge("0" * 32, at, ADA, LATER) is None
    assert (await store.purge(LATER, 10), await store.purge(LATER + timedelta(seconds=1), 10)) == (0, 1)


async def test_only_members_whose_accounts_may_be_used_are_told(
    database: Database, store: EscalationStore, place: Place
) -> None:
    await store.start(row(place))
    users = Advance("open", 1, 1, None, Targets(users=frozenset({place.user}), groups=frozenset({"9" * 32})))
    [fired] = await store.fire(NOW, 10, lambda _: users)
    assert (fired.told, fired.row.due_at) == ([], None)


async def test_a_name_and_a_severity_belong_to_one_policy(database: Database, place: Place) -> None:
    store = PolicyStore(database)

    def policy(name: str, *severities: str) -> PolicyRow:
        return PolicyRow(uuid4().hex, place.organisation, name, [{"after_minutes": 0}], NOW, NOW, severities)

    first, second = policy("Nights", "critical", "high"), policy("Days")
    await store.create(first, 2)
    await store.create(second, 2)
    assert await store.all(place.organisation) == [second, first]
    with pytest.raises(TooManyPolicies):
        await store.create(policy("More"), 2)
    with pytest.raises(PolicyNameTaken):
        await store.create(policy("Days"), 3)
    with pytest.raises(SeverityTaken, match="high"):
        await store.change(PolicyRow(second.id, place.organisation, "Days", [], NOW, NOW, ("high",)))
    assert await store.get(place.organisation, second.id) == second
    assert await store.of_severity(place.organisation, "high") == first
    assert await store.change(PolicyRow(first.id, place.organisation, "Nights", [], NOW, LATER, ("critical",)))
    assert await store.of_severity(place.organisation, "high") is None
    assert await store.delete(place.organisation, first.id)
    assert not await store.delete(place.organisation, first.id)
    assert await store.of_severity(place.organisation, "critical") is None
    unknown = await store.unknown(place.organisation, Targets(frozenset({place.user}), frozenset({"9" * 32})))
    assert unknown == ({place.user}, {"9" * 32})
