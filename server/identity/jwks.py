"""The public keys that an application publishes (RFC 7517): fetched when needed, kept, and never fetched in a rush."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from server.clock import Clock
from server.errors import Busy
from server.identity.jwt import Key, KeySource

__all__ = ["JwksKeys"]

log = logging.getLogger("counterpoint.identity")

FRESH_SECONDS = 600.0
"""After this the keys are fetched anew: a key that was withdrawn counts no longer."""
STALE_SECONDS = 3600.0
"""While the application does not answer, its last keys are good for this long."""
RETRY_SECONDS = 30.0
"""The least time between two fetches, however many tokens come with unknown key ids."""
FETCH_SECONDS = 5.0
MAX_BYTES = 256 * 1024

# Unreachable, too slow, not JSON, or JSON that is no key set.
FETCH_ERRORS = (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, KeyError, TypeError, JoseError)


class JwksKeys:
    """The keys of one address. One fetch at a time; everybody who needs it waits for the same one."""

    def __init__(self, url: str, clock: Clock, transport: Callable[[], httpx.AsyncBaseTransport] | None = None) -> None:
        self._url = url
        self._clock = clock
        self._transport = transport
        self._lock = asyncio.Lock()
        self._keys: list[Key] = []
        self._fetched_at: float | None = None
        self._tried_at: float | None = None

    async def find(self, kid: str | None) -> Key | None:
        """A public key only: a secret among published keys is no secret."""
        if not self._is_younger_than(self._fetched_at, FRESH_SECONDS) or self._chosen(kid) is None:
            async with self._lock:
                if not self._is_younger_than(self._tried_at, RETRY_SECONDS):
                    await self._fetch()
        if not self._is_younger_than(self._fetched_at, STALE_SECONDS):
            raise Busy("The application's keys cannot be fetched now.", retry_after=RETRY_SECONDS)
        return self._chosen(kid)

    async def close(self) -> None:
        return None

    def _chosen(self, kid: str | None) -> Key | None:
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.kid == kid), None)

    def _is_younger_than(self, moment: float | None, seconds: float) -> bool:
        return moment is not None and self._clock.monotonic() - moment < seconds

    async def _fetch(self) -> None:
        try:
            document = await self._read()
            keys = KeySet.import_key_set(document)
        except FETCH_ERRORS as error:
            log.warning("the application's keys could not be fetched", extra={"reason": type(error).__name__})
            self._tried_at = self._clock.monotonic()
            return
        self._keys = [key for key in keys if _is_for_signatures(key)]
        self._fetched_at = self._tried_at = self._clock.monotonic()

    async def _read(self) -> Any:
        # Redirects are not followed: the address was chosen by the operator, and only that one is trusted.
        transport = self._transport() if self._transport else None
        async with (
            httpx.AsyncClient(timeout=FETCH_SECONDS, transport=transport) as client,
            asyncio.timeout(FETCH_SECONDS),
            client.stream("GET", self._url, headers={"Accept": "application/json"}) as response,
        ):
            response.raise_for_status()
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ValueError("too large")
        return httpx.Response(200, content=bytes(body)).json()


def _is_for_signatures(key: object) -> bool:
    return isinstance(key, RSAKey | ECKey | OKPKey) and key.as_dict().get("use", "sig") == "sig"


_keeps_the_promise: type[KeySource] = JwksKeys
