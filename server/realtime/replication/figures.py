"""Counts of what documents do across nodes, as plain numbers; the metrics page reads them."""

from dataclasses import dataclass

__all__ = ["ReplicationFigures"]


@dataclass(slots=True)
class ReplicationFigures:
    """Counters since the start of the process.

    told          messages about rows that this node has committed
    heard         rows of other nodes that a message brought, in order
    repeated      messages about rows that were held already
    read          rows of other nodes that were read from the log
    polled        documents that were found to be behind by a look at the log
    incarnations  rooms that were ended, for their document had been brought back from a backup
    mismatches    digests of another node that were not this one's at the same position
    """

    told: int = 0
    heard: int = 0
    repeated: int = 0
    read: int = 0
    polled: int = 0
    incarnations: int = 0
    mismatches: int = 0
