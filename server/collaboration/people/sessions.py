"""Active sessions (C5): documents in which somebody is now, told to the members of their workspaces."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from persistence.whereabouts import Whereabouts
from server.clock import Clock
from server.collaboration.service import WorkspaceService
from server.identity.principal import Principal
from server.realtime.present import Presence, Present

__all__ = ["AWAY_SECONDS", "IDLE_SECONDS", "Participant", "Session", "SessionService"]

IDLE_SECONDS = 60.0
AWAY_SECONDS = 300.0


class Participant(BaseModel):
    """One person, with one window or many."""

    user_id: str
    username: str
    cursor_position: None = Field(
        default=None, description="Always null: cursors follow the text, and are told by the document's own socket."
    )
    selection: None = Field(default=None, description="Always null, for the same reason.")
    status: Literal["active", "idle", "away"] = Field(
        description="`idle` after 60 seconds without an edit or a move of the cursor, `away` after five minutes."
    )
    since: datetime = Field(description="When the longest open connection came.")
    last_seen: datetime = Field(description="The last edit, move of the cursor, or arrival.")
    connections: int


class Session(BaseModel):
    """A document in which somebody is now; its id is the document's."""

    id: str
    workspace_id: str
    document_id: str
    participants: list[Participant]
    activity_type: Literal["editing", "viewing"] = Field(
        description="`editing` when somebody who is here has edited within the last 60 seconds."
    )
    started_at: datetime = Field(description="Since when somebody who is here now has been here.")
    last_activity: datetime


class SessionService:
    """What it tells is read from live connections: who is not connected is not there."""

    def __init__(
        self, presence: Presence, whereabouts: Whereabouts, workspaces: WorkspaceService, clock: Clock
    ) -> None:
        self._presence = presence
        self._whereabouts = whereabouts
        self._workspaces = workspaces
        self._clock = clock

    async def active(self, caller: Principal, workspace: str | None) -> list[Session]:
        """In the caller's workspaces, or in one of them. The last active first. Raises NotFound for another's."""
        if workspace is not None:
            await self._workspaces.get(caller, workspace)
        here = {
            document: people
            for document, people in self._presence.everybody().items()
            if people[0].organisation_id == caller.organisation_id
        }
        if not here:
            return []
        places = await self._whereabouts.seen_by(caller.organisation_id, caller.user_id, list(here), workspace)
        sessions = [self._session(here[document], place) for document, place in places.items()]
        return sorted(sessions, key=lambda session: (session.last_activity, session.id), reverse=True)

    def _session(self, people: Sequence[Present], workspace: str) -> Session:
        now, today = self._clock.monotonic(), self._clock.now()

        def moment(at: float) -> datetime:
            return today - timedelta(seconds=now - at)

        writing = any(each.wrote_at is not None and now - each.wrote_at < IDLE_SECONDS for each in people)
        participants = [
            Participant(
                user_id=each.user_id,
                username=each.name,
                status=_status(now - each.active_at),
                since=moment(each.since),
                last_seen=moment(each.active_at),
                connections=each.connections,
            )
            for each in sorted(people, key=lambda each: (each.since, each.user_id))
        ]
        document = people[0].document
        return Session(
            id=document,
            workspace_id=workspace,
            document_id=document,
            participants=participants,
            activity_type="editing" if writing else "viewing",
            started_at=participants[0].since,
            last_activity=max(each.last_seen for each in participants),
        )


def _status(silent_seconds: float) -> Literal["active", "idle", "away"]:
    if silent_seconds >= AWAY_SECONDS:
        return "away"
    return "idle" if silent_seconds >= IDLE_SECONDS else "active"
