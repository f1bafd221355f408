"""Passwords: what they must be, and Argon2id on two threads, so that a flood of sign-ins starves nobody else."""

import asyncio
import base64
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import Busy, FieldIssue, Invalid
from server.identity.common_passwords import COMMON_PASSWORDS

__all__ = ["Passwords", "check_password"]

T = TypeVar("T")

# OWASP password storage cheat sheet: Argon2id with 19 MiB, two passes, one lane.
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
SALT_BYTES = 16
HASH_BYTES = 32

THREADS = 2
QUEUE = 16

MIN_CHARACTERS = 10
MAX_CHARACTERS = 256
MIN_DISTINCT = 5


class Passwords:
    """Hashes and verifies. At most QUEUE wait for the THREADS; whoever comes then is told Busy."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(PASSES, MEMORY_KIB, LANES, HASH_BYTES, SALT_BYTES, type=Type.ID)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._nobody = _hash_of_no_password()
        self._pending = 0

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(_prepared(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Is it the password? Without a stored hash: no, after as much work as if there were one."""
        return await self._run(lambda: self._verify(stored or self._nobody, _prepared(password)))

    def is_outdated(self, stored: str) -> bool:
        """Was it hashed with other costs than today's? Then it is hashed anew at the next sign-in."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, stored: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._pending >= THREADS + QUEUE:
            raise Busy("Too many people are signing in. Try again in a moment.", retry_after=1)
        self._pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._pending -= 1


def check_password(password: str, field: str, *names: str | None) -> None:
    """Raises Invalid (naming `field`) for a password that is too short, too long, well known, or made of `names`."""
    issue = _issue(password, [name.casefold() for name in names if name])
    if issue is not None:
        raise Invalid(f"The password {issue}.", details=[FieldIssue(field, issue)])


def _issue(password: str, names: list[str]) -> str | None:
    plain = password.casefold()
    if len(password) < MIN_CHARACTERS:
        return f"must have {MIN_CHARACTERS} characters or more; a few words are good"
    if len(password) > MAX_CHARACTERS:
        return f"must have {MAX_CHARACTERS} characters or less"
    if plain in COMMON_PASSWORDS or len(set(plain)) < MIN_DISTINCT:
        return "is one that everybody tries first"
    if plain in names or plain in {name.partition("@")[0] for name in names}:
        return "must not be your name or e-mail address"
    return None


def _prepared(password: str) -> bytes:
    # RFC 8265 section 4.2: the same letters typed on another keyboard or system are the same password.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hash_of_no_password() -> str:
    """A hash that no password has, and that takes as long to check as any other."""
    salt, value = (
        base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (SALT_BYTES, HASH_BYTES)
    )
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${value}"
