"""RFC 8292: who sends, said to each push service by itself, and for no longer than a day."""

from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from server.notifications.push.vapid import MOST_ORIGINS, Identification, VapidKey, origin_of
from tests.server.notifications.push.browser import b64, unb64

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENDPOINT = "https://push.example.net/s/1"


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


def parts(header: str) -> tuple[str, str]:
    scheme, _, given = header.partition(" ")
    assert scheme == "vapid"
    named = dict(part.split("=", 1) for part in given.split(", "))
    return named["t"], named["k"]


def claims_of(header: str) -> dict[str, object]:
    """Read with the key that stands beside it, as a push service does (section 4.2)."""
    token, key = parts(header)
    point = unb64(key)
    public = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])})
    read = jwt.decode(token, public, algorithms=["ES256"])
    assert read.header == {"typ": "JWT", "alg": "ES256"}
    return read.claims


def test_a_push_service_can_check_who_sends() -> None:
    key = VapidKey.new()
    header = Identification(key, "mailto:ops@example.org", Clock()).header(ENDPOINT)
    assert parts(header)[1] == key.shown
    assert claims_of(header) == {
        "aud": "https://push.example.net",
        "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": "mailto:ops@example.org",
    }


def test_without_a_contact_there_is_no_claim_of_one() -> None:
    assert "sub" not in claims_of(Identification(VapidKey.new(), None, Clock()).header(ENDPOINT))


def test_a_token_is_used_again_and_renewed_long_before_its_end() -> None:
    clock = Clock()
    identification = Identification(VapidKey.new(), None, clock)
    first = identification.header(ENDPOINT)
    clock.at = NOW + timedelta(hours=5, minutes=59)
    assert identification.header("https://push.example.net/s/2") == first
    assert identification.header("https://push.example.org/") != first, "another service"
    clock.at = NOW + timedelta(hours=6)
    assert claims_of(identification.header(ENDPOINT))["exp"] == int((clock.at + timedelta(hours=12)).timestamp())
    clock.at = NOW
    assert claims_of(identification.header(ENDPOINT))["exp"] == int((NOW + timedelta(hours=12)).timestamp()), (
        "a clock that was set back: no token may be good for more than a day"
    )


def test_few_tokens_are_kept() -> None:
    identification = Identification(VapidKey.new(), None, Clock())
    for number in range(MOST_ORIGINS + 5):
        identification.header(f"https://{number}.example.net/")
    assert len(identification._headers) == MOST_ORIGINS


def test_a_key_comes_back_as_it_was_and_does_not_show_itself() -> None:
    key = VapidKey.new()
    assert VapidKey.of(key.private) == key
    assert str(key.private) not in repr(key)
    for wrong in (b"", b"\x00" * 32, b"\xff" * 32, key.private + b"x"):
        with pytest.raises(ValueError, match=r"."):
            VapidKey.of(wrong)


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", "https://fcm.googleapis.com"),
        ("https://push.example.net:443/a", "https://push.example.net"),
        ("https://push.example.net:8443/a", "https://push.example.net:8443"),
        ("http://127.0.0.1:8080/a?b", "http://127.0.0.1:8080"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]"),
    ],
)
def test_the_origin_of_an_endpoint(endpoint: str, origin: str) -> None:
    assert origin_of(endpoint) == origin
