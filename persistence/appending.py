"""The log's hot path: many documents' batches in one transaction, past SQLAlchemy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from persistence.records import Batch, Outcome

__all__ = ["Appender"]


class Appender(Protocol):
    """What each kind of store does for the log in its own way."""

    async def append(self, batches: Sequence[Batch], now: datetime) -> list[Outcome]:
        """Write all batches in one transaction, and answer after the commit. Raises StoreUnavailable, Unstorable.

        Positions follow on the heads, which are locked in the order of their ids.
        """
        ...

    async def settle(self) -> None:
        """Bring every row to the place where it is thinned and searched."""
        ...

    async def close(self) -> None:
        """Leave the store tidy; nothing is appended any more."""
        ...
