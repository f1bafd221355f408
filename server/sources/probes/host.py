"""The machine that this node runs on, as psutil reads it."""

import asyncio
from collections.abc import Sequence

import psutil

from server.clock import Clock
from server.errors import SourceUnreachable
from server.sources.dialling import Dialler
from server.sources.probe import Fact, Probe, Reading, Target
from server.sources.probes.lines import Since, put_share

__all__ = ["open_probe"]

NOT_IDLE = frozenset({"user", "nice", "system", "irq", "softirq", "steal"})
"""`guest` is counted in `user` already; `iowait` is idle."""
IDLE = frozenset({"idle", "iowait"})


def open_probe(target: Target, dialler: Dialler, clock: Clock) -> Probe:
    del dialler  # it is asked over no network
    return HostProbe(target.options.get("disk") or "/", clock)


class HostProbe:
    def __init__(self, disk: str, clock: Clock) -> None:
        self._disk = disk
        self._clock = clock
        self._since = Since()

    async def read(self) -> Reading:
        return await asyncio.to_thread(self._read)

    async def examine(self) -> Sequence[Fact]:
        now = self._clock.now()
        return [await asyncio.to_thread(lambda: Fact("file_systems", "psutil.disk_partitions()", _systems(), now))]

    async def close(self) -> None:
        self._since = Since()

    def _read(self) -> Reading:
        values: dict[str, float] = {"up": 1.0, "load": psutil.getloadavg()[0]}
        missing: dict[str, str] = {}
        times = psutil.cpu_times()._asdict()
        busy = sum(value for name, value in times.items() if name in NOT_IDLE)
        idle = sum(value for name, value in times.items() if name in IDLE)
        grown = self._since.grown({"busy": busy, "idle": idle})
        put_share((values, missing), "cpu_usage", grown, ["busy"], ["busy", "idle"])
        values["memory_usage"] = psutil.virtual_memory().percent
        swap = psutil.swap_memory()
        if swap.total:
            values["swap_usage"] = swap.percent
        else:
            missing["swap_usage"] = "This machine has no swap."
        try:
            values["disk_usage"] = psutil.disk_usage(self._disk).percent
        except OSError as error:
            raise SourceUnreachable(f"{self._disk} cannot be read: {error.strerror or error}.") from None
        disks, network = psutil.disk_io_counters(), psutil.net_io_counters()
        if disks is None:
            reason = "This machine does not count what its disks carry."
            missing |= {"disk_read_bytes": reason, "disk_written_bytes": reason}
        else:
            values |= {"disk_read_bytes": float(disks.read_bytes), "disk_written_bytes": float(disks.write_bytes)}
        values |= {
            "network_received_bytes": float(network.bytes_recv),
            "network_sent_bytes": float(network.bytes_sent),
        }
        return Reading(values, missing)


def _systems() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for each in psutil.disk_partitions():
        try:
            usage = psutil.disk_usage(each.mountpoint)
        except OSError:
            continue  # one that this user may not look into
        found.append({"at": each.mountpoint, "type": each.fstype, "bytes": usage.total, "used_percent": usage.percent})
    return found
