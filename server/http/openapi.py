"""The API's description: FastAPI's, with our own error body in place of its own."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response

from server.http.docs_page import STYLE, docs_page
from server.http.reply import ErrorBody, ErrorDetail

__all__ = ["docs_routes", "install_openapi"]

DESCRIPTION = (
    "A self-hosted real-time collaboration server for Yjs documents. Sign in by POST /auth/login, or send a personal "
    "token as `Authorization: Bearer cpt_...`. Documents are edited over the sockets at /sync/{document} "
    "(y-websocket) and /hocuspocus (Hocuspocus)."
)
ERROR = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}}
ERRORS = {
    "Refused": {"description": "Refused, with the reason."} | ERROR,
    "NotDone": {"description": "Not done; it can be tried again."} | ERROR,
}
REPLACED = ("HTTPValidationError", "ValidationError")
PLACE = "#/components/schemas/"


def install_openapi(app: FastAPI) -> None:
    """Make `app.openapi` answer the description; it is made once, at the first question."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]


def _describe(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    parts = schema.setdefault("components", {})
    parts["responses"] = ERRORS
    shapes = parts.setdefault("schemas", {})
    for name in REPLACED:
        shapes.pop(name, None)
    for model in (ErrorBody, ErrorDetail):
        shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
        shape.pop("$defs", None)
        shapes[model.__name__] = shape
    for methods in schema["paths"].values():
        for operation in methods.values():
            shapes.update(operation.pop("x-definitions", {}))  # of bodies that a route reads itself
            operation["responses"].pop("422", None)
            operation["responses"]["4XX"] = {"$ref": "#/components/responses/Refused"}
            operation["responses"]["5XX"] = {"$ref": "#/components/responses/NotDone"}
    _complete(schema["paths"], shapes)
    return schema


def _complete(paths: dict[str, Any], shapes: dict[str, Any]) -> None:
    """An answer always has all of its fields, those with a default too. What is also sent keeps them optional."""
    operations = [operation for methods in paths.values() for operation in methods.values()]
    sent = _reached([each.get("requestBody") for each in operations], shapes)
    told = _reached([each["responses"] for each in operations], shapes)
    for name in told - sent:
        if "properties" in shapes[name]:
            shapes[name]["required"] = list(shapes[name]["properties"])


def _reached(parts: object, shapes: dict[str, Any]) -> set[str]:
    """The names of the shapes that these parts of the description stand on."""
    found: set[str] = set()
    open_parts = [parts]
    while open_parts:
        part = open_parts.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).removeprefix(PLACE)
            if name in shapes and name not in found:
                found.add(name)
                open_parts.append(shapes[name])
            open_parts.extend(part.values())
        elif isinstance(part, list):
            open_parts.extend(part)
    return found


def docs_routes(app: FastAPI) -> APIRouter:
    """/docs and its style sheet."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def page() -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi()))

    @router.get("/docs/style.css")
    async def style() -> Response:
        return Response(STYLE, media_type="text/css")

    return router
