"""How much one connection may send: edits that are too fast are read later, presence that is too fast is dropped."""

__all__ = ["SHORT_SECONDS", "LoopShares", "Meter"]

BURST_SECONDS = 5.0
PASSED_OVER = 4
"""Frames in vain (presence that is an echo, or over its rate; pings and pongs) for each message: they cost less, and
stock clients send an echo of each turn in which somebody moved."""
SHORT_SECONDS = 0.01
REST_FACTOR = 4.0
LONGEST_REST = 10.0


class _Debt:
    """Messages and bytes that time pays off at their rates."""

    __slots__ = ("_at", "_byte_rate", "_bytes", "_message_rate", "_messages")

    def __init__(self, message_rate: float, byte_rate: float, now: float) -> None:
        self._message_rate = message_rate
        self._byte_rate = byte_rate
        self._messages = self._bytes = 0.0
        self._at = now

    def add(self, size: int, now: float, count: int = 1) -> float:
        """Add `count` messages of `size` bytes together; the answer is how many seconds' worth is owed now."""
        elapsed = now - self._at
        self._at = now
        left = self._messages - elapsed * self._message_rate
        self._messages = messages = left + count if left > 0.0 else float(count)
        left = self._bytes - elapsed * self._byte_rate
        self._bytes = owed = left + size if left > 0.0 else float(size)
        return max(messages / self._message_rate, owed / self._byte_rate)


class Meter:
    """Messages and bytes a second, with a burst of five seconds' worth. `now` is monotonic seconds.

    Presence is metered by itself: some clients send back every change that they hear, so a client in a busy room
    sends many frames that it did not choose to send, and its edits must not wait for them.
    """

    __slots__ = ("_passed_over", "_presence", "_said", "_shares")

    def __init__(self, now: float, messages: float, size: float, shares: "LoopShares | None" = None) -> None:
        self._said = _Debt(messages, size, now)
        self._presence = _Debt(messages, size, now)
        self._passed_over = _Debt(messages * PASSED_OVER, size * PASSED_OVER, now)
        self._shares = LoopShares() if shares is None else shares

    def take(self, size: int, now: float, count: int = 1) -> float:
        """Count `size` bytes with one message or so many commands; the answer is how many seconds not to read."""
        owed = self._said.add(size, now, count) - BURST_SECONDS
        return max(0.0, owed)

    def lets_presence_pass(self, size: int, now: float) -> bool:
        """Count one awareness frame of `size` bytes: may it be looked at, or is it dropped?"""
        return self._presence.add(size, now) <= BURST_SECONDS

    def pass_over(self, count: int, size: int, now: float) -> float:
        """Count frames that were read in vain; the answer is how many seconds not to read."""
        return max(0.0, self._passed_over.add(size, now, count) - BURST_SECONDS)

    def rest_after(self, spent: float, user: str | None, now: float) -> float:
        """How many seconds not to read after a message of this user that took `spent` seconds of the loop until `now`.

        What a message costs is not seen in its bytes, so whoever makes it long waits: one user, with all of his
        sockets on this node, gets a fifth of the loop at the most.
        """
        return self._shares.rest(user, spent, now) if spent > SHORT_SECONDS else 0.0


class LoopShares:
    """Until when each user rests for what his long messages have cost; his sockets queue up behind each other."""

    def __init__(self) -> None:
        self._until: dict[str | None, float] = {}

    def __len__(self) -> int:
        return len(self._until)

    def rest(self, user: str | None, spent: float, now: float) -> float:
        """Seconds from now; None is everybody who has not said yet who he is."""
        until = max(self._until.pop(user, now), now) + min(spent * REST_FACTOR, LONGEST_REST)
        for rested in [each for each, end in self._until.items() if end <= now]:
            del self._until[rested]
        self._until[user] = until
        return until - now
