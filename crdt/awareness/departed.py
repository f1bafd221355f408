"""Client ids that have left: whose they were, and the last clock that the others heard. Bounded."""

from dataclasses import dataclass

__all__ = ["Departed", "Last"]

PER_USER = 32
"""A user's own ids push each other out first, so that nobody can make the room forget another's by coming and going."""
USERS = 1_000


@dataclass(frozen=True, slots=True)
class Last:
    """The last that was heard of a client id."""

    user: str | None
    clock: int


class Departed:
    """Without it a returning client would be invisible until its next renewal, and its id free for anyone."""

    def __init__(self) -> None:
        self._user_of: dict[int, str | None] = {}
        self._clocks: dict[str | None, dict[int, int]] = {}

    def __len__(self) -> int:
        return len(self._user_of)

    def remember(self, client_id: int, last: Last) -> None:
        """The newest is put last, everywhere; the oldest goes first."""
        self.forget(client_id)
        clocks = self._clocks.pop(last.user, {})
        clocks[client_id] = last.clock
        self._clocks[last.user] = clocks
        self._user_of[client_id] = last.user
        if len(clocks) > PER_USER:
            self.forget(next(iter(clocks)))
        if len(self._clocks) > USERS:
            for old in self._clocks.pop(next(iter(self._clocks))):
                del self._user_of[old]

    def last(self, client_id: int) -> Last | None:
        if client_id not in self._user_of:
            return None
        user = self._user_of[client_id]
        return Last(user, self._clocks[user][client_id])

    def forget(self, client_id: int) -> None:
        if client_id not in self._user_of:
            return
        user = self._user_of.pop(client_id)
        clocks = self._clocks[user]
        del clocks[client_id]
        if not clocks:
            del self._clocks[user]
