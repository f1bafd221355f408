"""Whose browsers get push messages: everybody manages his own."""

from collections.abc import Sequence
from uuid import uuid4

from persistence.push import PushRow, PushStore, SessionGone, TooManyDevices
from server.clock import Clock
from server.egress.egress import Egress, EgressRefused
from server.errors import Conflict, FieldIssue, Internal, Invalid, NotFound, Unauthenticated
from server.identity.principal import Principal
from server.identity.throttle import HourlyLimit
from server.notifications.push.encryption import DeviceKeys
from server.notifications.push.hosts import PushHosts
from server.notifications.push.keys import KeyShelf
from server.notifications.push.message import trial
from server.notifications.push.model import NewSubscription
from server.notifications.push.post import Post
from server.vault import Unsealable

__all__ = ["MOST_DEVICES", "PushService"]

MOST_DEVICES = 10
"""Of one person: each notification is a message to each of them."""
NO_KEY = "The server cannot read its key for push. Its operator sees why with `counterpoint doctor`."


class PushService:
    def __init__(
        self,
        store: PushStore,
        post: Post,
        keys: KeyShelf,
        *,
        hosts: PushHosts,
        egress: Egress,
        clock: Clock,
        limit: HourlyLimit,
    ) -> None:
        self._store = store
        self._post = post
        self._keys = keys
        self._hosts = hosts
        self._egress = egress
        self._clock = clock
        self._limit = limit

    async def public_key(self) -> str:
        """Raises Internal when the key cannot be read."""
        try:
            return (await self._keys.key()).shown
        except Unsealable:
            raise Internal(NO_KEY) from None

    async def devices(self, caller: Principal) -> list[PushRow]:
        """The oldest first."""
        return await self._store.all(caller.user_id)

    async def subscribe(self, caller: Principal, new: NewSubscription) -> PushRow:
        """A browser that comes again stays the same device, and belongs to whoever came with it last.

        Raises Invalid, and Conflict when the caller has MOST_DEVICES.
        """
        self._check_endpoint(new.endpoint)
        try:
            DeviceKeys.read(new.keys.p256dh, new.keys.auth)
        except ValueError as error:
            raise Invalid(details=[FieldIssue("keys", str(error))]) from None
        row = PushRow(
            id=uuid4().hex,
            user_id=caller.user_id,
            session_id=caller.credential_id if caller.kind == "session" else None,
            endpoint=new.endpoint,
            p256dh=new.keys.p256dh,
            auth=new.keys.auth,
            device=new.device or "",
            created_at=self._clock.now(),
        )
        try:
            return await self._store.keep(row, MOST_DEVICES, new.replaces)
        except TooManyDevices:
            raise Conflict(f"Push goes to {MOST_DEVICES} of your devices already; remove one first.") from None
        except SessionGone:
            raise Unauthenticated from None

    async def remove(self, caller: Principal, subscription: str) -> None:
        """Raises NotFound, also for somebody else's."""
        if not await self._store.delete(caller.user_id, subscription):
            raise NotFound

    async def test(self, caller: Principal) -> list[PushRow]:
        """Send a message to every device of the caller, and answer with what is known of them then.

        Raises Conflict when there is none, or none of their push services takes it; RateLimited.
        """
        devices: Sequence[PushRow] = await self._store.reachable(caller.user_id)
        if not devices:
            raise Conflict("Push is not turned on in any of your browsers.")
        self._limit.take(caller.user_id)
        try:
            told = await self._post.send(trial(self._clock.now()), devices)
        except Unsealable:
            raise Internal(NO_KEY) from None
        if not any(each.result == "taken" for each in told.values()):
            raise Conflict(f"No device could be reached: {told[devices[0].id].why}.")
        return await self._store.all(caller.user_id)

    def _check_endpoint(self, endpoint: str) -> None:
        if not self._hosts.allows(endpoint):
            issue = "is of no push service that this server sends to; its operator can add the host"
            raise Invalid(details=[FieldIssue("endpoint", issue)])
        try:
            self._egress.check(endpoint)
        except EgressRefused as refused:
            raise Invalid(details=[FieldIssue("endpoint", f"is refused: {refused}")]) from None
