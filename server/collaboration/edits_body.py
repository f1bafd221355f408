"""The bodies of PUT and PATCH on a document's content: read by their media type, and checked."""

import json
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from server.collaboration.content import Content, content_of_value
from server.collaboration.edits_model import ContentPatch, ContentReplacement
from server.errors import FieldIssue, Invalid, InvalidJson, TooLarge, UnsupportedMediaType

__all__ = ["JSON", "JSON_PATCH", "MARKDOWN", "TEXT", "read_patch", "read_replacement"]

JSON, JSON_PATCH = "application/json", "application/json-patch+json"
TEXT, MARKDOWN = "text/plain", "text/markdown"
TAGS = frozenset({"splice", "add", "remove", "replace", "move", "copy", "test"})
SHOWN = 100

Model = TypeVar("Model", bound=BaseModel)


async def read_replacement(request: Request, limit: int) -> tuple[Content, int | None]:
    """The wanted content, and the version it was made from. Raises Invalid, TooLarge, UnsupportedMediaType."""
    kind = _media_type(request, (JSON, TEXT, MARKDOWN))
    body = await _body(request, limit)
    if kind != JSON:
        return Content(_text(body), "markdown" if kind == MARKDOWN else "text"), None
    said = _json(body)
    if isinstance(said, dict) and "content_format" not in said and (said.get("type") == "doc" or "roots" in said):
        return Content(said, "json"), None
    wanted = _checked(ContentReplacement, said)
    return content_of_value(wanted.content, wanted.content_format), wanted.base


async def read_patch(request: Request, limit: int) -> ContentPatch:
    """The operations. Raises Invalid, TooLarge, UnsupportedMediaType."""
    _media_type(request, (JSON, JSON_PATCH))
    said = _json(await _body(request, limit))
    return _checked(ContentPatch, {"operations": said} if isinstance(said, list) else said)


def _media_type(request: Request, taken: Sequence[str]) -> str:
    kind, _, parameters = request.headers.get("content-type", JSON).partition(";")
    kind = kind.strip().lower()
    charset = re.search(r"charset=\"?([^\s;\"]+)", parameters, re.IGNORECASE)
    if kind not in taken or (charset and charset[1].lower() not in {"utf-8", "utf8"}):
        issue = FieldIssue("Content-Type", f"must be one of {', '.join(taken)}, in UTF-8", kind[:SHOWN])
        raise UnsupportedMediaType(details=[issue])
    return kind


async def _body(request: Request, limit: int) -> bytes:
    body = await request.body()
    if len(body) > limit:
        raise TooLarge(details=[FieldIssue("body", f"must have at most {limit} bytes", len(body))])
    return body


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(details=[FieldIssue("body", f"is not UTF-8 at byte {error.start}")]) from None


def _json(body: bytes) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON number")

    try:
        return json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise InvalidJson(details=[FieldIssue("body", str(error)[:SHOWN])]) from None


def _checked(model: type[Model], said: Any) -> Model:
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise Invalid(details=[_issue(each["loc"], each["msg"]) for each in error.errors()[:10]]) from None


def _issue(place: Sequence[int | str], issue: str) -> FieldIssue:
    """`operations[3].index`, as the workers name it."""
    field = ""
    for part in place:
        if isinstance(part, int):
            field += f"[{part}]"
        elif not (part in TAGS and field.endswith("]")):
            field += f".{part}" if field else part
    return FieldIssue(field or "body", issue)
