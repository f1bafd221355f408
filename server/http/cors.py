"""Which other origins' pages may call the API, and with what."""

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from server.settings import Settings

__all__ = ["cors"]

SENT = (
    "Authorization",
    "Content-Type",
    "X-Client-Version",
    "X-Feature-Set",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
)
READ = ("ETag", "X-Request-Id", "Retry-After", "Document-Version", "Document-Latest-Version", "Document-State")


def cors(settings: Settings) -> Middleware:
    """Starlette's own middleware: it matches origins exactly, and answers pre-flights before anything else runs."""
    return Middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_credentials=True,
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=SENT,
        expose_headers=READ,
        max_age=600,
    )
