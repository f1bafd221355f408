"""Events as CloudEvents 1.0 in JSON: the one form in which they are stored and sent."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from persistence.events import StoredEvent
from server.events.catalogue import EVENT_OF_TYPE, KINDS, row_of
from server.events.model import Actor, Event

__all__ = ["MAX_BODY_BYTES", "Heard", "body_without_offset", "hear", "summary_in", "summary_of", "with_offset"]

MAX_BODY_BYTES = 64 * 1024
"""What receivers of CloudEvents must be able to take (CloudEvents 1.0, "Size limits")."""
ROOM_BYTES = 2 * 1024
"""For all that is not `data`: ids and names, which are bounded."""
SHORTEST_CUT = 64

Json = dict[str, Any]


def body_without_offset(event: Event, actor: Actor, id_: str, time: datetime) -> str:
    """The envelope but for its end, to which `with_offset` adds the one thing that only the store knows."""
    envelope: Json = {
        "specversion": "1.0",
        "id": id_,
        "source": event.origin,
        "type": row_of(event).type,
        "subject": event.subject,
        "time": time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "actor": f"user/{actor.id}" if actor.id is not None else actor.kind,
        "actorkind": actor.kind,
        "actorname": actor.name,
    }
    kind, _, id_of_stream = event.stream.partition(":")
    if kind == "workspace":
        envelope["workspace"] = id_of_stream
    envelope["data"] = _fitting(event.model_dump(mode="json"))
    return _json(envelope)[:-1]


def with_offset(body: str, offset: int) -> str:
    """The sequence is a string: an Integer of CloudEvents has only 32 bits."""
    return f'{body},"sequence":"{offset}"}}'


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as it was read back. `event`: None for a kind that only a later version of the program knows."""

    organisation_id: str
    stream: str
    offset: int
    id: str
    type: str
    time: datetime
    actor: Actor
    event: Event | None


def hear(stored: StoredEvent) -> Heard:
    """The typed event of a row."""
    envelope: Json = json.loads(stored.body)
    actor = Actor(stored.organisation_id, envelope["actorkind"], stored.actor_id, envelope["actorname"])
    event = _event_in(stored.type, envelope)
    return Heard(
        stored.organisation_id, stored.stream, stored.offset, stored.id, stored.type, stored.time, actor, event
    )


def summary_of(heard: Heard) -> str:
    """One line of plain text for people; of a kind that is not known here, its type."""
    return _summary(heard.type, heard.actor.name, heard.event)


def summary_in(envelope: Json) -> str:
    """The same of an envelope that was read from its JSON."""
    return _summary(envelope["type"], envelope["actorname"], _event_in(envelope["type"], envelope))


def _summary(type_: str, actor: str, event: Event | None) -> str:
    return type_ if event is None else KINDS[type(event)].summary.format(actor=actor, event=event)


def _event_in(type_: str, envelope: Json) -> Event | None:
    kind = EVENT_OF_TYPE.get(type_)
    try:
        return kind.model_validate(envelope["data"]) if kind is not None else None
    except ValidationError:  # what was cut to fit has lost its kind's shape
        return None


# Private: the size.


def _fitting(data: Json) -> Json:
    """The data itself, or with its longest texts cut until it fits, and their names in `cut`.

    What has happened is never refused for its size: the rows have everything, the event says where it does not.
    """
    if _size(data) <= MAX_BODY_BYTES - ROOM_BYTES:
        return data
    cut: list[str] = []
    while _size(data | {"cut": cut}) > MAX_BODY_BYTES - ROOM_BYTES:
        longest = max(_texts(data, ""), key=lambda each: len(each[1][each[2]]), default=None)
        if longest is None or len(longest[1][longest[2]]) <= SHORTEST_CUT:
            return {name: value for name, value in data.items() if isinstance(value, str)} | {"cut": ["*"]}
        path, holder, key = longest
        holder[key] = holder[key][: len(holder[key]) // 2]
        cut += [path] if path not in cut else []
    return data | {"cut": cut}


def _texts(value: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Every text in it: its path, what holds it, and under which key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        here = f"{path}.{key}" if path else str(key)
        if isinstance(inner, str):
            yield here, value, key
        else:
            yield from _texts(inner, here)


def _size(data: Json) -> int:
    return len(_json(data).encode())


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
