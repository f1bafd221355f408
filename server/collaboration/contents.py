"""A document's content over HTTP: shown as it is stored, and edited as anybody edits it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from crdt.edits.editing import patch, put
from crdt.errors import InvalidContent, UnmetTest
from persistence.documents import DocumentRow, DocumentStore
from persistence.log import LoggedAnswer
from persistence.projections import ProjectionRow, ProjectionStore
from persistence.quarantine import QuarantineStore
from server.collaboration.content import Content
from server.collaboration.documents import RightOf
from server.collaboration.edits_model import ContentEdited, ContentForm, ContentPatch, operations_of
from server.collaboration.projector import Projector
from server.collaboration.texts import ContentState, state_of
from server.errors import Busy, Conflict, FieldIssue, Forbidden, Invalid, NotFound, RateLimited, StoreRefuses, TooLarge
from server.identity.principal import Principal, Right
from server.realtime.desk import DocumentDesk, Edited, Make, Writer

__all__ = ["Answer", "ContentService", "Shown", "Unhurried"]

T = TypeVar("T")
Answer: TypeAlias = Callable[[Callable[[int], ContentEdited]], LoggedAnswer | None]
"""From the answer by version to what is kept of it with the edit; None for a request without a key."""

FIRST_LOOK, LONGEST_LOOK = 0.05, 0.4
"""Seconds between looks at whether a worker has read a document; each is twice the last."""
MOST_OF_ONE = 64
"""Edits of one user that are under way at once."""
PATIENCE = 2.0
"""How long a GET waits for a reading that is due. One takes milliseconds, and begins within half a second."""
NOTHING: dict[ContentForm, str] = {"json": '{"type":"doc","content":[]}', "text": "", "markdown": ""}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a document says at a version, in one form; JSON as it is stored."""

    document: str
    said: str
    version: int
    latest: int
    state: ContentState
    edited_at: datetime | None
    """When that version was made; None where that is not known."""
    reading: tuple[str, datetime | None]
    """The document's incarnation, and when a worker read this: a version that is read again may say something else."""


