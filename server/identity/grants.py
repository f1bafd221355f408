"""Which documents an application's token lets its user into."""

from collections.abc import Iterable

from crdt.room import Right
from server.identity.principal import DocumentGrant

__all__ = ["granted", "matches"]


def granted(grants: Iterable[DocumentGrant], document_id: str | None, name: str | None) -> Right | None:
    """The highest right that the grants give to a document; None without one.

    Patterns match external names. An id is matched only whole: ids are random, and `a*` must not mean every document
    whose id happens to begin with an a.
    """
    rights = [
        grant.right
        for grant in grants
        if (name is not None and matches(grant.pattern, name)) or grant.pattern == document_id
    ]
    return max(rights, default=None)


def matches(pattern: str, name: str) -> bool:
    """`*` stands for any characters, none included; every other character for itself. Takes linear steps."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == name
    last = rest.pop()
    if len(name) < len(first) + len(last) or not (name.startswith(first) and name.endswith(last)):
        return False
    at, end = len(first), len(name) - len(last)
    for part in rest:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
