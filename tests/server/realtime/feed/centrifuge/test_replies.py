"""What clients of Centrifugo's protocol are told, and that many are told by one frame."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from persistence.events import StreamPosition
from server.realtime.feed.centrifuge.codes import DENIED, INSUFFICIENT, INTERNAL
from server.realtime.feed.centrifuge.replies import CentrifugeVoice, answered, failed, subscribed, unsubscribed
from server.realtime.feed.hub import Subscription
from server.realtime.feed.publication import Publication
from server.realtime.frames import TextFrame

KEY = ("org", "workspace:w1")


def publication(offset: int, data: Any = 1) -> Publication:
    body = json.dumps({"data": data}, ensure_ascii=False)
    return Publication(
        organisation="org", stream="workspace:w1", epoch="e", offset=offset, id_="id", type_="unknown", body=body
    )


def read(frame: TextFrame) -> Any:
    assert b"\n" not in frame.payload, "a line break separates objects"
    return json.loads(frame.payload)


@given(st.integers(1, 1 << 62), st.text(st.characters(exclude_categories=["Cs"])))
def test_an_event_is_one_push_whatever_is_in_it(offset: int, text: str) -> None:
    told = read(CentrifugeVoice().encode(publication(offset, text)))
    assert told == {"push": {"channel": "workspace:w1", "pub": {"offset": offset, "data": {"data": text}}}}


def test_everybody_gets_the_same_frame() -> None:
    one = publication(1)
    voice = CentrifugeVoice()
    assert one.frame(voice) is one.frame(voice)


def test_who_recovers_is_told_his_own_offset_and_what_came_behind_it() -> None:
    subscription = Subscription(KEY, "e", 43, recovered=True, publications=(publication(42), publication(43)))
    told = read(subscribed(2, subscription, StreamPosition("e", 41)))
    assert told["id"] == 2
    assert told["subscribe"] == {
        "recoverable": True,
        "positioned": True,
        "epoch": "e",
        "offset": 41,
        "was_recovering": True,
        "recovered": True,
        "publications": [{"offset": 42, "data": {"data": 1}}, {"offset": 43, "data": {"data": 1}}],
    }


def test_who_cannot_recover_is_told_so_and_where_the_stream_is() -> None:
    subscription = Subscription(KEY, "new", 7, recovered=False, publications=())
    told = read(subscribed(2, subscription, StreamPosition("old", 41)))["subscribe"]
    assert (told["recovered"], told["was_recovering"], told["epoch"], told["offset"]) == (False, True, "new", 7)
    assert told["publications"] == []
    first = read(subscribed(2, subscription, None))["subscribe"]
    assert (first["recovered"], first["was_recovering"], first["offset"]) == (False, False, 7)


def test_faults_say_whether_to_try_again() -> None:
    assert read(failed(3, DENIED)) == {"id": 3, "error": {"code": 103, "message": "permission denied"}}
    assert read(failed(3, INTERNAL))["error"]["temporary"] is True
    assert read(answered(4, "refresh", {"expires": False})) == {"id": 4, "refresh": {"expires": False}}


def test_the_end_of_a_subscription_is_a_push_with_its_code() -> None:
    told = read(unsubscribed("workspace:w1", INSUFFICIENT))
    assert told["push"] == {
        "channel": "workspace:w1",
        "unsubscribe": {"code": 2500, "reason": "insufficient state"},
    }
