"""Telling every part of the house, on every node, that somebody's rights may have changed."""

from server.realtime.broker import ACCESS_TOPIC, Broker

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
    broker.publish(ACCESS_TOPIC, dict(payload))
