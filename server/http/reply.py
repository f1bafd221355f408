"""How data and errors leave by HTTP: the envelope {data, next_cursor?} and the body {message, code, details}."""

import math
from typing import Any, Generic, TypeVar

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from server.errors import AppError, told

__all__ = ["Envelope", "ErrorBody", "ErrorDetail", "StreamPlace", "error_response"]

T = TypeVar("T")


class StreamPlace(BaseModel):
    """Where a channel's stream was before the answer was read: whoever follows it from there has missed nothing."""

    channel: str
    epoch: str
    offset: int


class Envelope(BaseModel, Generic[T]):
    """What was asked for; `next_cursor` asks for the next page and is null on the last one.

    stream      what is live in the answer: its changes are the events of this channel behind this place
    """

    data: T
    next_cursor: str | None = None
    stream: StreamPlace | None = None


class ErrorDetail(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Where: a field, a parameter or a header.")
    issue: str = Field(description="What is wrong with it.")
    given: Any = Field(default=None, description="What was sent, where that is no secret.")


class ErrorBody(BaseModel):
    """Every error has this body."""

    message: str = Field(description="One sentence for a person.")
    code: str = Field(description="One word for a program, such as `not_found`.")
    details: list[ErrorDetail] = Field(default=[], description="One entry for each field that is wrong.")
    request_id: str | None = Field(default=None, description="Finds the request in the server's log.")


def error_response(error: AppError, request_id: str | None) -> JSONResponse:
    """The response that tells an error, by the one table in server.errors."""
    row = told(error)
    body = ErrorBody(
        message=error.message,
        code=row.code,
        details=[ErrorDetail(field=each.field, issue=each.issue, given=each.given) for each in error.details],
        request_id=request_id,
    )
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if row.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body.model_dump(mode="json"), row.status, headers)
