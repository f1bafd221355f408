"""What all tables share: one MetaData with names for every constraint, ids, and times in UTC."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, MetaData, String
from sqlalchemy.types import TypeDecorator

__all__ = ["UtcTime", "id_column", "id_type", "metadata"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

id_type = String(32)
"""128 random bits as 32 hex digits: never guessed, and never counted by whoever sees one."""


def id_column(name: str = "id") -> Column[Any]:
    """The primary key of a table whose rows have a random id."""
    return Column(name, id_type, primary_key=True)


class UtcTime(TypeDecorator[datetime]):
    """A moment, given and answered with its zone. SQLite keeps no zone, so there it is written in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
