"""Applications' tokens: one fixed algorithm list for each kind of key, and claims that must be there (T15)."""

import base64
import hashlib
import hmac
import json
import warnings
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from crdt.room import Right
from server.errors import Unauthenticated
from server.identity.jwt import AppTokens, Key, SecretKey
from server.identity.principal import DocumentGrant
from server.identity.service import looks_like_a_jwt
from tests.server.identity.place import SECRET, HandClock

RSA, OTHER_RSA = (RSAKey.generate_key(2048, {"kid": "rsa"}) for _ in range(2))
EC = ECKey.generate_key("P-256", {"kid": "ec"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp"})
MISSING = object()
DEEP = base64.urlsafe_b64encode(b"[" * 9000).decode()


class PublishedKeys:
    """What an application publishes, without the network."""

    def __init__(self, *keys: Key) -> None:
        self.keys = {key.kid: key for key in keys}

    async def find(self, kid: str | None) -> Key | None:
        return self.keys.get(kid)

    async def close(self) -> None:
        return None


def claims(clock: HandClock, **changes: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    said = {
        "sub": "u-1",
        "name": "Grace",
        "exp": now + 60,
        "docs": [{"pattern": "report-*", "right": "write"}, {"pattern": "*", "right": "read"}],
    }
    return {name: value for name, value in (said | changes).items() if value is not MISSING}


def signed(key: Key, said: dict[str, Any], alg: str = "HS256", **header: Any) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # EdDSA has a new name
        return jwt.encode({"alg": alg, **header}, said, key, algorithms=[alg])


def by_hand(header: Any, said: Any, signature: bytes = b"") -> str:
    parts = [json.dumps(part).encode() for part in (header, said)] + [signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.fixture
def secret_tokens(clock: HandClock) -> AppTokens:
    return AppTokens(SecretKey(SECRET), clock, "https://app.example.org", "counterpoint")


@pytest.fixture
def published_tokens(clock: HandClock) -> AppTokens:
    return AppTokens(PublishedKeys(RSA, EC, OKP), clock, None, None)


ISSUED = {"iss": "https://app.example.org", "aud": "counterpoint"}
HS256 = OctKey.import_key(SECRET)


async def test_a_good_token_says_who_and_what(secret_tokens: AppTokens, clock: HandClock) -> None:
    user = await secret_tokens.read(signed(HS256, claims(clock, org="acme", **ISSUED)))
    assert (user.subject, user.name, user.organisation) == ("u-1", "Grace", "acme")
    assert user.grants == (DocumentGrant("report-*", Right.WRITE), DocumentGrant("*", Right.READ))
    assert user.expires_at.timestamp() == int(clock.now().timestamp()) + 60


async def test_a_token_may_be_for_many_audiences(secret_tokens: AppTokens, clock: HandClock) -> None:
    await secret_tokens.read(signed(HS256, claims(clock, **ISSUED | {"aud": ["mail", "counterpoint"]})))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"exp": MISSING}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": 10**30}, "exp"),
        ({"exp": float("1e300")}, "exp"),
        ({"sub": MISSING}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": MISSING}, "iss"),
        ({"aud": "somebody else"}, "aud"),
        ({"aud": MISSING}, "aud"),
        ({"aud": []}, "aud"),
        ({"org": 7}, "org"),
        ({"org": ""}, "org"),
        ({"docs": "*"}, "docs"),
        ({"docs": [{"pattern": "*", "right": "owner"}]}, "docs"),
        ({"docs": [{"pattern": "*"}]}, "docs"),
        ({"docs": [{"pattern": "*", "right": "read"}] * 201}, "docs"),
    ],
)
async def test_a_claim_that_is_missing_or_wrong_is_refused(
    changes: dict[str, Any], why: str, secret_tokens: AppTokens, clock: HandClock
) -> None:
    with pytest.raises(Unauthenticated, match=why):
        await secret_tokens.read(signed(HS256, claims(clock, **ISSUED | changes)))


@pytest.mark.parametrize("late", [0, 1, 3600])
async def test_an_expired_token_is_refused_to_the_second(late: int, secret_tokens: AppTokens, clock: HandClock) -> None:
    token = signed(HS256, claims(clock, **ISSUED))
    clock.move(seconds=59)
    await secret_tokens.read(token)
    clock.move(seconds=1 + late)
    with pytest.raises(Unauthenticated):
        await secret_tokens.read(token)


async def test_a_clock_that_is_ahead_is_borne_for_a_minute(secret_tokens: AppTokens, clock: HandClock) -> None:
    now = int(clock.now().timestamp())
    await secret_tokens.read(signed(HS256, claims(clock, nbf=now + 59, iat=now + 59, **ISSUED)))
    with pytest.raises(Unauthenticated):
        await secret_tokens.read(signed(HS256, claims(clock, nbf=now + 61, **ISSUED)))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None])
