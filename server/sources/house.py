"""Data sources, put together."""

from dataclasses import dataclass

from persistence.data_sources import DataSourceStore
from persistence.database import Database
from persistence.source_windows import SourceWindows
from server.clock import Clock
from server.egress.egress import Egress
from server.events.outbox import Outbox
from server.identity.throttle import HourlyLimit
from server.settings import Settings
from server.sources.dialling import EgressDialler
from server.sources.opening import Opener, opener
from server.sources.places import Places, RunsTheServer
from server.sources.reach import Reach
from server.sources.secrets import Secrets
from server.sources.service import SourceService
from server.sources.trying import Trying
from server.vault import Vault

__all__ = ["SourceWing", "source_wing"]

TESTS_PER_HOUR = 120


@dataclass(frozen=True, slots=True)
class SourceWing:
    """`reach` and `open_probe` are for whoever samples and scans."""

    service: SourceService
    trying: Trying
    windows: SourceWindows
    store: DataSourceStore
    reach: Reach
    open_probe: Opener
    clock: Clock


def source_wing(
    settings: Settings,
    database: Database,
    outbox: Outbox,
    clock: Clock,
    *,
    egress: Egress,
    vault: Vault,
    runs_the_server: RunsTheServer,
) -> SourceWing:
    """Nothing is read or connected by this."""
    store, secrets = DataSourceStore(database), Secrets(vault)
    places = Places(settings.source_paths, runs_the_server)
    reach, open_probe = Reach(store, secrets, places), opener(EgressDialler(egress), clock)
    return SourceWing(
        service=SourceService(store, secrets=secrets, places=places, outbox=outbox, clock=clock),
        trying=Trying(reach, open_probe, HourlyLimit(clock, TESTS_PER_HOUR, "tests of connections"), clock),
        windows=SourceWindows(database),
        store=store,
        reach=reach,
        open_probe=open_probe,
        clock=clock,
    )
