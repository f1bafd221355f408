"""The passwords of data sources, as they stand in the vault."""

from dataclasses import dataclass

from server.vault import Vault

__all__ = ["Secrets", "sealed_as"]


def sealed_as(source: int) -> str:
    """What its secret is bound to: table and row."""
    return f"data_sources:{source}"


@dataclass(frozen=True, slots=True)
class Secrets:
    vault: Vault

    def seal(self, password: str, source: int) -> str:
        return self.vault.seal(password.encode(), sealed_as(source))

    def unseal(self, sealed: str, source: int) -> str:
        """Raises Unsealable."""
        return self.vault.unseal(sealed, sealed_as(source)).decode()
