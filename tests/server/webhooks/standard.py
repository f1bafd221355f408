"""Standard Webhooks as its specification tells a receiver to verify, written from it alone (no line of the server's).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Verifying signatures":
the signed content is `msg_id.timestamp.payload`; the header has signatures with their versions, separated by spaces;
timestamps more than five minutes away are refused; signatures are compared in constant time.
"""

import hashlib
import hmac
from base64 import b64decode

__all__ = ["NotGenuine", "verify"]

TOLERANCE_SECONDS = 5 * 60


class NotGenuine(Exception):
    pass


def verify(payload: bytes, headers: dict[str, str], secret: str, now: float) -> None:
    prefix, _, encoded = secret.partition("_")
    if prefix != "whsec":
        raise NotGenuine("no secret")
    key = b64decode(encoded)
    if not 24 <= len(key) <= 64:
        raise NotGenuine("a secret has 24 to 64 bytes")
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        if name not in headers:
            raise NotGenuine(f"no {name}")
    timestamp = int(headers["webhook-timestamp"])
    if abs(now - timestamp) > TOLERANCE_SECONDS:
        raise NotGenuine("stale")
    content = b"%s.%d.%s" % (headers["webhook-id"].encode(), timestamp, payload)
    expected = hmac.new(key, content, hashlib.sha256).digest()
    for each in headers["webhook-signature"].split(" "):
        version, _, signature = each.partition(",")
        if version == "v1" and hmac.compare_digest(b64decode(signature), expected):
            return
    raise NotGenuine("no signature fits")