class ContentService:
    """Every call is made in somebody's name. To who has no right a document is not there (NotFound)."""

    def __init__(
        self,
        *,
        store: DocumentStore,
        projections: ProjectionStore,
        quarantine: QuarantineStore,
        projector: Projector,
        desk: DocumentDesk,
        right_of: RightOf,
        max_content_bytes: int,
        max_made_bytes: int,
    ) -> None:
        self.max_content_bytes = max_content_bytes
        self._max_made_bytes = max_made_bytes
        self._store = store
        self._projections = projections
        self._quarantine = quarantine
        self._projector = projector
        self._desk = desk
        self._right_of = right_of

    async def show(self, caller: Principal, document: str, form: ContentForm) -> Shown:
        """The content as it was read last. If that is behind, this waits a moment for the reading that is due.

        Raises NotFound; Busy while no worker has read it, Conflict when none can, TooLarge.
        """
        row = await self._row(caller, document, Right.READ)
        if row.version == 0:
            return Shown(row.id, NOTHING[form], 0, 0, "current", row.created_at, (row.incarnation, None))
        known = await self._read_lately(row)
        if known is None:
            raise Busy("No worker has read this document yet. Ask again in a moment.", retry_after=1)
        said = {"json": known.json_text, "text": known.text, "markdown": known.markdown}[form]
        if known.failure not in {None, "too_large"}:
            reason = FieldIssue("content", f"is not known: {known.failure}")
            raise Conflict("No worker can read this document; its clients have it all the same.", details=[reason])
        if said is None:
            raise TooLarge("The content is longer than an answer carries; a client over a socket gets it.")
        edited_at = (row.edited_at or row.created_at) if known.position == row.version else None
        state = state_of(row.version, known)
        latest, reading = max(row.version, known.position), (row.incarnation, known.read_at)
        return Shown(row.id, said, known.position, latest, state, edited_at, reading)

    async def check_may_edit(self, caller: Principal, document: str) -> str:
        """The document's id. Raises NotFound, Forbidden, or Conflict when no worker can read all of it."""
        row = await self._row(caller, document, Right.WRITE)
        if hidden := (await self._quarantine.of([row.id])).get(row.id):
            issue = FieldIssue("content", f"has the update {hidden[0].position}, which no worker can read")
            raise Conflict("This document can be edited over a socket only.", details=[issue])
        return row.id

    async def replace(
        self,
        caller: Principal,
        document: str,
        content: Content,
        *,
        base: int | None,
        only_at: frozenset[int] | None,
        answer: Answer,
    ) -> ContentEdited:
        """Make the document say this; what is equal stays as it is."""
        wish = (put, content.value, content.format)
        return await self._edit(caller, document, *wish, base=base, only_at=only_at, answer=answer)

    async def change(
        self,
        caller: Principal,
        document: str,
        wanted: ContentPatch,
        *,
        only_at: frozenset[int] | None,
        answer: Answer,
    ) -> ContentEdited:
        """Do these operations, all or none."""
        wish = (patch, operations_of(wanted), self._max_made_bytes)
        return await self._edit(caller, document, *wish, base=wanted.base, only_at=only_at, answer=answer)

    # Private.

    async def _row(self, caller: Principal, document: str, least: Right) -> DocumentRow:
        """By id, or by the name under which an application's clients open it."""
        found = await self._store.resolve(caller.organisation_id, document)
        row = await self._store.get(caller.organisation_id, found.id) if found is not None else None
        right = await self._right_of(caller, row.id) if row is not None else None
        if row is None or right is None:
            raise NotFound
        if right < least:
            raise Forbidden("You may read this document, and not change it.")
        return row

    async def _read_lately(self, row: DocumentRow) -> ProjectionRow | None:
        pause, waited = FIRST_LOOK, 0.0
        while True:
            known = await self._projections.get(row.id)
            is_whole = known is not None and (known.json_text is not None or known.failure is not None)
            if known is not None and is_whole and known.position >= row.version:
                return known
            self._projector.ask(row.id)
            if waited >= PATIENCE:
                return known if is_whole else None
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, LONGEST_LOOK)

    async def _edit(
        self,
        caller: Principal,
        document: str,
        make: Make,
        *args: object,
        base: int | None,
        only_at: frozenset[int] | None,
        answer: Answer,
    ) -> ContentEdited:
        document = await self.check_may_edit(caller, document)

        def view(edited: Edited) -> ContentEdited:
            return ContentEdited(
                document_id=document, version=edited.position, changed=edited.changed, merged=edited.merged
            )

        def kept(told: Callable[[int], Edited]) -> LoggedAnswer | None:
            return answer(lambda position: view(told(position)))

        writer = Writer(caller.user_id, caller.name, caller.organisation_id)
        try:
            edited = await self._desk.edit(document, writer, make, *args, base=base, only_at=only_at, answer=kept)
        except InvalidContent as error:
            raise Invalid(details=[FieldIssue(error.path, error.issue)]) from None
        except UnmetTest as error:
            message = "A test did not hold. Nothing was changed."
            raise Conflict(message, details=[FieldIssue(error.path, error.issue)]) from None
        return view(edited)


class Unhurried:
    """Lets an edit go on when its caller cannot wait for the store any longer: what was taken cannot be taken back."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._under_way: set[asyncio.Task[object]] = set()
        self._keys: set[tuple[str, str]] = set()
        self._users: Counter[str] = Counter()

    async def once(self, user: str, key: str | None, work: Callable[[], Awaitable[T]]) -> T:
        """The answer of `work`. Raises StoreRefuses when it takes too long; then `work` goes on by itself.

        Raises Conflict while earlier work of this user under the same idempotency key goes on, RateLimited while too
        much of his does.
        """
        name = (user, key) if key is not None else None
        if name in self._keys:
            raise Conflict("The first request with this Idempotency-Key is still under way.", retry_after=1)
        if self._users[user] >= MOST_OF_ONE:
            raise RateLimited("Too many edits of yours are under way.")
        self._users[user] += 1
        task: asyncio.Task[T] = asyncio.ensure_future(_awaited(work))
        self._under_way.add(task)
        if name is not None:
            self._keys.add(name)
        task.add_done_callback(lambda _: self._over(task, user, name))
        done, _ = await asyncio.wait([task], timeout=self._seconds)
        if done:
            return task.result()
        raise StoreRefuses(
            "The edit was handed in, and the store has not saved it yet: it may still be saved. Send the same request "
            "with the same Idempotency-Key again, or read the document before you repeat it.",
            retry_after=5,
        )

    async def close(self) -> None:
        """Wait for nothing more."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _over(self, task: "asyncio.Task[T]", user: str, name: tuple[str, str] | None) -> None:
        self._under_way.discard(task)
        self._users[user] -= 1
        if not self._users[user]:
            del self._users[user]
        if name is not None:
            self._keys.discard(name)
        if not task.cancelled():
            task.exception()  # it was told, or nobody waits for it any more


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
