"""Counts of what the feed does, as plain numbers; the metrics page reads them."""

from dataclasses import dataclass

__all__ = ["FeedFigures"]


@dataclass(slots=True)
class FeedFigures:
    """Counters since the start of the process.

    deliveries      events handed to connections: one that ten listen for counts ten times
    recovered       subscriptions that went on where their client had been
    not_recovered   those whose client was told to read the rows again
    """

    deliveries: int = 0
    recovered: int = 0
    not_recovered: int = 0
