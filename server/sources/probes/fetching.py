"""One GET over a connection of its own, with the times of its parts, to an address that was looked at."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from server.clock import Clock
from server.egress.addresses import Address
from server.errors import SourceSlow, SourceUnreachable
from server.sources.dialling import Dialler
from server.sources.probes.lines import tls_context

__all__ = ["Fetched", "fetch"]

SECONDS = 10.0
MOST_BYTES = 5 * 1024 * 1024
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Fetched:
    """seconds   dns, connect, tls, first_byte (from the request's end) and all; tls only with https
    certificate  the time that it ends at, seconds since 1970; None without TLS
    complete     False where the body was longer than MOST_BYTES
    """

    status: int
    body: bytes
    complete: bool
    seconds: Mapping[str, float]
    certificate: float | None


@dataclass(slots=True)
class _Times:
    """What httpcore tells of its steps, by its extension `trace`."""

    clock: Clock
    at: dict[str, float] = field(default_factory=dict)

    async def hear(self, event: str, _: Any) -> None:
        self.at[event] = self.clock.monotonic()

    def between(self, start: str, end: str) -> float | None:
        return self.at[end] - self.at[start] if start in self.at and end in self.at else None


async def fetch(
    dialler: Dialler, clock: Clock, url: str, options: Mapping[str, Any], auth: tuple[str, str] | None = None
) -> Fetched:
    """Redirects are not followed. Raises SourceUnreachable, SourceRefused and SourceSlow."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    began = clock.monotonic()
    try:
        async with asyncio.timeout(SECONDS):
            addresses = await dialler.addresses(host, port)
            looked_up = clock.monotonic() - began
            verify = tls_context(host, options) if parts.scheme == "https" else False
            async with httpx.AsyncClient(verify=verify, trust_env=False, timeout=SECONDS) as client:
                found = await _from_any(client, clock, url, addresses, auth)
    except TimeoutError:
        raise SourceSlow(f"{host} did not answer within {SECONDS:g} seconds.") from None
    times = {**found.seconds, "dns": looked_up, "all": clock.monotonic() - began}
    return Fetched(found.status, found.body, found.complete, times, found.certificate)


async def _from_any(
    client: httpx.AsyncClient, clock: Clock, url: str, addresses: Any, auth: tuple[str, str] | None
) -> Fetched:
    error = "it has no address"
    for address in addresses:
        try:
            return await _get(client, clock, url, address, auth)
        except httpx.ConnectError as failed:
            error = _why(failed)
        except httpx.TimeoutException:
            raise SourceSlow(f"{urlsplit(url).hostname} did not answer within {SECONDS:g} seconds.") from None
        except httpx.HTTPError as failed:
            error = str(failed) or "it broke off in the middle"
    raise SourceUnreachable(f"{urlsplit(url).hostname} cannot be reached: {error}.")


async def _get(
    client: httpx.AsyncClient, clock: Clock, url: str, address: Address, auth: tuple[str, str] | None
) -> Fetched:
    parts, times = urlsplit(url), _Times(clock)
    there = f"[{address}]" if address.version == 6 else str(address)
    placed = urlunsplit(parts._replace(netloc=f"{there}:{parts.port or PORTS[parts.scheme]}", fragment=""))
    extensions: dict[str, Any] = {"trace": times.hear, "sni_hostname": parts.hostname}
    headers = {"Host": parts.netloc, "User-Agent": "Counterpoint", "Accept": "*/*"}
    basic = httpx.BasicAuth(*auth) if auth is not None and parts.scheme == "https" else None
    async with client.stream("GET", placed, headers=headers, extensions=extensions, auth=basic) as response:
        certificate = _end_of(response.extensions["network_stream"].get_extra_info("ssl_object"))
        body, complete = bytearray(), True
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                complete = False
                break
    seconds = {
        "connect": times.between("connection.connect_tcp.started", "connection.connect_tcp.complete"),
        "tls": times.between("connection.start_tls.started", "connection.start_tls.complete"),
        "first_byte": times.between("http11.send_request_body.complete", "http11.receive_response_headers.complete"),
    }
    known = {name: value for name, value in seconds.items() if value is not None}
    return Fetched(response.status_code, bytes(body[:MOST_BYTES]), complete, known, certificate)


def _end_of(tls: Any) -> float | None:
    certificate = tls.getpeercert() if tls is not None else None
    return float(ssl.cert_time_to_seconds(certificate["notAfter"])) if certificate else None


def _why(failed: BaseException) -> str:
    """The innermost cause: httpx wraps what the certificate's check has said."""
    cause: BaseException | None = failed
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not good: {cause.verify_message}"
        if cause.__cause__ is None and cause.__context__ is None and isinstance(cause, OSError):
            return cause.strerror or str(cause)
        cause = cause.__cause__ or cause.__context__
    return str(failed) or "no connection"
