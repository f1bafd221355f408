"""The open rooms of every node, as one list of documents; nodes are asked when somebody wants to know."""

from typing import Any

from pydantic import ValidationError

from persistence.whereabouts import Whereabouts
from server.nodes.roster import Roster
from server.operations.admin_model import AdminPerson, AdminRoom, AdminRooms, RoomHere, RoomsHere, UnknownNode
from server.operations.connection_list import reason_of_silence
from server.realtime.host import RoomHost
from server.realtime.questions import Questions
from server.realtime.rooms import RoomKeeper

__all__ = ["RoomList"]

QUESTION = "rooms"
SHOWN_PEOPLE = 20


class RoomList:
    def __init__(self, rooms: RoomKeeper, roster: Roster, questions: Questions, documents: Whereabouts) -> None:
        self._rooms = rooms
        self._roster = roster
        self._questions = questions
        self._documents = documents
        questions.answer(QUESTION, self._answer)

    async def of_all(self, limit: int, organisation: str) -> AdminRooms:
        """organisation: whose documents and people are told by name. Raises StoreUnavailable."""
        others = self._roster.others
        answers = await self._questions.ask(QUESTION, {"limit": limit}, [each.id for each in others])
        parts, unknown = [self.here(limit)], []
        for node in others:
            try:
                parts.append(RoomsHere.model_validate(answers[node.id]))
            except KeyError:
                unknown.append(UnknownNode(node=node.name, reason=reason_of_silence(self._questions)))
            except ValidationError:
                unknown.append(UnknownNode(node=node.name, reason=f"it is of another version, {node.version}"))
        by_document: dict[str, list[RoomHere]] = {}
        for room in (room for part in parts for room in part.rooms):
            by_document.setdefault(room.document_id, []).append(room)
        rooms = sorted(
            (_merged(each) for each in by_document.values()), key=lambda room: (-room.peers, room.document_id)
        )
        total = max(len(rooms), *(part.total for part in parts))
        return AdminRooms(total=total, rooms=await self._named(rooms[:limit], organisation), unknown=unknown)

    def here(self, limit: int) -> RoomsHere:
        hosts = sorted(self._rooms.hosts, key=lambda host: (-len(host.seats), host.document))
        return RoomsHere(total=len(hosts), rooms=[self._view(host) for host in hosts[:limit]])

    # Private.

    async def _answer(self, asked: dict[str, Any]) -> Any:
        return self.here(asked["limit"]).model_dump(mode="json")

    def _view(self, host: RoomHost) -> RoomHere:
        guests = {guest.user_id: guest for guest in (seat.admission.guest for seat in host.seats.values())}
        people = [
            AdminPerson(user_id=each.user_id, name=each.name, organisation_id=each.organisation_id)
            for each in list(guests.values())[:SHOWN_PEOPLE]
        ]
        return RoomHere(
            node=self._roster.me.name,
            document_id=host.document,
            peers=len(host.seats),
            users=len(guests),
            people=people,
            size_bytes=host.room.content.size,
            position=host.position,
            behind_rows=host.positions.latest - host.position,
            is_saved=host.has_logged_all,
            snapshot_position=host.compaction.position,
            is_folding=host.compaction.task is not None,
        )

    async def _named(self, rooms: list[AdminRoom], organisation: str) -> list[AdminRoom]:
        titles = await self._documents.titles_in(organisation, [room.document_id for room in rooms])
        return [
            room.model_copy(
                update={
                    "title": titles.get(room.document_id),
                    "people": [_told(each, organisation) for each in room.people],
                }
            )
            for room in rooms
        ]


def _merged(parts: list[RoomHere]) -> AdminRoom:
    """One document as its nodes have it, each told by how much the one that knows most is ahead of it."""
    latest = max(part.position + part.behind_rows for part in parts)
    people = {person.user_id: person for part in parts for person in part.people}
    return AdminRoom(
        document_id=parts[0].document_id,
        title=None,
        peers=sum(part.peers for part in parts),
        users=max(len(people), *(part.users for part in parts)),
        people=list(people.values()),
        size_bytes=max(part.size_bytes for part in parts),
        position=max(part.position for part in parts),
        behind_rows=max(latest - part.position for part in parts),
        is_saved=all(part.is_saved for part in parts),
        snapshot_position=max(part.snapshot_position for part in parts),
        is_folding=any(part.is_folding for part in parts),
        nodes=[_behind(part, latest) for part in parts],
    )


def _behind(part: RoomHere, latest: int) -> RoomHere:
    return part.model_copy(update={"behind_rows": latest - part.position, "people": []})


def _told(person: AdminPerson, organisation: str) -> AdminPerson:
    return person if person.organisation_id == organisation else person.model_copy(update={"name": None})
