"""The least change from one text to another, and from one list to another, in bounded time."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Change", "changes_of", "gaps_of", "likeness", "paired"]

WORDS = re.compile(r"\w+|\s+|[^\w\s]")
MAX_COST = 1_000_000
"""Pairs of equal parts that are looked at: some 0.2 s of one worker. A text of equal lines would cost minutes."""
CHARACTERS = 400
"""Within words that changed, single characters are compared up to this length, if they are alike at all."""
ALIKE = 0.5
MAX_PAIRS = 10_000
COMPARED = 400
"""Characters of a block that are compared to tell which of the new ones it became."""


@dataclass(frozen=True, slots=True)
class Change:
    """`old[start:end]` becomes `new[new_start:new_end]`."""

    start: int
    end: int
    new_start: int
    new_end: int


def changes_of(old: str, new: str) -> list[Change]:
    """What changes, from left to right, in code points: lines first, then words within them, then characters."""
    return list(_changes(old, new, 0, 0, (_lines, WORDS.findall, _characters)))


def gaps_of(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Change]:
    """Where two lists differ, from left to right; what lies between is equal."""
    head, old_end, new_end = _trimmed(old, new)
    middle, wanted = old[head:old_end], new[head:new_end]
    if not middle and not wanted:
        return []
    if _cost(middle, wanted) > MAX_COST:
        return [Change(head, old_end, head, new_end)]
    matcher = SequenceMatcher(None, middle, wanted, autojunk=False)
    return [
        Change(head + start, head + end, head + new_start, head + new_stop)
        for tag, start, end, new_start, new_stop in matcher.get_opcodes()
        if tag != "equal"
    ]


def likeness(one: str, other: str) -> float:
    """0 to 1: how much of their beginnings two texts have in common."""
    if one == other:
        return 1.0
    return SequenceMatcher(None, one[:COMPARED], other[:COMPARED], autojunk=False).quick_ratio()


def paired(olds: int, news: int, score: Callable[[int, int], float]) -> list[tuple[int | None, int | None]]:
    """Which old became which new, in order: the pairs with the highest sum of scores. 0: they are no pair."""
    if olds * news > MAX_PAIRS:
        return _by_place(olds, news, score)
    scores = [[score(old, new) for new in range(news)] for old in range(olds)]
    best = [[0.0] * (news + 1) for _ in range(olds + 1)]
    for old in reversed(range(olds)):
        for new in reversed(range(news)):
            pair = scores[old][new] + best[old + 1][new + 1] if scores[old][new] else 0.0
            best[old][new] = max(pair, best[old + 1][new], best[old][new + 1])
    return _walked(olds, news, scores, best)


def _walked(
    olds: int, news: int, scores: list[list[float]], best: list[list[float]]
) -> list[tuple[int | None, int | None]]:
    steps: list[tuple[int | None, int | None]] = []
    old = new = 0
    while old < olds and new < news:
        if scores[old][new] and best[old][new] == scores[old][new] + best[old + 1][new + 1]:
            steps.append((old, new))
            old, new = old + 1, new + 1
        elif best[old][new] == best[old + 1][new]:
            steps.append((old, None))
            old += 1
        else:
            steps.append((None, new))
            new += 1
    return [*steps, *((each, None) for each in range(old, olds)), *((None, each) for each in range(new, news))]


def _by_place(olds: int, news: int, score: Callable[[int, int], float]) -> list[tuple[int | None, int | None]]:
    steps: list[tuple[int | None, int | None]] = []
    for place in range(max(olds, news)):
        if place < min(olds, news) and score(place, place):
            steps.append((place, place))
            continue
        steps += [(place, None)] if place < olds else []
        steps += [(None, place)] if place < news else []
    return steps


Splitter = Callable[[str], Sequence[str]]


def _changes(old: str, new: str, at: int, new_at: int, splitters: tuple[Splitter, ...]) -> Iterator[Change]:
    head, old_end, new_end = _trimmed(old, new)
    old, new, at, new_at = old[head:old_end], new[head:new_end], at + head, new_at + head
    whole = Change(at, at + len(old), new_at, new_at + len(new))
    if not old and not new:
        return
    if not old or not new or not splitters or (splitters[0] is _characters and not _are_alike(old, new)):
        yield whole
        return
    parts, wanted = splitters[0](old), splitters[0](new)
    starts, new_starts = _starts(parts), _starts(wanted)
    for gap in gaps_of(parts, wanted):
        start, end, new_start, new_stop = (
            starts[gap.start],
            starts[gap.end],
            new_starts[gap.new_start],
            new_starts[gap.new_end],
        )
        yield from _changes(old[start:end], new[new_start:new_stop], at + start, new_at + new_start, splitters[1:])


def _lines(text: str) -> Sequence[str]:
    return text.splitlines(keepends=True)


def _characters(text: str) -> Sequence[str]:
    return text


def _are_alike(old: str, new: str) -> bool:
    """Two words that have nothing but some letters in common are better replaced as a whole."""
    return max(len(old), len(new)) <= CHARACTERS and likeness(old, new) >= ALIKE


def _starts(parts: Sequence[str]) -> list[int]:
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return starts


def _trimmed(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int, int]:
    """Where both begin to differ, and where each has its last difference."""
    head, most = 0, min(len(old), len(new))
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, len(old) - tail, len(new) - tail


def _cost(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    counts = Counter(new)
    return sum(count * counts[each] for each, count in Counter(old).items())
