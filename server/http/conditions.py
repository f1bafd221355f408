"""Conditional requests and content negotiation (RFC 9110, sections 12.5.1 and 13) for things that have a version."""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from server.errors import FieldIssue, Invalid, NotAcceptable

__all__ = ["chosen_type", "expected_versions", "is_known", "version_tag"]

TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
VERSION = re.compile(r"(\d{1,18})(?:-[0-9a-z]+)?")
MARK_BYTES = 6
QUALITY = re.compile(r"[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def version_tag(version: int, *shown: object) -> str:
    """The entity tag of a version; what else makes a difference to how that is shown gives it another one."""
    if not shown:
        return f'"{version}"'
    return f'"{version}-{blake2b(repr(shown).encode(), digest_size=MARK_BYTES).hexdigest()}"'


def expected_versions(if_match: str | None) -> frozenset[int] | None:
    """The versions that an If-Match header allows; None: any. Raises Invalid for what is no entity tag.

    A weak tag counts, too: a proxy that compresses weakens tags on the way, and the version is all that they say.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tags = _tags(if_match)
    if tags is None:
        raise Invalid(details=[FieldIssue("If-Match", 'must be entity tags such as "14", or *')])
    return frozenset(int(match[1]) for match in map(VERSION.fullmatch, tags) if match is not None)


def is_known(if_none_match: str | None, tag: str) -> bool:
    """Does the client have this already?"""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag.strip('"') in (_tags(if_none_match) or ())


def chosen_type(accept: str | None, offered: Sequence[str]) -> str:
    """The media type that the client likes best, of equals the first one offered. Raises NotAcceptable."""
    liked = _qualities(accept) if accept and accept.strip() else {"*/*": 1.0}
    qualities = [_quality_of(each, liked) for each in offered]
    best = max(qualities)
    if best == 0:
        raise NotAcceptable(details=[FieldIssue("Accept", f"must allow one of {', '.join(offered)}")])
    return offered[qualities.index(best)]


def _tags(header: str) -> list[str] | None:
    """The opaque parts of entity tags; a bare number stands for its tag. None: something else is in it."""
    parts = [part.strip() for part in header.split(",") if part.strip()]
    matches = [TAG.fullmatch(part if not part.isdecimal() else f'"{part}"') for part in parts]
    return [match[1] for match in matches if match is not None] if parts and all(matches) else None


def _qualities(accept: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((match for each in parameters if (match := QUALITY.fullmatch(each))), None)
        found[name.lower()] = float(quality[1]) if quality is not None else 1.0
    return found


def _quality_of(media_type: str, liked: Mapping[str, float]) -> float:
    """The most exact range counts."""
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((liked[each] for each in ranges if each in liked), 0.0)
