"""Messages of the sub-protocol data-governance-v1: events as its clients read them, and the feed about itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server.errors import Invalid
from server.events.envelope import summary_in
from server.events.uuid7 import uuid7
from server.realtime.feed.publication import FeedVoice, Publication
from server.realtime.frames import TextFrame

__all__ = ["SUBPROTOCOL", "WORDS", "DataSourcesVoice", "Said", "read", "status"]

SUBPROTOCOL = "data-governance-v1"
SOURCE = "counterpoint"
STATUS_PRIORITY = 1
WORDS = frozenset({"auth", "subscribe", "status_update"})
"""Types of messages that a client can send; others are passed over."""
# What clients of the protocol look for in `metadata`, and the field of an event that says it.
METADATA = (("dataSourceId", "data_source_id"), ("workflowId", "workflow_id"), ("documentId", "document_id"))

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class DataSourcesVoice:
    """One frame for everybody: what a message says does not depend on who hears it."""

    def encode(self, publication: Publication) -> TextFrame:
        return TextFrame(_json(_message_of(publication)))


_keeps_the_promise: type[FeedVoice] = DataSourcesVoice


@dataclass(frozen=True, slots=True)
class Said:
    """What a client has sent: the type of its message and the payload. All else that it sends is passed over."""

    type: str
    payload: Mapping[str, Any]


def read(text: str) -> Said:
    """Raises Invalid for what is no message."""
    try:
        message = json.loads(text)
    except ValueError as error:
        raise Invalid("a message is one JSON object") from error
    except RecursionError as error:
        raise Invalid("a message is nested too deeply") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise Invalid("a message is a JSON object with a type")
    payload = message.get("payload")
    return Said(message["type"], payload if isinstance(payload, dict) else {})


def status(now: datetime, payload: Json) -> TextFrame:
    """What the feed says of itself; `payload` has a `type` of its own."""
    return TextFrame(
        _json(
            {
                "id": uuid7(now),
                "type": "status_update",
                "source": SOURCE,
                "timestamp": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "payload": payload,
                "metadata": {"tags": [], "headers": {}},
                "priority": STATUS_PRIORITY,
            }
        )
    )


def _message_of(publication: Publication) -> Json:
    envelope: Json = json.loads(publication.body)
    data: Json = envelope["data"]
    row = publication.row
    return {
        "id": publication.id,
        "type": row.feed_type if row is not None else "notification",
        "source": envelope["source"],
        "target": envelope["subject"],
        "timestamp": envelope["time"],
        "payload": {"message": summary_in(envelope), **data},
        "metadata": _metadata(publication, envelope, data),
        "priority": row.priority if row is not None else STATUS_PRIORITY,
    }


def _metadata(publication: Publication, envelope: Json, data: Json) -> Json:
    """Always an object: clients look into it without asking. `headers` say where the event stands in its channel."""
    kind, _, user = envelope["actor"].partition("/")
    known = {name: data[field] for name, field in METADATA if data.get(field) is not None}
    if kind == "user":
        known["userId"] = user
    if "workspace" in envelope:
        known["workspaceId"] = envelope["workspace"]
    headers = {"channel": publication.stream, "event": publication.type}
    if publication.is_kept:
        headers |= {"epoch": publication.epoch, "offset": str(publication.offset)}
    return {**known, "tags": [], "headers": headers}


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
