"""Telling every part of the house, on every node, that somebody's rights may have changed."""

from server.realtime.access import ACCESS
from server.realtime.broker import Broker

__all__ = ["announce"]


def announce(
    broker: Broker,
    *,
    organisation: str | None = None,
    user: str | None = None,
    credential: str | None = None,
    document: str | None = None,
) -> None:
    """After the commit: sockets that match all that is named look their right up again. None names nothing."""
    payload = {"organisation": organisation, "user": user, "credential": credential, "document": document}
    ACCESS.publish(broker, payload)
