"""Pages of a list: a cursor says after which row the next one begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from server.errors import FieldIssue, Invalid

__all__ = ["MAX_LIMIT", "Place", "cursor_of", "place_of"]

MAX_LIMIT = 200
LONGEST = 200

Place = tuple[datetime, str]
"""When the last row of a page was made, and its id."""


def cursor_of(place: Place) -> str:
    """The place as a word that means nothing to a client."""
    at, id_ = place
    return urlsafe_b64encode(f"{at.isoformat()} {id_}".encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> Place | None:
    """The place that a cursor stands for. Raises Invalid for a word that was never one."""
    if not cursor:
        return None
    try:
        if len(cursor) > LONGEST:
            raise ValueError
        at, _, id_ = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(" ")
        place = datetime.fromisoformat(at).astimezone(UTC), id_
        if not at.endswith("+00:00") or not id_.isalnum():
            raise ValueError
    except (ValueError, OverflowError):  # binascii.Error and UnicodeError are ValueErrors
        raise Invalid(details=[FieldIssue("cursor", "must be the next_cursor of an earlier answer")]) from None
    return place
