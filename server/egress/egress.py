"""Requests to addresses that users have chosen: webhooks, push services, link previews.

Rule A2 against server-side request forgery (OWASP ASVS 1.3.6): https only, one look at the name, no address of our own
networks, a connection to exactly the address that was looked at, no redirect, no proxy, bounds on time and size.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from server.egress.addresses import Address, Network, is_allowed, is_public, literal

if TYPE_CHECKING:
    import httpx

__all__ = ["MAX_ANSWER_BYTES", "Answer", "Egress", "EgressFailed", "EgressRefused", "Resolve"]

MAX_ANSWER_BYTES = 64 * 1024
"""Of an answer's body; what is longer is cut, and the connection closed."""
CONNECT_SECONDS = 5.0
"""For each address of a name, within the time of the whole request."""
RESOLVER_THREADS = 4

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[Address]]]
"""The addresses of a name. Raises OSError when it has none."""


class EgressRefused(Exception):
    """We do not send there; the text says why, for whoever has chosen the address."""


class EgressFailed(Exception):
    """It was tried and did not work; the text says what failed, and may work later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; redirects too. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Egress:
    """`allow`: networks of ours that may be reached all the same, and by http as well.

    `resolve` and `tls` are for tests; by default the machine's resolver and its trusted certificates.
    """

    def __init__(
        self, allow: Sequence[Network] = (), *, resolve: Resolve | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._allow = tuple(allow)
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="egress-dns")
        self._resolve = resolve or self._look_up
        self._tls = tls

    def check(self, url: str) -> None:
        """What can be said of an address without looking its name up. Raises EgressRefused."""
        self._checked(url)

    async def post(
        self, url: str, *, content: bytes, headers: Mapping[str, str], timeout_seconds: float = 15
    ) -> Answer:
        """Send it once. `timeout_seconds` is for all of it: name, connection, request and answer.

        Raises EgressRefused and EgressFailed.
        """
        asked = self._checked(url)
        try:
            async with asyncio.timeout(timeout_seconds):
                addresses = await self._addresses(asked)
                return await self._post_to(addresses, asked, content, headers)
        except TimeoutError:
            raise EgressFailed(f"no answer within {timeout_seconds:g} seconds") from None

    async def addresses(self, host: str, port: int) -> Sequence[Address]:
        """For protocols other than HTTP: the addresses of a name, looked up once, all of which may be reached.

        Whoever asks connects to one of exactly these. Raises EgressRefused and EgressFailed.
        """
        if not host or not host.isprintable() or not 0 < port < 65536:
            raise EgressRefused("it is no host with a port")
        address = literal(host)
        if address is not None:
            self._permit(address, "https")  # who is reached, not how, is what counts here
            return (address,)
        return await self._resolved(host, port, "https")

    def close(self) -> None:
        """Waits for nothing: a resolver that hangs is left to itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    # Private: where to.

    def _checked(self, url: str) -> "httpx.URL":
        import httpx  # noqa: PLC0415 - a third of a second and 15 MB, for servers that send something

        try:
            asked = httpx.URL(url)
        except (httpx.InvalidURL, TypeError, ValueError):
            raise EgressRefused("it is not an address such as https://example.org/hook") from None
        if asked.scheme not in {"http", "https"} or not asked.host:
            raise EgressRefused("it is not an address such as https://example.org/hook")
        if asked.port is not None and not 0 < asked.port < 65536:
            raise EgressRefused("its port is none")
        if asked.userinfo:
            raise EgressRefused("it has a user name or a password in it")
        if asked.scheme == "http" and not self._allow:
            raise EgressRefused("it is not https")
        address = literal(asked.host)
        if address is not None:
            self._permit(address, asked.scheme)
        return asked

    def _permit(self, address: Address, scheme: str) -> None:
        if is_allowed(address, self._allow):
            return
        if not is_public(address):
            raise EgressRefused("it is in a private network")  # which one is nobody's business
        if scheme != "https":
            raise EgressRefused("it is not https")

    async def _addresses(self, asked: "httpx.URL") -> Sequence[Address]:
        """Looked up once; all of them must be allowed: who mixes public and private ones means no good."""
        port = asked.port or (443 if asked.scheme == "https" else 80)
        return await self._resolved(asked.host, port, asked.scheme)

    async def _resolved(self, host: str, port: int, scheme: str) -> Sequence[Address]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError):  # UnicodeError: a label that is too long
            raise EgressFailed("its name cannot be resolved") from None
        if not addresses:
            raise EgressFailed("its name cannot be resolved")
        for address in addresses:
            self._permit(address, scheme)
        return addresses

    async def _look_up(self, host: str, port: int) -> Sequence[Address]:
        def work() -> list[Address]:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = [literal(str(each[4][0])) for each in found]
            return list(dict.fromkeys(each for each in addresses if each is not None))

        # Threads of our own: names that hang must not keep those waiting who need the loop's.
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    # Private: the request.

    async def _post_to(
        self, addresses: Sequence[Address], asked: "httpx.URL", content: bytes, headers: Mapping[str, str]
    ) -> Answer:
        """To the first address that takes a connection."""
        import httpx  # noqa: PLC0415 - see above

        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        given = httpx.Headers({**headers, "Accept-Encoding": "identity"})
        given["Host"] = asked.netloc.decode("ascii")
        extensions = {"sni_hostname": asked.raw_host.decode("ascii"), "timeout": {"connect": CONNECT_SECONDS}}
        # One for each request: a pool knows connections by address only, and would mix up names that share one.
        # Not a client of httpx: that logs whole addresses, which may be secrets, and knows redirects and proxies.
        async with httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False) as transport:
            for number, address in enumerate(addresses, 1):
                url = asked.copy_with(host=str(address))
                request = httpx.Request("POST", url, content=content, headers=given, extensions=extensions)
                try:
                    return await _answer(await transport.handle_async_request(request))
                except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                    if number == len(addresses):
                        raise EgressFailed(_why(error)) from None
                except (httpx.HTTPError, ssl.SSLError) as error:
                    raise EgressFailed(_why(error)) from None
        raise AssertionError("a name without an address")


async def _answer(response: "httpx.Response") -> Answer:
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            body += chunk[: MAX_ANSWER_BYTES - len(body)]
            if len(body) == MAX_ANSWER_BYTES:
                break
    finally:
        with suppress(OSError):
            await response.aclose()
    return Answer(response.status_code, dict(response.headers), bytes(body))


def _why(error: BaseException) -> str:
    """One phrase without an address or a name in it."""
    import httpx  # noqa: PLC0415 - see above

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not good: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"TLS failed: {(cause.reason or 'closed').lower().replace('_', ' ')}"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS:g} seconds"
    if isinstance(error, httpx.ConnectError):
        return "the connection was refused"
    return "the connection broke" if isinstance(error, httpx.NetworkError) else "it does not speak HTTP"
