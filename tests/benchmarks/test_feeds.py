"""What is told to servers of events before they are measured."""

import json

from benchmarks.contenders import SERVERS, named
from benchmarks.feeds import EVENT, FEEDS
from benchmarks.loads import FEEDS as MEASURED
from benchmarks.loads import POSTED


def test_every_server_of_events_is_told_how_to_be_one() -> None:
    assert {server.name for server in SERVERS if server.protocol == "text"} == set(FEEDS)
    assert {named(name).name for name in (*MEASURED, *POSTED)} == set(FEEDS)


def test_what_is_posted_is_json_with_a_place_for_the_event() -> None:
    for name in POSTED:
        post = FEEDS[name].post
        assert post is not None
        path, body = post("room")
        assert "room" in path
        assert EVENT in json.loads(body).values()


def test_a_greeting_is_steps_that_are_said_or_awaited() -> None:
    for feed in FEEDS.values():
        steps = list(feed.greeting("room"))
        assert set(steps[::2]) <= {"--say", "--await"}
        assert len(steps) % 2 == 0
        assert not steps or steps[-2] == "--await", "it is in when the server says so"
