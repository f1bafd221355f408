"""Random credentials: made once, shown once, and known by their hash from then on."""

import secrets
from hashlib import sha256

__all__ = ["INVITATION", "PERSONAL_TOKEN", "SESSION", "SETUP", "TICKET", "digest", "mint"]

# Prefixes tell what a leaked string is, to people and to secret scanners.
SESSION = "cps_"
PERSONAL_TOKEN = "cpt_"  # noqa: S105 -- the prefix of a token, not a token
TICKET = "cpk_"
SETUP = "cpu_"
INVITATION = "cpi_"

RANDOM_BYTES = 32


def mint(prefix: str) -> str:
    """A new credential of 256 random bits."""
    return prefix + secrets.token_urlsafe(RANDOM_BYTES)


def digest(credential: str) -> str:
    """What is stored of it: SHA-256 in hex. No salt, no stretching: 256 random bits cannot be guessed or looked up."""
    return sha256(credential.encode("utf-8", "surrogatepass")).hexdigest()
