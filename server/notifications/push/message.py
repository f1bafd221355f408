"""What is pushed: the declarative form (W3C Push API), which Safari shows by itself and our service worker reads."""

import json
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from server.notifications.delivery import Note

__all__ = ["Message", "Urgency", "message_of", "trial"]

Urgency = Literal["very-low", "low", "normal", "high"]

DECLARATIVE = 8030
MOST_TITLE, MOST_BODY, MOST_PATH = 120, 300, 400
"""Characters. With four bytes each (control characters, which take six, are taken out) they fit into a message."""
NOT_SHOWN = frozenset({"Cc", "Cs"})
TITLES_OF_MANY = 4
INBOX = "/inbox"
URGENT = timedelta(hours=4)
PATIENT = timedelta(hours=24)
TEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Message:
    """`until`: what has not arrived by then is of no use any more. `topic`: a later message with the same one takes the
    place of one that waits (RFC 8030 section 5.4)."""

    title: str
    body: str
    path: str
    urgency: Urgency
    topic: str
    until: datetime

    def ttl(self, now: datetime) -> int:
        """Whole seconds; 0 or less: its time is over."""
        return int((self.until - now).total_seconds())

    def payload(self, home: str, badge: int | None) -> bytes:
        """`home`: the address that paths begin at, or nothing. `badge`: what the app's icon shows, when it is known."""
        notification = {"title": self.title, "body": self.body, "navigate": home + self.path, "tag": self.topic}
        said: dict[str, Any] = {"web_push": DECLARATIVE, "notification": notification}
        if badge is not None:
            said["app_badge"] = badge
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def message_of(notes: Sequence[Note]) -> Message:
    """One message for a note, or for some that belong together."""
    urgent = any(note.severity in {"high", "critical"} or note.kind == "incident" for note in notes)
    newest = max(notes, key=lambda note: note.at)
    until = newest.at + (URGENT if urgent else PATIENT)
    urgency: Urgency = "high" if urgent else "normal"
    if len(notes) == 1:
        title, body, path, about = newest.title, newest.text, newest.path, newest.item_id
    else:
        titles = [_cut(note.title, MOST_BODY // TITLES_OF_MANY) for note in notes[:TITLES_OF_MANY]]
        more = [f"and {len(notes) - TITLES_OF_MANY} more"] if len(notes) > TITLES_OF_MANY else []
        title, body, path = f"{len(notes)} notifications", "\n".join([*titles, *more]), INBOX
        about = " ".join(sorted(note.item_id for note in notes))
    return Message(_cut(title, MOST_TITLE), _cut(body, MOST_BODY), _path(path), urgency, _topic(about), until)


def trial(now: datetime) -> Message:
    """Says that push works."""
    body = "Notifications come to this device."
    return Message("Push works", body, "/inbox/settings", "high", _topic("test"), now + TEST)


def _topic(about: str) -> str:
    """At most 32 characters of base64url (RFC 8030 section 5.4), the same for the same thing."""
    return urlsafe_b64encode(sha256(about.encode()).digest())[:32].decode()


def _path(path: str) -> str:
    """One of ours; a path that begins with two slashes is somebody else's address."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and len(path) <= MOST_PATH
    return path if is_ours and path.isprintable() else INBOX


def _cut(text: str, most: int) -> str:
    shown = "".join(each for each in text.strip() if each == "\n" or unicodedata.category(each) not in NOT_SHOWN)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"
