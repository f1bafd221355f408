"""Letters: what is in them, as text and as HTML. Nothing that a person wrote becomes a header line or markup."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from html import escape
from typing import Final

from server.notifications.delivery import Note

__all__ = ["Desk", "notes_letter", "plain_letter"]

LONGEST_SUBJECT: Final = 200
LONGEST_TEXT: Final = 2_000
MOST_SHOWN: Final = 50
"""Notes in one letter; of the others it says how many there are."""
OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
STYLE: Final = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:40em"


@dataclass(frozen=True, slots=True)
class Desk:
    """`sender`: "Name <address>"; `home`: the web app's address, without a slash at its end."""

    sender: str
    home: str

    @property
    def domain(self) -> str:
        return parseaddr(self.sender)[1].rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    text: str
    link: str


def notes_letter(desk: Desk, to: str, notes: Sequence[Note], unsubscribe: str) -> EmailMessage:
    """One notification, or a digest of several. `unsubscribe`: the address of RFC 8058, one POST."""
    entries = [_Entry(note.title, note.text, desk.home + note.path) for note in notes[:MOST_SHOWN]]
    more = len(notes) - len(entries)
    subject = notes[0].title if len(notes) == 1 else f"{len(notes)} notifications: {notes[0].title}, ..."
    letter = _letter(desk, to, subject)
    letter["Message-ID"] = f"<{_id_of(notes)}@{desk.domain}>"
    letter["Date"] = format_datetime(max(note.at for note in notes))
    letter["List-Unsubscribe"] = f"<{unsubscribe}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if more > 0:
        entries.append(_Entry(f"and {more} more", "", f"{desk.home}/inbox"))
    _fill(letter, entries, f"What you are told by e-mail is yours to choose: {desk.home}/inbox/settings", unsubscribe)
    return letter


def plain_letter(desk: Desk, to: str, subject: str, text: str, *, link: str, link_text: str) -> EmailMessage:
    """A letter with one thing to do. `text` may have paragraphs."""
    letter, text = _letter(desk, to, subject), _text(text)
    letter.set_content(f"{text}\n\n{link_text}: {link}\n")
    paragraphs = "".join(f"<p>{_lines(each)}</p>" for each in text.split("\n\n"))
    button = f'<p><a href="{escape(link)}">{escape(link_text)}</a></p>'
    letter.add_alternative(_page(paragraphs + button), subtype="html")
    return letter


# Private.


def _letter(desk: Desk, to: str, subject: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = desk.sender
    local, _, domain = to.rpartition("@")
    letter["To"] = Address(username=local, domain=domain)
    letter["Subject"] = _one_line(subject)[:LONGEST_SUBJECT]
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it
    return letter


def _fill(letter: EmailMessage, entries: Sequence[_Entry], foot: str, unsubscribe: str) -> None:
    text = "\n\n".join("\n".join(filter(None, (_one_line(e.title), _text(e.text), e.link))) for e in entries)
    letter.set_content(f"{text}\n\n-- \n{foot}\nNo more e-mails: {unsubscribe}\n")
    shown = "".join(
        f'<p><a href="{escape(e.link)}"><b>{escape(_one_line(e.title))}</b></a><br>{_lines(_text(e.text))}</p>'
        for e in entries
    )
    stop = f'<a href="{escape(unsubscribe)}">No more e-mails</a>'
    small = f'<p style="font-size:13px;color:#595959">{escape(foot)}<br>{stop}</p>'
    letter.add_alternative(_page(shown + "<hr>" + small), subtype="html")


def _page(body: str) -> str:
    return f'<!doctype html><html><body><div style="{STYLE}">{body}</div></body></html>\n'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _one_line(text: str) -> str:
    """Without what would begin another header or turn the reading around."""
    return " ".join("".join(each if _is_shown(each) else " " for each in text).split())


def _text(text: str) -> str:
    lines = text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each if each == "\n" or _is_shown(each) else " " for each in lines).strip()


def _is_shown(character: str) -> bool:
    """No control, no override of direction, and no half of a pair, which no encoding can carry."""
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} and character not in OVERRIDES


def _id_of(notes: Sequence[Note]) -> str:
    """The same letter sent again, because nobody could say whether it had arrived, is one letter to its reader."""
    seed = "\0".join([notes[0].user_id, *sorted(note.event_id for note in notes)])
    return sha256(seed.encode()).hexdigest()[:32]
