"""The history of the tables, run at every start (Alembic). A new store has none: its tables are made as they are now.

A rolling restart runs two versions of the program on one store: a migration only adds what the older version can
live with (expand); what nobody needs any more is dropped by a later version (contract).
"""

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, text

from persistence.tables import metadata

__all__ = ["NEWEST", "make", "migrate", "revision_of"]

NEWEST = "0015"
"""The revision that this version of the program needs."""

LOCK = 0x636F756E
"""Any number that no other program on the PostgreSQL server uses; these are the letters `coun`."""


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest version within the connection's transaction."""
    _lock(connection)
    found = revision_of(connection)
    if found is None:
        _make_newest(connection)
    elif found < NEWEST:  # else a later version of the program has been here, and left what this one needs
        _upgrade(connection)


def make(connection: Connection, revision: str) -> None:
    """The tables of this revision, in an empty store, for rows that come from a store of that revision."""
    _lock(connection)
    if revision == NEWEST:
        _make_newest(connection)
    else:
        _upgrade(connection, revision)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _make_newest(connection: Connection) -> None:
    """All tables in a new store. Fails when one of these names is taken, by whatever else is in that database."""
    metadata.create_all(connection, checkfirst=False)
    versions = Table(
        "alembic_version",  # with this column and this constraint, as Alembic makes it
        MetaData(),
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
    )
    versions.create(connection)
    connection.execute(insert(versions).values(version_num=NEWEST))


def _upgrade(connection: Connection, revision: str = "head") -> None:
    # Alembic is half a second of imports and 11 MB, which a start without news does without.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "persistence:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: Connection) -> str | None:
    """The revision that the store is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
