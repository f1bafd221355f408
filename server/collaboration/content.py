"""What a new document is made from: text, Markdown or our editor's JSON, checked before any worker sees it."""

import json
from dataclasses import dataclass
from typing import Any

from server.collaboration.model import ContentFormat, NewDocument
from server.errors import FieldIssue, Invalid, TooLarge

__all__ = ["Content", "content_of", "content_of_value"]


@dataclass(frozen=True, slots=True)
class Content:
    """What `crdt.document.seed` takes."""

    value: str | dict[str, Any] | list[Any]
    format: ContentFormat


def content_of(new: NewDocument, limit: int) -> Content | None:
    """The content of a request, None when it is empty. Raises Invalid, or TooLarge above `limit` bytes as JSON."""
    value, given = new.content, new.content_format
    if value is None or value in ("", {}, []):
        return None
    _check_size(value, limit)
    return content_of_value(value, given)


def content_of_value(value: Any, given: ContentFormat | None) -> Content:
    """What a JSON value says it is, and what is given for it. Raises Invalid."""
    if isinstance(value, dict) and value.keys() == {"markdown"} and isinstance(value["markdown"], str):
        value, given = value["markdown"], given or "markdown"
    if isinstance(value, str) and given != "json":
        return Content(value, given or "text")
    if isinstance(value, dict | list) and given in {None, "json"}:
        return Content(value, "json")
    raise Invalid(details=[FieldIssue("content", 'must be text, {"markdown": "..."} or the JSON of the editor')])


def _check_size(value: Any, limit: int) -> None:
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, RecursionError):  # half of a surrogate pair, a number that JSON does not have, a spiral
        raise Invalid(details=[FieldIssue("content", "has characters or numbers that are not valid JSON")]) from None
    if size > limit:
        raise TooLarge(details=[FieldIssue("content", f"must have at most {limit} bytes", size)])
