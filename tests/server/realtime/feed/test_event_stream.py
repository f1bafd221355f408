"""Server-sent events as text, and ids that say where a client is in all of its channels."""

from hypothesis import given
from hypothesis import strategies as st

from persistence.events import StreamPosition
from server.realtime.feed.event_stream import LONGEST_ID, EventStreamVoice, event, identified, position_id, positions_of
from server.realtime.feed.publication import Publication

NAMES = ("incidents", "workspace:w", "user:ada")
EPOCHS = st.text("0123456789abcdefXYZ_-", min_size=1, max_size=32)
POSITIONS = st.builds(StreamPosition, EPOCHS, st.integers(0, (1 << 63) - 1))


@given(st.dictionaries(st.sampled_from(NAMES), POSITIONS))
def test_an_id_says_where_each_channel_is(positions: dict[str, StreamPosition]) -> None:
    assert positions_of(position_id(NAMES, positions), NAMES) == positions


@given(st.text() | st.text("abcXYZ019_-=", max_size=60))
def test_any_text_is_an_id_or_stands_for_nothing(text: str) -> None:
    found = positions_of(text, NAMES)
    assert set(found) <= set(NAMES)
    assert all(0 <= each.offset < 1 << 63 for each in found.values())


def test_an_id_for_other_channels_or_a_very_long_one_stands_for_nothing() -> None:
    id_ = position_id(NAMES, {"incidents": StreamPosition("e", 1)})
    assert positions_of(id_, NAMES[:2]) == {}
    assert positions_of("A" * (LONGEST_ID + 1), NAMES) == {}


def test_the_longest_id_of_as_many_channels_as_may_be_is_read_again() -> None:
    names = [f"workspace:{number}" for number in range(32)]
    positions = {name: StreamPosition("e" * 32, (1 << 63) - 1) for name in names}
    id_ = position_id(names, positions)
    assert len(id_) <= LONGEST_ID
    assert positions_of(id_, names) == positions


def test_an_event_has_its_type_its_id_and_its_envelope() -> None:
    publication = Publication(
        organisation="o", stream="incidents", epoch="e", offset=7, id_="1", type_="x.v1", body='{"data": "ä"}'
    )
    piece = identified("abc", publication.frame(EventStreamVoice()))
    assert piece.payload.decode() == 'id: abc\nevent: x.v1\ndata: {"data": "ä"}\n\n'
    assert piece.wire == piece.payload, "nothing of WebSocket stands before it"


def test_a_line_feed_in_the_data_ends_no_event() -> None:
    publication = Publication(
        organisation="o", stream="incidents", epoch="e", offset=7, id_="1", type_="x", body="{\r\n\r\nid: 9\r}"
    )
    text = publication.frame(EventStreamVoice()).payload.decode()
    assert text == "event: x\ndata: {\ndata: \ndata: id: 9}\n\n"


def test_an_event_of_the_streams_own_may_say_when_to_come_back() -> None:
    assert (
        event("bye", {"code": "busy"}, retry_ms=15000).payload == b'retry: 15000\nevent: bye\ndata: {"code":"busy"}\n\n'
    )
