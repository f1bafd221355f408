"""Published keys: fetched once for many, again for an unknown id (but not in a rush), kept while nobody answers."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc.jwk import OctKey, OKPKey, RSAKey

from server.errors import Busy
from server.identity.jwks import FRESH_SECONDS, RETRY_SECONDS, STALE_SECONDS, JwksKeys
from tests.server.identity.place import HandClock

ONE, TWO = (OKPKey.generate_key("Ed25519", {"kid": kid}) for kid in ("one", "two"))


def key_set(*keys: Any) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


class Application:
    """Answers what it is told to, and counts how often it was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        if isinstance(self.answer, httpx.Response):
            return self.answer
        return httpx.Response(200, json=self.answer)


@pytest.fixture
def published(clock: HandClock) -> Callable[[Any], tuple[Application, JwksKeys]]:
    def publish(answer: Any) -> tuple[Application, JwksKeys]:
        application = Application(answer)
        url = "https://app.example.org/keys"
        return application, JwksKeys(url, clock, lambda: httpx.MockTransport(application))

    return publish


Published = Callable[[Any], tuple[Application, JwksKeys]]


async def test_a_thousand_tokens_ask_once(published: Published) -> None:
    application, keys = published(key_set(ONE))
    found = await asyncio.gather(*(keys.find("one") for _ in range(1000)))
    assert {key.kid for key in found if key} == {"one"}
    assert application.asked == 1


async def test_unknown_ids_do_not_make_us_ask_in_a_rush(published: Published, clock: HandClock) -> None:
    application, keys = published(key_set(ONE))
    for number in range(100):
        assert await keys.find(f"unknown {number}") is None
    assert application.asked == 1
    clock.move(seconds=RETRY_SECONDS)
    application.answer = key_set(ONE, TWO)
    assert await keys.find("two") is not None
    assert application.asked == 2


async def test_a_withdrawn_key_counts_no_longer_than_it_is_fresh(published: Published, clock: HandClock) -> None:
    application, keys = published(key_set(ONE, TWO))
    assert await keys.find("two")
    application.answer = key_set(ONE)
    clock.move(seconds=FRESH_SECONDS)
    assert await keys.find("two") is None


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("down"),
        httpx.ReadTimeout("slow"),
        httpx.Response(500),
        httpx.Response(302, headers={"Location": "https://evil.example/keys"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b"x" * 300_000),
        httpx.Response(200, json=["keys"]),
        httpx.Response(200, json={"keys": []}),
        httpx.Response(200, json={"keys": [{"kty": "OKP", "crv": "Ed25519", "x": 7}]}),
    ],
)
async def test_while_nobody_answers_the_last_keys_are_good_for_an_hour(
    trouble: Any, published: Published, clock: HandClock
) -> None:
    application, keys = published(key_set(ONE))
    assert await keys.find("one")
    application.answer = trouble
    clock.move(seconds=STALE_SECONDS - 1)
    assert await keys.find("one")
    clock.move(seconds=RETRY_SECONDS)
    with pytest.raises(Busy):
        await keys.find("one")
    assert application.asked == 3


async def test_keys_that_never_came_are_busy_and_asked_for_again_later(published: Published, clock: HandClock) -> None:
    application, keys = published(httpx.ConnectError("down"))
    for _ in range(50):
        with pytest.raises(Busy):
            await keys.find("one")
    assert application.asked == 1
    application.answer = key_set(ONE)
    clock.move(seconds=RETRY_SECONDS)
    assert await keys.find("one")


async def test_a_secret_or_an_encryption_key_among_published_keys_signs_nothing(published: Published) -> None:
    secret = OctKey.import_key("a secret that somebody published by mistake", {"kid": "secret"})
    sealing = RSAKey.generate_key(2048, {"kid": "sealing", "use": "enc"})
    keys = published(
        {"keys": [secret.as_dict(private=True), sealing.as_dict(private=False), ONE.as_dict(private=False)]}
    )[1]
    assert await keys.find("secret") is None
    assert await keys.find("sealing") is None
    assert await keys.find("one") is not None


async def test_without_an_id_only_a_single_key_can_be_meant(published: Published) -> None:
    assert (await published(key_set(ONE))[1].find(None)) is not None
    assert (await published(key_set(ONE, TWO))[1].find(None)) is None
