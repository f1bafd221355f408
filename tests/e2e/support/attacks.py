"""What hostile clients do, and where the server says that it noticed. Each keeps on for about a second."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from tests.crdt.crafting import gc, item, string, update
from tests.e2e.support import lib0
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.wire import (
    BINARY,
    CONTINUATION,
    HOSTILE_ADDRESS,
    PING,
    TEXT,
    Wire,
    connected,
    frame,
    opened,
    request,
    upgraded,
)

__all__ = ["ATTACKS", "MOST_SOCKETS", "Attack", "Scene"]

UPDATE, STEP1, STEP2 = 2, 0, 1
MIB = 1 << 20
MOST_SOCKETS = 120
"""Of one address, as the server under attack is told."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The attacker may write in the document that honest people type in, and in one of its own."""

    server: CounterpointServer
    token: str
    shared: str
    own: str
    honest_client: int
    """A client id of somebody honest in the shared document."""
    scale: int
    """1 in CI; more keeps on for longer."""

    def socket(self, document: str | None = None) -> str:
        return f"/sync/{document or self.shared}"

    @property
    def signed_in(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class Attack:
    """`noticed`: counters of /metrics of which each must have grown."""

    run: Callable[[Scene], Awaitable[None]]
    noticed: tuple[str, ...] = ()


def refused(door: str, reason: str) -> str:
    return f'counterpoint_refused_total{{door="{door}",reason="{reason}"}}'


def ignored(reason: str) -> str:
    return f'counterpoint_presence_ignored_total{{reason="{reason}"}}'


def sync(step: int, payload: bytes) -> bytes:
    return frame(BINARY, lib0.sync_frame(step, payload))


# What is wrong with an update.


def sends(payload: bytes, *, times: int = 10, step: int = UPDATE) -> Callable[[Scene], Awaitable[None]]:
    """Say this in the shared document, be thrown out, come again."""

    async def attack(scene: Scene) -> None:
        for _ in range(times * scene.scale):
            async with opened(scene.server, scene.socket(), **scene.signed_in) as wire:
                await wire.send(sync(step, payload))
                await wire.ended()

    return attack


POISON = bytes.fromhex("010207010400090500000000")
DEEP = b"\x01\x01\x07\x00\x08\x01\x01a\x01" + b"\x75\x01" * 60_000 + b"\x7e" + b"\x00"
MUTUAL_ORIGINS = update((7001, 0, [string("a", origin=(7002, 0))]), (7002, 0, [string("b", origin=(7001, 0))]))
TOO_MANY_STRUCTS = update((7003, 0, [gc(1)] * 200_001))
LIES_ABOUT_ITS_LENGTH = b"\x01\x01\x07\x00\x04\x01\x04text" + lib0.var(1 << 40) + b"x"
MANY_DELETES = update(deletes={7004: [(2 * at, 2 * at + 1) for at in range(200_001)]})
MANY_CLIENTS = update(*((8_000 + client, 0, [gc(1)]) for client in range(3_000)))


async def reused_client_id(scene: Scene) -> None:
    """Other words under clocks that are known."""
    client = random.getrandbits(31)
    for number in range(8 * scene.scale):
        async with opened(scene.server, scene.socket(scene.own), **scene.signed_in) as wire:
            await wire.send(sync(UPDATE, update((client, 0, [string("first")]))))
            await wire.send(sync(UPDATE, update((client, 0, [string(f"othe{number}")]))))
            await wire.ended()


async def garbage(scene: Scene) -> None:
    """As large as a message may be, and nothing in it."""
    for _ in range(2 * scene.scale):
        async with opened(scene.server, scene.socket(), **scene.signed_in) as wire:
            await wire.send(sync(UPDATE, b"\xff" * (16 * MIB - 64)))
            await wire.ended(20)


async def too_large(scene: Scene) -> None:
    """Larger than a message may be: said at once, and by a header that promises it."""
    for _ in range(4 * scene.scale):
        async with opened(scene.server, scene.socket(), **scene.signed_in) as wire:
            await wire.send(frame(BINARY, b"", length=1 << 40))
            await wire.ended()


async def tiny_structs(scene: Scene) -> None:
    """Just what is allowed, as often as it is read: 400 KB that are 199,000 structs."""
    async with opened(scene.server, scene.socket(scene.own), **scene.signed_in) as wire:
        for _ in range(3 * scene.scale):
            wire.push(sync(UPDATE, update((random.getrandbits(31), 0, [gc(1)] * 199_000))))
        await asyncio.sleep(1.5 * scene.scale)


async def endless_loop(scene: Scene) -> None:
    """An emoji in an array, at which a reader of the document turns for ever; and one that kills it."""
    async with opened(scene.server, scene.socket(scene.own), **scene.signed_in) as wire:
        await wire.send(sync(UPDATE, update((random.getrandbits(31), 0, [string("\U0001f600", parent="list")]))))
        depth, client = 20_000, random.getrandbits(31)
        nested = [item(7, b"\x01"), *(item(7, b"\x01", parent=(client, at)) for at in range(depth))]
        await wire.send(sync(UPDATE, update((client, 0, nested))))
        await asyncio.sleep(1.0 * scene.scale)


# What is wrong with frames.


def breaks_the_protocol(data: bytes, *, times: int = 50) -> Callable[[Scene], Awaitable[None]]:
    async def attack(scene: Scene) -> None:
        for _ in range(times * scene.scale):
            async with opened(scene.server, scene.socket(), **scene.signed_in) as wire:
                await wire.send(data)
                await wire.ended()

    return attack


NOISE = random.Random(1).randbytes(4_000)


async def tiny_fragments(scene: Scene) -> None:
    """A message in pieces of one byte, that never ends."""
    async with opened(scene.server, scene.socket(), **scene.signed_in) as wire:
        await wire.send(frame(BINARY, b"\x00", fin=False))
        pieces = frame(CONTINUATION, b"\x00", fin=False) * 1_000
        for _ in range(60 * scene.scale):
            if not await wire.send(pieces):
                break
        await wire.ended(20)


async def pings(scene: Scene) -> None:
    """Pings, and nobody who reads the pongs."""
    async with opened(scene.server, scene.socket(), receive_buffer=4096, **scene.signed_in) as wire:
        flood = frame(PING, b"x" * 125) * 500
        for _ in range(100 * scene.scale):
            wire.push(flood)
            await asyncio.sleep(0.005)


# What is wrong with how they come.


async def slow_handshakes(scene: Scene) -> None:
    """Requests that never end, connections that say nothing, sockets that open nothing."""
    wires = [await connected(scene.server) for _ in range(100)]
    whole = request(scene.server, "/hocuspocus")
    for wire in wires[60:]:
        await upgraded(wire, scene.server, "/hocuspocus")
    for at in range(40 * scene.scale):
        for wire in wires[:40]:
            wire.push(whole[at : at + 1])
        await asyncio.sleep(0.02)
    for wire in wires:
        await wire.close()


async def reconnect_storm(scene: Scene) -> None:
    """In and out, without a word of goodbye."""

    async def again_and_again() -> None:
        for _ in range(25 * scene.scale):
            wire = await connected(scene.server)
            # Now and then there are too many: those before it were cut off, and the server has not seen it yet.
            if await upgraded(wire, scene.server, scene.socket(), **scene.signed_in) == 101:
                wire.push(sync(STEP1, b"\x00"))
            await wire.close()

    await asyncio.gather(*(again_and_again() for _ in range(8)))


async def foreign_origins(scene: Scene) -> None:
    for number in range(100 * scene.scale):
        wire = await connected(scene.server)
        status = await upgraded(wire, scene.server, scene.socket(), Origin=f"https://evil{number}.example")
        assert status == 403
        await wire.close()


async def invalid_tokens(scene: Scene) -> None:
    for number in range(60 * scene.scale):
        async with opened(scene.server, scene.socket(), Authorization=f"Bearer cps_INVALID{number:024}") as wire:
            await wire.ended()
    transport = httpx.AsyncHTTPTransport(local_address=HOSTILE_ADDRESS)
    async with httpx.AsyncClient(base_url=scene.server.url, transport=transport, trust_env=False) as http:
        for number in range(40 * scene.scale):
            headers = {"Authorization": f"Bearer cps_INVALID{number:024}"}
            assert (await http.get("/auth/me", headers=headers)).status_code == 401


async def many_sockets(scene: Scene) -> None:
    """More sockets than one address may have."""
    wires: list[Wire] = []
    statuses = []
    for _ in range(MOST_SOCKETS + 20):
        wire = await connected(scene.server)
        statuses.append(await upgraded(wire, scene.server, "/hocuspocus"))
        wires.append(wire)
    for wire in wires:
        await wire.close()
    assert statuses[-1] == 429


# What is wrong with what they open.


def say_to(address: str, message: bytes) -> bytes:
    return frame(BINARY, lib0.hocuspocus_frame(address, message))


def auth(token: str) -> bytes:
    return lib0.var(lib0.AUTH) + lib0.var(0) + lib0.string(token) + lib0.string("4.8.0")


async def thousands_of_documents(scene: Scene) -> None:
    """Documents that are not there, and one document under thousands of addresses."""
    async with opened(scene.server, "/hocuspocus") as wire:
        for number in range(100):
            wire.push(say_to(f"nothing-{number}", auth(scene.token)))
        await wire.hear()
        for number in range(2_000):
            wire.push(say_to(f"{scene.own}\0{number}", auth(scene.token)))
        await wire.ended(20)


async def long_addresses(scene: Scene) -> None:
    for _ in range(20 * scene.scale):
        async with opened(scene.server, "/hocuspocus") as wire:
            await wire.send(say_to("x" * 100_000, auth(scene.token)))
            await wire.ended()


async def says_much_too_early(scene: Scene) -> None:
    for _ in range(3 * scene.scale):
        async with opened(scene.server, "/hocuspocus") as wire:
            for _ in range(200):
                wire.push(say_to("somewhere", lib0.sync_frame(STEP1, b"\x00")))
            await wire.ended()


# What is wrong with how they take part.


async def never_reads(scene: Scene) -> None:
    """Asks for everything again and again, and takes nothing of it."""
    async with opened(scene.server, scene.socket(scene.own), **scene.signed_in) as wire:
        await wire.send(sync(UPDATE, update((random.getrandbits(31), 0, [string("x" * 300_000)]))))
    async with opened(scene.server, scene.socket(scene.own), receive_buffer=4096, **scene.signed_in) as wire:
        for _ in range(200 * scene.scale):
            wire.push(sync(STEP1, b"\x00"))
            await asyncio.sleep(0.005)


def awareness(*entries: tuple[int, int, str]) -> bytes:
    told = b"".join(lib0.var(client) + lib0.var(clock) + lib0.string(state) for client, clock, state in entries)
    return frame(BINARY, lib0.var(lib0.AWARENESS) + lib0.var_bytes(lib0.var(len(entries)) + told))


async def awareness_flood(scene: Scene) -> None:
    """Faster than anybody moves, in everybody's name."""
    async with opened(scene.server, scene.socket(), **scene.signed_in) as wire:
        mine = random.getrandbits(31)
        forged = awareness((scene.honest_client, 1000, '{"user":{"name":"Root"}}'), (5, 1 << 40, "{}"))
        for _ in range(20):
            await wire.send(forged)
        for _ in range(scene.scale):
            # At once, so that it is too fast however slow this machine is.
            await wire.send(b"".join(awareness((mine, clock, f'{{"at":{clock}}}')) for clock in range(1, 8_000)))
        await wire.send(awareness(*((client, 1, "{}") for client in range(10_000, 20_000))))
        await wire.send(frame(TEXT, b"that is all"))
        await wire.ended(20)


async def update_flood(scene: Scene) -> None:
    """Legal keystrokes, ten times as fast as anybody may."""
    client = random.getrandbits(31)
    async with opened(scene.server, scene.socket(scene.own), **scene.signed_in) as wire:
        for clock in range(6_000 * scene.scale):
            origin = (client, clock - 1) if clock else None
            wire.push(sync(UPDATE, update((client, clock, [string("x", origin=origin)]))))
            if clock % 200 == 0:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)


