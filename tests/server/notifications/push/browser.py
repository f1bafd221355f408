"""The other side of Web Push, written by itself from the RFCs: a browser's keys, and how it reads a message."""

import base64
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

__all__ = ["BrowserKeys", "b64", "unb64"]

CURVE = ec.SECP256R1()


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def unb64(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "===")


@dataclass(frozen=True)
class BrowserKeys:
    private: ec.EllipticCurvePrivateKey
    secret: bytes

    @classmethod
    def new(cls) -> "BrowserKeys":
        return cls(ec.generate_private_key(CURVE), token_bytes(16))

    @classmethod
    def of(cls, private: str, secret: str) -> "BrowserKeys":
        return cls(ec.derive_private_key(int.from_bytes(unb64(private)), CURVE), unb64(secret))

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def shown(self) -> dict[str, str]:
        """As PushSubscription.toJSON() has them."""
        return {"p256dh": b64(self.public), "auth": b64(self.secret)}

    def read(self, body: bytes) -> bytes:
        """The plaintext of a body of one record; fails for anything else."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        their = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.private.exchange(ec.ECDH(), their)
        # HKDF by hand, one block each: extract with the salt, expand with the info and a 1.
        pseudo = digest(self.secret, shared, sha256)
        ikm = digest(pseudo, b"WebPush: info\0" + self.public + sender + b"\x01", sha256)
        pseudo = digest(salt, ikm, sha256)
        key = digest(pseudo, b"Content-Encoding: aes128gcm\0\x01", sha256)[:16]
        nonce = digest(pseudo, b"Content-Encoding: nonce\0\x01", sha256)[:12]
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert plain[-1:] == b"\x02", "the last record says so"
        return plain[:-1]
