"""What /admin tells."""

from datetime import datetime

from pydantic import BaseModel, Field

from server.realtime.connections.base import ConnectionKind

__all__ = [
    "AdminCheck",
    "AdminConnection",
    "AdminConnections",
    "AdminHealth",
    "AdminNode",
    "AdminPerson",
    "AdminQuarantine",
    "AdminQuarantined",
    "AdminRoom",
    "AdminRooms",
    "AdminSnapshot",
    "KickRequest",
    "RoomHere",
    "RoomsHere",
    "UnknownNode",
]


class KickRequest(BaseModel):
    """Why connections are closed; their user is told."""

    reason: str = Field(default="An administrator has closed this connection.", min_length=1, max_length=100)


class UnknownNode(BaseModel):
    """A node that did not answer: what is told is told without it."""

    node: str = Field(description="Its name.")
    reason: str


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


class AdminPerson(BaseModel):
    user_id: str
    name: str | None = Field(description="null for people of other organisations.")
    organisation_id: str


class RoomHere(BaseModel):
    """One document that is open on one node."""

    node: str = Field(description="The name of the node.")
    document_id: str
    peers: int
    users: int
    people: list[AdminPerson] = Field(description="Some of them; empty where they stand at the document.")
    size_bytes: int = Field(description="Of the room's content, as updates.")
    position: int = Field(description="The row of the log up to which the room has everything.")
    behind_rows: int = Field(description="Rows that are known to stand in the log, and are not in this room yet.")
    is_saved: bool = Field(description="Everything that was written here is committed.")
    snapshot_position: int = Field(description="Of the snapshot in force, as far as the node knows; 0: there is none.")
    is_folding: bool = Field(description="It is making a snapshot.")


class AdminRoom(BaseModel):
    """One document that is open somewhere: the sum, or the worst, of what its nodes say."""

    document_id: str
    title: str | None = Field(description="null for documents of other organisations.")
    peers: int
    users: int
    people: list[AdminPerson] = Field(description="Some of them.")
    size_bytes: int
    position: int
    behind_rows: int = Field(description="Of the node that is most behind.")
    is_saved: bool
    snapshot_position: int
    is_folding: bool
    nodes: list[RoomHere]


class RoomsHere(BaseModel):
    """What one node tells another one."""

    total: int
    rooms: list[RoomHere]


class AdminRooms(BaseModel):
    total: int = Field(description="Open documents of the nodes that have answered; of many, at least so many.")
    rooms: list[AdminRoom] = Field(description="Those with the most peers first.")
    unknown: list[UnknownNode] = Field(description="Nodes whose rooms are not among these.")


class AdminSnapshot(BaseModel):
    """How far a document's log is folded into its snapshot."""

    document_id: str
    position: int = Field(description="The log is folded up to this row.")
    wanted_position: int = Field(description="The row that was the last when it was asked for.")
    is_done: bool


class AdminQuarantined(BaseModel):
    """What no worker can read of a document: clients have it, and workers read the document without it."""

    document_id: str
    title: str | None = Field(description="null for documents of other organisations.")
    position: int = Field(description="The row of the log.")
    reason: str
    writer: str | None = Field(description="The user who sent it; null when that is not known.")
    found_at: datetime
    size_bytes: int | None = Field(description="null when neither the row nor a snapshot is there any more.")


class AdminQuarantine(BaseModel):
    total: int
    rows: list[AdminQuarantined]


class AdminCheck(BaseModel):
    name: str
    ok: bool
    reason: str | None = Field(description="What is wrong.")
    note: str | None = Field(description="What is worth knowing all the same.")


class AdminHealth(BaseModel):
    node: str = Field(description="The name of the node that answers.")
    checks: list[AdminCheck]


class AdminConnection(BaseModel):
    """One socket, or one HTTP answer that lasts. Counts are since it came."""

    id: str = Field(description="Of no other connection of any node, ever.")
    node: str = Field(description="The name of its node.")
    kind: ConnectionKind = Field(
        description="documents: a socket of a document's clients; feed: a socket for events; "
        "events: server-sent events; emulation: an answer of `/connection/http_stream` or `/connection/sse`."
    )
    protocol: str
    user_id: str | None = Field(description="null before somebody has signed in.")
    user_name: str | None = Field(description="null for people of other organisations, too.")
    organisation_id: str | None
    address: str
    since: datetime
    document_count: int
    documents: list[str] = Field(description="Ids of the documents that are open on it, a few at the most.")
    messages_in: int
    bytes_in: int
    messages_out: int
    bytes_out: int
    waiting_bytes: int = Field(description="Written, and not taken by the system for the client yet.")
    is_stalled: bool = Field(description="So much waits that the client is passed over until it has taken that.")


class AdminConnections(BaseModel):
    total: int = Field(description="Of all that match, on the nodes that have answered.")
    connections: list[AdminConnection] = Field(description="Those for which most waits first, then the oldest.")
    unknown: list[UnknownNode] = Field(description="Nodes whose connections are not among these.")