async def test_an_unsigned_token_is_refused(
    alg: str | None, secret_tokens: AppTokens, published_tokens: AppTokens, clock: HandClock
) -> None:
    for tokens in (secret_tokens, published_tokens):
        for kid in ("rsa", None):
            with pytest.raises(Unauthenticated):
                await tokens.read(by_hand({"alg": alg, "kid": kid}, claims(clock, **ISSUED)))


async def test_the_public_key_is_no_secret(published_tokens: AppTokens, clock: HandClock) -> None:
    """HS256, signed with what everybody can read: the classic confusion."""
    for key in (RSA, EC):
        for public in (key.as_pem(private=False), json.dumps(key.as_dict(private=False)).encode()):
            unsigned = by_hand({"alg": "HS256", "kid": key.kid}, claims(clock)).removesuffix(".")
            signature = hmac.digest(public, unsigned.encode(), hashlib.sha256)
            token = unsigned + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
            with pytest.raises(Unauthenticated):
                await published_tokens.read(token)


@pytest.mark.parametrize(
    ("key", "alg"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256"), (OKP, "EdDSA"), (OKP, "Ed25519")]
)
async def test_each_kind_of_key_has_its_algorithms(
    key: Key, alg: str, published_tokens: AppTokens, clock: HandClock
) -> None:
    assert (await published_tokens.read(signed(key, claims(clock), alg, kid=key.kid))).subject == "u-1"


@pytest.mark.parametrize(("key", "alg"), [(RSA, "RS512"), (RSA, "RS384")])
async def test_other_algorithms_are_refused(key: Key, alg: str, published_tokens: AppTokens, clock: HandClock) -> None:
    with pytest.raises(Unauthenticated):
        await published_tokens.read(signed(key, claims(clock), alg, kid=key.kid))


@pytest.mark.parametrize("kid", ["../../etc/passwd", "rsa\x00", "' OR 1=1 --", "http://evil.example/keys", 7, None, []])
async def test_a_key_id_only_chooses_among_known_keys(kid: Any, published_tokens: AppTokens, clock: HandClock) -> None:
    header = {"alg": "RS256", "kid": kid, "jku": "http://evil.example", "jwk": OTHER_RSA.as_dict(private=False)}
    with pytest.raises(Unauthenticated):
        await published_tokens.read(by_hand(header, claims(clock), b"signature"))


async def test_a_key_of_the_same_id_that_is_not_ours_signs_nothing(
    published_tokens: AppTokens, secret_tokens: AppTokens, clock: HandClock
) -> None:
    with pytest.raises(Unauthenticated):
        await published_tokens.read(signed(OTHER_RSA, claims(clock), "RS256", kid="rsa"))
    with pytest.raises(Unauthenticated):
        await secret_tokens.read(signed(OctKey.import_key("x" * 40), claims(clock, **ISSUED)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "é.é.é",
        "e30.e30.",
        "eyJhbGciOiJIUzI1NiJ9.bm90IGpzb24.AAAA",
        "[" * 5000 + ".x.y",
        "x" * 20_000,
    ],
)
async def test_what_is_no_token_is_refused_and_not_echoed(text: str, secret_tokens: AppTokens) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await secret_tokens.read(text)
    assert not text.strip(".") or text not in refused.value.message


async def test_every_cut_of_a_good_token_is_refused(secret_tokens: AppTokens, clock: HandClock) -> None:
    token = signed(HS256, claims(clock, **ISSUED))
    for end in range(len(token)):
        with pytest.raises(Unauthenticated):
            await secret_tokens.read(token[:end])


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Grace\nHopper", "GraceHopper"), ("\u202eevil", "evil"), ("", "u-1"), (None, "u-1"), ("x" * 300, "x" * 100)],
)
async def test_a_name_is_shown_without_what_hides_or_turns_text(
    name: str | None, shown: str, secret_tokens: AppTokens, clock: HandClock
) -> None:
    assert (await secret_tokens.read(signed(HS256, claims(clock, name=name, **ISSUED)))).name == shown


def test_three_parts_look_like_a_jwt() -> None:
    assert looks_like_a_jwt("a.b.c")
    assert not looks_like_a_jwt("cps_abc")
