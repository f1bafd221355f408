"""What a client keeps: its user's workspaces, inbox and escalations, brought up to date by nothing but events.

The idea is Zulip's `verify_action`: an old state and the events since must be the new state, for every kind of change.
"""

from dataclasses import dataclass, field
from typing import Any

from persistence.events import EventStore
from server.events import documents as d
from server.events import escalations as e
from server.events import notifications as n
from server.events import workspaces as w
from server.events.envelope import hear
from server.events.model import Event
from tests.server.support import Person

__all__ = ["Replica"]

Json = dict[str, Any]
WORKSPACE = ("name", "type", "description", "owner_id", "settings", "created_at", "updated_at")
MEMBER = ("username", "email", "role", "joined_at")
DOCUMENT = ("title", "type", "author_id", "created_at", "updated_at")


@dataclass
class Replica:
    """The lists of one person; `places` is how far each channel has been followed."""

    person: Person
    store: EventStore
    organisation: str
    workspaces: dict[str, Json] = field(default_factory=dict)
    inbox: dict[str, Json] = field(default_factory=dict)
    counts: Json = field(default_factory=dict)
    escalations: dict[str, Json] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def load(self) -> "Replica":
        body = (await self.person.get("/collaboration/workspaces")).json()
        self._follow(body["stream"])
        for workspace in body["data"]:
            self._take(workspace)
        inbox = (await self.person.get("/notifications")).json()["data"]
        self.inbox, self.counts = {each["id"]: each for each in inbox["items"]}, inbox["counts"]
        escalations = (await self.person.get("/escalations")).json()
        self._follow(escalations["stream"])
        self.escalations = {each["id"]: each for each in escalations["data"]}
        return self

    async def catch_up(self) -> None:
        """Apply what has happened, the user's channel first; a workspace that comes is loaded, as a client would."""
        for channel in [f"user:{self.person.id}", *sorted(self.places)]:
            if channel not in self.places:
                continue
            epoch, offset = self.places[channel]
            tail = await self.store.after(self.organisation, channel, offset, 1000)
            assert tail.position.epoch == epoch or not epoch
            for stored in tail.events:
                heard = hear(stored)
                assert heard.event is not None
                await self._apply(heard.event)

    @property
    def state(self) -> dict[str, Json]:
        return {**self.workspaces, "inbox": {**self.inbox, "counts": self.counts}, "escalations": self.escalations}

    def _follow(self, stream: Json) -> None:
        self.places[stream["channel"]] = (stream["epoch"], stream["offset"])

    def _take(self, workspace: Json) -> None:
        self._follow(workspace["stream"])
        self.workspaces[workspace["id"]] = {
            **_only(workspace, WORKSPACE),
            "members": {each["user_id"]: _only(each, MEMBER) for each in workspace["members"]},
            "documents": {each["id"]: _only(each, DOCUMENT) for each in workspace["documents"]},
        }

    async def _load_one(self, workspace: str) -> None:
        response = await self.person.get(f"/collaboration/workspaces/{workspace}")
        if response.status_code == 200:
            self._take(response.json()["data"])

    async def _apply(self, event: Event) -> None:
        match event:
            case w.MembershipBegan():
                await self._load_one(event.workspace_id)
            case w.MembershipEnded():
                self._drop(event.workspace_id)
            case w.WorkspaceDeleted():
                self._drop(event.workspace_id)
            case n.NotificationChanged() | n.NotificationRemoved() | n.NotificationsRead() | n.NotificationsSeen():
                self._apply_in_inbox(event)
            case e.EscalationEvent():
                self.escalations[event.escalation.id] = event.escalation.model_dump(mode="json")
            case d.DocumentEvent() | w.WorkspaceEvent():
                if event.workspace_id in self.workspaces:
                    self._apply_in(self.workspaces[event.workspace_id], event)

    def _apply_in_inbox(self, event: n.InboxEvent) -> None:
        self.counts = event.counts.model_dump(mode="json")
        match event:
            case n.NotificationChanged():
                self.inbox[event.item.id] = event.item.model_dump(mode="json")
            case n.NotificationRemoved():
                self.inbox.pop(event.item_id, None)
            case n.NotificationsRead():
                self._stamp(event.model_dump(mode="json")["at"], "read_at", "seen_at")
            case n.NotificationsSeen():
                self._stamp(event.model_dump(mode="json")["at"], "seen_at")
            case _:
                raise AssertionError(event)

    def _stamp(self, at: str, *names: str) -> None:
        for item in self.inbox.values():
            for name in names:
                item[name] = item[name] or at

    def _drop(self, workspace: str) -> None:
        self.workspaces.pop(workspace, None)
        self.places.pop(f"workspace:{workspace}", None)

    def _apply_in(self, here: Json, event: Event) -> None:
        members, documents = here["members"], here["documents"]
        match event:
            case w.WorkspaceCreated() | w.WorkspaceUpdated() | w.WorkspaceRestored():
                here |= _only(event.workspace.model_dump(mode="json"), WORKSPACE)
            case w.OwnerChanged():
                here["owner_id"] = event.owner_id
            case w.MemberJoined():
                members[event.member.user_id] = _only(event.member.model_dump(mode="json"), MEMBER)
            case w.MemberLeft() | w.MemberRemoved():
                members.pop(event.member_id, None)
            case w.MemberRoleChanged():
                members[event.member_id]["role"] = event.role
            case w.MemberRenamed():
                members[event.member_id]["username"] = event.name
            case d.DocumentCreated() | d.DocumentRestored():
                documents[event.document_id] = _only(event.document.model_dump(mode="json"), DOCUMENT)
            case d.DocumentDeleted():
                documents.pop(event.document_id, None)
            case d.DocumentRenamed():
                documents[event.document_id] |= _only(event.model_dump(mode="json"), ("title", "updated_at"))
            case d.DocumentTypeChanged():
                documents[event.document_id] |= _only(event.model_dump(mode="json"), ("type", "updated_at"))


def _only(values: Json, names: tuple[str, ...]) -> Json:
    return {name: values[name] for name in names}
