"""A process that appends for ever and reports each commit, to be killed: `appender URL RUN`."""

import asyncio
import sys
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.log import Batch, Row, SqlDocumentLog
from persistence.tables.documents import documents
from persistence.tables.identity import organisations, users
from persistence.tables.workspaces import workspaces

NAME = "0" * 32


def make_place(connection: Connection) -> None:
    now = datetime.now(UTC)
    connection.execute(insert(organisations).values(id=NAME, slug="o", name="o", created_at=now))
    connection.execute(insert(users).values(id=NAME, email="a@b", name="Ada", active=True, created_at=now))
    connection.execute(
        insert(workspaces).values(
            id=NAME,
            organisation_id=NAME,
            owner_id=NAME,
            name="w",
            type="security",
            settings={},
            created_at=now,
            updated_at=now,
        )
    )


async def main(url: str, run: str) -> None:
    database = await Database.open(url)
    await database.migrate()
    document = await database.read(lambda connection: connection.execute(select(documents.c.id)).scalar())
    if document is None:
        await database.write(make_place)
        new = NewDocument(NAME, NAME, "Plan", "report", NAME)
        document = (await DocumentStore(database).create(new, datetime.now(UTC))).id
    log = SqlDocumentLog(database)
    for number in range(1, 1_000_000):
        token = f"{run}-{number}"
        await log.append([Batch(document, f"run.{run}", number, (Row(None, token.encode()),))])
        print(document, token, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