ATTACKS = {
    "twelve poisonous bytes": Attack(sends(POISON), (refused("update", "malformed"),)),
    "values nested 60,000 deep": Attack(sends(DEEP), (refused("update", "limit"),)),
    "origins that name each other": Attack(sends(MUTUAL_ORIGINS), (refused("update", "cycle"),)),
    "a header of 4e9 clients": Attack(sends(lib0.var(4_000_000_000)), (refused("update", "malformed"),)),
    "a state vector of 4e9 clients": Attack(
        sends(lib0.var(4_000_000_000), step=STEP1), (refused("update", "malformed"),)
    ),
    "a length of a terabyte": Attack(sends(LIES_ABOUT_ITS_LENGTH), (refused("update", "malformed"),)),
    "200,001 structs": Attack(sends(TOO_MANY_STRUCTS, times=3), (refused("update", "limit"),)),
    "200,001 deletions": Attack(sends(MANY_DELETES, times=3), (refused("update", "limit"),)),
    "3,000 new clients": Attack(sends(MANY_CLIENTS, times=5), (refused("update", "limit"),)),
    "client ids used again": Attack(reused_client_id, (refused("update", "client_id_reused"),)),
    "16 MiB of garbage": Attack(garbage, (refused("update", "malformed"),)),
    "a terabyte announced": Attack(too_large, (refused("frame", "too_large"),)),
    "199,000 structs again and again": Attack(tiny_structs),
    "what its readers die of": Attack(endless_loop),
    "text frames": Attack(breaks_the_protocol(frame(TEXT, b"hello")), (refused("frame", "text"),)),
    "unmasked frames": Attack(breaks_the_protocol(frame(BINARY, b"x", masked=False)), (refused("frame", "protocol"),)),
    "reserved bits": Attack(breaks_the_protocol(frame(BINARY, b"x", reserved=4)), (refused("frame", "protocol"),)),
    "noise": Attack(breaks_the_protocol(NOISE), (refused("frame", "protocol"),)),
    "fragments without end": Attack(tiny_fragments, (refused("frame", "fragments"),)),
    "a flood of pings": Attack(pings),
    "handshakes that never end": Attack(slow_handshakes),
    "a storm of reconnects": Attack(reconnect_storm),
    "foreign origins": Attack(foreign_origins, (refused("upgrade", "foreign_origin"),)),
    "invalid tokens": Attack(
        invalid_tokens,
        (
            refused("opening", "unauthenticated"),
            'counterpoint_http_requests_total{method="GET",route="/auth/me",status="401"}',
        ),
    ),
    "too many sockets": Attack(many_sockets, (refused("upgrade", "rate_limited"),)),
    "thousands of documents": Attack(
        thousands_of_documents, (refused("opening", "rate_limited"), refused("opening", "not_found"))
    ),
    "addresses of 100,000 characters": Attack(long_addresses, (refused("frame", "long_address"),)),
    "much said too early": Attack(says_much_too_early, (refused("frame", "too_early"),)),
    "a reader that never reads": Attack(never_reads),
    "a flood of presence": Attack(awareness_flood, (ignored("over_rate"), ignored("anothers_id"), ignored("clock"))),
    "a flood of updates": Attack(update_flood, ("counterpoint_pauses_total",)),
}
