"""/admin: what the server is like now: its nodes, the open rooms of the node that answers, and its health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from persistence.nodes import NodeRow
from server.errors import Forbidden
from server.http.paging import MAX_LIMIT
from server.http.reply import Envelope
from server.identity.dependencies import Caller, Wing
from server.nodes.roster import DEAD_SECONDS, Roster
from server.operations.health import Health
from server.realtime.figures import Figures
from server.realtime.host import RoomHost
from server.realtime.rooms import RoomKeeper

__all__ = ["AdminDesk", "router"]

LATE_SECONDS = DEAD_SECONDS / 2
"""A node beats every three seconds; after this long without one what it said of itself is not of now."""


class AdminNode(BaseModel):
    """One node that works on this store."""

    id: str
    name: str
    version: str
    started_at: datetime
    is_this: bool = Field(description="It is the node that answers.")
    silent_seconds: float = Field(description="Since its last beat, as far as the node that answers has seen.")
    figures: dict[str, int] | None = Field(description="What it said at its last beat; null when they are unknown.")
    unknown: str | None = Field(default=None, description="Why the figures are unknown.")


class AdminRoom(BaseModel):
    """One document that is open on the node that answers."""

    document_id: str
    peers: int
    users: int
    size_bytes: int = Field(description="Of the room's content, as updates.")
    position: int = Field(description="The row of the log up to which the room has everything.")
    behind_rows: int = Field(description="Rows of other nodes that are known to stand in the log, and not here yet.")
    is_saved: bool = Field(description="Everything that was written here is committed.")


class AdminRooms(BaseModel):
    node: str = Field(description="The name of the node that answers.")
    total: int
    rooms: list[AdminRoom] = Field(description="Those with the most peers first.")


class AdminCheck(BaseModel):
    name: str
    ok: bool
    reason: str | None = Field(description="What is wrong.")
    note: str | None = Field(description="What is worth knowing all the same.")


class AdminHealth(BaseModel):
    node: str = Field(description="The name of the node that answers.")
    checks: list[AdminCheck]


@dataclass(frozen=True, slots=True)
class AdminDesk:
    """Looks at the parts of a running node."""

    roster: Roster
    rooms: RoomKeeper
    figures: Figures
    health: Health

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

    def open_rooms(self, limit: int) -> AdminRooms:
        hosts = sorted(self.rooms.hosts, key=lambda host: (-len(host.seats), host.document))
        return AdminRooms(node=self.roster.me.name, total=len(hosts), rooms=_rooms(hosts[:limit]))

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


def _rooms(hosts: Sequence[RoomHost]) -> list[AdminRoom]:
    return [
        AdminRoom(
            document_id=host.document,
            peers=len(host.seats),
            users=len({seat.admission.guest.user_id for seat in host.seats.values()}),
            size_bytes=host.room.content.size,
            position=host.position,
            behind_rows=host.positions.latest - host.positions.held,
            is_saved=host.has_logged_all,
        )
        for host in hosts
    ]


router = APIRouter(prefix="/admin", tags=["administration"])


async def _desk(request: Request, caller: Caller, wing: Wing) -> AdminDesk:
    """Other organisations on the same server are its guests: their administrators see nothing of it."""
    if caller.organisation_id != (await wing.setup.organisation()).id:
        raise Forbidden("This is for administrators of the organisation that runs the server.")
    desk: AdminDesk = request.app.state.admin
    return desk


Desk = Annotated[AdminDesk, Depends(_desk)]


@router.get("/nodes", summary="The nodes that work on this store")
async def list_nodes(desk: Desk) -> Envelope[list[AdminNode]]:
    """The node that answers comes first, with its figures of now."""
    return Envelope(data=desk.nodes())


@router.get("/rooms", summary="The open rooms of the node that answers")
async def list_rooms(desk: Desk, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100) -> Envelope[AdminRooms]:
    return Envelope(data=desk.open_rooms(limit))


@router.get("/health", summary="Store, broker, log and loop of the node that answers")
async def look_at_health(desk: Desk) -> Envelope[AdminHealth]:
    return Envelope(data=await desk.findings())
