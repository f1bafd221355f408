"""What every wing of the server stands on, opened before them and closed after them."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from ipaddress import ip_network
from uuid import uuid4

from persistence.database import Database
from persistence.dialect import is_sqlite
from persistence.log import SqlDocumentLog
from persistence.server_secrets import ServerSecretStore
from server.clock import Clock, SystemClock
from server.egress.egress import Egress
from server.events.outbox import Outbox
from server.nodes.house import NodeWing, node_wing
from server.realtime.broker import Broker, MemoryBroker
from server.realtime.elsewhere import Elsewhere, FactTable
from server.realtime.feed.house import EventPlane, event_plane
from server.realtime.materialiser import Materialiser
from server.realtime.questions import Questions
from server.realtime.redis.broker import RedisBroker
from server.realtime.replication.key import node_key
from server.redis_address import read_redis_url
from server.settings import Settings
from server.vault import Vault

__all__ = ["Ground", "open_ground"]


@dataclass(frozen=True, slots=True)
class Ground:
    """`node_key` and `elsewhere`: None without a broker, for then no node can tell another one anything."""

    settings: Settings
    database: Database
    document_log: SqlDocumentLog
    materialiser: Materialiser
    broker: Broker
    events: EventPlane
    clock: Clock
    nodes: NodeWing
    egress: Egress
    vault: Vault
    node_key: bytes | None
    elsewhere: Elsewhere | None
    questions: Questions

    @property
    def outbox(self) -> Outbox:
        return self.events.outbox

    async def join(self, stack: AsyncExitStack) -> None:
        """Be a node among others, until the stack ends. Raises StoreUnavailable."""
        if self.elsewhere is not None:
            self.elsewhere.start()
            stack.push_async_callback(self.elsewhere.leave)
        self.questions.start()
        stack.push_async_callback(self.questions.stop)
        await self.nodes.start()
        stack.push_async_callback(self.nodes.stop)

    def table(self, name: str) -> FactTable:
        """What the other nodes say of this; nothing, where there can be none."""
        return _table(self.elsewhere, name)


def _table(elsewhere: Elsewhere | None, name: str) -> FactTable:
    return FactTable() if elsewhere is None else elsewhere.table(name)


async def open_ground(stack: AsyncExitStack, settings: Settings) -> Ground:
    database = await Database.open(settings.store_url, busy_seconds=settings.store_busy_seconds)
    stack.push_async_callback(database.close)
    await database.migrate()
    materialiser = Materialiser(workers=settings.worker_processes, memory_bytes=settings.worker_memory_bytes)
    stack.push_async_callback(materialiser.close)
    clock, node = SystemClock(), uuid4().hex
    broker, vault = _open_broker(stack, settings, clock), Vault.open(settings)
    key = None if settings.redis_url is None else await node_key(ServerSecretStore(database), vault, clock)
    elsewhere = None if key is None else Elsewhere(node, broker, key, clock)
    egress = Egress([ip_network(each, strict=False) for each in settings.egress_allow])
    stack.callback(egress.close)
    return Ground(
        settings=settings,
        database=database,
        document_log=SqlDocumentLog(database, clock.now),
        materialiser=materialiser,
        broker=broker,
        events=event_plane(database, broker, clock, is_alone=settings.is_sqlite, present=_table(elsewhere, "channels")),
        clock=clock,
        nodes=node_wing(node, settings, database, broker, clock, is_solitary=is_sqlite(settings.store_url)),
        egress=egress,
        vault=vault,
        node_key=key,
        elsewhere=elsewhere,
        questions=Questions(node, broker, key),
    )


def _open_broker(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Broker:
    """A server that is not there holds up no start: nodes find one another's work in the store meanwhile."""
    if settings.redis_url is None:
        return MemoryBroker()
    broker = RedisBroker(read_redis_url(settings.redis_url.get_secret_value()), settings.redis_prefix, clock)
    broker.start()
    stack.push_async_callback(broker.stop)
    return broker
