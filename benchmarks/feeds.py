"""Servers of events, and how they are measured: one publisher, many subscribers, every event for all of them."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.request import Request, urlopen

from benchmarks import generator
from benchmarks.generator import Result
from benchmarks.measures import Conditions, Measure
from benchmarks.servers import Place, Running, Server, place_for, running

__all__ = ["FEEDS", "fan_out", "from_rest"]

EVENT = "{event}"
REST_BYTES = 800
POSTERS, IN_FLIGHT = 4, 4
"""Requests at a time: enough that the server does not wait for the next one."""


@dataclass(frozen=True, slots=True)
class Feed:
    """How events are subscribed to, published and posted.

    room        makes a new room on a running server
    greeting    what a subscriber says and awaits, for a room: the generator's options
    message     an event as a message of a publisher
    lines       publishers write lines to a port of their own; the first one names the room
    post        the path and the body of a request that makes an event; {event} is its title. None: there is none
    """

    room: Callable[[Running], str]
    greeting: Callable[[str], Sequence[str]] = lambda room: ()
    message: Callable[[str], str] = lambda room: EVENT
    lines: bool = False
    post: Callable[[str], tuple[str, str]] | None = None


def fan_out(subscribers: int, *how: str) -> Measure:
    """One publisher of events of 100 bytes; `how` are the generator's options."""

    def measure(server: Server, conditions: Conditions) -> Result:
        return _measured(server, conditions, ["--readers", str(subscribers), "--writers", "1", *how], post=False)

    return measure


def from_rest(subscribers: int) -> Measure:
    """Requests, a few at a time, each of which makes an event, until the last subscriber has it."""
    shape = ["--readers", str(subscribers), "--writers", str(POSTERS), "--window", str(IN_FLIGHT)]

    def measure(server: Server, conditions: Conditions) -> Result:
        return _measured(server, conditions, shape, post=True)

    return measure


def _measured(server: Server, conditions: Conditions, shape: Sequence[str], *, post: bool) -> Result:
    feed = FEEDS[server.name]
    first = conditions.first
    with (
        place_for(server, first=first) as place,
        running(server, place, conditions.environment, first=first) as target,
    ):
        room = feed.room(target)
        arguments = [*shape, *feed.greeting(room), "--warmup", "0.7", "--seconds", str(conditions.seconds)]
        if post:
            assert feed.post is not None, "it takes no requests"
            path, body = feed.post(room)
            arguments += ["--post", path, "--publish", body]
        elif feed.lines:
            arguments += ["--writer-port", str(_publishers(place)), "--head", f"workspace:{room}"]
        else:
            arguments += ["--publish", feed.message(room)]
        return generator.run(target, "events", arguments, room=room, first=first)


def _workspace(target: Running) -> str:
    """A new one, by its id: the server is open, so whoever asks may."""
    request = Request(
        f"http://127.0.0.1:{target.port}/collaboration/workspaces",
        json.dumps({"name": "Bench", "type": "data_analysis"}).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["data"]["id"])


def _any_room(_: Running) -> str:
    return generator.new_room()


def _subscribe(room: str) -> Sequence[str]:
    """Centrifugo's protocol."""
    channel = json.dumps({"id": 2, "subscribe": {"channel": f"workspace:{room}"}})
    return "--say", '{"id":1,"connect":{}}', "--await", '{"id":1,', "--say", channel, "--await", '{"id":2,'


def _join(room: str) -> Sequence[str]:
    """Engine.IO 4 and Socket.IO 5."""
    join = "42" + json.dumps(["join", room])
    return "--await", "0{", "--say", "40", "--await", "40{", "--say", join, "--await", '42["joined"'


def _document(room: str) -> tuple[str, str]:
    return f"/collaboration/workspaces/{room}/documents", json.dumps({"title": EVENT, "type": "report"})


def _relayed(room: str) -> tuple[str, str]:
    """As long as the event that Counterpoint makes of a document."""
    return f"/publish/{room}", json.dumps({"title": EVENT, "rest": "x" * REST_BYTES})


def _publishers(place: Place) -> int:
    """The port for publishers' lines, which the node writes when it listens there."""
    told = place.folder / "publishers"
    for _ in range(100):
        if told.exists() and (port := told.read_text()):
            return int(port)
        time.sleep(0.05)
    raise RuntimeError("the node does not listen to publishers")


FEEDS: Mapping[str, Feed] = {
    "counterpoint, a node's feed": Feed(room=_workspace, greeting=_subscribe, lines=True),
    "counterpoint, from REST": Feed(room=_workspace, greeting=_subscribe, post=_document),
    "ws": Feed(room=_any_room, post=_relayed),
    "socket.io": Feed(
        room=_any_room,
        greeting=_join,
        message=lambda room: f'42["publish",{json.dumps(room)},{EVENT}]',
        post=_relayed,
    ),
    "C loop, events": Feed(room=_any_room),
}
