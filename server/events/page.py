"""What is made from the catalogue, so that it cannot be out of date: the reference, and the lines of the web app."""

import json
from typing import Any

from server.events.catalogue import FLEETING, KINDS, STREAM_PERMISSIONS, Row, StreamKind
from server.events.envelope import MAX_BODY_BYTES
from server.events.model import Event

__all__ = ["events_page", "events_schema", "events_summaries"]

Json = dict[str, Any]

HEAD = """# Events

<!-- Made by `counterpoint doctor --events-page`; change server/events, not this page. -->

An event is written in the transaction of the change that it tells of: there is no change without its event, and no
event without its change. It stands in one stream, at an `offset` that counts from 1 without a gap.

Every event is a [CloudEvent](https://github.com/cloudevents/spec) 1.0 in JSON:

```json
{{"specversion": "1.0", "id": "019aaf...", "source": "/workspaces/3f2a...", "type": "counterpoint.document.renamed.v1",
 "subject": "document/77c1...", "time": "2026-11-23T06:40:00.123Z", "datacontenttype": "application/json",
 "workspace": "3f2a...", "actor": "user/9d0e...", "actorkind": "person", "actorname": "Ada",
 "data": {{"document_id": "77c1...", "title": "Plan B", "former_title": "Plan"}}, "sequence": "42"}}
```

| Attribute | Meaning |
|---|---|
| `id` | sorts by time; `source` and `id` together tell a duplicate |
| `subject` | what it is about |
| `actor`, `actorkind`, `actorname` | who has done it, of which kind (below), and the name that he had at the moment |
| `workspace` | where the stream is that of a workspace |
| `sequence` | the offset in the stream, as a string |
| `data` | the fields below; [events.schema.json](events.schema.json) has them as JSON Schema |

A change is done by a `person`, by a program with somebody's personal `token`, by a `step` of a workflow, by the
`sampler`, or by the `system`.

An event has at most {kib} KiB. A text that is too long for that is cut, and `data.cut` names it; the row that it tells
of has all of it. With `"cut": ["*"]` the data did not fit at all. New fields may come at any time; a change that would
mislead an older reader gets a new number at the end of the type.

## Channels

A channel is a stream of the caller's own organisation.

| Channel | Permission |
|---|---|
"""
OF_ONE = {"workspace": "`workspace:{id}`", "user": "`user:{id}`", "metrics": "`metrics:{id}`, `metrics`"}
BESIDES = {
    "workspace": "; to be a member of the workspace",
    "user": "; only one's own",
    "metrics": "; without an id it hears all",
}


def events_page() -> str:
    """The whole page as Markdown."""
    channels = [
        f"| {OF_ONE.get(kind, f'`{kind}`')} | `{permission}`{BESIDES.get(kind, '')} |"
        for kind, permission in STREAM_PERMISSIONS.items()
    ]
    kinds: list[StreamKind] = [kind for kind in STREAM_PERMISSIONS if any(_of(kind))]
    parts = [_part(kind) for kind in kinds]
    return HEAD.format(kib=MAX_BODY_BYTES // 1024) + "\n".join(channels) + "\n\n" + "\n".join(parts)


def events_schema() -> str:
    """JSON Schema of the data of each event, by the event's type."""
    schemas = {row.type: kind.model_json_schema(mode="serialization") for kind, row in KINDS.items()}
    return json.dumps(schemas, indent=1, sort_keys=True) + "\n"


def events_summaries() -> str:
    """The lines of the activity of a workspace, by type: the web app fills them from an event as the server does."""
    lines = {row.type: row.summary for _, row in _of("workspace")}
    return json.dumps(lines, indent=2, sort_keys=True) + "\n"


def _of(stream: StreamKind) -> list[tuple[type[Event], Row]]:
    return [(kind, row) for kind, row in KINDS.items() if row.stream == stream]


def _part(stream: StreamKind) -> str:
    sections = [_section(kind, row) for kind, row in _of(stream)]
    return f"## In {OF_ONE.get(stream, f'`{stream}`')}\n\n" + "\n".join(sections)


def _section(kind: type[Event], row: Row) -> str:
    narrower = f" Seen from the role `{row.role}` in the workspace on." if row.role != "viewer" else ""
    if kind in FLEETING:
        narrower += " It is told to those who listen and not kept: no offset, no sequence, and nobody is told it later."
    if row.permission != STREAM_PERMISSIONS[row.stream]:
        narrower += f" Seen only with the permission `{row.permission}`."
    fields = "\n".join(f"| `{name}` | {said} |" for name, said in _fields(kind))
    return (
        f"### `{row.type}`\n\n{_one_line(kind.__doc__)}{narrower} In `/ws/data-sources` it is `{row.feed_type}`.\n\n"
        f"| Field of `data` | Type |\n|---|---|\n{fields}\n"
    )


def _fields(kind: type[Event]) -> list[tuple[str, str]]:
    """Every field; those of an inner object behind a dot."""
    schema = kind.model_json_schema(mode="serialization")
    return list(_named(schema, schema.get("$defs", {}), ""))


def _named(schema: Json, inner: Json, before: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, field in schema.get("properties", {}).items():
        reference = str(field.get("$ref", "")).rpartition("/")[2]
        if reference:
            found += _named(inner[reference], inner, f"{before}{name}.")
        else:
            found.append((before + name, _type_of(field, inner)))
    return found


def _type_of(field: Json, inner: Json) -> str:
    if "anyOf" in field:
        return " or ".join(_type_of(each, inner) for each in field["anyOf"])
    if "$ref" in field:
        return f"object ({', '.join(inner[field['$ref'].rpartition('/')[2]].get('properties', {}))})"
    if field.get("type") == "array":
        return f"list of {_type_of(field.get('items', {}), inner)}"
    if "enum" in field:
        return " or ".join(f"`{each}`" for each in field["enum"])
    return "time" if field.get("format") == "date-time" else str(field.get("type", "any"))


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
