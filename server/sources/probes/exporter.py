"""What a source does not tell of its machine, from a node exporter beside it (Prometheus text)."""

from collections.abc import Sequence

from server.clock import Clock
from server.errors import SourceUnreachable
from server.sources.dialling import Dialler
from server.sources.metrics import EXPORTED
from server.sources.probe import Fact, Probe, Reading, Target
from server.sources.probes.fetching import fetch
from server.sources.probes.lines import Since, put_share
from server.sources.probes.prometheus import Sample, samples_in

__all__ = ["with_exporter"]

OK = 200
NOT_DISKS = frozenset({"tmpfs", "devtmpfs", "overlay", "squashfs", "ramfs", "iso9660"})


def with_exporter(probe: Probe, target: Target, dialler: Dialler, clock: Clock) -> Probe:
    """The probe itself where no exporter is named."""
    url = target.options.get("exporter_url")
    return _WithExporter(probe, str(url), target, dialler, clock) if url else probe


class _WithExporter:
    def __init__(self, probe: Probe, url: str, target: Target, dialler: Dialler, clock: Clock) -> None:
        self._probe = probe
        self._url = url
        self._target = target
        self._dialler = dialler
        self._clock = clock
        self._since = Since()

    async def read(self) -> Reading:
        reading = await self._probe.read()
        values, missing = dict(reading.values), dict(reading.missing)
        names = [name for name in EXPORTED if name not in values]
        try:
            found = await fetch(self._dialler, self._clock, self._url, self._target.options)
            if found.status != OK:
                raise SourceUnreachable(f"it answered with the status {found.status}")
            told, not_told = self._figures(found.body.decode(errors="replace"))
        except (SourceUnreachable, ValueError) as error:
            said = error.message if isinstance(error, SourceUnreachable) else str(error)
            told, not_told = {}, dict.fromkeys(EXPORTED, f"The exporter does not tell it: {said}")
        values |= {name: told[name] for name in names if name in told}
        missing |= {name: not_told[name] for name in names if name not in told}
        return Reading(values, missing, reading.trouble, reading.kinds)

    async def examine(self) -> Sequence[Fact]:
        return await self._probe.examine()

    async def close(self) -> None:
        self._since = Since()
        await self._probe.close()

    def _figures(self, text: str) -> tuple[dict[str, float], dict[str, str]]:
        """Raises ValueError for what is no Prometheus text."""
        rows = list(samples_in(text))
        values: dict[str, float] = {}
        missing = dict.fromkeys(EXPORTED, "The exporter has no such figure.")
        cpu = [(row.labels.get("mode"), row.value) for row in rows if row.name == "node_cpu_seconds_total"]
        if cpu:
            idle = sum(value for mode, value in cpu if mode in {"idle", "iowait"})
            grown = self._since.grown({"idle": idle, "busy": sum(value for _, value in cpu) - idle})
            put_share((values, missing), "cpu_usage", grown, ["busy"], ["busy", "idle"])
        one = {row.name: row.value for row in rows}
        whole, free = one.get("node_memory_MemTotal_bytes"), one.get("node_memory_MemAvailable_bytes")
        if whole and free is not None:
            values["memory_usage"] = 100 * (1 - free / whole)
        fullest = _fullest_disk(rows)
        if fullest is not None:
            values["disk_usage"] = fullest
        return values, missing


def _fullest_disk(rows: Sequence[Sample]) -> float | None:
    """In percent of what users can have: of several file systems that which is nearest to its end."""
    sizes: dict[tuple[str | None, str | None], dict[str, float]] = {}
    for row in rows:
        labels = row.labels
        if row.name.startswith("node_filesystem_") and labels.get("fstype") not in NOT_DISKS:
            sizes.setdefault((labels.get("device"), labels.get("mountpoint")), {})[row.name] = row.value
    used = []
    for each in sizes.values():
        size, free = each.get("node_filesystem_size_bytes"), each.get("node_filesystem_free_bytes")
        available = each.get("node_filesystem_avail_bytes")
        if size and free is not None and available is not None:
            taken = size - free
            used.append(100 * taken / max(1.0, taken + available))
    return max(used, default=None)
