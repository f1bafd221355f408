"""One message to one device: sealed, signed, and sent through the one way out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from persistence.push import PushRow, PushStore
from server.clock import Clock
from server.egress.egress import Answer, Egress, EgressFailed, EgressRefused
from server.egress.retry_after import retry_after
from server.notifications.push.encryption import DeviceKeys, encrypt
from server.notifications.push.figures import PushFigures
from server.notifications.push.hosts import PushHosts
from server.notifications.push.keys import KeyShelf
from server.notifications.push.message import Message
from server.notifications.push.vapid import Identification

__all__ = ["Post", "Told"]

TIMEOUT_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a message to one device. `at`: not before; None: nobody has said.

    taken     the push service has it
    later     it may take it later
    refused   it will not take it, however often it is tried
    gone      the subscription is over
    """

    result: Literal["taken", "later", "refused", "gone"]
    why: str = ""
    at: datetime | None = None


class Post:
    """`contact`: see Identification. `home`: the server's address, before the paths of messages."""

    def __init__(
        self,
        store: PushStore,
        egress: Egress,
        *,
        hosts: PushHosts,
        keys: KeyShelf,
        clock: Clock,
        contact: str | None,
        home: str,
    ) -> None:
        self.figures = PushFigures()
        self._store = store
        self._egress = egress
        self._hosts = hosts
        self._keys = keys
        self._clock = clock
        self._contact = contact
        self._home = home
        self._identification: Identification | None = None
        self._asked_to_wait: dict[str, datetime] = {}

    async def send(self, message: Message, to: Sequence[PushRow], badge: int | None = None) -> Mapping[str, Told]:
        """To these devices at once, and written down; the answer is by the ids of the devices.

        Raises Unsealable, which is of the server's key, and StoreUnavailable.
        """
        identification = await self._identify()
        made = await asyncio.gather(*(self._one(message, row, badge, identification) for row in to))
        told = {row.id: each for row, each in zip(to, made, strict=True)}
        self.figures.messages.update(each.result for each in made)
        await self._store.tell(
            [id_ for id_, each in told.items() if each.result == "taken"],
            {id_: each.why for id_, each in told.items() if each.result in {"later", "refused"}},
            [row for row in to if told[row.id].result == "gone"],
            self._clock.now(),
        )
        return told

    async def _one(self, message: Message, to: PushRow, badge: int | None, identification: Identification) -> Told:
        now = self._clock.now()
        if (wait := self._asked_to_wait.get(to.id)) is not None and now < wait:
            return Told("later", "the push service has asked to wait", wait)
        ttl = message.ttl(now)
        if ttl <= 0:
            return Told("refused", "its time is over")
        if not self._hosts.allows(to.endpoint):  # an operator has taken it from the list
            return Told("refused", "its push service is not one that this server sends to")
        body = encrypt(message.payload(self._home, badge), DeviceKeys.read(to.p256dh, to.auth))
        headers = {
            "Authorization": identification.header(to.endpoint),
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(ttl),
            "Urgency": message.urgency,
            "Topic": message.topic,
        }
        try:
            answer = await self._egress.post(
                to.endpoint, content=body, headers=headers, timeout_seconds=TIMEOUT_SECONDS
            )
        except EgressRefused as refused:
            return Told("refused", f"its address is refused: {refused}")
        except EgressFailed as failed:
            return Told("later", str(failed))
        told = _read(answer, self._clock.now())
        self._remember(to.id, told.at)
        return told

    def _remember(self, device: str, wait: datetime | None) -> None:
        """RFC 8030 section 8.4: nothing more is sent to a subscription before the time that its service has named."""
        now = self._clock.now()
        self._asked_to_wait = {id_: at for id_, at in self._asked_to_wait.items() if at > now}
        if wait is not None:
            self._asked_to_wait[device] = wait

    async def _identify(self) -> Identification:
        if self._identification is None:
            self._identification = Identification(await self._keys.key(), self._contact, self._clock)
        return self._identification


def _read(answer: Answer, now: datetime) -> Told:
    """RFC 8030 sections 5 and 8.4; what is not said there is a refusal."""
    status = answer.status
    said = f"the push service has answered {status}"
    if status in {200, 201, 202, 204}:
        return Told("taken")
    if status in {404, 410}:
        return Told("gone", said)
    if status in {408, 425, 429} or status >= 500:
        return Told("later", said, _not_before(answer.headers, now))
    if status == 413:
        return Told("refused", f"{said}: the message is too large for it")
    if 300 <= status < 400:
        return Told("refused", f"{said}; redirects are not followed")
    if status in {401, 403}:
        return Told("refused", f"{said}: it does not take messages of this server; turn push off and on again")
    return Told("refused", said)


def _not_before(headers: Mapping[str, str], now: datetime) -> datetime | None:
    asked = retry_after(headers, now)
    return now + timedelta(seconds=min(asked, LONGEST_WAIT_SECONDS)) if asked is not None else None
