"""What happens to somebody's account: told to nobody else."""

from datetime import datetime

from server.events.model import UserEvent

__all__ = ["AccountChanged", "AccountCreated", "AccountDisconnected", "PasswordChanged", "TokenCreated", "TokenRevoked"]


class AccountCreated(UserEvent):
    """The account was made."""

    name: str
    role: str


class AccountChanged(UserEvent):
    """Name, role in the organisation, or whether the account may be used; `changed` names the fields."""

    name: str
    role: str
    active: bool
    changed: list[str]


class AccountDisconnected(UserEvent):
    """An administrator of the server has closed connections of the account: one, or all that there were."""

    connection_id: str | None
    reason: str


class PasswordChanged(UserEvent):
    """The account has another password, and its other sessions have ended."""


class TokenCreated(UserEvent):
    """A personal token was made for the account."""

    token_id: str
    name: str
    scopes: list[str]
    expires_at: datetime | None

    @property
    def subject(self) -> str:
        return f"token/{self.token_id}"


class TokenRevoked(UserEvent):
    """A personal token of the account counts no more."""

    token_id: str

    @property
    def subject(self) -> str:
        return f"token/{self.token_id}"
