"""Every error that a request can end in, told in one shape; what nobody expected is told by its request id only."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from persistence.errors import StoreUnavailable, Unstorable
from server.errors import (
    AppError,
    FieldIssue,
    Forbidden,
    Internal,
    Invalid,
    InvalidJson,
    MethodNotAllowed,
    NotFound,
    StoreRefuses,
    TooLarge,
    Unauthenticated,
)
from server.http.reply import error_response

__all__ = ["UnexpectedErrors", "install_error_handlers"]

log = logging.getLogger("counterpoint.http")

BY_STATUS: dict[int, type[AppError]] = {
    400: InvalidJson,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
}
SHOWN_CHARACTERS = 100
SECRET_FIELDS = frozenset({"password", "current", "new", "token", "ticket", "secret", "authorization", "cookie"})


def install_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(AppError, _tell)
    app.add_exception_handler(RequestValidationError, _tell_validation)
    app.add_exception_handler(HTTPException, _tell_status)
    app.add_exception_handler(StoreUnavailable, _tell_store)
    app.add_exception_handler(Unstorable, _tell_unstorable)


async def _tell(request: Request, error: Exception) -> Response:
    return error_response(error if isinstance(error, AppError) else Internal(), request_id_of(request.scope))


async def _tell_validation(request: Request, error: Exception) -> Response:
    issues = error.errors() if isinstance(error, RequestValidationError) else []
    details = [_issue(each) for each in issues]
    if any(each["type"] == "json_invalid" for each in issues):
        return await _tell(request, InvalidJson(details=details))
    return await _tell(request, Invalid(details=details))


async def _tell_status(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    kind = BY_STATUS.get(status, Internal if status >= 500 else Invalid)
    response = await _tell(request, kind())
    if isinstance(error, HTTPException) and error.headers and "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


async def _tell_store(request: Request, error: Exception) -> Response:
    log.warning("the store refused a request", extra={"reason": str(error), "request_id": request_id_of(request.scope)})
    return await _tell(request, StoreRefuses(retry_after=1))


async def _tell_unstorable(request: Request, error: Exception) -> Response:
    return await _tell(request, Invalid("The request has a character or a number that no stored value can have."))


def request_id_of(scope: Scope) -> str | None:
    request_id: str | None = scope.get("state", {}).get("request_id")
    return request_id


def _issue(error: dict[str, Any]) -> FieldIssue:
    # The first part says where the field was (body, query, path); the rest is its own address.
    path = [str(part) for part in error["loc"][1:]] or [str(error["loc"][0])]
    return FieldIssue(".".join(path), error["msg"].removeprefix("Value error, "), _shown(path, error))


def _shown(path: list[str], error: dict[str, Any]) -> Any:
    """What was given, when it is short, plain and cannot be a secret."""
    given = error.get("input")
    if error["type"] in {"missing", "json_invalid"} or SECRET_FIELDS.intersection(path):
        return None
    if given is None or isinstance(given, bool | int):
        return given if not isinstance(given, int) or abs(given) < 2**53 else None
    return given[:SHOWN_CHARACTERS] if isinstance(given, str) and given.isprintable() else None


class UnexpectedErrors:
    """Turns what nobody expected into a 500 that says nothing but the request id; the log says the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception:  # the last one to hear of it: logged with its trace, told by its request id
            log.exception("a request failed", extra={"request_id": request_id_of(scope), "path": scope["path"]})
            if started:
                raise  # half a response is out: only a broken connection can say so
            await error_response(Internal(), request_id_of(scope))(scope, receive, send)
