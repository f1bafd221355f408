"""The program's errors, and the one table that says how each leaves by each door.

AppError
├── Invalid            InvalidJson, TooLarge
├── Unauthenticated    CredentialExpired
├── Forbidden          ForeignOrigin
├── NotFound           Deleted, SessionElsewhere
├── Conflict           OtherIncarnation
├── PreconditionFailed
├── NotAcceptable
├── UnsupportedMediaType
├── Refused            an update that may not become part of the document; ReusedClientId
├── RateLimited
├── Busy               StoreRefuses, OutOfStep, Restored, PutOut, Stopping
├── SourceUnreachable  SourceRefused, SourceSlow
├── Unsupported        MethodNotAllowed
└── Internal
The docstring is the sentence that a user reads when nothing more exact is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "TOLD",
    "AppError",
    "Busy",
    "Conflict",
    "CredentialExpired",
    "Deleted",
    "FieldIssue",
    "Forbidden",
    "ForeignOrigin",
    "Internal",
    "Invalid",
    "InvalidJson",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "OtherIncarnation",
    "OutOfStep",
    "PreconditionFailed",
    "PutOut",
    "RateLimited",
    "Refused",
    "Restored",
    "ReusedClientId",
    "SessionElsewhere",
    "SourceRefused",
    "SourceSlow",
    "SourceUnreachable",
    "Stopping",
    "StoreRefuses",
    "Told",
    "TooLarge",
    "Unauthenticated",
    "Unsupported",
    "UnsupportedMediaType",
    "told",
]


@dataclass(frozen=True, slots=True)
class FieldIssue:
    """What is wrong with one field; `given` is None where the value could be a secret."""

    field: str
    issue: str
    given: Any = None


class AppError(Exception):
    """Something went wrong."""

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Sequence[FieldIssue] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.details = tuple(details)
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        return str(self.args[0])


class Invalid(AppError):
    """The request is not valid; the details name each field."""


class InvalidJson(Invalid):
    """The body is not JSON."""


class TooLarge(Invalid):
    """That is larger than the limit."""


class Unauthenticated(AppError):
    """Sign in first."""


class CredentialExpired(Unauthenticated):
    """The credential has expired: get a new one."""


class Forbidden(AppError):
    """You may not do that."""


class ForeignOrigin(Forbidden):
    """Requests from this origin are not allowed."""


class NotFound(AppError):
    """There is no such thing, or you may not see it."""


class Deleted(NotFound):
    """It was deleted."""


class SessionElsewhere(NotFound):
    """The session is of another node of this server; what it says must go there. Connect again."""


class Conflict(AppError):
    """Somebody else was faster, or it is in another state. Reload and try again."""


class OtherIncarnation(Conflict):
    """Your copy is of before the document was brought back from a backup. Load it anew."""

    def __init__(self, message: str | None = None, *, branch: str | None = None, may_keep: bool = True) -> None:
        """branch: the one that the copy is kept as; None: it has nothing new, or (not `may_keep`) was not asked for."""
        if branch is not None:
            message = f"Your copy is kept as branch {branch}. Load anew."
        elif not may_keep:
            message = "You may not edit this document: your copy of before a restore is not kept. Load anew."
        super().__init__(message)
        self.branch = branch
        self.may_keep = may_keep


class PreconditionFailed(AppError):
    """Somebody has changed it since the version that you name."""


class NotAcceptable(AppError):
    """It cannot be shown in any of the forms that you accept."""


class UnsupportedMediaType(AppError):
    """The body is of a kind that is not taken here."""


class Refused(AppError):
    """This edit may not become part of the document."""


class ReusedClientId(Refused):
    """This client id has other content here. Use a new one."""


class RateLimited(AppError):
    """Too many requests. Wait a little."""


class Busy(AppError):
    """The server is busy or stopping. Try again."""


class StoreRefuses(Busy):
    """The store does not take writes now. Keep your edits; they are tried again."""


class OutOfStep(Busy):
    """The server could not keep what you sent. Connect again and synchronise."""


class Restored(Busy):
    """The document was brought back from a backup. Connect again; what you have since may differ from it."""


class PutOut(Busy):
    """An administrator has closed this connection. You may connect again."""


class Stopping(Busy):
    """The server is stopping. Connect again in a moment."""


class SourceUnreachable(AppError):
    """The data source cannot be reached."""


class SourceRefused(SourceUnreachable):
    """The data source does not let us in."""


class SourceSlow(SourceUnreachable):
    """The data source did not answer in time."""


class Unsupported(AppError):
    """This server does not do that."""


class MethodNotAllowed(Unsupported):
    """This address does not take that method."""


class Internal(AppError):
    """Something went wrong on the server. The request id finds it in the log."""


@dataclass(frozen=True, slots=True)
class Told:
    """How an error leaves: HTTP status, error code in JSON, WebSocket close code, and whether to try again.

    Close codes 4400 to 4499 are terminal for y-websocket 3.1 and later; 4500 to 4599, 1012 and 1013 are retried.
    """

    status: int
    code: str
    close: int
    retry: bool


TOLD: dict[type[AppError], Told] = {
    Invalid: Told(422, "validation_failed", 4400, retry=False),
    InvalidJson: Told(400, "invalid_json", 4400, retry=False),
    TooLarge: Told(413, "too_large", 4413, retry=False),
    Unauthenticated: Told(401, "unauthenticated", 4401, retry=False),
    CredentialExpired: Told(401, "unauthenticated", 4401, retry=False),
    Forbidden: Told(403, "forbidden", 4403, retry=False),
    ForeignOrigin: Told(403, "forbidden", 4403, retry=False),
    NotFound: Told(404, "not_found", 4404, retry=False),
    SessionElsewhere: Told(404, "session_elsewhere", 1012, retry=True),
    Deleted: Told(404, "not_found", 4410, retry=False),
    Conflict: Told(409, "conflict", 4422, retry=False),
    OtherIncarnation: Told(409, "conflict", 4409, retry=False),
    PreconditionFailed: Told(412, "precondition_failed", 4422, retry=False),
    NotAcceptable: Told(406, "not_acceptable", 4400, retry=False),
    UnsupportedMediaType: Told(415, "unsupported_media_type", 4400, retry=False),
    Refused: Told(422, "refused", 4422, retry=False),
    ReusedClientId: Told(422, "refused", 4422, retry=False),
    RateLimited: Told(429, "rate_limited", 1013, retry=True),
    Busy: Told(503, "engine_busy", 1013, retry=True),
    StoreRefuses: Told(503, "engine_busy", 4507, retry=True),
    OutOfStep: Told(503, "engine_busy", 4508, retry=True),
    Restored: Told(503, "engine_busy", 4509, retry=True),
    PutOut: Told(503, "engine_busy", 4510, retry=True),
    Stopping: Told(503, "engine_busy", 1012, retry=True),
    SourceUnreachable: Told(502, "source_unreachable", 1011, retry=True),
    SourceRefused: Told(502, "source_unreachable", 1011, retry=True),
    SourceSlow: Told(502, "source_unreachable", 1011, retry=True),
    Unsupported: Told(501, "not_implemented", 4400, retry=False),
    MethodNotAllowed: Told(405, "method_not_allowed", 4400, retry=False),
    Internal: Told(500, "internal", 1011, retry=True),
}


def told(error: AppError) -> Told:
    """The row of the error's own class, or of the nearest parent that has one."""
    return next((TOLD[kind] for kind in type(error).__mro__ if kind in TOLD), TOLD[Internal])
