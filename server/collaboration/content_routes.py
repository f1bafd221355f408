"""Reading and writing a document's content over HTTP, while people type in it."""

import json
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from server.collaboration.contents import Answer, ContentService, Shown, Unhurried
from server.collaboration.edits_body import JSON, JSON_PATCH, MARKDOWN, TEXT, read_patch, read_replacement
from server.collaboration.edits_model import (
    ContentEdited,
    ContentForm,
    ContentPatch,
    ContentReplacement,
    DocumentContent,
)
from server.http.conditions import chosen_type, expected_versions, is_known, version_tag
from server.http.idempotency import HEADER, IdempotentAnswers, Logged
from server.http.reply import Envelope
from server.identity.dependencies import Caller

__all__ = ["router"]

CONTENT = "/collaboration/documents/{document_id}/content"
FORMS: dict[str, ContentForm] = {JSON: "json", TEXT: "text", MARKDOWN: "markdown"}
TYPES = {form: media_type for media_type, form in FORMS.items()}

router = APIRouter(tags=["collaboration"])


def _contents(request: Request) -> ContentService:
    service: ContentService = request.app.state.house.collaboration.contents
    return service


def _answers(request: Request) -> IdempotentAnswers:
    answers: IdempotentAnswers = request.app.state.house.answers
    return answers


def _unhurried(request: Request) -> Unhurried:
    unhurried: Unhurried = request.app.state.house.collaboration.unhurried
    return unhurried


Contents = Annotated[ContentService, Depends(_contents)]
Answers = Annotated[IdempotentAnswers, Depends(_answers)]
Patience = Annotated[Unhurried, Depends(_unhurried)]
Format = Annotated[
    ContentForm | None, Query(description="The form of the answer; it counts more than the Accept header.")
]
IfMatch = Annotated[
    str | None, Header(description='Edit only if the document is at this version, such as "14"; 412 if it is not.')
]
Key = Annotated[str | None, Header(alias=HEADER, description="A repeated request with the same key is done once.")]


def _body_of(model: type[ContentPatch | ContentReplacement], *others: str, note: str) -> dict[str, Any]:
    """What FastAPI cannot tell of a body that is read by its media type."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions = schema.pop("$defs", {})
    content: dict[str, Any] = {JSON: {"schema": {**schema, "description": note}}}
    content |= {each: {"schema": {"type": "string"}} for each in others}
    return {"requestBody": {"required": True, "content": content}, "x-definitions": definitions}


@router.get(
    CONTENT,
    summary="A document's content as JSON, text or Markdown",
    response_model=Envelope[DocumentContent],
    responses={
        200: {
            "headers": {"ETag": {"description": "The version, and how it was read.", "schema": {"type": "string"}}},
            "content": {TEXT: {"schema": {"type": "string"}}, MARKDOWN: {"schema": {"type": "string"}}},
        },
        304: {"description": "You have this version already (If-None-Match)."},
    },
)
async def get_content(
    *,
    request: Request,
    caller: Caller,
    contents: Contents,
    document_id: str,
    format: Format = None,  # noqa: A002
) -> Response:
    """As the server read it last, a moment ago as a rule. `version` says which version that is, `state` how true it is;
    of text and Markdown the headers `Document-Version`, `Document-Latest-Version` and `Document-State` say the same."""
    form = format or FORMS[chosen_type(request.headers.get("accept"), tuple(FORMS))]
    shown = await contents.show(caller, document_id, form)
    headers = _headers(shown, form)
    if is_known(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(None, 304, headers)
    return Response(_said(shown, form), 200, headers, TYPES[form])


router.head(CONTENT, include_in_schema=False)(get_content)


@router.put(
    CONTENT,
    summary="Replace a document's content",
    response_model=Envelope[ContentEdited],
    openapi_extra=_body_of(ContentReplacement, TEXT, MARKDOWN, note="Or the text or Markdown itself."),
)
async def put_content(
    *,
    request: Request,
    caller: Caller,
    contents: Contents,
    answers: Answers,
    patience: Patience,
    document_id: str,
    if_match: IfMatch = None,
    idempotency_key: Key = None,
) -> Response:
    """Blocks and text that stay are left alone: cursors in them, and what others type there meanwhile, survive.
    The answer comes when the edit is committed."""
    await contents.check_may_edit(caller, document_id)
    content, base = await read_replacement(request, contents.max_content_bytes)
    only_at = expected_versions(if_match)

    async def make(logged: Logged) -> Envelope[ContentEdited]:
        edited = await contents.replace(
            caller, document_id, content, base=base, only_at=only_at, answer=_answer(logged)
        )
        return Envelope(data=edited)

    user = caller.user_id
    return _tagged(await patience.once(user, idempotency_key, lambda: answers.once_logged(request, user, 200, make)))


@router.patch(
    CONTENT,
    summary="Edit parts of a document's content",
    response_model=Envelope[ContentEdited],
    openapi_extra=_body_of(ContentPatch, JSON_PATCH, note="Or the list of operations alone, as RFC 6902 has it."),
)
async def patch_content(
    *,
    request: Request,
    caller: Caller,
    contents: Contents,
    answers: Answers,
    patience: Patience,
    document_id: str,
    if_match: IfMatch = None,
    idempotency_key: Key = None,
) -> Response:
    """JSON Patch (RFC 6902) and text splices, done in order as one update: all of them or, if one does not fit, none.
    The answer comes when the edit is committed."""
    await contents.check_may_edit(caller, document_id)
    wanted = await read_patch(request, contents.max_content_bytes)
    only_at = expected_versions(if_match)

    async def make(logged: Logged) -> Envelope[ContentEdited]:
        edited = await contents.change(caller, document_id, wanted, only_at=only_at, answer=_answer(logged))
        return Envelope(data=edited)

    user = caller.user_id
    return _tagged(await patience.once(user, idempotency_key, lambda: answers.once_logged(request, user, 200, make)))


def _answer(logged: Logged) -> Answer:
    """The answer of the route as it is kept with the edit."""
    return lambda told: logged(lambda version: Envelope(data=told(version)))


def _said(shown: Shown, form: ContentForm) -> str:
    if form != "json":
        return shown.said
    head = {
        "document_id": shown.document,
        "version": shown.version,
        "latest_version": shown.latest,
        "state": shown.state,
        "format": form,
    }
    # The content stands in the store as JSON, and is not read and written again.
    return f'{{"data":{json.dumps(head)[:-1]},"content":{shown.said}}},"next_cursor":null}}'


def _headers(shown: Shown, form: ContentForm) -> dict[str, str]:
    headers = {
        "ETag": version_tag(shown.version, form, shown.latest, shown.state, *shown.reading),
        "Vary": "Accept",
        "Document-Version": str(shown.version),
        "Document-Latest-Version": str(shown.latest),
        "Document-State": shown.state,
    }
    if shown.edited_at is not None:
        headers["Last-Modified"] = format_datetime(shown.edited_at, usegmt=True)
    return headers


def _tagged(response: Response) -> Response:
    version = json.loads(bytes(response.body))["data"]["version"]
    response.headers["ETag"] = version_tag(version)
    response.headers["Document-Version"] = str(version)
    return response
