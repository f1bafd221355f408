"""The wing of collaboration, put together: workspaces, documents, their threads, and who works in them."""

from dataclasses import dataclass

from crdt.guard import Limits
from persistence.activity import ActivityStore
from persistence.branches import BranchStore
from persistence.dialect import is_sqlite
from persistence.documents import DocumentStore
from persistence.groups import GroupStore
from persistence.invitations import InvitationStore
from persistence.projections import ProjectionStore
from persistence.quarantine import QuarantineStore
from persistence.thread_anchors import ThreadAnchorStore
from persistence.threads import ThreadStore
from persistence.whereabouts import Whereabouts
from persistence.workspaces import WorkspaceStore
from server.collaboration.activity import ActivityService
from server.collaboration.branches import BranchService
from server.collaboration.contents import ContentService, Unhurried
from server.collaboration.copies import BranchKeeper
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
from server.errors import AppError
from server.ground import Ground
from server.identity.access import announce
from server.identity.house import IdentityWing
from server.identity.throttle import HourlyLimit
from server.realtime.connections.registry import ConnectionLimits, ConnectionRegistry
from server.realtime.desk import DocumentDesk
from server.realtime.figures import Figures
from server.realtime.present import Presence
from server.realtime.replication.message import Wire
from server.realtime.replication.replication import Replication
from server.realtime.rooms import RoomKeeper
from server.realtime.sockets.floor import Floor

__all__ = ["CollaborationWing", "Realtime", "collaboration_wing", "open_realtime"]

EDIT_SECONDS = 10.0  # a client of the API gives up after 30


@dataclass(frozen=True, slots=True)
class Realtime:
    """Rooms and the sockets in them. `replication` keeps rooms in step with other nodes, where there may be some."""

    rooms: RoomKeeper
    registry: ConnectionRegistry
    hall: SocketHall
    figures: Figures
    replication: Replication | None
    presence: Presence

    def start(self) -> None:
        self.rooms.start()
        if self.replication is not None:
            self.replication.start()
        self.registry.start()

    async def stop(self) -> None:
        await self.rooms.close()
        if self.replication is not None:
            await self.replication.stop()


@dataclass(frozen=True, slots=True)
class CollaborationWing:
    """`start` comes when the rooms are open; `stop` before they are closed."""

    workspaces: WorkspaceService
    documents: DocumentService
    contents: ContentService
    activity: ActivityService
    branches: BranchService
    threads: ThreadService
    invitations: InvitationService
    sessions: SessionService
    projector: Projector
    unhurried: Unhurried

    def start(self) -> None:
        self.projector.start()

    async def stop(self) -> None:
        await self.unhurried.close()
        await self.projector.stop()


async def collaboration_wing(
    ground: Ground, identity: IdentityWing, realtime: Realtime, post: Post | None
) -> CollaborationWing:
    """`post` carries an invitation to its address; None where no mail is sent."""
    database, clock = ground.database, ground.clock
    workspaces = WorkspaceService(WorkspaceStore(database), ground.broker, ground.outbox, clock)
    projector = await _projector(ground, realtime.rooms)
    next_peer = realtime.registry.next_peer
    desk = DocumentDesk(realtime.rooms, ground.document_log, ground.materialiser, next_peer=next_peer)
    return CollaborationWing(
        workspaces=workspaces,
        documents=_documents(ground, identity, realtime, projector, workspaces),
        contents=_contents(ground, identity, desk, projector),
        activity=ActivityService(ActivityStore(database), workspaces, clock),
        branches=_branches(ground, identity, desk),
        threads=_threads(ground, identity, projector),
        invitations=_invitations(ground, identity, workspaces, post),
        sessions=SessionService(realtime.presence, Whereabouts(database), workspaces, clock),
        projector=projector,
        unhurried=Unhurried(EDIT_SECONDS),
    )


def open_realtime(ground: Ground, identity: IdentityWing) -> Realtime:
    """The rooms of this node and the doors to them; nothing runs yet."""
    settings, figures = ground.settings, Figures()
    replication, limits = _replication(ground), _limits(ground)
    rooms = RoomKeeper(
        node=ground.nodes.roster.me.id,
        document_log=ground.document_log,
        materialiser=ground.materialiser,
        clock=ground.clock,
        figures=figures,
        limits=limits,
        replication=replication,
    )
    connections = ConnectionLimits(
        node=settings.max_connections,
        address=settings.max_connections_per_address,
        user=settings.max_connections_per_user,
    )
    registry = ConnectionRegistry(ground.clock, ground.broker, figures, connections, ground.table("users"))
    hall = SocketHall(
        doorkeeper=identity.doorkeeper,
        credentials_of=identity.cookie.credentials_of,
        registry=registry,
        rooms=rooms,
        copies=_copies(ground),
        floor=Floor(registry, rooms.writer),
        clock=ground.clock,
        figures=figures,
        messages_per_second=settings.messages_per_second,
        bytes_per_second=settings.bytes_per_second,
    )
    elsewhere = ground.elsewhere
    told = None if elsewhere is None else elsewhere.table("documents")
    return Realtime(rooms, registry, hall, figures, replication, Presence(registry, ground.clock, told))


def _limits(ground: Ground) -> Limits:
    settings = ground.settings
    return Limits(
        max_bytes=settings.max_message_bytes,
        max_structs=settings.max_update_structs,
        document_bytes=settings.max_document_bytes,
    )


def _copies(ground: Ground) -> BranchKeeper:
    branches, documents = BranchStore(ground.database), DocumentStore(ground.database)
    return BranchKeeper(
        branches, documents, ground.materialiser, ground.outbox, clock=ground.clock, limits=_limits(ground)
    )


def _replication(ground: Ground) -> Replication | None:
    """SQLite serves one process, in step with itself. Without a broker, PostgreSQL alone keeps nodes in step."""
    if is_sqlite(ground.settings.store_url):
        return None
    wire = None if ground.node_key is None else Wire(ground.node_key)
    roster = ground.nodes.roster
    replication = Replication(
        roster.me.id, ground.broker, wire, document_log=ground.document_log, materialiser=ground.materialiser
    )
    roster.on_gone(replication.node_gone)
    return replication


async def _projector(ground: Ground, rooms: RoomKeeper) -> Projector:
    database, log, materialiser, clock = ground.database, ground.document_log, ground.materialiser, ground.clock
    examiner = Examiner(QuarantineStore(database), log, materialiser, clock, rooms.content_is)
    await examiner.start()
    keeper = AnchorKeeper(ThreadAnchorStore(database), examiner, materialiser, ground.outbox, clock)
    projector = Projector(ProjectionStore(database), log, materialiser, clock, examiner, readers=(keeper,))
    rooms.writer.on_commit(projector.edited)
    return projector


def _documents(
    ground: Ground, identity: IdentityWing, realtime: Realtime, projector: Projector, workspaces: WorkspaceService
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


def _branches(ground: Ground, identity: IdentityWing, desk: DocumentDesk) -> BranchService:
    return BranchService(
        store=BranchStore(ground.database),
        documents=DocumentStore(ground.database),
        materialiser=ground.materialiser,
        desk=desk,
        outbox=ground.outbox,
        clock=ground.clock,
        right_of=identity.doorkeeper.recheck,
        limits=_limits(ground),
    )


def _contents(ground: Ground, identity: IdentityWing, desk: DocumentDesk, projector: Projector) -> ContentService:
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


def _threads(ground: Ground, identity: IdentityWing, projector: Projector) -> ThreadService:
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
    ground: Ground, identity: IdentityWing, workspaces: WorkspaceService, post: Post | None
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
