"""Who is in which document now, by live connections and nothing else: of this node, and as the others tell theirs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.clock import Clock
from server.realtime.connections.documents import DocumentConnection, Place
from server.realtime.connections.registry import ConnectionRegistry
from server.realtime.elsewhere import FactTable

__all__ = ["ACTIVE_SECONDS", "FRESH_SECONDS", "Presence", "Present"]

FRESH_SECONDS = 1.0
"""Many ask every few seconds: the connections are gone through once a second at the most."""
TELL_SECONDS = 2.0
"""How often the other nodes are told, at the most."""
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
    """`elsewhere`: by document, who is in it on each other node. Clocks of nodes are not compared: what is told are
    ages, anew when one has come to mean something else."""

    def __init__(self, registry: ConnectionRegistry, clock: Clock, elsewhere: FactTable | None = None) -> None:
        self._registry = registry
        self._clock = clock
        self._elsewhere = elsewhere
        self._told: dict[str, object] = {}
        self._told_at = float("-inf")
        self._seen: Mapping[str, Sequence[Present]] = {}
        self._seen_at: float | None = None

    def everybody(self) -> Mapping[str, Sequence[Present]]:
        """By document, each user once; as it was up to FRESH_SECONDS ago."""
        now = self._clock.monotonic()
        if self._seen_at is None or now - self._seen_at >= FRESH_SECONDS:
            self._seen, self._seen_at = self._with_others(self._look()), now
        return self._seen

    def tell(self) -> None:
        """Every second or so: tell the other nodes what they would understand otherwise than before."""
        now = self._clock.monotonic()
        if self._elsewhere is None or now - self._told_at < TELL_SECONDS:
            return
        here, self._told_at = self._look(), now
        for document in self._told.keys() - here.keys():
            del self._told[document]
            self._elsewhere.put(document, None)
        for document, people in here.items():
            meaning = [(each.user_id, each.connections, *_steps(each, now)) for each in people]
            if self._told.get(document) != meaning:
                self._told[document] = meaning
                self._elsewhere.put(document, [_aged(each, now) for each in people])

    def _with_others(self, here: dict[str, list[Present]]) -> dict[str, list[Present]]:
        if self._elsewhere is None:
            return here
        for document in self._elsewhere.keys_elsewhere:
            told = [_heard(document, each, at) for at, people in self._elsewhere.told_at(document) for each in people]
            by_user: dict[str, Present] = {}
            for each in (*here.get(document, ()), *told):
                known = by_user.get(each.user_id)
                by_user[each.user_id] = each if known is None else _merged(known, each)
            here[document] = list(by_user.values())
        return here

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


STEPS = (15.0, 60.0, ACTIVE_SECONDS, 300.0)
"""Ages at which somebody is taken for something else, and one below all of them, which keeps the told age true."""


def _steps(present: Present, now: float) -> tuple[int, int]:
    """Which of the steps what he did last has passed; and the same for what he wrote, from the latest on."""
    wrote = now - present.wrote_at if present.wrote_at is not None else float("inf")
    return tuple(sum(age >= step for step in STEPS) for age in (now - present.active_at, wrote))  # type: ignore[return-value]


def _aged(present: Present, now: float) -> list[object]:
    wrote = None if present.wrote_at is None else round(now - present.wrote_at, 1)
    ages = [round(now - present.since, 1), round(now - present.active_at, 1), wrote]
    return [present.user_id, present.name, present.organisation_id, present.connections, *ages]


def _heard(document: str, told: Sequence[Any], at: float) -> Present:
    user, name, organisation, connections, since, active, wrote = told
    return Present(
        document=document,
        user_id=user,
        name=name,
        organisation_id=organisation,
        since=at - since,
        active_at=at - active,
        wrote_at=None if wrote is None else at - wrote,
        connections=connections,
    )


def _merged(one: Present, other: Present) -> Present:
    """One user on two nodes."""
    return replace(
        one,
        since=min(one.since, other.since),
        active_at=max(one.active_at, other.active_at),
        wrote_at=max((at for at in (one.wrote_at, other.wrote_at) if at is not None), default=None),
        connections=one.connections + other.connections,
    )


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
