"""Tokens that an application issues to its own users (RFC 7519), checked against the one configured set of keys."""

import base64
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal, Protocol

from joserfc import jwt
from joserfc.errors import ClaimError, JoseError, SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from crdt.room import Right
from server.clock import Clock
from server.errors import CredentialExpired, Unauthenticated
from server.http.text import checked_text
from server.identity.minting import digest
from server.identity.principal import DocumentGrant

__all__ = ["AppTokens", "AppUser", "Key", "KeySource", "SecretKey"]

Key = OctKey | RSAKey | ECKey | OKPKey

# RFC 8725 section 3.1: what a key may be used for is a matter of the key, never of the token's header.
ALGORITHMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"oct": ("HS256",), "RSA": ("RS256", "PS256"), "EC": ("ES256",), "OKP": ("EdDSA", "Ed25519")}
)
RIGHTS: Mapping[str, Right] = MappingProxyType({"read": Right.READ, "comment": Right.COMMENT, "write": Right.WRITE})

MAX_TOKEN_CHARACTERS = 16 * 1024
MAX_NAME_CHARACTERS = 100
CLOCK_SKEW_SECONDS = 60
"""For `nbf` and `iat`, which an application's clock that is ahead makes lie in the future. Not for `exp`."""


class KeySource(Protocol):
    """Holds the keys that the application signs with."""

    async def find(self, kid: str | None) -> Key | None:
        """The key of this id; without an id the only key there is. Raises Busy when keys cannot be fetched now."""
        ...

    async def close(self) -> None: ...


class SecretKey:
    """One HS256 secret; the header's `kid`, whatever it says, names nothing."""

    def __init__(self, secret: str) -> None:
        self._key = OctKey.import_key(secret.encode())

    async def find(self, kid: str | None) -> Key | None:
        return self._key

    async def close(self) -> None:
        return None


_keeps_the_promise: type[KeySource] = SecretKey


class _Grant(BaseModel):
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    right: Literal["read", "comment", "write"]


class _Claims(BaseModel):
    """The claims that mean something here; an application may put others beside them."""

    sub: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    name: str | None = None
    org: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    docs: Annotated[list[_Grant], Field(max_length=200)] = []
    exp: Annotated[float, Field(gt=0, lt=253_402_300_800)]  # the year 10000 is no date any more


@dataclass(frozen=True, slots=True)
class AppUser:
    """What a good token says. `organisation`: slug or name; None: the default one."""

    subject: str
    name: str
    credential_id: str
    organisation: str | None
    grants: tuple[DocumentGrant, ...]
    expires_at: datetime


class AppTokens:
    """Reads tokens. Every fault is Unauthenticated; the message names the claim, never its value."""

    def __init__(self, keys: KeySource, clock: Clock, issuer: str | None, audience: str | None) -> None:
        self._keys = keys
        self._clock = clock
        expected: dict[str, Any] = {"exp": {"essential": True}, "sub": {"essential": True}}
        expected |= {"iss": {"essential": True, "value": issuer}} if issuer else {}
        expected |= {"aud": {"essential": True, "value": audience}} if audience else {}
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock.now().timestamp()), leeway=CLOCK_SKEW_SECONDS, **expected
        )

    async def read(self, token: str) -> AppUser:
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise Unauthenticated("The token is too long.")
        key = await self._keys.find(_kid(token))
        if key is None:
            raise Unauthenticated("The token is signed with a key that is not known here.")
        try:
            said = _verified(token, key)
            self._claims.validate(said)
            claims = _Claims.model_validate(said)
        except ClaimError as error:
            raise Unauthenticated(f"The token's claim `{error.claim}` is missing or wrong.") from None
        except JoseError as error:
            raise Unauthenticated(f"The token is not good ({error.error}).") from None
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"])
            raise Unauthenticated(f"The token's claim `{field}` is not understood.") from None
        except (ValueError, RecursionError):
            raise Unauthenticated("The token is not good.") from None
        return self._user(claims, digest(token)[:32])

    async def close(self) -> None:
        await self._keys.close()

    def _user(self, claims: _Claims, credential_id: str) -> AppUser:
        expires_at = datetime.fromtimestamp(claims.exp, UTC)
        if expires_at <= self._clock.now():
            raise CredentialExpired("The token has expired.")
        return AppUser(
            subject=claims.sub,
            name=_shown(claims.name) or _shown(claims.sub) or "Guest",
            credential_id=credential_id,
            organisation=claims.org,
            grants=tuple(DocumentGrant(each.pattern, RIGHTS[each.right]) for each in claims.docs),
            expires_at=expires_at,
        )


def _verified(token: str, key: Key) -> dict[str, Any]:
    """The claims of a token that this key has signed. Raises JoseError, ValueError."""
    with warnings.catch_warnings():
        # RFC 9864 renames EdDSA to Ed25519; most issuers still write the old name, and it is as good.
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.decode(token, key, algorithms=ALGORITHMS[key.key_type]).claims


def _kid(token: str) -> str | None:
    """The header's key id, unverified: it only chooses among the configured keys."""
    segment = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (ValueError, RecursionError):
        raise Unauthenticated("The token is not good.") from None
    kid = header.get("kid") if isinstance(header, dict) else None
    return kid if isinstance(kid, str) else None


def _shown(name: str | None) -> str:
    """The name as others may see it: one line, without characters that hide or turn text."""
    kept = "".join(character for character in name or "" if _is_fit(character))
    return kept.strip()[:MAX_NAME_CHARACTERS]


def _is_fit(character: str) -> bool:
    try:
        checked_text(character)
    except ValueError:
        return False
    return True
