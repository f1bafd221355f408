"""Is this node alive, and may it be sent traffic? A part that is not well says what is wrong."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from persistence.database import Database
from server.operations.loop_watch import LoopWatch
from server.realtime.broker import Broker, MemoryBroker
from server.realtime.writer import LogWriter

__all__ = [
    "Check",
    "Finding",
    "Health",
    "Note",
    "broker_check",
    "broker_note",
    "log_check",
    "loop_check",
    "loop_note",
    "store_check",
]

log = logging.getLogger("counterpoint.health")

Check = Callable[[], Awaitable[str | None]]
Note = Callable[[], str | None]
CHECK_SECONDS = 2.0  # a probe's own patience is seldom longer
LATE_SECONDS = 1.0  # a loop later than this serves nobody well


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `reason` is None when all is well. `note`: what is worth knowing all the same."""

    name: str
    reason: str | None
    note: str | None = None


class Health:
    """Runs every check at once, each with a deadline."""

    def __init__(self, checks: Mapping[str, Check], notes: Mapping[str, Note] | None = None) -> None:
        self._checks = dict(checks)
        self._notes = dict(notes or {})

    async def findings(self) -> list[Finding]:
        return list(await asyncio.gather(*(self._find(name, check) for name, check in self._checks.items())))

    async def _find(self, name: str, check: Check) -> Finding:
        note = self._notes[name]() if name in self._notes else None
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                return Finding(name, await check(), note)
        except TimeoutError:
            return Finding(name, f"no answer within {CHECK_SECONDS:g} s")
        except Exception as error:  # a check that fails is what a check is for: it becomes a finding
            log.warning("a health check failed", extra={"check": name}, exc_info=True)
            return Finding(name, f"the check failed: {type(error).__name__}")


def store_check(database: Database) -> Check:
    """The store answers a question."""

    async def check() -> str | None:
        await database.ping()
        return None

    return check


def log_check(writer: LogWriter) -> Check:
    """What people type is committed; if not, edits are shown, kept and tried again, and not said to be saved."""

    async def check() -> str | None:
        return f"edits are not saved: {writer.trouble}" if writer.trouble is not None else None

    return check


def loop_check(watch: LoopWatch) -> Check:
    """The event loop wakes what is due in time."""

    async def check() -> str | None:
        late = watch.worst
        return f"the event loop was {late:.1f} s late in the last ten seconds" if late > LATE_SECONDS else None

    return check


def loop_note(watch: LoopWatch) -> Note:
    """A stall is not forgotten when it is over: nobody could ask while it lasted."""

    def note() -> str | None:
        stall = watch.latest_stall
        if stall is None:
            return None
        ended = stall.ended_at.isoformat(timespec="seconds")
        return (
            f"stood still {watch.stalls} times since the start; the last time for {stall.seconds:.1f} s, until {ended}"
        )

    return note


def broker_check() -> Check:
    """A node serves everybody without a broker, only more slowly: it is degraded then, and ready all the same."""

    async def check() -> str | None:
        return None

    return check


def broker_note(broker: Broker) -> Note:
    """What of other nodes' work comes late, and why."""

    def note() -> str | None:
        if isinstance(broker, MemoryBroker):
            return "no broker is set: what other nodes do is looked for in the store each second"
        if broker.trouble is None:
            return None
        return f"degraded: what other nodes do is looked for in the store each second: {broker.trouble}"

    return note
