"""What a message says, how urgent it is, and that it always fits."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.notifications.push.encryption import MOST_BYTES
from server.notifications.push.message import message_of, trial
from tests.server.notifications.push.stage import a_note

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOME = "https://pad.example.org"


def test_a_notification_in_the_declarative_form() -> None:
    message = message_of([a_note("ada", at=NOW)])
    assert json.loads(message.payload(HOME, 3)) == {
        "web_push": 8030,
        "notification": {
            "title": "Ben mentioned you",
            "body": "Look at this",
            "navigate": "https://pad.example.org/documents/1?thread=1",
            "tag": message.topic,
        },
        "app_badge": 3,
    }
    assert "app_badge" not in json.loads(message.payload(HOME, None)), "an unknown number is not shown"


@pytest.mark.parametrize(
    ("changes", "urgency", "hours"),
    [
        ({}, "normal", 24),
        ({"severity": "warning"}, "normal", 24),
        ({"severity": "high"}, "high", 4),
        ({"severity": "critical"}, "high", 4),
        ({"kind": "incident", "severity": "info"}, "high", 4),
    ],
)
def test_how_urgent_and_for_how_long(changes: dict[str, str], urgency: str, hours: int) -> None:
    message = message_of([a_note("ada", at=NOW, **changes)])
    assert message.urgency == urgency
    assert message.ttl(NOW) == hours * 3600
    assert message.ttl(NOW + timedelta(hours=hours)) == 0


def test_what_is_newer_of_the_same_thing_takes_the_place_of_what_waits() -> None:
    one, two = (message_of([a_note("ada", item_id="i", event_id=event)]) for event in "ab")
    assert one.topic == two.topic != message_of([a_note("ada", item_id="j")]).topic
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", one.topic)


def test_what_belongs_together_is_one_message() -> None:
    notes = [a_note("ada", item_id=str(n), title=f"Title {n}", at=NOW + timedelta(minutes=n)) for n in range(6)]
    message = message_of(notes)
    assert (message.title, message.path) == ("6 notifications", "/inbox")
    assert message.body == "Title 0\nTitle 1\nTitle 2\nTitle 3\nand 2 more"
    assert message.until == NOW + timedelta(minutes=5, hours=24)
    assert message.topic == message_of(notes[::-1]).topic


@pytest.mark.parametrize(
    "path", ["", "documents", "//evil.example", "/\\evil.example", "https://evil.example/", "/a\nb", "/" + "a" * 400]
)
def test_a_message_opens_nothing_but_a_page_of_ours(path: str) -> None:
    assert message_of([a_note("ada", path=path)]).path == "/inbox"


@given(st.text(max_size=1000), st.text(max_size=1000), st.text(max_size=1000), st.integers(1, 9))
def test_whatever_people_write_a_message_fits_and_is_json(title: str, text: str, path: str, count: int) -> None:
    note = a_note("ada", title=title, text=text, path="/" + path)
    payload = message_of([note] * count).payload("https://" + "a" * 253, 10**9)
    assert len(payload) <= MOST_BYTES
    said = json.loads(payload)["notification"]
    assert not any(ord(each) < 32 and each != "\n" for each in said["title"] + said["body"])


def test_the_longest_text_of_the_widest_characters_fits() -> None:
    wide = "\U0001f6a8" * 1000
    payload = message_of([a_note("ada", title=wide, text=wide, path="/" + "ꙮ" * 399)]).payload(
        "https://" + "a" * 253, 1
    )
    assert 2500 < len(payload) <= MOST_BYTES


def test_long_text_is_cut_where_one_sees_it() -> None:
    message = message_of([a_note("ada", text="word " * 100)])
    assert len(message.body) <= 300
    assert message.body.endswith("word…")


def test_a_trial_is_urgent_and_soon_over() -> None:
    assert (trial(NOW).urgency, trial(NOW).ttl(NOW)) == ("high", 300)
