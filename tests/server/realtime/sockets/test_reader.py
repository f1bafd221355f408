"""The reader of frames agrees with the websockets library, whatever comes and however it is cut."""

import itertools
import struct
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from server.realtime.frames import BINARY, header
from server.realtime.sockets.reader import MOST_CONTROLS, MOST_FRAMES, Answer, Ended, Event, FrameReader

MAX_SIZE = 1000
MASK = b"\x01\x20\x03\x40"


def frame(first: int, payload: bytes, *, width: int = 0, masked: bool = True, claims: int | None = None) -> bytes:
    """A frame with any header: `width` bytes for the length even if it needs fewer, `claims` another length."""
    size = len(payload) if claims is None else claims
    width = width or (0 if size < 126 else 2 if size < 65536 else 8)
    bit = 0x80 if masked else 0
    short = {0: min(size, 125), 2: 126, 8: 127}[width]
    length = b"" if width == 0 else struct.pack("!H", min(size, 65535)) if width == 2 else struct.pack("!Q", size)
    mask = MASK if masked else b""
    body = bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload)) if masked else payload
    return bytes((first, bit | short)) + length + mask + body


def ours(chunks: Iterable[bytes]) -> list[Event]:
    reader = FrameReader(MAX_SIZE)
    return [event for chunk in chunks for event in reader.read(chunk)]


def the_library_s(data: bytes) -> list[Event]:
    """The same events from the library alone, as uvicorn puts its frames together, fed byte by byte."""
    library = ServerProtocol(state=OPEN, max_size=MAX_SIZE)
    events: list[Event] = []
    message, is_text = b"", False
    for byte in data:
        library.receive_data(bytes([byte]))
        for each in library.events_received():
            opcode, part, fin = each.opcode, bytes(each.data), each.fin  # type: ignore[union-attr]
            if opcode is Opcode.CLOSE:
                return [*events, _ended(library, by_peer=True)]
            if opcode is Opcode.PING:
                events.append(Answer(b"".join(library.data_to_send())))
            elif opcode is not Opcode.PONG:
                if opcode is not Opcode.CONT:
                    message, is_text = b"", opcode is Opcode.TEXT
                message += part
                if fin:
                    try:
                        events.append(message.decode() if is_text else message)
                    except UnicodeDecodeError as error:
                        library.fail(1007, f"{error.reason} at position {error.start}")
                        return [*events, _ended(library, by_peer=False)]
        if library.parser_exc is not None:
            return [*events, _ended(library, by_peer=False)]
    return events


def _ended(library: ServerProtocol, *, by_peer: bool) -> Ended:
    assert library.close_sent is not None
    why = library.close_sent
    return Ended(int(why.code), why.reason, b"".join(library.data_to_send()), by_peer)


def cut(data: bytes, at: Iterable[int]) -> list[bytes]:
    places = [0, *sorted({place % (len(data) + 1) for place in at}), len(data)]
    return [data[start:stop] for start, stop in itertools.pairwise(places)]


payloads = st.one_of(
    st.binary(max_size=140),
    st.text(max_size=30).map(str.encode),
    st.integers(0, 1100).map(lambda size: b"x" * size),
    st.sampled_from([b"", b"\x03\xe8", b"\x03\xe8bye", b"\x03\xed", b"\x0f\xa0", b"\xff", b"\xe4\xb8"]),
)
ordinary = st.builds(frame, st.sampled_from([0x82, 0x82, 0x82, 0x89, 0x8A]), payloads)
any_first = st.one_of(st.sampled_from([0x00, 0x80, 0x01, 0x81, 0x02, 0x82, 0x88, 0x89, 0x8A]), st.integers(0, 255))
odd = st.builds(
    frame,
    any_first,
    payloads,
    width=st.sampled_from([0, 0, 2, 8]),
    masked=st.sampled_from([True, True, True, False]),
    claims=st.one_of(st.none(), st.none(), st.integers(0, 1 << 63)),
)
streams = st.lists(st.one_of(ordinary, ordinary, odd), max_size=12).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(streams, st.lists(st.integers(0, 1 << 20), max_size=8))
def test_it_answers_what_the_library_answers_however_the_stream_is_cut(data: bytes, at: list[int]) -> None:
    assert ours(cut(data, at)) == the_library_s(data)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=6))
