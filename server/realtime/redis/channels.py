"""How topics are called on the server: below our prefix, and on a cluster in partitions that share a slot."""

from zlib import crc32

from redis.crc import key_slot

__all__ = ["PARTITIONS", "Channels"]

PARTITIONS = 64
"""Of a cluster: enough to spread over its nodes, few enough to subscribe to many channels of one slot at once."""


class Channels:
    """`prefix:topic` on a single server; `{prefix:partition}:topic` on a cluster, which hashes what is in braces."""

    def __init__(self, prefix: str, *, is_cluster: bool) -> None:
        self.is_cluster = is_cluster
        self._prefix = prefix

    def partition_of(self, topic: str) -> int:
        return crc32(topic.encode()) % PARTITIONS if self.is_cluster else 0

    def slot_of(self, partition: int) -> int:
        """The slot of a cluster that all channels of the partition are in."""
        slot: int = key_slot(self._tag(partition).encode())
        return slot

    def channel(self, topic: str, partition: int) -> bytes:
        return f"{self._tag(partition) if self.is_cluster else self._prefix}:{topic}".encode()

    def _tag(self, partition: int) -> str:
        return f"{{{self._prefix}:{partition}}}"
