"""The server's one key for push: made at the first start, sealed in the store, the same on every node."""

from persistence.server_secrets import ServerSecretStore
from server.clock import Clock
from server.notifications.push.vapid import VapidKey
from server.vault import Vault

__all__ = ["KeyShelf"]

NAME = "vapid"
SEALED_AS = f"server_secrets:{NAME}"


class KeyShelf:
    def __init__(self, store: ServerSecretStore, vault: Vault, clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._key: VapidKey | None = None

    async def make(self) -> None:
        """Once for all nodes and for ever: of two that start at once, the first one's counts."""
        if await self._store.get(NAME) is None:
            sealed = self._vault.seal(VapidKey.new().private, SEALED_AS)
            await self._store.keep(NAME, sealed, self._clock.now())

    async def key(self) -> VapidKey:
        """Read when it is needed, for most starts need none. Raises Unsealable and StoreUnavailable."""
        if self._key is None:
            sealed = await self._store.get(NAME)
            if sealed is None:
                raise LookupError("the key is made at the start")
            self._key = VapidKey.of(self._vault.unseal(sealed, SEALED_AS))
        return self._key
