"""The connections of every node, asked for when somebody wants to know; nothing is kept of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from persistence.nodes import NodeRow
from server.clock import Clock
from server.nodes.roster import Roster
from server.operations.admin_model import AdminConnection, AdminConnections, UnknownNode
from server.realtime.connections.base import Connection
from server.realtime.connections.registry import ConnectionRegistry
from server.realtime.questions import ANSWER_SECONDS, Questions

__all__ = ["ConnectionList", "Wanted", "reason_of_silence"]

QUESTION = "connections"
SHOWN_DOCUMENTS = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Connections of this user, with this document open (None: of all), so many at the most."""

    user: str | None
    document: str | None
    limit: int
    number: int | None = None
    """The only one that is meant."""


class ConnectionList:
    def __init__(self, registry: ConnectionRegistry, roster: Roster, questions: Questions, clock: Clock) -> None:
        self._registry = registry
        self._roster = roster
        self._questions = questions
        self._clock = clock
        questions.answer(QUESTION, self._answer)

    async def of_all(self, wanted: Wanted, organisation: str) -> AdminConnections:
        """organisation: whose people are told by name."""
        others = self._roster.others
        answers = await self._questions.ask(QUESTION, asdict(wanted), [each.id for each in others])
        parts, unknown = [self.here(wanted)], []
        for node in others:
            try:
                parts.append(AdminConnections.model_validate(answers[node.id]))
            except KeyError:
                unknown.append(UnknownNode(node=node.name, reason=reason_of_silence(self._questions)))
            except ValidationError:
                unknown.append(UnknownNode(node=node.name, reason=f"it is of another version, {node.version}"))
        found = _sorted([_for(organisation, each) for part in parts for each in part.connections])
        total = sum(part.total for part in parts)
        return AdminConnections(total=total, connections=found[: wanted.limit], unknown=unknown)

    def here(self, wanted: Wanted) -> AdminConnections:
        found = _sorted([self._view(each) for each in self._registry.connections if _matches(each, wanted)])
        return AdminConnections(total=len(found), connections=found[: wanted.limit], unknown=[])

    async def one(self, id_: str) -> AdminConnection | None:
        """The connection of this id; None: there is none, or its node does not answer."""
        node, _, number = id_.partition("-")
        if not number.isascii() or not number.isdecimal():
            return None
        wanted = Wanted(None, None, 1, int(number))
        if node == self._roster.me.id:
            found = self.here(wanted)
        elif answer := await self._questions.ask(QUESTION, asdict(wanted), [node]):
            found = AdminConnections.model_validate(answer[node])
        else:
            return None
        return found.connections[0] if found.connections else None

    # Private.

    async def _answer(self, asked: dict[str, Any]) -> Any:
        return self.here(Wanted(**asked)).model_dump(mode="json")

    def _view(self, connection: Connection) -> AdminConnection:
        me: NodeRow = self._roster.me
        guest, transport, documents = connection.guest, connection.transport, connection.documents
        age = timedelta(seconds=self._clock.monotonic() - connection.opened_at)
        return AdminConnection(
            id=f"{me.id}-{connection.number}",
            node=me.name,
            kind=connection.kind,
            protocol=connection.protocol,
            user_id=guest.user_id if guest is not None else None,
            user_name=guest.name if guest is not None else None,
            organisation_id=guest.organisation_id if guest is not None else None,
            address=connection.address,
            since=self._clock.now() - age,
            document_count=len(documents),
            documents=list(documents[:SHOWN_DOCUMENTS]),
            messages_in=connection.heard,
            bytes_in=connection.heard_bytes,
            messages_out=transport.sent,
            bytes_out=transport.sent_bytes,
            waiting_bytes=transport.waiting_bytes,
            is_stalled=transport.stalled,
        )


def reason_of_silence(questions: Questions) -> str:
    return questions.trouble or f"it did not answer within {ANSWER_SECONDS:g} s"


def _matches(connection: Connection, wanted: Wanted) -> bool:
    guest = connection.guest
    return (
        wanted.user in (None, guest.user_id if guest is not None else "")
        and (wanted.document is None or wanted.document in connection.documents)
        and wanted.number in (None, connection.number)
    )


def _sorted(connections: Sequence[AdminConnection]) -> list[AdminConnection]:
    return sorted(connections, key=lambda each: (-each.waiting_bytes, each.since))


def _for(organisation: str, connection: AdminConnection) -> AdminConnection:
    if connection.organisation_id == organisation:
        return connection
    return connection.model_copy(update={"user_name": None})
