"""How much one connection may send: a token bucket whose answer is a pause, not an end."""

from server.clock import Clock

__all__ = ["Meter"]


class Meter:
    """Messages and bytes a second, with a burst of five seconds' worth. Reading is paused above it."""

    BURST_SECONDS = 5.0

    def __init__(self, clock: Clock, messages: float, size: float) -> None:
        self._clock = clock
        self._rates = (messages, size)
        self._full_at = clock.monotonic()
        self._debts = [0.0, 0.0]

    def take(self, size: int) -> float:
        """Count one message of `size` bytes; the answer is how many seconds not to read."""
        now = self._clock.monotonic()
        passed, self._full_at = now - self._full_at, now
        pause = 0.0
        for index, amount in enumerate((1, size)):
            rate = self._rates[index]
            debt = max(0.0, self._debts[index] - passed * rate) + amount
            self._debts[index] = debt
            pause = max(pause, debt / rate - self.BURST_SECONDS)
        return pause
