"""/admin: what the server is like now: its nodes, the open rooms of the node that answers, and its health."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request, Response, status

from persistence.nodes import NodeRow
from server.errors import Forbidden
from server.http.paging import MAX_LIMIT
from server.http.reply import Envelope
from server.identity.dependencies import Caller, Wing
from server.nodes.roster import DEAD_SECONDS, Roster
from server.operations.admin_model import (
    AdminCheck,
    AdminConnections,
    AdminHealth,
    AdminNode,
    AdminQuarantine,
    AdminRooms,
    AdminSnapshot,
    KickRequest,
)
from server.operations.connection_list import ConnectionList, Wanted
from server.operations.health import Health
from server.operations.kicks import Kicks
from server.operations.quarantine_list import QuarantineList
from server.operations.room_list import RoomList
from server.operations.snapshots import fold_now
from server.realtime.figures import Figures
from server.realtime.rooms import RoomKeeper

__all__ = ["AdminDesk", "router"]

LATE_SECONDS = DEAD_SECONDS / 2
"""A node beats every three seconds; after this long without one what it said of itself is not of now."""


@dataclass(frozen=True, slots=True)
class AdminDesk:
    """Looks at the parts of a running node."""

    roster: Roster
    rooms: RoomKeeper
    figures: Figures
    health: Health
    connections: ConnectionList
    kicks: Kicks
    open_rooms: RoomList
    quarantine: QuarantineList

    def counts(self) -> dict[str, int]:
        """What this node tells the others of itself at each beat."""
        hosts = self.rooms.hosts
        users = {seat.admission.guest.user_id for host in hosts for seat in host.seats.values()}
        return {"connections": self.figures.connections, "rooms": len(hosts), "users": len(users)}

    def nodes(self) -> list[AdminNode]:
        silent = self.roster.silent_seconds
        me = self.roster.me
        others = [_node(row, silent.get(row.id, 0.0)) for row in self.roster.others]
        return [_view(me, 0.0, self.counts(), None, is_this=True), *sorted(others, key=lambda each: each.name)]

    async def findings(self) -> AdminHealth:
        found = await self.health.findings()
        checks = [
            AdminCheck(name=each.name, ok=each.reason is None, reason=each.reason, note=each.note) for each in found
        ]
        return AdminHealth(node=self.roster.me.name, checks=checks)


def _node(row: NodeRow, silent: float) -> AdminNode:
    if silent > LATE_SECONDS:
        return _view(row, silent, None, f"it has been silent for {silent:.0f} s")
    if not row.figures:
        return _view(row, silent, None, "it has not told any yet")
    return _view(row, silent, row.figures, None)


def _view(
    row: NodeRow, silent: float, figures: Mapping[str, int] | None, unknown: str | None, *, is_this: bool = False
) -> AdminNode:
    return AdminNode(
        id=row.id,
        name=row.name,
        version=row.version,
        started_at=row.started_at,
        is_this=is_this,
        silent_seconds=round(silent, 1),
        figures=None if figures is None else dict(figures),
        unknown=unknown,
    )


router = APIRouter(prefix="/admin", tags=["administration"])


async def _desk(request: Request, caller: Caller, wing: Wing) -> AdminDesk:
    """Other organisations on the same server are its guests: their administrators see nothing of it."""
    if not await wing.setup.runs_the_server(caller.organisation_id):
        raise Forbidden("This is for administrators of the organisation that runs the server.")
    desk: AdminDesk = request.app.state.admin
    return desk


Desk = Annotated[AdminDesk, Depends(_desk)]


@router.get("/nodes", summary="The nodes that work on this store")
async def list_nodes(desk: Desk) -> Envelope[list[AdminNode]]:
    """The node that answers comes first, with its figures of now."""
    return Envelope(data=desk.nodes())


@router.get("/connections", summary="The connections of every node")
async def list_connections(
    desk: Desk,
    caller: Caller,
    user: Annotated[str | None, Query(max_length=32)] = None,
    document: Annotated[str | None, Query(max_length=32)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100,
) -> Envelope[AdminConnections]:
    """Sockets and lasting answers, of one user or with one document open if that is named. Every node is asked, and has
    a second to answer; `unknown` names those that did not."""
    return Envelope(data=await desk.connections.of_all(Wanted(user, document, limit), caller.organisation_id))


@router.post(
    "/connections/{connection_id}/close", summary="Close one connection", status_code=status.HTTP_204_NO_CONTENT
)
async def close_connection(
    connection_id: str, desk: Desk, caller: Caller, body: Annotated[KickRequest, Body(default_factory=KickRequest)]
) -> None:
    """Its client is told the reason, and may come back: to keep somebody out, take his rights."""
    await desk.kicks.close(caller.actor, connection_id, body.reason)


@router.post(
    "/users/{user_id}/disconnect",
    summary="Close all connections of a user, on every node",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def disconnect_user(
    user_id: str, desk: Desk, caller: Caller, body: Annotated[KickRequest, Body(default_factory=KickRequest)]
) -> None:
    """Within a second, and within five while the broker is dead."""
    await desk.kicks.disconnect(caller.actor, user_id, body.reason)


@router.get("/rooms", summary="The open documents of every node")
async def list_rooms(
    desk: Desk, caller: Caller, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100
) -> Envelope[AdminRooms]:
    """Who is in each, how large it is, and how far each node that has it open is behind. Every node is asked, and has a
    second to answer; `unknown` names those that did not."""
    return Envelope(data=await desk.open_rooms.of_all(limit, caller.organisation_id))


@router.post(
    "/rooms/{document_id}/snapshot",
    summary="Fold a document's log into a snapshot now",
    responses={
        status.HTTP_202_ACCEPTED: {
            "model": Envelope[AdminSnapshot],
            "description": "It takes longer than a second, and goes on.",
        }
    },
)
async def make_snapshot(document_id: str, desk: Desk, response: Response) -> Envelope[AdminSnapshot]:
    """The server does it by itself when that pays, and nobody waits for it. After 202, `GET /admin/rooms` tells when it
    is done."""
    made = await fold_now(desk.rooms, document_id)
    if not made.is_done:
        response.status_code = status.HTTP_202_ACCEPTED
    return Envelope(data=made)


@router.get("/quarantine", summary="What no worker can read of any document")
async def list_quarantine(
    desk: Desk, caller: Caller, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100
) -> Envelope[AdminQuarantine]:
    """The latest finds first. Clients have these rows; the server's own readers are shown the document without them."""
    return Envelope(data=await desk.quarantine.all(limit, caller.organisation_id))


@router.get(
    "/quarantine/{document_id}/{position}",
    summary="The bytes of a row in quarantine",
    response_class=Response,
    responses={
        status.HTTP_200_OK: {
            "description": "A Yjs update (v1), or what somebody sent in its place.",
            "content": {"application/octet-stream": {}},
        }
    },
)
async def download_quarantined(document_id: str, position: int, desk: Desk, caller: Caller) -> Response:
    """Of documents of one's own organisation. Who opens it should know that it has ended a process that read it."""
    data = await desk.quarantine.bytes_of(document_id, position, caller.organisation_id)
    headers = {"Content-Disposition": f'attachment; filename="{document_id}-{position}.yjs"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


@router.post(
    "/quarantine/{document_id}/{position}/release",
    summary="Let workers read a row again",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def release_quarantined(document_id: str, position: int, desk: Desk) -> None:
    """The document is read again within a minute. A row that still ends whoever reads it is found again."""
    await desk.quarantine.release(document_id, position)


@router.get("/health", summary="Store, broker, log and loop of the node that answers")
async def look_at_health(desk: Desk) -> Envelope[AdminHealth]:
    return Envelope(data=await desk.findings())
