"""How each kind of load is measured: from a fresh server to figures."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import generator, trace
from benchmarks.generator import Result
from benchmarks.servers import BUILD, Place, Running, Server, place_for, running

__all__ = ["Conditions", "Measure", "idle", "opening", "storm", "typing"]

WARM_OPENINGS = 5
COLD_OPENINGS = 3
# A server may store for long after it has relayed: the cold opening waits until it is idle, at most this long.
STORING_SECONDS = 90.0
QUIET_SECONDS = 4.0
IDLE_TICKS = 3  # hundredths of a second of CPU in half a second


@dataclass(frozen=True, slots=True)
class Conditions:
    """`environment` is that of the servers, `seconds` how long typing is measured, `first`: see `put_first`."""

    environment: Mapping[str, str]
    seconds: float = 3.0
    first: bool = False


Measure = Callable[[Server, Conditions], Result]


def typing(*arguments: str) -> Measure:
    """People who type; `arguments` are the generator's."""

    def measure(server: Server, conditions: Conditions) -> Result:
        return _once(server, conditions, "run", [*arguments, "--seconds", str(conditions.seconds)])

    return measure


def idle(connections: int, documents: int) -> Measure:
    """Connections that only stay, for two seconds."""
    shape = ["--documents", str(documents), "--readers", str(connections // documents), "--seconds", "2"]

    def measure(server: Server, conditions: Conditions) -> Result:
        return _once(server, conditions, "idle", [*shape, "--settle", "1", "--timeout", "90"])

    return measure


def storm(clients: int, megabytes: int) -> Measure:
    """All open one large document at once, while somebody types twenty characters a second."""
    shape = ["--readers", str(clients), "--count", str(megabytes), "--rate", "20", "--seconds", "2"]

    def measure(server: Server, conditions: Conditions) -> Result:
        return _once(server, conditions, "storm", [*shape, "--settle", "3", "--timeout", "60"])

    return measure


def opening(edits: int | None = None) -> Measure:
    """The editing trace, replayed edit by edit; then the document is opened warm, and by a restarted server cold."""

    def measure(server: Server, conditions: Conditions) -> Result:
        replay = trace.prepared(edits)
        room = generator.new_room()
        with place_for(server, first=conditions.first) as place:
            figures = _replayed(server, place, conditions, replay, room)
            figures["cold"] = []
            while len(figures["cold"]) < COLD_OPENINGS and all(each["complete"] for each in figures["cold"]):
                figures["cold"].append(_cold(server, place, conditions, replay, room))
        openings = [figures["warm"], *figures["cold"]]
        figures["complete"] = figures["complete"] and all(each["complete"] for each in openings)
        return figures

    return measure


def _once(server: Server, conditions: Conditions, mode: str, arguments: list[str]) -> Result:
    with (
        place_for(server, first=conditions.first) as place,
        running(server, place, conditions.environment, first=conditions.first) as target,
    ):
        return generator.run(target, mode, arguments, first=conditions.first)


def _replayed(server: Server, place: Place, conditions: Conditions, replay: trace.Replay, room: str) -> Result:
    """The replay's own figures, and `warm`: openings while the author is still there."""
    arguments = ["--file", str(replay.updates), "--window", "512", "--timeout", "200", "--settle", "2", "--hold"]
    with (
        running(server, place, conditions.environment, first=conditions.first) as target,
        generator.started(target, "replay", arguments, room=room, first=conditions.first) as author,
    ):
        assert author.stdout is not None
        line = author.stdout.readline()
        figures = generator.result_in(line, author.poll())
        figures["storing_s"] = _until_idle(target)
        figures["warm"] = _openings(target, conditions, replay, room, WARM_OPENINGS)
    return figures


def _cold(server: Server, place: Place, conditions: Conditions, replay: trace.Replay, room: str) -> Result:
    with running(server, place, conditions.environment, first=conditions.first) as target:
        return _openings(target, conditions, replay, room, 1)


def _openings(target: Running, conditions: Conditions, replay: trace.Replay, room: str, count: int) -> Result:
    """`complete` also says that the last client's text is the author's."""
    dump = BUILD / f"dump-{room}"
    arguments = ["--count", str(count), "--dump", str(dump), "--timeout", "30", "--settle", "0.2"]
    arguments += ["--expect-clock", str(replay.clock), "--expect-client", str(trace.AUTHOR)]
    try:
        figures = generator.run(target, "open", arguments, room=room, first=conditions.first)
        right = trace.text_sha256_in(dump.read_bytes()) == replay.text_sha256
    finally:
        dump.unlink(missing_ok=True)
    return {**figures, "complete": figures["complete"] and right}


def _until_idle(target: Running) -> float:
    """Seconds until the server, with all that it has started, began to be idle for QUIET_SECONDS."""
    begun = quiet_since = time.monotonic()
    used = _ticks(target)
    while time.monotonic() - quiet_since < QUIET_SECONDS and time.monotonic() - begun < STORING_SECONDS:
        time.sleep(0.5)
        now = _ticks(target)
        if now - used > IDLE_TICKS:
            quiet_since = time.monotonic()
        used = now
    return round(quiet_since - begun, 1)


def _ticks(target: Running) -> int:
    """CPU time of the server's processes, those of its session, in hundredths of a second."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[3]) in target.pids:
            ticks += int(fields[11]) + int(fields[12])
    return ticks