def test_noise_is_read_as_the_library_reads_it(data: bytes, at: list[int]) -> None:
    assert ours(cut(data, at)) == the_library_s(data)


def test_it_agrees_byte_by_byte_on_fragments_with_pings_between() -> None:
    data = frame(0x02, b"a") + frame(0x89, b"?") + frame(0x00, b"b" * 200) + frame(0x80, b"c") + frame(0x82, b"d")
    assert ours(bytes([byte]) for byte in data) == the_library_s(data)
    assert ours([data])[-2:] == [b"a" + b"b" * 200 + b"c", b"d"]


def test_after_the_end_it_answers_nothing() -> None:
    reader = FrameReader(MAX_SIZE)
    assert isinstance(reader.read(frame(0x88, b"\x03\xe8"))[0], Ended)
    assert reader.read(frame(0x82, b"x")) == []


def test_it_keeps_no_parser_for_a_connection_between_messages() -> None:
    reader = FrameReader(MAX_SIZE)
    reader.read(frame(0x02, b"a"))
    assert reader._library is not None
    reader.read(frame(0x80, b"b") + frame(0x81, b"text"))
    assert reader._library is None


@given(st.integers(0, 1 << 62))
def test_a_header_is_the_library_s(size: int) -> None:
    library = struct.pack("!BB", BINARY, size) if size < 126 else None
    if library is None:
        library = struct.pack("!BBH", BINARY, 126, size) if size < 65536 else struct.pack("!BBQ", BINARY, 127, size)
    assert header(BINARY, size) == library


def test_a_message_in_pieces_of_one_byte_is_refused_before_it_costs_much() -> None:
    reader = FrameReader(MAX_SIZE)
    assert reader.read(frame(0x02, b"x")) == []
    pieces = frame(0x00, b"") * (MOST_FRAMES - 1)
    assert reader.read(pieces) == []
    (ended,) = reader.read(frame(0x00, b""))
    assert isinstance(ended, Ended)
    assert (ended.code, ended.by_peer) == (1008, False)
    assert reader.read(pieces) == []


def test_pings_between_the_pieces_count_too_and_the_next_message_begins_anew() -> None:
    reader = FrameReader(MAX_SIZE)
    for _ in range(3):
        assert reader.read(frame(0x02, b"x")) == []
        answers = reader.read(frame(0x89, b"") * (MOST_FRAMES - 2))
        assert len(answers) == MOST_FRAMES - 2
        assert reader.read(frame(0x80, b"y")) == [b"xy"]


def test_pings_and_pongs_without_end_are_a_breach() -> None:
    for opcode in (0x89, 0x8A):
        reader = FrameReader(MAX_SIZE)
        control = frame(opcode, b"")
        assert not any(isinstance(event, Ended) for event in reader.read(control * MOST_CONTROLS))
        assert not any(isinstance(event, Ended) for event in reader.read(control * MOST_CONTROLS))
        last = reader.read(control * (MOST_CONTROLS * 40) + frame(BINARY, b"never read"))[-1]
        assert isinstance(last, Ended)
        assert (last.code, last.by_peer) == (1008, False)


def test_a_lower_limit_holds_for_the_message_that_has_begun_and_a_higher_one_for_the_next() -> None:
    reader, long = FrameReader(MAX_SIZE), frame(BINARY, bytes(MAX_SIZE))
    assert reader.read(long[:200]) == []
    reader.limit(100)
    (ended,) = reader.read(long[200:300])
    assert isinstance(ended, Ended)
    assert ended.code == 1009
    reader = FrameReader(100)
    reader.limit(MAX_SIZE)
    assert reader.read(long) == [bytes(MAX_SIZE)]


def test_text_in_one_frame_needs_no_parser_and_text_that_is_not_utf_8_ends_the_stream() -> None:
    reader = FrameReader(MAX_SIZE)
    assert reader.read(frame(0x81, "wörd 🙂".encode()) + frame(0x81, b"x" * 200)) == ["wörd 🙂", "x" * 200]
    assert reader._library is None
    (ended,) = reader.read(frame(0x81, b"\xff"))
    assert isinstance(ended, Ended)
    assert ended.code == 1007
