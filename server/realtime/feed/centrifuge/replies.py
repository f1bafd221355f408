"""What clients are told: answers to their commands, and pushes. Each is one JSON object on one line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from persistence.events import StreamPosition
from server.realtime.feed.centrifuge.codes import Disconnect, Fault, Unsubscribed
from server.realtime.feed.hub import Subscription
from server.realtime.feed.presence import Person, PresenceChange
from server.realtime.feed.publication import FeedVoice, Publication
from server.realtime.frames import TextFrame

__all__ = [
    "PING",
    "CentrifugeVoice",
    "answered",
    "disconnected",
    "failed",
    "here",
    "how_many",
    "met",
    "subscribed",
    "unsubscribed",
]

PING = TextFrame("{}")


@dataclass(frozen=True, slots=True, eq=False)
class CentrifugeVoice:
    """The channel is the name of the stream, so one frame is for everybody who listens to it."""

    def encode(self, publication: Publication) -> TextFrame:
        channel, pub = json.dumps(publication.stream), _publication(publication)
        return TextFrame(f'{{"push":{{"channel":{channel},"pub":{pub}}}}}')


_keeps_the_promise: type[FeedVoice] = CentrifugeVoice


def answered(id_: int, method: str, result: dict[str, Any]) -> TextFrame:
    return TextFrame(_json({"id": id_, method: result}))


def failed(id_: int, fault: Fault) -> TextFrame:
    error: dict[str, Any] = {"code": fault.code, "message": fault.message}
    if fault.temporary:
        error["temporary"] = True
    return TextFrame(_json({"id": id_, "error": error}))


def subscribed(id_: int, subscription: Subscription, since: StreamPosition | None) -> TextFrame:
    """The offset is the client's own one when it recovers: each publication that is in the answer moves it on.

    A channel whose events are not kept says nothing of positions, so that no client asks to go on from one.
    """
    if not subscription.epoch:
        return answered(id_, "subscribe", {"was_recovering": since is not None, "recovered": False})
    recovers = subscription.recovered and since is not None
    head = {
        "recoverable": True,
        "positioned": True,
        "epoch": subscription.epoch,
        "offset": since.offset if recovers and since is not None else subscription.offset,
        "was_recovering": since is not None,
        "recovered": recovers,
    }
    publications = ",".join(map(_publication, subscription.publications if recovers else ()))
    return TextFrame(f'{{"id":{id_},"subscribe":{_json(head)[:-1]},"publications":[{publications}]}}}}')


def unsubscribed(channel: str, why: Unsubscribed) -> TextFrame:
    return TextFrame(_json({"push": {"channel": channel, "unsubscribe": {"code": why.code, "reason": why.reason}}}))


def disconnected(why: Disconnect) -> TextFrame:
    """What a WebSocket says by its close code, for transports that have none."""
    return TextFrame(_json({"push": {"disconnect": {"code": why.code, "reason": why.reason}}}))


def met(change: PresenceChange) -> TextFrame:
    """A push for each who came or went, all in one message."""
    channel = change.key[1]
    pushes = [{"channel": channel, "join": {"info": _info(each)}} for each in change.joined]
    pushes += [{"channel": channel, "leave": {"info": _info(each)}} for each in change.left]
    return TextFrame("\n".join(_json({"push": push}) for push in pushes))


def here(id_: int, people: Sequence[Person]) -> TextFrame:
    return answered(id_, "presence", {"presence": {each.client: _info(each) for each in people}})


def how_many(id_: int, people: Sequence[Person]) -> TextFrame:
    users = {each.user_id for each in people}
    return answered(id_, "presence_stats", {"num_clients": len(people), "num_users": len(users)})


def _info(person: Person) -> dict[str, Any]:
    return {"user": person.user_id, "client": person.client, "conn_info": {"name": person.name}}


def _publication(publication: Publication) -> str:
    place = f'"offset":{publication.offset},' if publication.is_kept else ""
    return f'{{{place}"data":{publication.body}}}'


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
