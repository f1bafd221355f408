"""The sockets' and the log's figures for Prometheus, read at the moment of the scrape."""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from statistics import quantiles

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from server.operations.loop_watch import BUCKETS, LoopWatch
from server.realtime.figures import Figures
from server.realtime.rooms import RoomKeeper

__all__ = ["FiguresCollector"]

COUNTERS = {
    "connections_total": "Sockets accepted.",
    "frames_in": "Socket messages received.",
    "frames_out": "Socket messages sent.",
    "bytes_in": "Bytes of socket messages received.",
    "bytes_out": "Bytes of socket messages sent.",
    "turns": "Turns of rooms that had something to log.",
    "rows": "Rows committed to the update log.",
    "commits": "Transactions of the update log.",
    "commit_failures": "Transactions of the update log that the store refused; they are tried again.",
    "compactions": "Snapshots made.",
    "stalls": "Times that a slow reader was left behind.",
    "overflows": "Feeds of events closed because their client did not read.",
    "pauses": "Times that a socket was not read for a while, because it sent too much.",
    "pause_seconds": "How long sockets were not read, all together.",
}


class FiguresCollector(Collector):
    """Registered on the node's own registry."""

    def __init__(self, figures: Figures, rooms: RoomKeeper, watch: LoopWatch) -> None:
        self._figures = figures
        self._rooms = rooms
        self._watch = watch

    def collect(self) -> Iterator[Metric]:
        figures = self._figures
        for name, meaning in COUNTERS.items():
            yield CounterMetricFamily(_named(name.removesuffix("_total")), meaning, getattr(figures, name))
        yield from self._turned_away()
        yield GaugeMetricFamily(_named("open_connections"), "Sockets open now.", figures.connections)
        yield GaugeMetricFamily(_named("rooms"), "Rooms open now.", len(self._rooms.hosts))
        yield GaugeMetricFamily(
            _named("log_pending_bytes"), "Bytes that wait for a commit.", self._rooms.writer.pending_bytes
        )
        yield from self._loop()
        yield self._commit_seconds()

    def _turned_away(self) -> Iterator[Metric]:
        figures = self._figures
        refused = CounterMetricFamily(
            _named("refused"), "What was turned away: sockets, documents, frames, updates.", labels=["door", "reason"]
        )
        for (door, reason), count in figures.refusals.counts.items():
            refused.add_metric([door, reason], count)
        yield refused
        yield CounterMetricFamily(
            _named("refused_unlogged"), "Refusals that were counted and not logged.", figures.refusals.left_out
        )
        ignored = CounterMetricFamily(
            _named("presence_ignored"), "Awareness that changed nothing; echoes are normal.", labels=["reason"]
        )
        open_rooms = (host.room.presence_ignored for host in self._rooms.hosts)
        for reason, count in sum(open_rooms, Counter(figures.presence_ignored)).items():
            ignored.add_metric([reason], count)
        yield ignored
        closed = CounterMetricFamily(_named("closed"), "Sockets that the server has closed.", labels=["code"])
        for code, count in figures.closed.items():
            closed.add_metric([str(code)], count)
        yield closed

    def _loop(self) -> Iterator[Metric]:
        watch = self._watch
        bounds = [*map(str, BUCKETS), "+Inf"]
        counts = list(accumulate(watch.beats))
        yield HistogramMetricFamily(
            _named("loop_lag_seconds"),
            "How much later than asked for the event loop woke what was due, measured four times a second.",
            list(zip(bounds, counts, strict=True)),
            watch.late_seconds,
        )
        yield GaugeMetricFamily(_named("loop_late_seconds"), "Latest wake-up of the last ten seconds.", watch.worst)
        yield CounterMetricFamily(
            _named("loop_cpu_seconds"), "Time of a processor that the event loop's thread has used.", watch.cpu_seconds
        )
        yield CounterMetricFamily(
            _named("loop_slow"), "Times that the event loop was held for longer than the slow limit.", watch.slow
        )
        yield CounterMetricFamily(
            _named("loop_stalls"),
            "Times that the event loop stood still for longer than the stall limit.",
            watch.stalls,
        )

    def _commit_seconds(self) -> Metric:
        family = GaugeMetricFamily(
            _named("commit_seconds"),
            "How long the store took for a commit, over the latest 1,024.",
            labels=["quantile"],
        )
        seconds = list(self._figures.commit_seconds)
        if len(seconds) >= 2:
            cuts = quantiles(seconds, n=100, method="inclusive")
            for quantile in (50, 95, 99):
                family.add_metric([f"0.{quantile}"], cuts[quantile - 1])
        return family


def _named(name: str) -> str:
    return f"counterpoint_{name}"
