"""The errors of the ground floor: what bytes from a stranger can be wrong about.

CrdtError
├── MalformedFrame      a frame is not of its protocol
├── MalformedUpdate     an update or state vector is not well formed, or larger than any limit allows
├── Unexamined          nobody could look at an update: this says nothing about it
├── RefusedUpdate       an update is well formed, and may not become part of this document
├── InvalidContent      what a document is to be made of is not of our editor, or an edit does not fit the document
└── UnmetTest           an edit was to be made only if something stands there, and it does not
"""

from typing import Literal

__all__ = [
    "CrdtError",
    "InvalidContent",
    "MalformedFrame",
    "MalformedUpdate",
    "RefusalReason",
    "RefusedUpdate",
    "Unexamined",
    "UnmetTest",
]

RefusalReason = Literal["client_id_reused", "cycle", "limit", "quota"]


class CrdtError(Exception):
    """Bytes that a peer sent cannot be taken."""


class MalformedFrame(CrdtError):
    """This is not a frame of the protocol."""


class MalformedUpdate(CrdtError):
    """This is not a Yjs v1 update (or state vector) that a document could take."""


class RefusedUpdate(CrdtError):
    """This update may not become part of the document; `reason` says why in one word."""

    def __init__(self, reason: RefusalReason, detail: str) -> None:
        super().__init__(detail)
        self.reason: RefusalReason = reason


class Unexamined(CrdtError):
    """Nobody could look at this update, or work out what was asked; another try may succeed."""


class InvalidContent(CrdtError):
    """This cannot become a document of our editor; `path` says where, such as `content[2].attrs.level`."""

    def __init__(self, path: str, issue: str) -> None:
        super().__init__(f"{path}: {issue}")
        self.path = path
        self.issue = issue


class UnmetTest(CrdtError):
    """Another value stands there than the one that an edit was to find; `path` says which test it was."""

    def __init__(self, path: str, issue: str) -> None:
        super().__init__(f"{path}: {issue}")
        self.path = path
        self.issue = issue
