"""Closing connections on purpose, whichever node they are on: the word is a row in the store, and the broker only says
that there is one."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection as StoreConnection

from persistence.access_changes import AccessChange
from persistence.kicks import KickStore
from server.errors import NotFound, PutOut
from server.events.accounts import AccountDisconnected
from server.events.model import Actor
from server.events.outbox import Outbox, Record, Told
from server.operations.connection_list import ConnectionList
from server.realtime.access import KICKS
from server.realtime.broker import Broker
from server.realtime.connections.base import Connection
from server.realtime.connections.registry import ConnectionRegistry

__all__ = ["Kicks", "put_out"]

log = logging.getLogger("counterpoint.admin")


class Kicks:
    def __init__(self, store: KickStore, connections: ConnectionList, outbox: Outbox, broker: Broker) -> None:
        self._store = store
        self._connections = connections
        self._outbox = outbox
        self._broker = broker

    async def close(self, actor: Actor, id_: str, reason: str) -> None:
        """Close the connection of this id. Raises NotFound: there is none, or its node does not answer."""
        found = await self._connections.one(id_)
        if found is None:
            raise NotFound("There is no such connection any more, or its node does not answer.")
        user, record = found.user_id, self._outbox.record_of(())
        event = None if user is None else AccountDisconnected(user_id=user, connection_id=id_, reason=reason)
        await self._store.connection(id_, user, reason, partial(_tell, record, actor, event))
        log.info("an administrator closes a connection", extra={"connection": id_, "user": user, "by": actor.id})
        self._say(record)

    async def disconnect(self, actor: Actor, user: str, reason: str) -> None:
        """Close all connections of this user. Raises NotFound: there is no such user."""
        record = self._outbox.record_of(())
        event = AccountDisconnected(user_id=user, connection_id=None, reason=reason)
        if not await self._store.user(user, reason, partial(_tell, record, actor, event)):
            raise NotFound("There is no such user.")
        log.info("an administrator closes a user's connections", extra={"user": user, "by": actor.id})
        self._say(record)

    def _say(self, record: Record) -> None:
        self._outbox.published(record)
        KICKS.publish(self._broker, {})


def put_out(registry: ConnectionRegistry, node: str, change: AccessChange) -> None:
    """Close what is meant of this node's connections."""
    for connection in registry.connections:
        if _is_meant(connection, node, change):
            connection.close(PutOut(change.reason))


def _is_meant(connection: Connection, node: str, change: AccessChange) -> bool:
    if change.connection is not None:
        return change.connection == f"{node}-{connection.number}"
    guest = connection.guest
    return guest is not None and guest.user_id == change.user


def _tell(
    record: Record,
    actor: Actor,
    event: AccountDisconnected | None,
    connection: StoreConnection,
    organisations: Sequence[str],
) -> None:
    """In the user's own stream, of the organisation that he shares with the actor, else of his own."""
    told: list[Told] = []
    if event is not None and organisations:
        is_shared = actor.organisation_id in organisations
        organisation = actor.organisation_id if is_shared else organisations[0]
        told.append((replace(actor, organisation_id=organisation), event))
    record.write(connection, told)
