"""From a target to the probe of its type. Drivers are imported when the first source of their type is asked."""

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias, cast

from server.clock import Clock
from server.sources.dialling import Dialler
from server.sources.probe import Probe, SourceType, Target
from server.sources.probes.exporter import with_exporter

__all__ = ["Opener", "opener"]

Opener: TypeAlias = Callable[[Target], Probe]
"""Nothing is connected before the probe's first question."""

MODULES: dict[SourceType, str] = {
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "redis": "redis",
    "sqlite": "sqlite",
    "http": "http",
    "host": "host",
}


def opener(dialler: Dialler, clock: Clock) -> Opener:
    """What opens the probe of any type."""

    def open_probe(target: Target) -> Probe:
        module = import_module(f"server.sources.probes.{MODULES[target.source_type]}")
        probe = cast("Probe", module.open_probe(target, dialler, clock))
        return with_exporter(probe, target, dialler, clock)

    return open_probe
