"""`counterpoint document`: what the store holds of a document, and the way out of quarantine."""

import click

from persistence.log import Opened, SqlDocumentLog
from persistence.projections import ProjectionRow, ProjectionStore
from persistence.quarantine import QuarantinedRow, QuarantineStore
from server.commands.desk import Desk, at_the_desk

__all__ = ["document"]

AT_THE_LATEST = "A server that is running reads the document again within a minute."


@click.group(
    epilog="""\b
Examples:
  counterpoint document show 3f2a...
  counterpoint document release 3f2a...
"""
)
def document() -> None:
    """Look at what the store holds of a document, and let rows out of quarantine."""


@document.command(epilog="Example: counterpoint document show 3f2a...")
@click.argument("document_id", metavar="DOCUMENT")
def show(document_id: str) -> None:
    """Say what stands in the log of DOCUMENT, how far its text was read, and what is in quarantine."""

    async def work(desk: Desk) -> list[str]:
        opened = await _opened(desk, document_id)
        read = await ProjectionStore(desk.database).get(document_id)
        rows = (await QuarantineStore(desk.database).of([document_id])).get(document_id, [])
        return [_log_line(opened), _reading_line(opened, read), *map(_quarantine_line, rows)]

    for line in at_the_desk(work):
        click.echo(line)


@document.command(epilog="Example: counterpoint document release 3f2a... --position 17")
@click.argument("document_id", metavar="DOCUMENT")
@click.option("--position", type=click.IntRange(1), help="The row; without it, all rows of the document.")
def release(document_id: str, position: int | None) -> None:
    """Let rows of DOCUMENT out of quarantine, so that workers read them again.

    Clients have had them all the time. Rows that still end the worker that reads them are found again, and go back.
    """

    async def work(desk: Desk) -> int:
        await _opened(desk, document_id)
        return await QuarantineStore(desk.database).release(document_id, position)

    count = at_the_desk(work)
    if not count:
        raise click.ClickException("nothing of that is in quarantine; see `counterpoint document show`")
    click.echo(f"{count} {'row is' if count == 1 else 'rows are'} out of quarantine. {AT_THE_LATEST}")


async def _opened(desk: Desk, document_id: str) -> Opened:
    opened = await SqlDocumentLog(desk.database).open(document_id)
    if opened is None:
        raise click.ClickException(f"there is no document {document_id}, or it is deleted")
    return opened


def _log_line(opened: Opened) -> str:
    size = sum(len(update) for _, update in opened.rows)
    tail = f"{len(opened.rows)} rows ({size} bytes)"
    if opened.snapshot is None:
        return f"log: {opened.head} updates; no snapshot, {tail}"
    at = f"snapshot at {opened.snapshot.position} ({len(opened.snapshot.update)} bytes)"
    return f"log: {opened.head} updates; {at}, then {tail}"


def _reading_line(opened: Opened, read: ProjectionRow | None) -> str:
    if read is None:
        return "text: not read yet" if opened.head else "text: empty"
    partly = ", without what is in quarantine" if read.is_partial else ""
    failed = f"; failed: {read.failure}" if read.failure else ""
    return f"text: read at {read.position} of {opened.head}{partly}{failed}"


def _quarantine_line(row: QuarantinedRow) -> str:
    writer = f"written by {row.writer}" if row.writer else "writer unknown"
    return f"quarantine: row {row.position}: {row.reason}; {writer}; since {row.found_at:%Y-%m-%d %H:%M} UTC"
