"""The parts of a running server, put together here and nowhere else, opened and closed in order."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from ipaddress import ip_network
from uuid import uuid4

from crdt.guard import Limits
from persistence.activity import ActivityStore
from persistence.answers import AnswerStore
from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.groups import GroupStore
from persistence.invitations import InvitationStore
from persistence.log import SqlDocumentLog
from persistence.projections import ProjectionStore
from persistence.quarantine import QuarantineStore
from persistence.thread_anchors import ThreadAnchorStore
from persistence.threads import ThreadStore
from persistence.whereabouts import Whereabouts
from persistence.workspaces import WorkspaceStore
from server.clock import Clock, SystemClock
from server.collaboration.activity import ActivityService
from server.collaboration.contents import ContentService, Unhurried
from server.collaboration.documents import DocumentService
from server.collaboration.examiner import Examiner
from server.collaboration.people.invitations import InvitationService, Post
from server.collaboration.people.sessions import SessionService
from server.collaboration.projector import Projector
from server.collaboration.service import WorkspaceService
from server.collaboration.sockets import SocketHall
from server.collaboration.texts import TextShelf
from server.collaboration.threads.anchors import AnchorDesk
from server.collaboration.threads.keeper import AnchorKeeper
from server.collaboration.threads.mentions import MentionDesk
from server.collaboration.threads.service import ThreadService
from server.egress.egress import Egress
from server.errors import AppError
from server.events.outbox import Outbox
from server.http.idempotency import IdempotentAnswers
from server.identity.access import announce
from server.identity.channels import ChannelDesk
from server.identity.house import IdentityWing, identity_wing
from server.identity.throttle import HourlyLimit
from server.inviting import posting
from server.notifications.house import NotificationWing, notification_wing
from server.operations.chores import Chores
from server.operations.loop_watch import LoopWatch
from server.operations.watchdog import FaultAlarm, Watchdog
from server.realtime.broker import Broker, MemoryBroker
from server.realtime.connections.registry import ConnectionLimits, ConnectionRegistry
from server.realtime.desk import DocumentDesk
from server.realtime.feed.house import EventPlane, event_plane
from server.realtime.figures import Figures
from server.realtime.materialiser import Materialiser
from server.realtime.present import Presence
from server.realtime.rooms import RoomKeeper
from server.realtime.sockets.floor import Floor
from server.settings import Settings
from server.vault import Vault
from server.webhooks.house import WebhookWing, webhook_wing

__all__ = ["House", "Realtime", "open_house"]

log = logging.getLogger("counterpoint.house")

FIRST_FLUSH_SHARE = 0.3
SPREAD_SHARE = 0.2  # of the drain: sockets are told to come back over this time, so that they do not come back at once
THIN_EVERY_SECONDS = 3600.0
SWEEP_EVERY_SECONDS = 1.0
DISPATCH_EVERY_SECONDS = 1.0
RECHECK_EVERY_SECONDS = 60.0
EDIT_SECONDS = 10.0  # a client of the API gives up after 30


@dataclass(frozen=True, slots=True)
class Realtime:
    """Rooms and the sockets in them."""

    rooms: RoomKeeper
    registry: ConnectionRegistry
    hall: SocketHall
    figures: Figures


@dataclass(frozen=True, slots=True)
class House:
    settings: Settings
    database: Database
    document_log: SqlDocumentLog
    identity: IdentityWing
    events: EventPlane
    channels: ChannelDesk
    realtime: Realtime
    materialiser: Materialiser
    projector: Projector
    workspaces: WorkspaceService
    documents: DocumentService
    contents: ContentService
    activity: ActivityService
    threads: ThreadService
    invitations: InvitationService
    sessions: SessionService
    unhurried: Unhurried
    webhooks: WebhookWing
    notifications: NotificationWing
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


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every wing stands on."""

    settings: Settings
    database: Database
    document_log: SqlDocumentLog
    materialiser: Materialiser
    broker: Broker
    events: EventPlane
    clock: Clock
    egress: Egress
    vault: Vault

    @property
    def outbox(self) -> Outbox:
        return self.events.outbox


