"""Messages that only one browser can read: RFC 8291, in the content coding aes128gcm of RFC 8188."""

import base64
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

__all__ = ["MOST_BYTES", "DeviceKeys", "base64url", "encoded_point", "encrypt", "from_base64url"]

POINT_BYTES = 65
SECRET_BYTES = 16
SALT_BYTES = 16
RECORD_BYTES = 4096
HEADER_BYTES = SALT_BYTES + 4 + 1 + POINT_BYTES
TAG_BYTES = 16
MOST_BYTES = RECORD_BYTES - HEADER_BYTES - TAG_BYTES - 1
"""Of what is said (RFC 8291 section 4): a push service need not take bodies of more than 4096 bytes."""
LAST_RECORD = b"\x02"


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """What a browser gives with its subscription: its public key, an uncompressed point of P-256 in 65 bytes, and its
    authentication secret of 16 bytes."""

    public: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def read(cls, p256dh: str, auth: str) -> "DeviceKeys":
        """Both in base64url. Raises ValueError, which names the one that is no such key."""
        public, secret = _decoded("p256dh", p256dh, POINT_BYTES), _decoded("auth", auth, SECRET_BYTES)
        try:
            _point(public)
        except ValueError:
            raise ValueError("p256dh is no point of P-256") from None
        return cls(public, secret)


def encrypt(
    plain: bytes, to: DeviceKeys, *, sender: "EllipticCurvePrivateKey | None" = None, salt: bytes | None = None
) -> bytes:
    """The body of a push message. `sender` and `salt` are made anew for each message, and given by tests only.

    Raises ValueError for more than MOST_BYTES.
    """
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - 9 MB, for servers that send something
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    if len(plain) > MOST_BYTES:
        raise ValueError(f"a push message has at most {MOST_BYTES} bytes")
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or token_bytes(SALT_BYTES)
    mine = encoded_point(sender.public_key())
    shared = sender.exchange(ec.ECDH(), _point(to.public))
    # RFC 8291 section 3.4, then RFC 8188 sections 2.2 and 2.3.
    ikm = _hkdf(to.secret, shared, b"WebPush: info\x00" + to.public + mine, 32)
    key = _hkdf(salt, ikm, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(salt, ikm, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD_BYTES.to_bytes(4) + bytes([len(mine)]) + mine
    return header + AESGCM(key).encrypt(nonce, plain + LAST_RECORD, None)


def base64url(value: bytes) -> str:
    """Without padding, as all of Web Push writes it."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_base64url(value: str) -> bytes:
    """With padding or without. Raises ValueError."""
    bare = value.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)


def encoded_point(public: "EllipticCurvePublicKey") -> bytes:
    """A public key of P-256 in 65 bytes, uncompressed."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - see above

    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _point(encoded: bytes) -> "EllipticCurvePublicKey":
    """Raises ValueError for what is not on the curve: who computes with such a point gives his key away."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above

    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encoded)


def _hkdf(salt: bytes, key: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(SHA256(), length, salt, info).derive(key)


def _decoded(name: str, value: str, length: int) -> bytes:
    try:
        decoded = from_base64url(value)
    except ValueError:
        decoded = b""
    if len(decoded) != length:
        raise ValueError(f"{name} must be {length} bytes in base64url")
    return decoded
