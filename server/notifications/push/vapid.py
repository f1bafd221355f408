"""Voluntary application server identification (RFC 8292): push services know by it who sends, and whom to write to."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from server.clock import Clock
from server.notifications.push.encryption import base64url, encoded_point

__all__ = ["Identification", "VapidKey", "origin_of"]

KEY_BYTES = 32
TOKEN_HOURS = 12
"""RFC 8292 section 2 allows at most 24."""
RENEW_HOURS = 6
"""Signatures are made seldom: section 4.1 asks to use a token again while it is good, and Apple counts new ones."""
MOST_ORIGINS = 100


@dataclass(frozen=True, slots=True)
class VapidKey:
    """A key of P-256: the secret number in 32 bytes, the point in 65. Browsers are bound to it when they subscribe, so
    it must never be lost and never change."""

    private: bytes = field(repr=False)
    public: bytes

    @classmethod
    def new(cls) -> "VapidKey":
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - 9 MB, for servers that send something

        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        return cls.of(number.to_bytes(KEY_BYTES))

    @classmethod
    def of(cls, private: bytes) -> "VapidKey":
        """Raises ValueError for what is no such key."""
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above

        if len(private) != KEY_BYTES:
            raise ValueError(f"the key must have {KEY_BYTES} bytes")
        key = ec.derive_private_key(int.from_bytes(private), ec.SECP256R1())
        return cls(private, encoded_point(key.public_key()))

    @property
    def shown(self) -> str:
        """As a browser takes it for its `applicationServerKey`."""
        return base64url(self.public)

    def token(self, claims: dict[str, Any]) -> str:
        """A JWT, signed with ES256."""
        from joserfc import jwt  # noqa: PLC0415 - see above
        from joserfc.jwk import ECKey  # noqa: PLC0415

        x, y = self.public[1 : 1 + KEY_BYTES], self.public[1 + KEY_BYTES :]
        parts = {"x": base64url(x), "y": base64url(y), "d": base64url(self.private)}
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", **parts})
        return jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, key)


class Identification:
    """The `Authorization` of messages to any push service.

    `contact`: where its operators can write to (mailto: or https:); Apple takes no message without one.
    """

    def __init__(self, key: VapidKey, contact: str | None, clock: Clock) -> None:
        self._key = key
        self._contact = contact
        self._clock = clock
        self._headers: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    def header(self, endpoint: str) -> str:
        origin, now = origin_of(endpoint), self._clock.now()
        made_at, header = self._headers.get(origin, (None, ""))
        if made_at is None or not timedelta(0) <= now - made_at < timedelta(hours=RENEW_HOURS):
            header = f"vapid t={self._token(origin, now)}, k={self._key.shown}"
            self._headers[origin] = (now, header)
        self._headers.move_to_end(origin)
        while len(self._headers) > MOST_ORIGINS:
            self._headers.popitem(last=False)
        return header

    def _token(self, origin: str, now: datetime) -> str:
        claims = {"aud": origin, "exp": int((now + timedelta(hours=TOKEN_HOURS)).timestamp())}
        return self._key.token(claims | ({"sub": self._contact} if self._contact is not None else {}))


def origin_of(endpoint: str) -> str:
    """RFC 6454 section 6.2: scheme and host, and the port where it is not the scheme's own."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in {None, usual} else ""
    return f"{parts.scheme}://{host}{port}"
