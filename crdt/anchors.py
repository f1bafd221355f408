"""The anchors of comments: made from a position, and found again after edits. Runs in a worker process only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from crdt.editor import EDITOR_ROOT
from crdt.errors import InvalidContent
from crdt.lines import Lines, offsets_of, place_at
from crdt.places import Place
from crdt.positions import Whereabouts, positions_at, whereabouts
from crdt.reading import Hidden, shown
from crdt.relative_positions import RelativePosition

__all__ = ["AnchorState", "AnchorWish", "FoundAnchor", "anchored"]

AnchorState: TypeAlias = Literal["attached", "orphaned", "unknown"]
MAX_QUOTE = 300


@dataclass(frozen=True, slots=True)
class AnchorWish:
    """An anchor that is to be found.

    start, end      encoded relative positions; `end` None: it is a point
    line, column    where it is to be made, when `start` is None
    is_new          its quote is wanted
    """

    start: bytes | None
    end: bytes | None = None
    line: int = 1
    column: int = 1
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class FoundAnchor:
    """Where an anchor is now: lines and columns of the text, from 1 on. `quote`: None where it was not wanted.

    reason    of `orphaned`: deleted, gone (with the type in which it stood, or nobody knows the item);
              of `attached` without a line: no_line (the text does not show the place)
    """

    start: bytes
    end: bytes | None
    state: AnchorState
    reason: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    quote: str | None = None
    clamped: bool = False


def anchored(parts: Sequence[bytes], hidden: Hidden, wishes: Sequence[AnchorWish]) -> list[FoundAnchor]:
    """Find these anchors in a document that is given in parts. Raises MalformedUpdate."""
    update = shown(parts, hidden)
    ends = [_ends(update, wish) for wish in wishes]
    found = whereabouts(update, [each for start, end, _ in ends for each in (start, end or start)])
    text, offsets = offsets_of(update, [_place(each) for each in found])
    lines = Lines(text)
    return [
        _found(wish, ends[at], found[2 * at : 2 * at + 2], offsets[2 * at : 2 * at + 2], lines)
        for at, wish in enumerate(wishes)
    ]


def _ends(update: bytes, wish: AnchorWish) -> tuple[RelativePosition, RelativePosition | None, bool]:
    """Both relative positions, and whether the wish was beyond the text."""
    if wish.start is not None:
        end = RelativePosition.decode(wish.end) if wish.end is not None else None
        return RelativePosition.decode(wish.start), end, False
    place, clamped = place_at(update, wish.line, wish.column, EDITOR_ROOT)
    try:
        return positions_at(update, [place])[0], None, clamped
    except InvalidContent:  # there is no type that it could stand in
        return RelativePosition(root=EDITOR_ROOT), None, True


def _place(found: Whereabouts) -> Place:
    return Place(found.root or "", found.index or 0, found.path)


def _found(
    wish: AnchorWish,
    ends: tuple[RelativePosition, RelativePosition | None, bool],
    found: Sequence[Whereabouts],
    offsets: Sequence[int | None],
    lines: Lines,
) -> FoundAnchor:
    start, end, clamped = ends
    pair = start.encode(), end.encode() if end is not None else None
    there = [(offset, each) for offset, each in zip(offsets, found, strict=True) if each.index is not None]
    if not there:
        return FoundAnchor(*pair, "orphaned", "gone", clamped=clamped)
    first, last = there[0], there[-1]
    is_empty = (first[1].root, first[1].path, first[1].index) == (last[1].root, last[1].path, last[1].index)
    is_orphan = is_empty and (first[1].is_deleted or last[1].is_deleted or len(there) < len(found))
    state: AnchorState = "orphaned" if is_orphan else "attached"
    reason = "deleted" if is_orphan else None
    if first[0] is None or last[0] is None:
        return FoundAnchor(*pair, state, reason or "no_line", clamped=clamped)
    line, column = lines.position(first[0])
    end_line, end_column = lines.position(max(last[0], first[0]))
    quote = None
    if wish.is_new:
        said = lines.text[first[0] : last[0]] if end is not None and last[0] > first[0] else lines.line(line)
        quote = said[: MAX_QUOTE - 1] + "…" if len(said) > MAX_QUOTE else said
    return FoundAnchor(*pair, state, reason, line, column, end_line, end_column, quote, clamped)
