"""What the settings say of mail: which server takes it, and who it is from."""

from dataclasses import dataclass
from email.utils import getaddresses
from urllib.parse import unquote, urlsplit

__all__ = ["MailServer", "is_address", "mail_server"]

PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls`: from the first byte; `starttls`: before anything is said; neither: only on a network of one's own."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    starttls: bool


def mail_server(url: str) -> MailServer:
    """smtps://user:password@host:465, smtp://... (STARTTLS, 587) or smtp+plain://host:25. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("must be smtps://, smtp:// or smtp+plain://user:password@host:port")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("must have a user and a password, or neither")
    if parts.scheme == "smtp+plain" and parts.username is not None:
        raise ValueError("must not send a password in the clear: use smtp:// or smtps://")
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp",
    )


def is_address(text: str) -> bool:
    """One address, with or without a name, that can stand in a header."""
    found = getaddresses([text])
    if len(found) != 1 or not text.isprintable():
        return False
    [(name, address)] = found
    local, _, domain = address.rpartition("@")
    return bool(local and domain) and len(name) <= LONGEST_NAME
