"""/auth over HTTP: cookies, tokens, users, and who is refused."""

from tests.server.identity.place import ADA, PASSWORD, Place

NEW = "a quite different password"


async def test_signing_in_answers_a_token_a_user_and_sets_the_cookie(place: Place) -> None:
    ada = await place.person()
    async with place.client() as client:
        response = await client.post("/auth/login", json={"email": " Ada@Example.ORG", "password": PASSWORD})
        assert response.status_code == 200
        body = response.json()
        assert body["token"].startswith("cps_")
        assert body["user"]["id"] == ada
        assert body["user"]["organisation"]["name"] == "Default"
        cookie = response.headers["set-cookie"].lower()
        assert cookie.startswith("counterpoint=cps_")
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=/" in cookie
        assert "secure" not in cookie
        me = (await client.get("/auth/me")).json()
        assert me["id"] == ada
        assert me["email"] == ADA


async def test_under_https_the_cookie_is_bound_to_the_host(open_place) -> None:  # type: ignore[no-untyped-def]
    place = await open_place(public_url="https://pad.example.org")
    await place.person()
    async with place.client() as client:
        response = await client.post("/auth/login", json={"email": ADA, "password": PASSWORD})
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-counterpoint=cps_")
    assert "Secure" in cookie
    assert "Domain" not in cookie
