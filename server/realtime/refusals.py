"""What is turned away at each door: all of it is counted, and as much is logged as no stranger can fill a disk with."""

import logging
import re
from collections import Counter
from typing import Any, Literal

from crdt.errors import CrdtError, RefusedUpdate
from server.clock import Clock, SystemClock
from server.errors import AppError, Invalid, Refused, ReusedClientId, TooLarge
from server.seldom import Seldom

__all__ = ["Door", "Refusals", "as_told", "reason_of"]

log = logging.getLogger("counterpoint.refused")

Door = Literal["upgrade", "opening", "frame", "update"]
"""upgrade: no socket at all. opening: no document. frame: not of its protocol. update: may not be in the document."""
AT_ONCE, EVERY_SECONDS = 3, 60.0
"""Of one address or user for one reason at one door."""
ALL_AT_ONCE, ALL_EVERY_SECONDS = 50, 1.0
"""Of everybody: some 30 MB a day at the most."""


class Refusals:
    """One node's counts since its start. Reasons are words of the program, never of a stranger: they become labels."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.counts: Counter[tuple[Door, str]] = Counter()
        self._clock = clock or SystemClock()
        self._seldom = Seldom(
            at_once=AT_ONCE, every_seconds=EVERY_SECONDS, all_at_once=ALL_AT_ONCE, all_every_seconds=ALL_EVERY_SECONDS
        )

    @property
    def left_out(self) -> int:
        """Refusals that were counted and not logged."""
        return self._seldom.left_out

    def note(self, door: Door, reason: str, who: str, **facts: Any) -> None:
        """Count one. `who`: an address or a user's id; `facts`: more for the log, nothing that could be a secret."""
        self.counts[door, reason] += 1
        left_out = self._seldom.passes((door, reason, who), self._clock.monotonic())
        if left_out is not None:
            told = {"door": door, "reason": reason, "who": who, **facts, "left_out_before": left_out}
            log.warning("refused", extra=told)


def as_told(error: CrdtError) -> AppError:
    """What a peer is told whose update is refused."""
    if not isinstance(error, RefusedUpdate):
        return Invalid(str(error))
    kinds = {"quota": TooLarge, "client_id_reused": ReusedClientId}
    return kinds.get(error.reason, Refused)(str(error))


def reason_of(error: AppError) -> str:
    """One word for an error's class, such as foreign_origin."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()
