"""Big messages through real workers: the loop stands still for none, and what ends a worker ends its sender's seat."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crdt.codec import var_bytes, var_uint
from crdt.guard import check
from crdt.messages import SyncStep1, SyncStep2, Update
from crdt.updates import DeleteRanges, encode_state_vector, state_of
from tests.server.realtime.stage import Stage, YPeer, staged

STRUCTS = 50_000
PATIENCE = 60
"""Seconds that a worker may take on a machine with other things to do."""


def typed(client_id: int, structs: int) -> bytes:
    """That many keystrokes, each at the place of the one three before it, so that none can be joined."""
    out = bytearray(var_uint(1) + var_uint(structs) + var_uint(client_id) + var_uint(0))
    for clock in range(structs):
        out += b"\x84" + var_uint(client_id) + var_uint(max(0, clock - 3)) if clock else b"\x04\x01\x04text"
        out += var_bytes(b"k")
    return bytes(out) + b"\x00"


@contextmanager
def callbacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[float, str]]]:
    """(CPU seconds, what) of each callback of the loop meanwhile."""
    timings: list[tuple[float, str]] = []
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        timings.append((time.thread_time() - began, repr(handle)))

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", timed)
        yield timings


def lengths(peer: YPeer, kind: type[SyncStep2 | Update]) -> list[int]:
    return [len(message.update) for message in peer.heard() if isinstance(message, kind)]


async def test_no_message_keeps_the_loop_for_long(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """No part of it takes half of what looking at it on the loop would: a machine that is busy says no more."""
    began = time.thread_time()
    update = typed(7, STRUCTS)
    check(update, {}, DeleteRanges())
    on_the_loop = time.thread_time() - began
    document = await stage.document()
    ada, ben, cyd = [await stage.sync(document) for _ in range(3)]
    pastes = [
        Update(b"\x01\x01" + var_uint(client) + b"\x00\x04\x01\x04text" + var_bytes(paste) + b"\x00")
        for client, paste in enumerate((b"p" * (8 << 20), "ü".encode() * (4 << 20)), 100)
    ]
    with callbacks(monkeypatch) as timings:
        for peer in (ben, cyd):
            peer.say(SyncStep1(b"\x00"))
        ada.say(SyncStep2(update))
        await ben.socket.until(lambda: len(ben.socket.frames) >= 3, PATIENCE)
        ben.say(Update(typed(7, 2)))  # repeats known clocks of a big document
        cyd.say(SyncStep1(encode_state_vector({7: STRUCTS // 2})))
        await cyd.socket.until(lambda: len(cyd.socket.frames) >= 4, PATIENCE)
        for paste in pastes:
            ada.say(paste)
            await asyncio.sleep(0)
        await ben.socket.until(lambda: len(ben.socket.frames) >= 5, PATIENCE)
        assert await stage.keeper.flush(30)
    assert lengths(cyd, SyncStep2)[-1] > len(update) // 4
    longest = max(timings)
    assert longest[0] < max(on_the_loop / 2, 0.02), (longest, on_the_loop)


async def test_an_update_that_ends_its_worker_is_refused_and_the_document_stays_live(tmp_path: Path) -> None:
    async with staged(tmp_path, worker_bytes=14 << 20) as stage:
        document = await stage.document()
        ada, ben = await stage.sync(document), await stage.sync(document)
        ben.say(SyncStep1(b"\x00"))
        ada.say(Update(typed(7, 190_000)))
        await ada.socket.until(lambda: ada.socket.closed is not None, PATIENCE)
        assert ada.socket.closed is not None
        assert ada.socket.closed[0] == 4422
        assert stage.figures.refusals.counts["update", "limit"] == 1
        cyd = await stage.sync(document)
        cyd.say(Update(cyd.edit("still here")))
        await ben.socket.until(lambda: lengths(ben, Update) != [], PATIENCE)
        assert await stage.keeper.flush(5)


async def test_a_room_stays_open_while_an_update_is_looked_at(stage: Stage) -> None:
    document = await stage.document()
    ada = await stage.sync(document)
    update = typed(7, 20_000)
    ada.say(Update(update))
    ada.connection.lost(clean=True)
    host = stage.keeper.find(document)
    assert host is not None
    assert not host.is_idle
    ben = await stage.sync(document)
    ben.say(SyncStep1(b"\x00"))
    await ben.socket.until(lambda: lengths(ben, Update) != [], PATIENCE)
    assert await stage.keeper.flush(5)
    opened = await stage.log.open(document)
    assert opened is not None
    assert [state_of(row) for _, row in opened.rows] == [{7: 20_000}]


async def test_a_peer_that_says_much_meanwhile_is_read_slowly(stage: Stage) -> None:
    ada = await stage.sync(await stage.document())
    ada.say(Update(typed(7, 20_000)))
    host = ada.connection.places[0].host
    assert host.hear(ada.connection.places[0].seat, Update(bytes(100))) == 0.0
    assert host.hear(ada.connection.places[0].seat, Update(bytes(2 << 20))) > 0.0


async def kill_workers(stage: Stage, times: int) -> None:
    """End that many, each as soon as it has its call, as the system or an operator does."""
    for _ in range(times):
        while not (pids := stage.materialiser.pids):
            await asyncio.sleep(0)
        os.kill(pids[0], signal.SIGKILL)
        while pids[0] in stage.materialiser.pids:
            await asyncio.sleep(0)


async def test_R22_one_worker_that_is_killed_from_outside_costs_its_peer_nothing(stage: Stage) -> None:
    document = await stage.document()
    ada, ben = await stage.sync(document), await stage.sync(document)
    ben.say(SyncStep1(b"\x00"))
    ada.say(Update(typed(7, STRUCTS)))
    async with asyncio.timeout(PATIENCE):
        await kill_workers(stage, 1)
    await ben.socket.until(lambda: lengths(ben, Update) != [], PATIENCE)
    assert stage.materialiser.figures.failures["lost"] == 1
    assert ada.socket.closed is None


async def test_R22_whose_workers_are_killed_from_outside_comes_back_later(stage: Stage) -> None:
    ada = await stage.sync(await stage.document())
    ada.say(Update(typed(7, STRUCTS)))
    async with asyncio.timeout(PATIENCE):
        await kill_workers(stage, 3)
    await ada.socket.until(lambda: ada.socket.closed is not None, PATIENCE)
    assert ada.socket.closed is not None
    assert ada.socket.closed[0] == 4508, "to be retried: nothing is wrong with the update"
    assert stage.figures.refusals.counts["update", "limit"] == 0
