"""Passwords: what they must be, equal work for everybody, and a queue with an end."""

import asyncio

import pytest
from argon2 import PasswordHasher, extract_parameters

import server.identity.passwords as module
from server.errors import Busy, Invalid
from server.identity.passwords import QUEUE, THREADS, Passwords, check_password

# OWASP's, written here once more: who changes them changes them twice.
REAL_MEMORY_KIB = 19 * 1024
REAL_PASSES = 2
GOOD = "correct horse battery staple"


@pytest.fixture
async def passwords(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """With the costs of real ones, which other tests do without."""
    monkeypatch.setattr(module, "MEMORY_KIB", REAL_MEMORY_KIB)
    monkeypatch.setattr(module, "PASSES", REAL_PASSES)
    passwords = Passwords()
    yield passwords
    passwords.close()


async def test_a_password_is_verified_by_its_argon2id_hash(passwords: Passwords) -> None:
    stored = await passwords.hash(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify(stored, GOOD)
    assert not await passwords.verify(stored, GOOD + " ")
    assert not passwords.is_outdated(stored)
    assert passwords.is_outdated(PasswordHasher(1, 8, 1).hash("x"))


async def test_the_same_letters_from_another_keyboard_are_the_same_password(passwords: Passwords) -> None:
    assert await passwords.verify(await passwords.hash("cafe\u0301 au lait"), "caf\u00e9 au lait")


async def test_nobodys_hash_costs_as_much_and_matches_nothing(passwords: Passwords) -> None:
    assert not await passwords.verify(None, GOOD)
    real, nobody = await passwords.hash(GOOD), passwords._nobody
    assert extract_parameters(real) == extract_parameters(nobody)
    assert len(real) == len(nobody)


async def test_a_hash_that_is_none_matches_nothing(passwords: Passwords) -> None:
    assert not await passwords.verify("not a hash", GOOD)


async def test_beyond_the_queue_people_are_told_to_come_back(passwords: Passwords) -> None:
    many = [asyncio.create_task(passwords.verify(None, GOOD)) for _ in range(THREADS + QUEUE + 5)]
    results = await asyncio.gather(*many, return_exceptions=True)
    assert sum(isinstance(result, Busy) for result in results) == 5
    assert sum(result is False for result in results) == THREADS + QUEUE
    assert not await passwords.verify(None, GOOD), "the queue has room again"


@pytest.mark.parametrize(
    "poor", ["short", "123456789", "password123", "PASSWORD123", "aaaaaaaaaaaa", "ada@example.org", "x" * 257]
)
def test_a_poor_password_is_refused_by_name_and_never_shown(poor: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(poor, "new", "ada@example.org", "Ada")
    (detail,) = refused.value.details
    assert detail.field == "new"
    assert detail.given is None
    assert poor not in refused.value.message


@pytest.mark.parametrize("good", [GOOD, "a long enough password", "пароль длинный", "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵"])
def test_a_few_words_of_any_script_are_good(good: str) -> None:
    check_password(good, "password", "ada@example.org", "Ada")
