"""Who is in which document now, by the live connections of this node and by nothing else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.clock import Clock
from server.realtime.connections.documents import DocumentConnection, Place
from server.realtime.connections.registry import ConnectionRegistry

__all__ = ["ACTIVE_SECONDS", "FRESH_SECONDS", "Presence", "Present"]

FRESH_SECONDS = 1.0
"""Many ask every few seconds: the connections are gone through once a second at the most."""
ACTIVE_SECONDS = 140.0
"""Whoever has done nothing for so long is not at work (Zulip waits as long)."""


@dataclass(frozen=True, slots=True)
class Present:
    """One user in one document, by however many connections. Times are monotonic seconds.

    since       when the longest of the present connections came
    active_at   when the user last came, showed another state (moved the cursor, say) or edited
    wrote_at    when an edit of the user was last taken; None for none since the room was opened
    """

    document: str
    user_id: str
    name: str
    organisation_id: str
    since: float
    active_at: float
    wrote_at: float | None
    connections: int


class Presence:
    def __init__(self, registry: ConnectionRegistry, clock: Clock) -> None:
        self._registry = registry
        self._clock = clock
        self._seen: Mapping[str, Sequence[Present]] = {}
        self._seen_at: float | None = None

    def everybody(self) -> Mapping[str, Sequence[Present]]:
        """By document, each user once; as it was up to FRESH_SECONDS ago."""
        now = self._clock.monotonic()
        if self._seen_at is None or now - self._seen_at >= FRESH_SECONDS:
            self._seen, self._seen_at = self._look(), now
        return self._seen

    def is_active(self, user: str) -> bool:
        """Is he at work in a document now?"""
        after = self._clock.monotonic() - ACTIVE_SECONDS
        return any(
            each.user_id == user and each.active_at >= after for here in self.everybody().values() for each in here
        )

    def _look(self) -> dict[str, list[Present]]:
        places: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
        for connection in self._registry.connections:
            if isinstance(connection, DocumentConnection):
                for place in connection.places:
                    admission = place.seat.admission
                    places[admission.document, admission.guest.user_id].append(place)
        found: defaultdict[str, list[Present]] = defaultdict(list)
        for (document, _), here in places.items():
            found[document].append(_present(here))
        return found


def _present(places: Sequence[Place]) -> Present:
    admission = places[0].seat.admission
    guest = admission.guest
    moved = [place.host.room.presence_changed_at(place.seat.peer) for place in places]
    wrote = [at for place in places if (at := place.host.wrote_at.get(guest.user_id)) is not None]
    return Present(
        document=admission.document,
        user_id=guest.user_id,
        name=guest.name,
        organisation_id=guest.organisation_id,
        since=min(place.since for place in places),
        active_at=max([place.since for place in places] + [at for at in moved if at is not None] + wrote),
        wrote_at=max(wrote, default=None),
        connections=len(places),
    )
