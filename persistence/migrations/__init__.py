"""The history of the tables, run at every start (Alembic).

A rolling restart runs two versions of the program on one store: a migration only adds what the older version can
live with (expand); what nobody needs any more is dropped by a later version (contract).
"""

from sqlalchemy import Connection, inspect, text

__all__ = ["NEWEST", "migrate"]

NEWEST = "0002"
"""The revision that this version of the program needs."""

LOCK = 0x636F756E
"""Any number that no other program on the PostgreSQL server uses; these are the letters `coun`."""


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest version within the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    found = _version(connection)
    if found is not None and found >= NEWEST:
        return  # a later version of the program has been here, and left what this one needs
    # Alembic is half a second of imports, which a restart without news does not have to wait for.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "persistence:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    """The revision that the store is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
