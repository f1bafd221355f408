"""That somebody's rights have changed, for the nodes that nobody has told."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from persistence.tables.base import id_type, metadata

__all__ = ["access_changes"]

access_changes = Table(
    "access_changes",
    metadata,
    # Counts up, but not in the order of the commits: who reads looks behind the last one as well.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    # What is named must match; NULL stands for every one. No foreign keys: what it was about may be gone.
    Column("organisation_id", id_type),
    Column("user_id", id_type),
    Column("credential_id", id_type),
    Column("document_id", id_type),
    # With a reason it is no change of rights: what is named is to be closed, a connection or all of the user's.
    Column("connection_id", String(64)),
    Column("reason", String(200)),
)
