"""A real HTTP server that does what a receiver of requests may do: answer anything, hang, break off, flood."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.egress.addresses import Address

__all__ = ["Behaviour", "Got", "Receiver", "answers", "breaks_off", "certificate", "hangs", "receiving", "resolver"]

Behaviour = Callable[["Got"], bytes | None]
"""The bytes of the answer; None: it hangs."""


@dataclass(frozen=True)
class Got:
    """A request. `name`: what the client asked for in its TLS hello."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    name: str | None = None


def answers(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    lines = [f"HTTP/1.1 {status} x", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda _: "\r\n".join([*lines, "", ""]).encode() + body


def hangs(_: Got) -> None:
    return None


def breaks_off(_: Got) -> bytes:
    return b""


@dataclass
class Receiver:
    """`behaviours` are used up one by one; the last one stays."""

    behaviours: list[Behaviour]
    port: int = 0
    got: list[Got] = field(default_factory=list)
    connections: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _names: list[str | None] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            got = await self._read(reader)
            self.got.append(got)
            self.arrived.set()
            behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
            said = behaviour(got)
            if said is None:
                await reader.read()  # until the client goes
            else:
                writer.write(said)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Got:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        pairs = (line.partition(": ") for line in head[1:] if line)
        headers = {name.lower(): value for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Got(method, path, headers, body, self._names[-1] if self._names else None)


@asynccontextmanager
async def receiving(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver on 127.0.0.1, at a port of its own."""
    receiver = Receiver(list(behaviours) or [answers(204)])
    if tls is not None:
        tls.sni_callback = lambda _, name, __: receiver._names.append(name)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        if hasattr(server, "close_clients"):  # Python 3.13 waits for those who are still there
            server.close_clients()
        await asyncio.sleep(0)


class resolver:  # noqa: N801 - reads as a function
    """A resolver that gives these answers, one after the other; the last one stays."""

    def __init__(self, *turns: Sequence[str]) -> None:
        self.turns = [[ip_address(each) for each in turn] for turn in turns]
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        self.asked.append(host)
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        if not turn:
            raise OSError("no such name")
        return turn


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of this name needs, and a client that trusts it and nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    client = ssl.create_default_context(cadata=pem.decode())
    return server, client
