"""Signatures by Standard Webhooks (https://www.standardwebhooks.com, version 1, symmetric).

`webhook-signature` has one `v1,<base64 of HMAC-SHA256>` for each secret in force, of `{id}.{timestamp}.{body}`.
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from secrets import token_bytes

__all__ = ["SECRET_BYTES", "new_secret", "signed_headers"]

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The standard asks for 24 to 64."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(token_bytes(SECRET_BYTES)).decode()


def signed_headers(id_: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> Mapping[str, str]:
    """`timestamp`: of this try, in seconds; `id_`: the same at every try."""
    said = f"{id_}.{timestamp}.".encode() + body
    signatures = " ".join(f"v1,{_signature(secret, said)}" for secret in secrets)
    return {"webhook-id": id_, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


def _signature(secret: str, said: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, said, "sha256")).decode()
