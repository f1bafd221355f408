"""Who hears what is told to everybody: worked out when somebody comes, goes or falls behind, not in every turn."""

from collections.abc import Mapping

from crdt.room.peer import Peer

__all__ = ["Audience"]


class Audience:
    """The same tuple is answered until something changes, so that a runner can keep what it has made of it.

    Call `changed` after each change of a peer's `live`, `behind` or `stalled`, and when one comes or goes.
    """

    def __init__(self, peers: Mapping[int, Peer]) -> None:
        self._peers = peers
        self._updates: tuple[int, ...] | None = None
        self._presence: tuple[int, ...] | None = None

    def changed(self) -> None:
        self._updates = self._presence = None

    def of_updates(self) -> tuple[int, ...]:
        """The peers that follow the document (R3, R10)."""
        if self._updates is None:
            self._updates = tuple([peer.number for peer in self._peers.values() if peer.live and peer.behind is None])
        return self._updates

    def of_presence(self) -> tuple[int, ...]:
        """The peers whose sockets drain. Mostly they are the same as those that follow, in the same tuple."""
        if self._presence is None:
            awake = tuple([peer.number for peer in self._peers.values() if not peer.stalled])
            followers = self.of_updates()
            self._presence = followers if awake == followers else awake
        return self._presence
