"""Is this text one emoji? By the grammar of Unicode's UTS #51 (ED-15a), over the blocks that have emoji in them."""

import re

__all__ = ["checked_emoji", "kind_of"]

MAX_CHARACTERS = 24
"""The longest in use, a family of four with skin tones, has 11."""
TEXT_STYLE, EMOJI_STYLE, JOINER = "\ufe0e", "\ufe0f", "\u200d"
MODIFIER = "[\U0001f3fb-\U0001f3ff]"
FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
KEYCAP = "[0-9#*]\ufe0f?\u20e3"
TAGS = "[\U000e0020-\U000e007e]+\U000e007f"
PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
ELEMENT = f"(?:{FLAG}|{KEYCAP}|{PICTURE}(?:{MODIFIER}|\ufe0f)?(?:{TAGS})?)"
EMOJI = re.compile(f"{ELEMENT}(?:{JOINER}{ELEMENT})*|{MODIFIER}")


def checked_emoji(value: str) -> str:
    """The value itself; ValueError when it is no emoji, or more than one."""
    if len(value) > MAX_CHARACTERS or not EMOJI.fullmatch(value):
        raise ValueError("must be one emoji")
    return value


def kind_of(emoji: str) -> str:
    """Without the mark that only asks for the coloured drawing: with and without it is the same emoji."""
    return emoji.replace(EMOJI_STYLE, "")
