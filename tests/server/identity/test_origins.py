"""Origins are matched exactly; a name that anybody can point here is not ours."""

import pytest

from server.identity.origins import OriginRule

PUBLIC = OriginRule("https://pad.example.org", ("https://app.example.org",))
UNNAMED = OriginRule(None)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://pad.example.org", True),
        ("https://app.example.org", True),
        (None, True),
        ("null", False),
        ("", False),
        ("http://pad.example.org", False),
        ("https://pad.example.org:8443", False),
        ("https://pad.example.org:443", False),
        ("https://pad.example.org.evil.example", False),
        ("https://evil.example/https://pad.example.org", False),
        ("https://evilpad.example.org", False),
        ("https://PAD.example.org", False),
        ("HTTPS://pad.example.org", False),
        ("https://pad.example.org/", False),
        ("https://pad.exаmple.org", False),  # a Cyrillic letter
        ("https://xn--pad-example-org.example", False),
        ("http://localhost:8000", False),
    ],
)
def test_with_a_public_address_only_that_and_the_allowed_ones_match(origin: str | None, allowed: bool) -> None:
    assert PUBLIC.allows(origin, "pad.example.org") is allowed


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://localhost:8000", "localhost:8000", True),
        ("http://192.168.1.5:8000", "192.168.1.5:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://127.0.0.1", "127.0.0.1", True),
        ("http://127.0.0.1", "127.0.0.1:80", True),
        ("https://10.0.0.1", "10.0.0.1", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8001", False),
        ("http://localhost:8000", "127.0.0.1:8000", False),
        ("http://127.0.0.1:1", "127.0.0.1:8000", False),
        ("http://evil.example:8000", "evil.example:8000", False),
        ("http://127.0.0.1.evil.example:8000", "127.0.0.1.evil.example:8000", False),
        ("http://localhost.evil.example", "localhost.evil.example", False),
        ("null", "127.0.0.1:8000", False),
        ("file://", "", False),
        ("ftp://127.0.0.1:8000", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000", "", False),
        ("http://127.0.0.1:8000", "127.0.0.1:8000/x", False),
        ("http://127.0.0.1:8000", "x@127.0.0.1:8000", False),
        ("http://127.0.0.1:8000", "127.0.0.1:port", False),
        ("http://[::1", "[::1", False),
    ],
)
def test_without_one_a_page_is_ours_when_it_came_from_this_very_address(origin: str, host: str, allowed: bool) -> None:
    assert UNNAMED.allows(origin, host) is allowed


def test_a_public_address_with_the_default_port_is_what_browsers_say() -> None:
    assert OriginRule("https://Pad.example.org:443").allows("https://pad.example.org", "")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:5173", True),
        ("http://127.0.0.1:5173", True),
        ("https://[::1]:3000", True),
        ("http://evil.example:8000", False),
        ("http://localhost.evil.example:5173", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://192.168.1.5:5173", False),
        ("http://user@localhost:5173", False),
        ("http://localhost:5173/", False),
        ("null", False),
        ("http://", False),
    ],
)
def test_in_open_mode_a_page_of_another_port_of_this_machine_is_ours(origin: str, allowed: bool) -> None:
    assert OriginRule(None, open_mode=True).allows(origin, "127.0.0.1:8000") is allowed
    assert not UNNAMED.allows(origin, "127.0.0.1:8000")
