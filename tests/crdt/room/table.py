"""A table for tests: a room, its people with real Yjs documents, and what each of them heard."""

import pickle
from collections import Counter, defaultdict, deque
from itertools import count

from pycrdt import Array, Doc, Map, Text

from crdt.awareness import Entry, Identity, encode_awareness
from crdt.errors import CrdtError
from crdt.messages import AwarenessUpdate, Message, SyncStep1, SyncStep2, Update
from crdt.room import Append, Broadcast, Effect, Elsewhere, GoOn, Manners, Member, Opening, Refuse, Right, Room, Send
from crdt.updates import DeleteRanges

HOCUSPOCUS = Manners(acknowledges=True, greets=False)
Y_WEBSOCKET = Manners(acknowledges=False, greets=True)
EMPTY = b"\x00\x00"


def fresh() -> Opening:
    return Opening(EMPTY, {}, DeleteRanges(), (), {})


class Person:
    """Somebody with a document of his own, as a client has it."""

    def __init__(self, name: str, number: int, client_id: int) -> None:
        self.name = name
        self.number = number
        self.doc: Doc[Text | Map[object] | Array[object]] = Doc(client_id=client_id)
        self.text = self.doc.get("text", type=Text)

    def writes(self, text: str) -> bytes:
        """Append text; the answer is the update that a client would send."""
        before = self.doc.get_state()
        self.text += text
        return self.doc.get_update(before)


class Table:
    """Performs effects at once, except commits: those come when `commit` is called; and errands, while `is_busy`: those
    are done by `work`."""

    def __init__(self, opening: Opening | None = None) -> None:
        self.room = Room(opening or fresh())
        self.heard: dict[int, list[Message]] = defaultdict(list)
        self.logged: list[Append] = []
        self.refused: list[Refuse] = []
        self.effects: list[Effect] = []
        self.now = 0.0
        self.is_busy = False
        self.errands: deque[Elsewhere] = deque()
        self.worked_out: Counter[str] = Counter()
        self._numbers = count(1)

    def sit(
        self, name: str, *, right: Right = Right.WRITE, manners: Manners = HOCUSPOCUS, client_id: int | None = None
    ) -> Person:
        """Somebody sits down and synchronises as a stock client does: Step1, awareness, Step2 when asked."""
        person = self.join(name, right=right, manners=manners, client_id=client_id)
        self.says(person, SyncStep1(person.doc.get_state()))
        self.announces(person)
        self.answers(person)
        return person

    def join(
        self, name: str, *, right: Right = Right.WRITE, manners: Manners = HOCUSPOCUS, client_id: int | None = None
    ) -> Person:
        number = next(self._numbers)
        person = Person(name, number, client_id or 1000 + number)
        self.perform(self.room.join(number, Member(Identity(name, name, stamped=True), right, manners)))
        return person

    def announces(self, person: Person, clock: int = 1) -> None:
        entry = Entry(person.doc.client_id, clock, '{"user":{}}')
        self.says(person, AwarenessUpdate(encode_awareness([entry])))

    def answers(self, person: Person) -> None:
        """Answer the last SyncStep1 of the room."""
        asked = [m for m in self.heard[person.number] if isinstance(m, SyncStep1)][-1]
        self.says(person, SyncStep2(person.doc.get_update(asked.state_vector)))

    def types(self, person: Person, text: str) -> bytes:
        update = person.writes(text)
        self.says(person, Update(update))
        return update

    def says(self, person: Person, message: Message) -> None:
        """Say it, and end the turn."""
        self.mutters(person, message)
        self.perform(self.room.flush())

    def mutters(self, person: Person, message: Message) -> None:
        """Say it within the turn."""
        self.perform(self.room.receive(person.number, message, self.now))

    def commit(self) -> None:
        """The store commits everything that was appended."""
        while self.logged and self.logged[0].number is not None:
            self.perform(self.room.committed(self.logged.pop(0).number))

    def perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            self.effects.append(effect)
            match effect:
                case Send(peer, message):
                    self.heard[peer].append(message)
                case Broadcast(peers, message, author):
                    for peer in peers:
                        if peer != author:
                            self.heard[peer].append(message)
                case Append():
                    self.logged.append(effect)
                case Refuse():
                    self.refused.append(effect)
                case Elsewhere():
                    self.errands.append(effect)
                case GoOn(peer):
                    self.perform(self.room.go_on(peer))
        if not self.is_busy:
            self.work()

    def work(self, errands: int = 1_000_000) -> None:
        """Do so many errands, as a worker does: everything is pickled on the way there and back."""
        while self.errands and errands:
            errands -= 1
            errand = self.errands.popleft()
            self.worked_out[errand.function.__name__] += 1
            try:
                answer = pickle.loads(pickle.dumps(errand.function(*pickle.loads(pickle.dumps(errand.args)))))
            except CrdtError as error:
                self.perform(self.room.answered(errand.token, error))
            else:
                self.perform(self.room.answered(errand.token, answer))
            self.perform(self.room.flush())

    def of(self, person: Person, kind: type[Message]) -> list[Message]:
        return [message for message in self.heard[person.number] if isinstance(message, kind)]

    def reads(self, person: Person) -> str:
        """The text that the person's own document shows after all it was sent."""
        for message in self.heard[person.number]:
            if isinstance(message, Update | SyncStep2):
                person.doc.apply_update(message.update)
        return str(person.text)
