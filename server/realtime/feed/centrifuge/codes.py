"""The codes of Centrifugo's client protocol, and which of them tells which of our errors.

Clients come back by themselves after 3000-3499 and 4000-4499, and never after 3500-3999 and 4500-4999. After an
unsubscribe of 2500 or more they subscribe again.
"""

from dataclasses import dataclass

from server.errors import AppError, Busy, Forbidden, Invalid, NotFound, PutOut, RateLimited, Stopping, Unauthenticated

__all__ = [
    "ALREADY_SUBSCRIBED",
    "BAD_COMMAND",
    "BAD_REQUEST",
    "DENIED",
    "EXPIRED",
    "INSUFFICIENT",
    "INTERNAL",
    "INVALID_TOKEN",
    "METHOD_NOT_FOUND",
    "NOT_AVAILABLE",
    "NO_PONG",
    "OVER_RATE",
    "PERMISSION_ENDED",
    "SERVER_ERROR",
    "SHUTDOWN",
    "SLOW",
    "STALE",
    "TOKEN_EXPIRED",
    "TOO_MANY_CHANNELS",
    "TOO_MANY_REQUESTS",
    "UNAUTHORIZED",
    "UNRECOVERABLE",
    "Disconnect",
    "Fault",
    "Unsubscribed",
    "comes_back",
    "disconnect_of",
    "fault_of",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a command was not done. `temporary`: the client tries again by itself."""

    code: int
    message: str
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Why the server closes the socket; the code is the close code."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """Why the server ends a subscription."""

    code: int
    reason: str


INTERNAL = Fault(100, "internal server error", temporary=True)
UNAUTHORIZED = Fault(101, "unauthorized")
DENIED = Fault(103, "permission denied")
METHOD_NOT_FOUND = Fault(104, "method not found")
ALREADY_SUBSCRIBED = Fault(105, "already subscribed")
TOO_MANY_CHANNELS = Fault(106, "limit exceeded")
BAD_COMMAND = Fault(107, "bad request")
NOT_AVAILABLE = Fault(108, "not available")
TOKEN_EXPIRED = Fault(109, "token expired")
TOO_MANY_REQUESTS = Fault(111, "too many requests", temporary=True)
UNRECOVERABLE = Fault(112, "unrecoverable position")

SHUTDOWN = Disconnect(3001, "shutdown")
SERVER_ERROR = Disconnect(3004, "internal server error")
EXPIRED = Disconnect(3005, "connection expired")
SLOW = Disconnect(3008, "slow")
RECONNECT = 3011
NO_PONG = Disconnect(3012, "no pong")
OVER_RATE = Disconnect(3013, "too many requests")
INVALID_TOKEN = Disconnect(3500, "invalid token")
BAD_REQUEST = Disconnect(3501, "bad request")
STALE = Disconnect(3502, "stale")

PERMISSION_ENDED = Unsubscribed(2000, "permission ended")
INSUFFICIENT = Unsubscribed(2500, "insufficient state")


def comes_back(code: int) -> bool:
    """Does a client whose socket is closed so come back by itself?"""
    return 3000 <= code < 3500 or 4000 <= code < 4500


def fault_of(error: AppError) -> Fault:
    """What a command is answered. What one may not see is told like what is not there."""
    match error:
        case Unauthenticated():
            return UNAUTHORIZED
        case Forbidden() | NotFound():
            return DENIED
        case RateLimited():
            return TOO_MANY_REQUESTS
        case Invalid():
            return BAD_COMMAND
        case _:
            return INTERNAL


def disconnect_of(error: AppError) -> Disconnect:
    match error:
        case Unauthenticated() | Forbidden() | NotFound():
            return INVALID_TOKEN
        case RateLimited():
            return OVER_RATE
        case PutOut():
            return Disconnect(RECONNECT, error.message)
        case Stopping():
            return SHUTDOWN
        case Busy():
            return SERVER_ERROR
        case Invalid():
            return BAD_REQUEST
        case _:
            return SERVER_ERROR
