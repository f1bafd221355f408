"""The link at the end of a letter: whoever has it turns the letters off, without signing in (RFC 8058)."""

from urllib.parse import quote

from persistence.notification_wishes import WishStore
from server.clock import Clock
from server.errors import NotFound
from server.notifications.model import Preferences
from server.vault import Unsealable, Vault

__all__ = ["UNSUBSCRIBE", "Unsubscribing"]

UNSUBSCRIBE = "/notifications/mail/unsubscribe"
ABOUT = "mail/unsubscribe"
LONGEST_TOKEN = 1_000


class Unsubscribing:
    """The token is the reader's id, sealed: it can be made by nobody else, and says nothing to anybody else."""

    def __init__(self, wishes: WishStore, vault: Vault, clock: Clock, home: str) -> None:
        self._wishes = wishes
        self._vault = vault
        self._clock = clock
        self._home = home

    def link(self, organisation: str, user: str) -> str:
        token = self._vault.seal(f"{organisation} {user}".encode(), ABOUT)
        return f"{self._home}{UNSUBSCRIBE}?token={quote(token, safe='')}"

    async def stop(self, token: str) -> None:
        """No more letters, of whatever kind, but for what is critical; again is as once. Raises NotFound."""
        organisation, user = self.reader(token)
        said = (await self._wishes.preferences(organisation, [user])).get(user, {})
        preferences = Preferences.model_validate(said).whole
        kinds = {kind: choice.model_copy(update={"email": False}) for kind, choice in preferences.kinds.items()}
        wishes = preferences.model_copy(update={"kinds": kinds}).model_dump(mode="json")
        await self._wishes.prefer(organisation, user, wishes, self._clock.now())

    def reader(self, token: str) -> tuple[str, str]:
        """The organisation and the user that a link is for. Raises NotFound."""
        try:
            opened = self._vault.unseal(token[:LONGEST_TOKEN], ABOUT)
        except Unsealable as error:
            raise NotFound("This link is none of ours, or a very old one.") from error
        organisation, _, user = opened.decode().partition(" ")
        return organisation, user
