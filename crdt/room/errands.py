"""What a room waits for from elsewhere: each question once, whoever asks it meanwhile."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import count
from typing import Any

from crdt.room.effects import Effect, Elsewhere

__all__ = ["Errands", "Then"]

Then = Callable[[int, Any], list[Effect]]
"""What to do with (the number of the turn that was asked about, the result or a CrdtError in its place)."""


@dataclass(slots=True)
class _Errand:
    key: Hashable
    number: int
    waiting: list[Then]


class Errands:
    """Sends work elsewhere and hands out the answers."""

    def __init__(self) -> None:
        self._errands: dict[int, _Errand] = {}
        self._tokens: dict[Hashable, int] = {}
        self._next = count(1)

    def __bool__(self) -> bool:
        """Is anything under way?"""
        return bool(self._errands)

    def send(
        self, key: Hashable, function: Callable[..., Any], args: tuple[Any, ...], then: Then, number: int, *, user: str
    ) -> list[Effect]:
        """Have `function(*args)` worked out for a user, which is about the document at turn `number`.

        Who gives the key of an errand that is under way waits for the answer of that one.
        """
        token = self._tokens.get(key)
        if token is not None:
            self._errands[token].waiting.append(then)
            return []
        token = self._tokens[key] = next(self._next)
        self._errands[token] = _Errand(key, number, [then])
        return [Elsewhere(token, function, args, user)]

    def answered(self, token: int, answer: Any) -> list[Effect]:
        """The result of an errand, or a CrdtError in its place."""
        errand = self._errands.pop(token)
        del self._tokens[errand.key]
        return [effect for then in errand.waiting for effect in then(errand.number, answer)]
