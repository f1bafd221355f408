"""Secrets at rest: sealed with a key that is not in the database.

AES-256-GCM (NIST SP 800-38D) with random nonces. `about` (table and row id) is authenticated with it, so that a secret
cannot be moved to another row; the id of the key stands in front, so that keys can change. Rule A7.

The key file has one key a line, 32 bytes in base64. The first one seals; all of them unseal. To change the key, put a
new line in front.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING

from server.settings import Settings, variable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["KeyFileError", "KeyLost", "SealBroken", "Unsealable", "Vault", "key_file", "key_of"]

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = "v1"
FILE_NAME = "secret.key"


class KeyFileError(Exception):
    """The key file cannot be used; the text says why and names the file."""


class Unsealable(Exception):
    """A sealed secret cannot be read; the text says why, and nothing of the secret."""


class KeyLost(Unsealable):
    """Its key is not in the key file."""


class SealBroken(Unsealable):
    """It is no sealed secret, was changed, or belongs to another row."""


def key_file(settings: Settings) -> Path:
    """Where the key is, or will be."""
    return settings.secret_key_file or settings.data_dir / FILE_NAME


def key_of(sealed: str) -> str:
    """The id of the key that a secret was sealed with. Raises SealBroken."""
    version, _, rest = sealed.partition(".")
    key, dot, _ = rest.partition(".")
    if version != VERSION or not dot:
        raise SealBroken("it is no sealed secret")
    return key


@dataclass(frozen=True, slots=True)
class Vault:
    """`keys` by their ids; `sealing` is the id of the one that seals."""

    keys: Mapping[str, bytes] = field(repr=False)
    sealing: str
    file: Path

    @classmethod
    def open(cls, settings: Settings) -> "Vault":
        """Read the keys. In the data folder a first one is made when there is none; a file that the operator has
        named must be there, the same one on every node. Raises KeyFileError."""
        file = key_file(settings)
        if settings.secret_key_file is None:
            _make(file)
        return cls.read(file)

    @classmethod
    def read(cls, file: Path) -> "Vault":
        """Raises KeyFileError."""
        try:
            lines = file.read_text("ascii").split()
        except FileNotFoundError:
            raise KeyFileError(f"{file} is not there: {variable('secret_key_file')} names it") from None
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(f"{file} cannot be read ({type(error).__name__})") from None
        keys = [_key(line, file) for line in lines]
        if not keys:
            raise KeyFileError(f"{file} is empty")
        return cls({_id(key): key for key in keys}, _id(keys[0]), file)

    def seal(self, plain: bytes, about: str) -> str:
        """`about`: the table and the id of the row that it will stand in, such as `webhooks:7f..`."""
        nonce = token_bytes(NONCE_BYTES)
        box = nonce + _cipher(self.keys[self.sealing]).encrypt(nonce, plain, _bound(self.sealing, about))
        return f"{VERSION}.{self.sealing}.{base64.urlsafe_b64encode(box).decode()}"

    def unseal(self, sealed: str, about: str) -> bytes:
        """Raises KeyLost and SealBroken."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see `_cipher`

        id_ = key_of(sealed)
        key = self.keys.get(id_)
        if key is None:
            raise KeyLost(f"it was sealed with the key {id_}, which is not in {self.file}: bring that file back")
        try:
            box = _opened(sealed.rpartition(".")[2])
            return _cipher(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _bound(id_, about))
        except (InvalidTag, ValueError):  # binascii.Error is a ValueError
            raise SealBroken("it was changed, or belongs to something else") from None


def _opened(text: str) -> bytes:
    """Only of what `seal` writes: base64 has other spellings of the same bytes. Raises ValueError."""
    box = base64.b64decode(text, altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(box).decode() != text:
        raise ValueError("not as it was written")
    return box


def _cipher(key: bytes) -> "AESGCM":
    # 9 MB, for servers that have a secret to keep.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(key)


def _bound(key: str, about: str) -> bytes:
    return f"{VERSION}.{key}.{about}".encode()


def _id(key: bytes) -> str:
    """Says which key it is, and nothing about it."""
    return sha256(b"counterpoint key id" + key).hexdigest()[:8]


def _key(line: str, file: Path) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"{file} must have 32 bytes in base64 on each line, as `openssl rand -base64 32` makes them")
    return key


def _make(file: Path) -> None:
    """Whole or not at all, and for this user only; of two processes at once the first one wins."""
    if file.exists():
        return
    draft = file.with_name(f".{file.name}.{token_hex(8)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(base64.b64encode(token_bytes(KEY_BYTES)) + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        _put(draft, file)
    except OSError as error:
        raise KeyFileError(f"{file} cannot be made ({error.strerror})") from None


def _put(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)  # unlike a rename it never replaces a key that is in use
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
