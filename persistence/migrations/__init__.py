"""The history of the tables, run at every start (Alembic).

A rolling restart runs two versions of the program on one store: a migration only adds what the older version can
live with (expand); what nobody needs any more is dropped by a later version (contract).
"""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

__all__ = ["migrate"]

LOCK = 0x636F756E
"""Any number that no other program on the PostgreSQL server uses; these are the letters `coun`."""


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest version within the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = Config()
    config.set_main_option("script_location", "persistence:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
