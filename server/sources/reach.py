"""From the id of a source to what a probe needs, its password in the clear."""

from persistence.data_sources import DataSourceRow, DataSourceStore
from server.errors import NotFound, SourceRefused
from server.sources.places import Places
from server.sources.probe import SourceType, Target
from server.sources.secrets import Secrets
from server.vault import Unsealable

__all__ = ["Reach"]


class Reach:
    """`places`: files and machines that the operator lets us read, looked at anew each time."""

    def __init__(self, store: DataSourceStore, secrets: Secrets, places: Places) -> None:
        self._store = store
        self._secrets = secrets
        self._places = places

    async def target(self, source: int) -> Target:
        """Raises NotFound for one that is gone, SourceRefused for what cannot be used any more."""
        row = (await self._store.by_ids([source])).get(source)
        if row is None:
            raise NotFound
        return await self.target_of(row)

    async def target_of(self, row: DataSourceRow, password: str | None = None) -> Target:
        """`password`: instead of the stored one. Raises SourceRefused."""
        await self._places.check(row.organisation_id, row.source_type, row.host)
        if password is None and row.secret is not None:
            try:
                password = self._secrets.unseal(row.secret, row.id)
            except Unsealable as error:
                raise SourceRefused(f"Its stored password cannot be read: {error}. Set it again.") from None
        return Target(
            id=row.id,
            source_type=_type(row.source_type),
            host=row.host,
            port=row.port,
            username=row.username,
            password=password,
            database_name=row.database_name,
            use_encryption=row.use_encryption,
            options=row.options,
        )


def _type(name: str) -> SourceType:
    for known in ("postgresql", "mysql", "mariadb", "redis", "sqlite", "http", "host"):
        if name == known:
            return known
    raise SourceRefused(f"This version of the server does not know sources of the type {name}.")
