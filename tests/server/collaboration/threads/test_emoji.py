"""What counts as one emoji."""

import pytest

from server.collaboration.threads.emoji import checked_emoji, kind_of

ONE = [
    "👍",
    "👍🏽",
    "❤️",
    "❤",
    "🎉",
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🇩🇪",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "1️⃣",
    "#️⃣",
    "🫠",
    "✅",
    "⭐",
    "☎️",
    "🧑🏻‍❤️‍🧑🏿",
]


@pytest.mark.parametrize("emoji", ONE)
def test_one_emoji_is_taken_as_it_is(emoji: str) -> None:
    assert checked_emoji(emoji) == emoji


@pytest.mark.parametrize(
    "text", ["", "a", "1", "👍👍", "👍 ", "<b>", "\u200d", "🇩", "👍‍", "ok", "é", "中", "👍" * 30, "\0"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one emoji"):
        checked_emoji(text)


def test_how_it_is_drawn_makes_no_other_emoji() -> None:
    assert kind_of("❤️") == kind_of("❤")
    assert kind_of("👍🏽") != kind_of("👍")
