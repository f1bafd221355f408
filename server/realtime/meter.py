"""How much one connection may send: edits that are too fast are read later, presence that is too fast is dropped."""

__all__ = ["Meter"]

BURST_SECONDS = 5.0
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

    def add(self, size: int, now: float) -> float:
        """Add a message of `size` bytes; the answer is how many seconds' worth is owed now, of whichever is more."""
        elapsed = now - self._at
        self._at = now
        left = self._messages - elapsed * self._message_rate
        self._messages = messages = left + 1.0 if left > 0.0 else 1.0
        left = self._bytes - elapsed * self._byte_rate
        self._bytes = owed = left + size if left > 0.0 else float(size)
        return max(messages / self._message_rate, owed / self._byte_rate)


class Meter:
    """Messages and bytes a second, with a burst of five seconds' worth. `now` is monotonic seconds.

    Presence is metered by itself: some clients send back every change that they hear, so a client in a busy room
    sends many frames that it did not choose to send, and its edits must not wait for them.
    """

    __slots__ = ("_presence", "_said")

    def __init__(self, now: float, messages: float, size: float) -> None:
        self._said = _Debt(messages, size, now)
        self._presence = _Debt(messages, size, now)

    def take(self, size: int, now: float) -> float:
        """Count one message of `size` bytes; the answer is how many seconds not to read."""
        owed = self._said.add(size, now) - BURST_SECONDS
        return max(0.0, owed)

    def lets_presence_pass(self, size: int, now: float) -> bool:
        """Count one awareness frame of `size` bytes: may it be looked at, or is it dropped?"""
        return self._presence.add(size, now) <= BURST_SECONDS

    def rest_after(self, spent: float) -> float:
        """How many seconds not to read after a message of this client that took `spent` seconds of the loop.

        What a message costs is not seen in its bytes (400 KB can be 200,000 structs, half a second of the loop that
        everybody shares), so whoever makes it long waits: one socket gets a fifth of the loop at the most.
        """
        return min(spent * REST_FACTOR, LONGEST_REST) if spent > SHORT_SECONDS else 0.0