@asynccontextmanager
async def open_house(settings: Settings, *, open_mode: bool) -> AsyncIterator[House]:
    """Open every part, and close them in the opposite order: chores and rooms first, the store last."""
    async with AsyncExitStack() as stack:
        ground = await _ground(stack, settings)
        identity = identity_wing(
            settings, ground.database, ground.broker, ground.outbox, ground.clock, open_mode=open_mode
        )
        stack.push_async_callback(identity.close)
        await identity.start()
        webhooks = webhook_wing(ground.database, ground.outbox, ground.egress, ground.vault, ground.clock)
        realtime = _realtime(ground, identity)
        notifications = _notifications(ground, identity, realtime)
        await notifications.push.keys.make()
        await ground.events.start((webhooks.consumer, notifications.consumer))
        stack.push_async_callback(ground.events.stop)
        for part in (webhooks.courier, notifications):
            part.start()
            stack.push_async_callback(part.stop)
        realtime.rooms.start()
        stack.push_async_callback(realtime.rooms.close)
        realtime.registry.start()
        projector = await _projector(ground, realtime.rooms)
        projector.start()
        stack.push_async_callback(projector.stop)
        watch = _watch(stack, ground)
        chores = _chores(ground, realtime)
        chores.add("dispatch", DISPATCH_EVERY_SECONDS, ground.events.dispatcher.sweep)
        chores.add("webhook log", THIN_EVERY_SECONDS, partial(webhooks.purge, settings.webhook_log_days))
        chores.add("inboxes", THIN_EVERY_SECONDS, partial(notifications.purge, settings.notification_days))
        chores.start()
        stack.push_async_callback(chores.stop)
        unhurried = Unhurried(EDIT_SECONDS)
        stack.push_async_callback(unhurried.close)
        wings = (webhooks, notifications)
        yield _house(ground, identity, realtime, projector, watch, unhurried=unhurried, wings=wings)


async def _ground(stack: AsyncExitStack, settings: Settings) -> _Ground:
    database = await Database.open(settings.store_url, busy_seconds=settings.store_busy_seconds)
    stack.push_async_callback(database.close)
    await database.migrate()
    materialiser = Materialiser(workers=settings.worker_processes, memory_bytes=settings.worker_memory_bytes)
    stack.push_async_callback(materialiser.close)
    clock, broker = SystemClock(), MemoryBroker()
    egress = Egress([ip_network(each, strict=False) for each in settings.egress_allow])
    stack.callback(egress.close)
    return _Ground(
        settings=settings,
        database=database,
        document_log=SqlDocumentLog(database, clock.now),
        materialiser=materialiser,
        broker=broker,
        events=event_plane(database, broker, clock),
        clock=clock,
        egress=egress,
        vault=Vault.open(settings),
    )


async def _projector(ground: _Ground, rooms: RoomKeeper) -> Projector:
    database, log, materialiser, clock = ground.database, ground.document_log, ground.materialiser, ground.clock
    examiner = Examiner(QuarantineStore(database), log, materialiser, clock, rooms.content_is)
    await examiner.start()
    keeper = AnchorKeeper(ThreadAnchorStore(database), examiner, materialiser, ground.outbox, clock)
    projector = Projector(ProjectionStore(database), log, materialiser, clock, examiner, readers=(keeper,))
    rooms.writer.on_commit(projector.edited)
    return projector


def _watch(stack: AsyncExitStack, ground: _Ground) -> LoopWatch:
    settings = ground.settings
    watch = LoopWatch(ground.clock, slow_seconds=settings.loop_slow_seconds, stall_seconds=settings.loop_stall_seconds)
    watchdog = Watchdog(watch, ground.clock, FaultAlarm())
    for part in (watch, watchdog):
        part.start()
        stack.callback(part.stop)
    return watch


def _realtime(ground: _Ground, identity: IdentityWing) -> Realtime:
    settings, figures = ground.settings, Figures()
    rooms = RoomKeeper(
        node=uuid4().hex,
        document_log=ground.document_log,
        materialiser=ground.materialiser,
        clock=ground.clock,
        figures=figures,
        limits=Limits(
            max_bytes=settings.max_message_bytes,
            max_structs=settings.max_update_structs,
            document_bytes=settings.max_document_bytes,
        ),
    )
    limits = ConnectionLimits(
        node=settings.max_connections,
        address=settings.max_connections_per_address,
        user=settings.max_connections_per_user,
    )
    registry = ConnectionRegistry(ground.clock, ground.broker, figures, limits)
    hall = SocketHall(
        doorkeeper=identity.doorkeeper,
        credentials_of=identity.cookie.credentials_of,
        registry=registry,
        rooms=rooms,
        floor=Floor(registry, rooms.writer),
        clock=ground.clock,
        figures=figures,
        messages_per_second=settings.messages_per_second,
        bytes_per_second=settings.bytes_per_second,
    )
    return Realtime(rooms, registry, hall, figures)


