"""Wrong frames and updates that may not be taken: their sender is told why, and no honest peer is disturbed."""

from collections.abc import AsyncIterator

import pytest
from pycrdt import Doc, Text

from tests.e2e.support import lib0
from tests.e2e.support.raw import PROTOCOLS, Protocol, RawPeer
from tests.e2e.support.rest import Api
from tests.e2e.support.waiting import until

both_protocols = pytest.mark.parametrize("protocol", PROTOCOLS)

# Each is the rest of a frame after the address, where the protocol has one.
WRONG_FRAMES = {
    "nothing": b"",
    "an unknown sync step": lib0.var(lib0.SYNC) + lib0.var(9) + lib0.var_bytes(b""),
    "a length beyond the end": lib0.var(lib0.SYNC) + lib0.var(2) + lib0.var(1_000_000) + b"x",
    "a number without an end": b"\x00\x02" + b"\xff" * 12,
}
WRONG_PAYLOADS = {
    "a payload that is no update": lib0.sync_frame(2, b"\x07garbage"),
    "a header that claims 4e9 clients": lib0.sync_frame(2, lib0.var(4_000_000_000)),
    "a state vector that claims 4e9 clients": lib0.sync_frame(0, lib0.var(4_000_000_000)),
    "an empty string content": lib0.sync_frame(2, bytes.fromhex("010207010400090500000000")),
    "content nested 60,000 deep": lib0.sync_frame(
        2, b"\x01\x01\x07\x00\x08\x01\x01a\x01" + b"\x75\x01" * 60_000 + b"\x7e" + b"\x00"
    ),
}


@pytest.fixture
async def document(api: Api) -> str:
    return await api.document(await api.workspace())


@pytest.fixture
async def honest(api: Api, document: str) -> AsyncIterator[RawPeer]:
    """A peer that must go on, with everything it writes acknowledged."""
    async with RawPeer(api.server.sockets, document, api.token) as honest:
        await honest.until_synced()
        await honest.write("⟦honest:0⟧")
        yield honest
        await honest.write("⟦honest:1⟧")
        await honest.until_acknowledged()
        assert honest.close is None


def update_of(client_id: int, words: str) -> bytes:
    doc: Doc[Text] = Doc(client_id=client_id)
    doc.get("text", type=Text).insert(0, words)
    return doc.get_update()


@both_protocols
@pytest.mark.parametrize("what", WRONG_FRAMES)
async def test_a_wrong_frame_ends_its_own_socket_only(
    protocol: Protocol, what: str, api: Api, document: str, honest: RawPeer
) -> None:
    async with RawPeer(api.server.sockets, document, api.token, protocol=protocol) as hostile:
        await hostile.until_synced()
        await hostile.say(WRONG_FRAMES[what])
        assert await hostile.until_turned_away() == 4400


@both_protocols
@pytest.mark.parametrize("what", WRONG_PAYLOADS)
async def test_a_payload_that_no_document_could_take_turns_its_sender_away(
    protocol: Protocol, what: str, api: Api, document: str, honest: RawPeer
) -> None:
    async with RawPeer(api.server.sockets, document, api.token, protocol=protocol) as hostile:
        await hostile.until_synced()
        await hostile.say(WRONG_PAYLOADS[what])
        # A Hocuspocus socket carries other documents, too: only this one is denied.
        assert await hostile.until_turned_away() in ({None} if protocol == "hocuspocus" else {4400, 4422})
    assert await api.server.readiness() == 200


@both_protocols
async def test_a_message_of_an_unknown_type_is_passed_over(
    protocol: Protocol, api: Api, document: str, honest: RawPeer
) -> None:
    async with RawPeer(api.server.sockets, document, api.token, protocol=protocol) as peer:
        await peer.until_synced()
        await peer.say(lib0.var(99) + b"anything")
        await honest.write("⟦honest: later⟧")

        async def heard() -> bool:
            return "⟦honest: later⟧" in str(peer.text)

        await until(heard, "the next update")
        assert peer.close is None


@both_protocols
async def test_a_text_frame_is_a_wrong_frame(protocol: Protocol, api: Api, document: str, honest: RawPeer) -> None:
    async with RawPeer(api.server.sockets, document, api.token, protocol=protocol) as hostile:
        await hostile.until_synced()
        await hostile.send("hello")
        assert (await hostile.until_closed())[0] in {1003, 4400}


@both_protocols
async def test_known_clocks_with_other_content_are_refused(
    protocol: Protocol, api: Api, document: str, honest: RawPeer
) -> None:
    async with RawPeer(api.server.sockets, document, api.token, protocol=protocol) as first:
        await first.until_synced()
        await first.say(lib0.sync_frame(2, update_of(777, "⟦first⟧")))

        async def heard() -> bool:
            return "⟦first⟧" in str(honest.text)

        await until(heard, "the first content")
        await first.say(lib0.sync_frame(2, update_of(777, "⟦other⟧")))
        assert await first.until_turned_away() in {4422, None}
    assert "⟦other⟧" not in str(honest.text)


@both_protocols
async def test_a_gap_is_held_and_filled_and_never_closes_the_socket(
    protocol: Protocol, api: Api, document: str, honest: RawPeer
) -> None:
    doc: Doc[Text] = Doc(client_id=778)
    text = doc.get("text", type=Text)
    text.insert(0, "⟦one⟧")
    first, known = doc.get_update(), doc.get_state()
    text.insert(len(str(text).encode()), "⟦two⟧")
    second = doc.get_update(known)
    async with RawPeer(api.server.sockets, document, api.token, protocol=protocol) as peer:
        await peer.until_synced()
        await peer.say(lib0.sync_frame(2, second))
        await peer.say(lib0.sync_frame(2, first))

        async def heard() -> bool:
            return "⟦one⟧⟦two⟧" in str(honest.text)

        await until(heard, "both parts")
        assert peer.close is None
