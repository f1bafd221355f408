"""How probes reach a source: an address that the dialler has allowed, and a TLS name that stays the host's."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from server.errors import SourceSlow, SourceUnreachable
from server.sources.dialling import Dialler

__all__ = ["CONNECT_SECONDS", "FIRST", "Since", "connected", "put_share", "tls_context"]

CONNECT_SECONDS = 5.0
"""To one address: TCP, TLS and whatever the protocol says at its start."""

FIRST = "It is a share of the time between two readings, and this is the first since we connected."
IDLE = "Nothing of the kind has happened since the last reading."
T = TypeVar("T")


class _NamedContext(ssl.SSLContext):
    """A driver is given an address; the certificate is still checked against the name of the host."""

    name: str

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        del server_hostname
        return super().wrap_bio(incoming, outgoing, server_side, self.name, session)


def tls_context(host: str, options: Mapping[str, Any]) -> ssl.SSLContext:
    """Checks certificate and name. Raises SourceUnreachable for certificates in `options["ca"]` that are none."""
    context = _NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.name = host.strip("[]")
    try:
        if ca := options.get("ca"):
            context.load_verify_locations(cadata=ca)
        else:
            context.load_default_certs()
    except ssl.SSLError:
        raise SourceUnreachable("The certificates in its options cannot be read.") from None
    return context


async def connected(dialler: Dialler, host: str, port: int, connect: Callable[[str], Awaitable[T]]) -> T:
    """What `connect` makes of the first address that lets it.

    `connect` raises OSError for a line that cannot be had. Raises SourceUnreachable, SourceRefused and SourceSlow.
    """
    host = host.strip("[]")
    error: SourceUnreachable = SourceUnreachable("The host has no address.")
    for address in await dialler.addresses(host, port):
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await connect(str(address))
        except TimeoutError:
            error = SourceSlow(f"{host}:{port} did not let us in within {CONNECT_SECONDS:g} seconds.")
        except ssl.SSLCertVerificationError as wrong:
            error = SourceUnreachable(f"The certificate of {host} is not good: {wrong.verify_message}")
        except ssl.SSLError as wrong:
            error = SourceUnreachable(f"{host}:{port} does not speak TLS as we do: {wrong.reason}")
        except OSError as wrong:
            error = SourceUnreachable(f"{host}:{port} cannot be reached: {wrong.strerror or wrong}")
    raise error


class Since:
    """What counters have grown by since they were looked at last: for shares of an interval, not of a lifetime."""

    def __init__(self) -> None:
        self._last: Mapping[str, float] | None = None

    def grown(self, counters: Mapping[str, float]) -> Mapping[str, float] | None:
        """None at the first look, and after the source has begun to count anew."""
        last, self._last = self._last, dict(counters)
        if last is None or any(counters[name] < last.get(name, 0) for name in counters):
            return None
        return {name: value - last.get(name, 0) for name, value in counters.items()}


def put_share(
    into: tuple[dict[str, float], dict[str, str]],
    name: str,
    grown: Mapping[str, float] | None,
    part: Sequence[str],
    whole: Sequence[str],
) -> None:
    """What `part` has grown by, in percent of `whole` (sums of counters), or why there is no such share.

    `into`: the values and the missing ones of a reading.
    """
    values, missing = into
    if grown is None:
        missing[name] = FIRST
        return
    over = sum(grown[each] for each in whole)
    if over > 0:
        values[name] = 100 * sum(grown[each] for each in part) / over
    else:
        missing[name] = IDLE
