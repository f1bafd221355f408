"""One's own inbox, and what one wants to be told of."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from sqlalchemy import Connection

from persistence.documents import DocumentStore
from persistence.notification_rows import Counts, ItemRow
from persistence.notification_wishes import WishStore
from persistence.notifications import InboxChange, NotificationStore
from server.clock import Clock
from server.errors import NotFound
from server.events.model import Event
from server.events.notifications import NotificationsRead, NotificationsSeen
from server.events.outbox import Outbox, Record
from server.http.paging import Place
from server.identity.principal import Principal, Right
from server.notifications.model import Level, Preferences
from server.notifications.views import counts_state, inbox_event

__all__ = ["NotificationService"]

RightOf = Callable[[Principal, str], Awaitable[Right | None]]
"""What somebody may do with a document now; None: he does not know of it."""


class NotificationService:
    """Every call is about what belongs to the caller himself."""

    def __init__(
        self,
        store: NotificationStore,
        wishes: WishStore,
        documents: DocumentStore,
        *,
        right_of: RightOf,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._wishes = wishes
        self._documents = documents
        self._right_of = right_of
        self._outbox = outbox
        self._clock = clock

    # The inbox.

    async def page(
        self, caller: Principal, *, unread: bool, before: Place | None, limit: int
    ) -> tuple[list[ItemRow], Counts]:
        """The newest first, `limit` and one more when there are more."""
        counts = await self.counts(caller)
        rows = await self._store.page(
            caller.organisation_id, caller.user_id, unread=unread, before=before, limit=limit + 1
        )
        return rows, counts

    async def counts(self, caller: Principal) -> Counts:
        return await self._store.counts(caller.organisation_id, caller.user_id)

    async def mark(self, caller: Principal, item: str, *, read: bool) -> ItemRow:
        """Raises NotFound."""
        at, record = (self._clock.now() if read else None), self._outbox.record(caller.actor)
        row = await self._store.mark(caller.organisation_id, caller.user_id, item, at, _tell(record))
        if row is None:
            raise NotFound
        self._outbox.published(record)
        return row

    async def mark_all(self, caller: Principal, what: Literal["read_at", "seen_at"]) -> Counts:
        """All that has come until now: read and seen, or seen only."""
        now, record = self._clock.now(), self._outbox.record(caller.actor)
        kind = NotificationsRead if what == "read_at" else NotificationsSeen

        def also(connection: Connection, counts: Counts) -> None:
            event: Event = kind(user_id=caller.user_id, counts=counts_state(counts), at=now)
            record(connection, event)

        counts = await self._store.mark_all(caller.organisation_id, caller.user_id, what, now, also)
        self._outbox.published(record)
        return counts

    async def remove(self, caller: Principal, item: str) -> None:
        """Raises NotFound."""
        record = self._outbox.record(caller.actor)
        if not await self._store.remove(caller.organisation_id, caller.user_id, item, _tell(record)):
            raise NotFound
        self._outbox.published(record)

    # Wishes.

    async def preferences(self, caller: Principal) -> Preferences:
        said = await self._wishes.preferences(caller.organisation_id, [caller.user_id])
        return Preferences.model_validate(said.get(caller.user_id, {})).whole

    async def prefer(self, caller: Principal, preferences: Preferences) -> Preferences:
        """Kinds that are not named are as everybody has them."""
        wishes = preferences.model_dump(mode="json")
        await self._wishes.prefer(caller.organisation_id, caller.user_id, wishes, self._clock.now())
        return preferences.whole

    async def level(self, caller: Principal, document: str) -> Level:
        """Raises NotFound."""
        found: Any = await self._wishes.level(await self._document(caller, document), caller.user_id)
        return found or "mentions"

    async def subscribe(self, caller: Principal, document: str, level: Level) -> None:
        """Raises NotFound."""
        id_ = await self._document(caller, document)
        await self._wishes.subscribe(id_, caller.user_id, level, self._clock.now())

    async def _document(self, caller: Principal, document: str) -> str:
        """Its id, by id or by the name under which clients open it."""
        found = await self._documents.resolve(caller.organisation_id, document)
        if found is None or await self._right_of(caller, found.id) is None:
            raise NotFound
        return found.id


def _tell(record: Record) -> Callable[[Connection, InboxChange], None]:
    def also(connection: Connection, change: InboxChange) -> None:
        if (event := inbox_event(change)) is not None:
            record(connection, event)

    return also
