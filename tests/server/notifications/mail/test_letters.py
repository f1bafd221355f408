"""Letters: a note or a digest, in text and HTML, in which nothing that was written becomes a header or markup."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.notifications.mail.letters import MOST_SHOWN, Desk, notes_letter, plain_letter
from tests.server.notifications.push.stage import a_note

DESK = Desk("Counterpoint <pad@example.org>", "https://pad.example.org")
STOP = "https://pad.example.org/notifications/mail/unsubscribe?token=x"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def letter(*notes: Any) -> EmailMessage:
    return notes_letter(DESK, "ben@example.org", notes, STOP)


def parts(of: EmailMessage) -> tuple[str, str]:
    text, html = of.get_body(("plain",)), of.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_one_notification_is_its_own_subject_and_has_its_link() -> None:
    made = letter(a_note("ben", at=AT))
    assert made["Subject"] == "Ben mentioned you"
    assert made["From"] == "Counterpoint <pad@example.org>"
    assert made["To"] == "ben@example.org"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["List-Unsubscribe"] == f"<{STOP}>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in parts(made):
        assert "Look at this" in part
        assert "https://pad.example.org/documents/1?thread=1" in part
        assert "https://pad.example.org/inbox/settings" in part


def test_several_are_one_letter() -> None:
    made = letter(a_note("ben", title="First"), a_note("ben", title="Second", event_id="2"))
    assert made["Subject"] == "2 notifications: First, ..."
    assert all("First" in part and "Second" in part for part in parts(made))


def test_of_very_many_it_says_how_many_more_there_are() -> None:
    made = letter(*(a_note("ben", title=f"No. {n}.", event_id=str(n)) for n in range(MOST_SHOWN + 3)))
    text, _ = parts(made)
    assert "and 3 more" in text
    assert f"No. {MOST_SHOWN}." not in text


def test_sent_again_it_is_the_same_letter_to_its_reader() -> None:
    one, two = a_note("ben", event_id="1"), a_note("ben", event_id="2")
    assert letter(one, two)["Message-ID"] == letter(two, one)["Message-ID"]
    assert letter(one)["Message-ID"] != letter(two)["Message-ID"]
    assert letter(one)["Message-ID"].endswith("@example.org>")


def test_what_was_written_is_no_markup() -> None:
    made = letter(a_note("ben", title="<b onclick=x>", text="<script>alert(1)</script>\n\"&'"))
    _, html = parts(made)
    assert "<script" not in html
    assert "<b onclick" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>" in html


def test_a_line_feed_in_a_title_begins_no_header() -> None:
    made = letter(a_note("ben", title="Hi\r\nBcc: eve@example.org\u2028x\u202egpj"))
    read = message_from_bytes(made.as_bytes(policy=SMTP), policy=default)
    assert read["Bcc"] is None
    assert read["Subject"] == "Hi Bcc: eve@example.org x gpj"


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_makes_a_letter_that_is_read_again(title: str, text: str) -> None:
    made = letter(a_note("ben", title=title, text=text, at=AT))
    read = message_from_bytes(made.as_bytes(policy=SMTP), policy=default)
    assert isinstance(read, EmailMessage)
    assert set(read.keys()) == set(made.keys())
    assert "https://pad.example.org/documents/1" in parts(read)[0]


def test_a_letter_with_one_thing_to_do() -> None:
    made = plain_letter(
        DESK,
        "eve@example.org",
        "Come",
        "One <b>.\n\nTwo.",
        link="https://pad.example.org/invitation#t",
        link_text="Look",
    )
    text, html = parts(made)
    assert "Look: https://pad.example.org/invitation#t" in text
    assert "<p>One &lt;b&gt;.</p><p>Two.</p>" in html
    assert made["List-Unsubscribe"] is None
