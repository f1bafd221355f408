"""A backup file: a zip with the lines of each table and, at its end, a manifest that says what must be in it."""

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from persistence.transfer.errors import TransferRefused
from persistence.transfer.rows import Tally
from persistence.transfer.shapes import Shape, shapes_from

__all__ = ["FORMAT", "Manifest", "draft_of", "lines_of", "member", "opened", "read_manifest", "write_manifest"]

FORMAT = "counterpoint-backup/1"
MANIFEST = "manifest.json"
MANIFEST_BYTES, LINE_BYTES = 1 << 20, 512 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """version: of the program; revision: of the tables; made_at: ISO 8601; tallies: of each table by its name."""

    version: str
    revision: str
    made_at: str
    store: str
    shapes: tuple[Shape, ...]
    tallies: Mapping[str, Tally]


@contextmanager
def draft_of(file: Path) -> Iterator[ZipFile]:
    """A zip beside `file`, for this user only, that becomes `file` when the block ends well, and else is gone.

    Raises TransferRefused for what is there already, and for a place that cannot be written to.
    """
    if file.exists():
        raise TransferRefused(f"{file} is there already; a backup never replaces a file")
    draft = file.with_name(f".{file.name}.{token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as written:
            with ZipFile(written, "w", ZIP_DEFLATED, compresslevel=3) as archive:
                yield archive
            written.flush()
            os.fsync(written.fileno())
        os.link(draft, file)  # unlike a rename it never replaces a file that came meanwhile
        _sync_folder(file.parent)
    except OSError as error:
        raise TransferRefused(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def member(shape: Shape) -> ZipInfo:
    """Where the rows of a table stand."""
    info = ZipInfo(f"tables/{shape.name}.jsonl")
    info.compress_type = ZIP_DEFLATED
    return info


def write_manifest(archive: ZipFile, manifest: Manifest) -> None:
    tallies = manifest.tallies
    tables = [
        shape.as_json() | {"rows": tallies[shape.name].rows, "sha256_sum": tallies[shape.name].digest}
        for shape in manifest.shapes
    ]
    said = {
        "format": FORMAT,
        "version": manifest.version,
        "revision": manifest.revision,
        "made_at": manifest.made_at,
        "store": manifest.store,
        "tables": tables,
    }
    archive.writestr(MANIFEST, json.dumps(said, indent=1))


@contextmanager
def opened(file: Path) -> Iterator[ZipFile]:
    """Raises TransferRefused when it is not there, cut off, or damaged where it is read."""
    try:
        with ZipFile(file) as archive:
            yield archive
    except (BadZipFile, EOFError, zlib.error) as error:
        raise TransferRefused(f"{file} is not a backup, or it is damaged: {error}") from error
    except OSError as error:
        raise TransferRefused(f"{file} cannot be read: {error.strerror or error}") from error


def read_manifest(archive: ZipFile) -> Manifest:
    """Raises TransferRefused for a file that no version of ours has made."""
    try:
        with archive.open(MANIFEST) as said:
            given: dict[str, Any] = json.loads(said.read(MANIFEST_BYTES))
        if given["format"] != FORMAT:
            raise TransferRefused(f"this version reads {FORMAT}, not {str(given['format'])[:40]}")
        carried = tuple(shapes_from(given["tables"]))
        tallies = {each["name"]: Tally(int(each["rows"]), int(each["sha256_sum"], 16)) for each in given["tables"]}
        version, revision, made_at, store = (str(given[name]) for name in ("version", "revision", "made_at", "store"))
        return Manifest(version, revision, made_at, store, carried, tallies)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TransferRefused("the file is no backup: it has no manifest that can be read") from error


def lines_of(archive: ZipFile, shape: Shape) -> Iterator[bytes]:
    """The lines of a table. Raises TransferRefused when they are missing."""
    try:
        rows = archive.open(member(shape).filename)
    except KeyError:
        raise TransferRefused(f"the file has no rows of {shape.name}") from None
    with rows:
        while line := rows.readline(LINE_BYTES):
            yield line.removesuffix(b"\n")