def _house(
    ground: _Ground,
    identity: IdentityWing,
    realtime: Realtime,
    projector: Projector,
    watch: LoopWatch,
    *,
    unhurried: Unhurried,
    wings: tuple[WebhookWing, NotificationWing],
) -> House:
    database, clock = ground.database, ground.clock
    workspaces = WorkspaceService(WorkspaceStore(database), ground.broker, ground.outbox, clock)
    return House(
        settings=ground.settings,
        database=database,
        document_log=ground.document_log,
        identity=identity,
        events=ground.events,
        channels=ChannelDesk(identity.doorkeeper, WorkspaceStore(database), clock),
        realtime=realtime,
        materialiser=ground.materialiser,
        projector=projector,
        workspaces=workspaces,
        documents=_documents(ground, identity, realtime, projector, workspaces),
        contents=_contents(ground, identity, realtime, projector),
        activity=ActivityService(ActivityStore(database), workspaces, clock),
        threads=_threads(ground, identity, projector),
        invitations=_invitations(ground, identity, workspaces, posting(wings[1].mail)),
        sessions=SessionService(Presence(realtime.registry, clock), Whereabouts(database), workspaces, clock),
        unhurried=unhurried,
        webhooks=wings[0],
        notifications=wings[1],
        answers=IdempotentAnswers(AnswerStore(database), clock),
        watch=watch,
    )


def _documents(
    ground: _Ground, identity: IdentityWing, realtime: Realtime, projector: Projector, workspaces: WorkspaceService
) -> DocumentService:
    def end_room(document: str, error: AppError) -> None:
        announce(ground.broker, document=document)  # who is on the way in is looked at again
        realtime.rooms.end(document, error)

    projections = ProjectionStore(ground.database)
    return DocumentService(
        store=DocumentStore(ground.database),
        projections=projections,
        texts=TextShelf(projections, QuarantineStore(ground.database), projector),
        workspaces=workspaces,
        materialiser=ground.materialiser,
        outbox=ground.outbox,
        clock=ground.clock,
        right_of=identity.doorkeeper.recheck,
        end_room=end_room,
        max_content_bytes=ground.settings.max_content_bytes,
    )


def _contents(ground: _Ground, identity: IdentityWing, realtime: Realtime, projector: Projector) -> ContentService:
    desk = DocumentDesk(realtime.rooms, ground.document_log, ground.materialiser, next_peer=realtime.registry.next_peer)
    return ContentService(
        store=DocumentStore(ground.database),
        projections=ProjectionStore(ground.database),
        quarantine=QuarantineStore(ground.database),
        projector=projector,
        desk=desk,
        right_of=identity.doorkeeper.recheck,
        max_content_bytes=ground.settings.max_content_bytes,
        max_made_bytes=min(ground.settings.max_message_bytes, ground.settings.max_document_bytes),
    )


def _threads(ground: _Ground, identity: IdentityWing, projector: Projector) -> ThreadService:
    database = ground.database
    workspaces = WorkspaceStore(database)
    return ThreadService(
        store=ThreadStore(database),
        documents=DocumentStore(database),
        workspaces=workspaces,
        mentions=MentionDesk(workspaces, GroupStore(database)),
        anchors=AnchorDesk(ground.document_log, QuarantineStore(database), ground.materialiser, projector.ask),
        outbox=ground.outbox,
        clock=ground.clock,
        right_of=identity.doorkeeper.recheck,
    )


def _invitations(
    ground: _Ground, identity: IdentityWing, workspaces: WorkspaceService, post: Post | None
) -> InvitationService:
    return InvitationService(
        InvitationStore(ground.database),
        workspaces,
        identity.accounts,
        identity.passwords,
        broker=ground.broker,
        outbox=ground.outbox,
        clock=ground.clock,
        limit=HourlyLimit(ground.clock, ground.settings.invitations_per_hour, "invitations"),
        post=post,
    )


def _notifications(ground: _Ground, identity: IdentityWing, realtime: Realtime) -> NotificationWing:
    return notification_wing(
        ground.settings,
        ground.database,
        ground.outbox,
        ground.clock,
        egress=ground.egress,
        vault=ground.vault,
        right_of=identity.doorkeeper.recheck,
        is_active=Presence(realtime.registry, ground.clock).is_active,
    )


def _chores(ground: _Ground, realtime: Realtime) -> Chores:
    async def sweep() -> None:
        await realtime.registry.sweep_in_parts()
        realtime.hall.floor.look_around()
        realtime.rooms.sweep()

    async def thin() -> None:
        await ground.document_log.thin(ground.clock.now() - timedelta(days=settings.raw_row_days))

    async def recheck() -> None:
        """Rights that another process has changed (the command line, another node that died before it could tell)."""
        for connection in realtime.registry.connections:
            realtime.registry.look_again(connection)
            await asyncio.sleep(RECHECK_EVERY_SECONDS / settings.max_connections / 2)
        await ground.events.desk.recheck_all(RECHECK_EVERY_SECONDS / settings.max_connections / 2)

    settings = ground.settings
    chores = Chores()
    chores.add("sweep", SWEEP_EVERY_SECONDS, sweep)
    chores.add("recheck", RECHECK_EVERY_SECONDS / 2, recheck)
    chores.add("thin", THIN_EVERY_SECONDS, thin)
    return chores
