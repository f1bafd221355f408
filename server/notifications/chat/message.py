"""What stands in a chat about notifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from server.notifications.delivery import Note, Severity

__all__ = ["Message", "message_of", "trial"]

TYPES: Mapping[Severity, str] = MappingProxyType(
    {"info": "info", "warning": "warning", "high": "warning", "critical": "failure"}
)
BREAK = "\u200b"
"""No character that anybody sees. It keeps `@everyone` and `<!channel>`, which others may have written, from calling
everybody in the chat."""


@dataclass(frozen=True, slots=True)
class Message:
    """`notify_type`: as Apprise has them, which services show by a colour."""

    title: str
    body: str
    notify_type: str = "info"


def message_of(notes: Sequence[Note], home: str | None) -> Message:
    """The newest in the title, and each with its text and where it is read."""
    first = notes[0]
    parts = ["\n".join(_lines(note, home, with_title=note is not first)) for note in notes]
    body = "\n\n".join(part for part in parts if part) or "In your inbox."
    return Message(_harmless(first.title), body, TYPES[first.severity])


def trial() -> Message:
    return Message("A test by Counterpoint", "Notifications will come here.")


def _lines(note: Note, home: str | None, *, with_title: bool) -> list[str]:
    texts = [note.title, note.text] if with_title else [note.text]
    link = [home + note.path] if home is not None else []
    return [_harmless(text) for text in texts if text] + link


def _harmless(text: str) -> str:
    return text.replace("@", f"@{BREAK}").replace("<!", f"<{BREAK}!").replace("<@", f"<{BREAK}@")
