"""Sessions end by sign-out, idleness and age."""

from server.identity.service import TOUCH_AFTER
from tests.server.identity.place import Place, lets_in


async def test_a_session_ends_by_sign_out_idleness_and_age(place: Place) -> None:
    await place.person()
    first, second = await place.session(), await place.session()
    caller = await place.principal(first)
    await place.wing.accounts.sign_out(caller)
    assert not await lets_in(place, first)
    assert await lets_in(place, second)
    assert place.changes[-1]["credential"] == caller.credential_id
    place.clock.move(hours=place.wing.settings.session_hours, seconds=1)
    assert not await lets_in(place, second), "unused for too long"
    third = await place.session()
    for _ in range(5):
        place.clock.move(hours=place.wing.settings.session_max_hours / 5)
        used = await lets_in(place, third)
    assert not used, "used all the time, but too old"


async def test_when_a_credential_was_used_is_noted_now_and_then(place: Place) -> None:
    ada = await place.person()
    token = await place.session()
    seen = place.clock.now()
    place.clock.move(seconds=60)
    await place.principal(token)
    organisation = await place.organisation()
    assert (await place.wing.accounts.account(organisation, ada)).last_seen_at == seen
    place.clock.move(seconds=TOUCH_AFTER.total_seconds())
    await place.principal(token)
    assert (await place.wing.accounts.account(organisation, ada)).last_seen_at == place.clock.now()
