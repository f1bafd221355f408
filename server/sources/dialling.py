"""Where probes may connect to: the same rule as for all that users have us reach (server.egress, rule A2)."""

from collections.abc import Sequence
from typing import Protocol

from server.egress.addresses import Address
from server.egress.egress import Egress, EgressFailed, EgressRefused
from server.errors import SourceRefused, SourceUnreachable

__all__ = ["Dialler", "EgressDialler"]


class Dialler(Protocol):
    async def addresses(self, host: str, port: int) -> Sequence[Address]:
        """The addresses of a name, looked up now, all of which may be reached. A probe connects to one of exactly
        these, and TLS checks the name. Raises SourceUnreachable, and SourceRefused for a network that is not ours
        to reach."""
        ...


class EgressDialler:
    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    async def addresses(self, host: str, port: int) -> Sequence[Address]:
        try:
            return await self._egress.addresses(host, port)
        except EgressRefused as refused:
            raise SourceRefused(
                f"We do not connect there: {refused}. The operator permits networks by COUNTERPOINT_EGRESS_ALLOW."
            ) from None
        except EgressFailed as failed:
            raise SourceUnreachable(f"The host is not found: {failed}.") from None


_keeps_the_promise: type[Dialler] = EgressDialler
