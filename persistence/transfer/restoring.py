"""A file into an empty store, whose documents and streams are not taken for those of before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

from sqlalchemy import Connection, bindparam, delete, select, update

from persistence.migrations import NEWEST, migrate
from persistence.tables.documents import document_heads
from persistence.tables.events import streams
from persistence.tables.identity import sessions, setup_links, tickets
from persistence.transfer.archive import Manifest, lines_of, opened, read_manifest
from persistence.transfer.ends import Moved, checked, prepare_target
from persistence.transfer.errors import TransferRefused
from persistence.transfer.holding import Hold, holding
from persistence.transfer.rows import Tally, decoded
from persistence.transfer.shapes import Shape
from persistence.transfer.tables import write

__all__ = ["restore"]

ROWS, BYTES = 2_000, 4 << 20


async def restore(file: Path, url: str, *, told: Callable[[Mapping[str, int]], None], moved: Moved) -> Manifest:
    """Fill the store, check it, and give every document a new incarnation and every stream of events a new epoch.

    Sign-ins, tickets and set-up links are ended: one that was revoked after the backup would be good again.
    `told` and `moved` as for a copy. Raises TransferRefused (the store is not empty, the file is damaged or of a later
    version), StoreUnavailable; the store is empty then.
    """
    with opened(file) as archive:
        manifest = read_manifest(archive)
        if manifest.revision > NEWEST:
            raise TransferRefused(f"the backup was made by a later version ({manifest.version}) than this one")
        told({shape.name: manifest.tallies[shape.name].rows for shape in manifest.shapes})
        async with holding(url, writes=True) as target:
            await prepare_target(target, manifest.revision)
            for shape in manifest.shapes:
                await _fill(archive, target, shape, manifest.tallies[shape.name], moved)
            for shape in manifest.shapes:
                await checked(target, shape, manifest.tallies[shape.name], moved)
            await target.run(migrate)
            await target.run(_begin_anew)
    return manifest


async def _fill(archive: ZipFile, target: Hold, shape: Shape, expected: Tally, moved: Moved) -> None:
    tally = Tally()
    for lines in _in_batches(lines_of(archive, shape)):
        await write(target, shape, [decoded(shape, line) for line in lines])
        tally.add(lines)
        moved("copy", shape.name, len(lines))
    if tally != expected:
        raise TransferRefused(f"the file is damaged: the rows of {shape.name} are not those that its manifest tells of")


def _in_batches(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if len(batch) == ROWS or size > BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _begin_anew(connection: Connection) -> None:
    for table in (tickets, setup_links, sessions):
        connection.execute(delete(table))
    H, S = document_heads.c, streams.c  # noqa: N806 - as everywhere in the store
    new = update(document_heads).where(H.document_id == bindparam("is")).values(incarnation=bindparam("new"))
    found: Sequence[Any] = connection.execute(select(H.document_id)).scalars().all()
    _in_parts(connection, new, ({"is": document, "new": uuid4().hex} for document in found))
    renamed = (
        update(streams)
        .where(S.organisation_id == bindparam("of"), S.name == bindparam("is"))
        .values(epoch=bindparam("new"))
    )
    known = connection.execute(select(S.organisation_id, S.name)).all()
    _in_parts(connection, renamed, ({"of": of, "is": name, "new": token_urlsafe(6)} for of, name in known))


def _in_parts(connection: Connection, statement: Any, given: Iterator[dict[str, str]]) -> None:
    while part := list(islice(given, ROWS)):
        connection.execute(statement, part)
