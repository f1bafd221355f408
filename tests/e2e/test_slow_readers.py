"""Two clients stop reading while 20 MB of edits go by: nobody else pays for it, and they are whole again afterwards."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.e2e.support import lib0
from tests.e2e.support.raw import PROTOCOLS, Protocol, RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

# One typist brings what an office types in a day.
ENVIRONMENT = {"COUNTERPOINT_BYTES_PER_SECOND": "400MB", "COUNTERPOINT_MESSAGES_PER_SECOND": "100000"}
EDITS = 1_000
EDIT_BYTES = 20_000
JOINERS = 3


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def stop_reading(peer: RawPeer) -> None:
    """Take nothing from the socket: the kernel's buffers fill, then the server's."""
    assert peer._socket is not None
    peer._socket.transport.pause_reading()


def read_on(peer: RawPeer) -> None:
    assert peer._socket is not None
    peer._socket.transport.resume_reading()


async def types(peer: RawPeer, text: str) -> None:
    """At the beginning, where it costs the least."""
    before = peer.doc.get_state()
    peer.text.insert(0, text)
    await peer.say(lib0.sync_frame(2, peer.doc.get_update(before)))


async def until_equal(peers: list[RawPeer], typist: RawPeer) -> None:
    async def look() -> bool:
        state = typist.doc.get_state()
        return all(peer.doc.get_state() == state for peer in peers)

    await until(look, "every replica to have everything", seconds=120, every=0.5)
    whole = str(typist.text)
    assert all(str(peer.text) == whole for peer in peers)


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_two_clients_that_stop_reading_cost_nobody_else_anything_and_are_whole_again(
    protocol: Protocol, api: Api
) -> None:
    document = await api.document(await api.workspace())
    pid = api.server.process.pid

    def peer() -> RawPeer:
        return RawPeer(api.server.sockets, document, api.token, protocol=protocol)

    async with AsyncExitStack() as stack:
        typist, reader, *slow = [await stack.enter_async_context(peer()) for _ in range(4)]
        for each in (typist, reader, *slow):
            await each.until_synced()
        for each in slow:
            stop_reading(each)
        before = resident_bytes(pid)
        for number in range(EDITS):
            await types(typist, f"{number}:" + "x" * EDIT_BYTES)
            if number % 20 == 0:
                await asyncio.sleep(0)
        await until_equal([reader], typist)
        # A storm of joiners, while two sockets are full.
        joiners = await asyncio.gather(*(stack.enter_async_context(peer()) for _ in range(JOINERS)))
        await until_equal(list(joiners), typist)
        held = resident_bytes(pid) - before
        for each in slow:
            assert len(str(each.text)) < EDITS * EDIT_BYTES // 2, "it was to be far behind"
            read_on(each)
        await until_equal(slow, typist)
        assert typist.close is reader.close is None
        assert all(each.close is None for each in slow)
    size = EDITS * EDIT_BYTES
    assert held < 20 * size, f"{held / size:.1f} times the document, with {JOINERS + 2} readers at its size"
