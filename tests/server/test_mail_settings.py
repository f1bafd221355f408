"""What the settings say of mail: no password leaves in the clear, and a sender is one address."""

import pytest

from server.environment import SettingsError, read_settings
from server.mail_settings import MailServer, is_address, mail_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtps://ada:p%40ss@mx.example.org",
            MailServer("mx.example.org", 465, "ada", "p@ss", tls=True, starttls=False),
        ),
        ("smtp://ada:x@mx.example.org", MailServer("mx.example.org", 587, "ada", "x", tls=False, starttls=True)),
        ("smtp://mx.example.org:2525", MailServer("mx.example.org", 2525, None, None, tls=False, starttls=True)),
        ("smtp+plain://127.0.0.1", MailServer("127.0.0.1", 25, None, None, tls=False, starttls=False)),
    ],
)
def test_an_address_says_how_it_is_spoken_to(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    ["mx.example.org", "http://mx.example.org", "smtp://", "smtp://ada@mx", "smtp://mx/path", "smtp+plain://a:b@mx"],
)
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must"):
        mail_server(url)


@pytest.mark.parametrize("text", ["pad@example.org", "Counterpoint <pad@example.org>", "Ää <a@b.example>"])
def test_a_sender_has_one_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["", "pad", "@example.org", "pad@", "a@b.c\nBcc: x@y.z", "a@b.c, d@e.f", "x" * 300 + "<a@b.c>"]
)
def test_and_nothing_else_is_one(text: str) -> None:
    assert not is_address(text)


def test_mail_needs_a_sender_and_the_address_of_the_app_and_tells_no_password() -> None:
    url = {"COUNTERPOINT_SMTP_URL": "smtps://ada:sesame@mx.example.org"}
    with pytest.raises(SettingsError, match="COUNTERPOINT_MAIL_FROM") as caught:
        read_settings(url)
    assert "sesame" not in str(caught.value)
    with pytest.raises(SettingsError, match="COUNTERPOINT_PUBLIC_URL"):
        read_settings(url | {"COUNTERPOINT_MAIL_FROM": "pad@example.org"})
