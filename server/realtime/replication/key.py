"""The key by which nodes know each other's messages: made at the first start, sealed in the store, on no broker."""

from secrets import token_bytes

from persistence.server_secrets import ServerSecretStore
from server.clock import Clock
from server.vault import Vault

__all__ = ["node_key"]

NAME = "nodes"
SEALED_AS = f"server_secrets:{NAME}"
KEY_BYTES = 32


async def node_key(store: ServerSecretStore, vault: Vault, clock: Clock) -> bytes:
    """The same on every node; of two that start at once, the first one's counts.

    Raises Unsealable when this node has another key file than the one that made it, and StoreUnavailable.
    """
    sealed = await store.get(NAME)
    if sealed is None:
        await store.keep(NAME, vault.seal(token_bytes(KEY_BYTES), SEALED_AS), clock.now())
        sealed = await store.get(NAME)
        if sealed is None:
            raise LookupError("the key of the nodes was kept just now, and is gone")
    return vault.unseal(sealed, SEALED_AS)
