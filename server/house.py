"""The parts of a running server, put together here and nowhere else, opened and closed in order."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from persistence.answers import AnswerStore
from persistence.branches import BranchStore
from persistence.database import Database
from persistence.log import SqlDocumentLog
from persistence.workspaces import WorkspaceStore
from server.collaboration.house import CollaborationWing, Realtime, collaboration_wing, open_realtime
from server.ground import Ground, open_ground
from server.http.idempotency import IdempotentAnswers
from server.identity.channels import ChannelDesk
from server.identity.house import IdentityWing, identity_wing
from server.inviting import posting
from server.nodes.house import NodeWing
from server.notifications.house import NotificationWing, notification_wing
from server.operations.chores import Chores
from server.operations.kicks import put_out
from server.operations.loop_watch import LoopWatch
from server.operations.watchdog import FaultAlarm, Watchdog
from server.performance.house import PerformanceWing, performance_wing
from server.realtime.broker import Broker
from server.realtime.feed.house import EventPlane
from server.realtime.materialiser import Materialiser
from server.realtime.questions import Questions
from server.settings import Settings
from server.sources.house import SourceWing, source_wing
from server.webhooks.house import WebhookWing, webhook_wing

__all__ = ["House", "open_house"]

log = logging.getLogger("counterpoint.house")

FIRST_FLUSH_SHARE = 0.3
SPREAD_SHARE = 0.2  # of the drain: sockets are told to come back over this time, so that they do not come back at once
THIN_EVERY_SECONDS = 3600.0
SWEEP_EVERY_SECONDS = 1.0
DISPATCH_EVERY_SECONDS = 1.0
RECHECK_EVERY_SECONDS = 60.0
ALERTS_EVERY_SECONDS = 15.0
ROLL_UP_EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class House:
    settings: Settings
    database: Database
    document_log: SqlDocumentLog
    identity: IdentityWing
    nodes: NodeWing
    events: EventPlane
    broker: Broker
    questions: Questions
    channels: ChannelDesk
    realtime: Realtime
    materialiser: Materialiser
    collaboration: CollaborationWing
    webhooks: WebhookWing
    notifications: NotificationWing
    sources: SourceWing
    performance: PerformanceWing
    answers: IdempotentAnswers
    watch: LoopWatch

    async def drain(self) -> None:
        """Before a stop: commit and acknowledge what was said, tell every socket to come back, commit the rest."""
        seconds = self.settings.drain_seconds
        self.realtime.registry.let_nobody_in()
        await self.realtime.rooms.flush(seconds * FIRST_FLUSH_SHARE)
        await self.realtime.registry.close(seconds * SPREAD_SHARE)
        if not await self.realtime.rooms.flush(seconds * (1 - FIRST_FLUSH_SHARE - SPREAD_SHARE)):
            log.error("stopped with edits that the store did not take; their clients still hold them")

    async def setup_token(self) -> str | None:
        """A fresh one-time set-up token; None when somebody can sign in already."""
        return await self.identity.setup.offer()


@asynccontextmanager
async def open_house(settings: Settings, *, open_mode: bool) -> AsyncIterator[House]:
    """Open every part, and close them in the opposite order: chores and rooms first, the store last."""
    async with AsyncExitStack() as stack:
        ground = await open_ground(stack, settings)
        identity = identity_wing(
            settings, ground.database, ground.broker, ground.outbox, ground.clock, open_mode=open_mode
        )
        stack.push_async_callback(identity.close)
        await identity.start()
        await ground.join(stack)
        webhooks = webhook_wing(ground.database, ground.outbox, ground.egress, ground.vault, ground.clock)
        realtime = open_realtime(ground, identity)
        notifications = _notifications(ground, identity, realtime)
        await notifications.push.keys.make()
        await ground.events.start((webhooks.consumer, notifications.consumer))
        stack.push_async_callback(ground.events.stop)
        _keep(stack, webhooks.courier, notifications)
        identity.watch.on_kick(partial(put_out, realtime.registry, ground.nodes.roster.me.id))
        _keep(stack, realtime, identity.watch)
        collaboration = await collaboration_wing(ground, identity, realtime, posting(notifications.mail))
        _keep(stack, collaboration)
        sources = _sources(ground, identity)
        performance = _performance(stack, ground, sources)
        watch = _watch(stack, ground)
        chores = _chores(ground, realtime)
        _add_purges(chores, ground, identity, (webhooks, notifications, performance))
        _keep(stack, chores)
        yield House(
            settings=settings,
            database=ground.database,
            document_log=ground.document_log,
            identity=identity,
            nodes=ground.nodes,
            events=ground.events,
            broker=ground.broker,
            questions=ground.questions,
            channels=ChannelDesk(identity.doorkeeper, WorkspaceStore(ground.database), ground.clock),
            realtime=realtime,
            materialiser=ground.materialiser,
            collaboration=collaboration,
            webhooks=webhooks,
            notifications=notifications,
            sources=sources,
            performance=performance,
            answers=IdempotentAnswers(AnswerStore(ground.database), ground.clock),
            watch=watch,
        )


def _watch(stack: AsyncExitStack, ground: Ground) -> LoopWatch:
    settings = ground.settings
    watch = LoopWatch(ground.clock, slow_seconds=settings.loop_slow_seconds, stall_seconds=settings.loop_stall_seconds)
    watchdog = Watchdog(watch, ground.clock, FaultAlarm())
    for part in (watch, watchdog):
        part.start()
        stack.callback(part.stop)
    return watch


def _notifications(ground: Ground, identity: IdentityWing, realtime: Realtime) -> NotificationWing:
    return notification_wing(
        ground.settings,
        ground.database,
        ground.outbox,
        ground.clock,
        egress=ground.egress,
        vault=ground.vault,
        right_of=identity.doorkeeper.recheck,
        is_active=realtime.presence.is_active,
    )


def _sources(ground: Ground, identity: IdentityWing) -> SourceWing:
    return source_wing(
        ground.settings,
        ground.database,
        ground.outbox,
        ground.clock,
        egress=ground.egress,
        vault=ground.vault,
        runs_the_server=identity.setup.runs_the_server,
    )


def _performance(stack: AsyncExitStack, ground: Ground, sources: SourceWing) -> PerformanceWing:
    """Sampling from now on."""
    roster = ground.nodes.roster

    def names() -> dict[str, str]:
        return {node.id: node.name for node in (roster.me, *roster.others)}

    wing = performance_wing(
        ground.database,
        ground.outbox,
        ground.clock,
        node=roster.me.id,
        sources=sources,
        tell=ground.events.desk.fleeting.tell,
        node_names=names,
    )
    _keep(stack, wing.sampler)
    return wing


def _chores(ground: Ground, realtime: Realtime) -> Chores:
    async def sweep() -> None:
        await realtime.registry.sweep_in_parts()
        realtime.hall.floor.look_around()
        realtime.rooms.sweep()
        realtime.presence.tell()

    async def thin() -> None:
        before = ground.clock.now() - timedelta(days=settings.raw_row_days)
        await ground.document_log.thin(before)
        await BranchStore(ground.database).purge(before)

    async def recheck() -> None:
        """Rights that another process has changed (the command line, another node that died before it could tell)."""
        for connection in realtime.registry.connections:
            realtime.registry.look_again(connection)
            await asyncio.sleep(RECHECK_EVERY_SECONDS / settings.max_connections / 2)
        await ground.events.desk.recheck_all(RECHECK_EVERY_SECONDS / settings.max_connections / 2)

    settings = ground.settings
    chores = Chores(ground.nodes.leases)
    chores.add("sweep", SWEEP_EVERY_SECONDS, sweep)
    chores.add("dispatch", DISPATCH_EVERY_SECONDS, ground.events.dispatcher.sweep)
    chores.add("recheck", RECHECK_EVERY_SECONDS / 2, recheck)
    chores.add("thin", THIN_EVERY_SECONDS, thin, alone=True)
    return chores


class _Steady(Protocol):
    """What works by itself until it is stopped."""

    def start(self) -> None: ...

    async def stop(self) -> None: ...


def _keep(stack: AsyncExitStack, *parts: _Steady) -> None:
    """Start them, and stop them in the opposite order."""
    for part in parts:
        part.start()
        stack.push_async_callback(part.stop)


def _add_purges(
    chores: Chores,
    ground: Ground,
    identity: IdentityWing,
    wings: tuple[WebhookWing, NotificationWing, PerformanceWing],
) -> None:
    (webhooks, notifications, performance), settings = wings, ground.settings
    chores.add("roll up", ROLL_UP_EVERY_SECONDS, performance.roll_up, alone=True)
    chores.add("alerts", ALERTS_EVERY_SECONDS, performance.look_after_alerts, alone=True)
    chores.add("purge samples", THIN_EVERY_SECONDS, performance.purge, alone=True)
    chores.add("webhook log", THIN_EVERY_SECONDS, partial(webhooks.purge, settings.webhook_log_days), alone=True)
    chores.add("inboxes", THIN_EVERY_SECONDS, partial(notifications.purge, settings.notification_days), alone=True)
    chores.add("access changes", THIN_EVERY_SECONDS, identity.watch.purge, alone=True)
