"""What every event has: the stream that it stands in, what it is about, and fields that a client can apply."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["Actor", "ActorKind", "Event", "UserEvent", "WorkspaceEvent", "system_actor"]

ActorKind = Literal["person", "token", "step", "sampler", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who has done it, and in which organisation.

    kind    a `person` at a browser or through an application, a program with somebody's personal `token`, a `step`
            of a workflow, the `sampler`, or the `system` itself (a timer, the command line)
    id      the user's for a person and a token; None where there is nobody
    name    as it was at that moment
    """

    organisation_id: str
    kind: ActorKind
    id: str | None
    name: str


def system_actor(organisation_id: str, name: str = "Counterpoint") -> Actor:
    """Nobody in person: the program itself, or what `name` says."""
    return Actor(organisation_id, "system", None, name)


class Event(BaseModel, ABC):
    """Something that has happened. Its fields are the `data` of the envelope, and enough to apply it to a list.

    A kind has its row in `server.events.catalogue`. A field that is added has a default: older rows lack it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    @property
    @abstractmethod
    def stream(self) -> str:
        """The name of the stream, which is the name of the channel."""
        ...

    @property
    @abstractmethod
    def origin(self) -> str:
        """The `source` of the envelope; together with the event's id it tells duplicates."""
        ...

    @property
    @abstractmethod
    def subject(self) -> str:
        """What it is about, such as `document/7`."""
        ...


class WorkspaceEvent(Event):
    """What the members of a workspace see."""

    workspace_id: str

    @property
    def stream(self) -> str:
        return f"workspace:{self.workspace_id}"

    @property
    def origin(self) -> str:
        return f"/workspaces/{self.workspace_id}"

    @property
    def subject(self) -> str:
        return f"workspace/{self.workspace_id}"


class UserEvent(Event):
    """What one user sees, and nobody else."""

    user_id: str

    @property
    def stream(self) -> str:
        return f"user:{self.user_id}"

    @property
    def origin(self) -> str:
        return f"/users/{self.user_id}"

    @property
    def subject(self) -> str:
        return f"user/{self.user_id}"
