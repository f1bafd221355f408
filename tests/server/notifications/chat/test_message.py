"""What stands in a chat: the title, the text and the place; and nobody else's words call everybody there."""

from dataclasses import replace
from datetime import UTC, datetime

from server.notifications.chat.message import message_of
from server.notifications.delivery import Note

NOTE = Note(
    organisation_id="o",
    user_id="u",
    item_id="i",
    event_id="e",
    kind="escalation",
    subject="escalation/1",
    severity="critical",
    title="Disk full",
    text="db-1",
    path="/inbox",
    at=datetime(2026, 11, 23, tzinfo=UTC),
)


def test_a_message_says_what_it_is_and_where_it_is_read() -> None:
    message = message_of([NOTE], "https://pad.example.org")
    assert (message.title, message.body, message.notify_type) == (
        "Disk full",
        "db-1\nhttps://pad.example.org/inbox",
        "failure",
    )
    assert message_of([replace(NOTE, text="")], None).body == "In your inbox."
    two = message_of([NOTE, replace(NOTE, title="CPU", text="")], "https://pad.example.org")
    assert two.body == "db-1\nhttps://pad.example.org/inbox\n\nCPU\nhttps://pad.example.org/inbox"


def test_what_others_wrote_calls_nobody_in_the_chat() -> None:
    message = message_of([replace(NOTE, title="@everyone", text="<!channel> <@U123> @here")], None)
    for call in ("@everyone", "@here", "<!channel", "<@U123"):
        assert call not in message.title + message.body
