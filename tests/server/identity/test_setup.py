"""The first person: by the settings, or by a link that works once."""

import asyncio

import pytest

from server.errors import Invalid, Unauthenticated
from tests.server.identity.conftest import OpenPlace
from tests.server.identity.place import ADA, PASSWORD, Place

FIRST = {"email": ADA, "name": "Ada", "password": PASSWORD}


async def test_the_settings_make_the_first_account_once(open_place: OpenPlace) -> None:
    place = await open_place(admin_email=ADA, admin_password=PASSWORD)
    assert not await place.wing.setup.is_needed()
    assert (await place.principal(await place.session())).organisation_role == "admin"
    again = await open_place(admin_email="other@example.org", admin_password=PASSWORD)
    assert [row.email for row in await again.wing.accounts.accounts(await again.organisation())] == [ADA]


async def test_a_poor_password_in_the_settings_stops_the_start(open_place: OpenPlace) -> None:
    with pytest.raises(Invalid, match="password"):
        await open_place(admin_email=ADA, admin_password="secret")


async def test_the_link_makes_the_first_account_and_signs_it_in(place: Place) -> None:
    token = await place.wing.setup.offer()
    assert token is not None
    async with place.client() as client:
        response = await client.post("/auth/setup", json={"token": token, **FIRST})
        assert response.status_code == 200
        assert response.json()["user"]["role"] == "admin"
        assert (await client.get("/auth/me")).json()["email"] == ADA
        client.cookies.clear()
        again = await client.post("/auth/setup", json={"token": token, **FIRST, "email": "eve@example.net"})
    assert again.status_code == 401
    assert await place.wing.setup.offer() is None


async def test_of_twenty_who_use_the_link_at_once_one_gets_in(place: Place) -> None:
    token = await place.wing.setup.offer() or ""
    results = await asyncio.gather(
        *(place.wing.setup.accept(token, **FIRST | {"email": f"u{n}@example.org"}) for n in range(18)),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert len(refused) == 17
    assert all(isinstance(error, Unauthenticated) for error in refused)
    assert len(await place.wing.accounts.accounts(await place.organisation())) == 1


async def test_a_poor_password_does_not_use_the_link_up(place: Place) -> None:
    token = await place.wing.setup.offer() or ""
    with pytest.raises(Invalid):
        await place.wing.setup.accept(token, **FIRST | {"password": "password123"})
    assert await place.wing.setup.accept(token, **FIRST)


@pytest.mark.parametrize("wrong", ["", "cpu_wrong"])
async def test_a_wrong_link_is_refused(wrong: str, place: Place) -> None:
    await place.wing.setup.offer()
    with pytest.raises(Unauthenticated):
        await place.wing.setup.accept(wrong, **FIRST)


async def test_a_newer_link_and_age_end_a_link(place: Place) -> None:
    first = await place.wing.setup.offer() or ""
    second = await place.wing.setup.offer() or ""
    with pytest.raises(Unauthenticated):
        await place.wing.setup.accept(first, **FIRST)
    place.clock.move(hours=place.wing.settings.setup_hours)
    with pytest.raises(Unauthenticated):
        await place.wing.setup.accept(second, **FIRST)


async def test_a_link_that_was_printed_is_worthless_once_somebody_can_sign_in(place: Place) -> None:
    token = await place.wing.setup.offer() or ""
    await place.person()
    with pytest.raises(Unauthenticated):
        await place.wing.setup.accept(token, **FIRST | {"email": "eve@example.net"})


async def test_organisations_are_found_by_name_and_by_short_name(place: Place) -> None:
    acme = await place.wing.setup.organisation("Acme & Söhne GmbH")
    assert acme.slug == "acme-sohne-gmbh"
    assert await place.wing.setup.organisation("acme-sohne-gmbh") == acme
    chinese = await place.wing.setup.organisation("複音")
    assert chinese.slug == chinese.id
    assert await place.wing.setup.organisation("複音") == chinese
