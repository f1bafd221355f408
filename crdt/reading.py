"""A whole document in every form, read around what is hidden of it; and whether it can be read. For workers only."""

import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crdt.document import open_document
from crdt.errors import CrdtError, MalformedUpdate
from crdt.projection import json_in, markdown_in, text_in
from crdt.updates import DeleteRanges, contents_of, decode_state_vector, hide, merge, state_of
from crdt.updates.structs import parse

__all__ = [
    "NOTHING",
    "Hidden",
    "Projection",
    "Survival",
    "clocks_of",
    "ends_of",
    "project",
    "shown",
    "survives",
    "unreadable",
]

NOTHING = b"\0"
"""An empty delete set."""
MAX_CHARACTERS = 4_000_000
MAX_JSON_CHARACTERS = 16_000_000
"""A longer text is a download, not a field of an answer."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Clocks that are passed over, as encoded delete sets: with their place kept, and without (see `hide`)."""

    in_place: bytes = NOTHING
    without_place: bytes = NOTHING

    def __bool__(self) -> bool:
        return self != NOTHING_HIDDEN


NOTHING_HIDDEN = Hidden()


@dataclass(frozen=True, slots=True)
class Projection:
    """What a document says. A form that is longer than any answer carries is None.

    json: the editor's JSON, or {"roots": …} (see `json_of`), as text.
    """

    text: str | None
    json: str | None
    markdown: str | None


@dataclass(frozen=True, slots=True)
class Survival:
    """What reading a document took.

    seconds: of CPU time
    bytes_left: what this process never used of the address space that it may have
    """

    seconds: float
    bytes_left: int


def project(parts: Sequence[bytes], hidden: Hidden = NOTHING_HIDDEN) -> Projection:
    """Read a document, given in parts, in every form.

    Raises MalformedUpdate; also when a part of the document waits for something that it does not have. The document
    is written once, too: one that can be read and not written would lose what the server edits in it.
    """
    update = shown(parts, hidden)
    doc = open_document(update)
    if decode_state_vector(doc.get_state()) != state_of(update):
        raise MalformedUpdate("parts of the document wait for others that are not there")
    doc.get_update()
    document = json_in(doc, update)
    return Projection(
        _fitting(text_in(document), MAX_CHARACTERS),
        _fitting(json.dumps(document, ensure_ascii=False, separators=(",", ":")), MAX_JSON_CHARACTERS),
        _fitting(markdown_in(document), MAX_CHARACTERS),
    )


def survives(parts: Sequence[bytes], hidden: Hidden) -> Survival:
    """Can it be read, and at what price? If it cannot, this raises or this process dies."""
    began = resource.getrusage(resource.RUSAGE_SELF)
    project(parts, hidden)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    seconds = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    return Survival(seconds, resource.getrlimit(resource.RLIMIT_AS)[0] - _peak_bytes())


def shown(parts: Sequence[bytes], hidden: Hidden) -> bytes:
    """The parts as one update, with what is hidden replaced. Raises MalformedUpdate."""
    update = merge(parts)
    update = hide(update, DeleteRanges.decode(hidden.in_place), keep_place=True)
    return hide(update, DeleteRanges.decode(hidden.without_place), keep_place=False)


def unreadable(parts: Sequence[bytes]) -> dict[int, str]:
    """Which of these are no updates at all, by their index, and why."""
    faults = {}
    for number, part in enumerate(parts):
        try:
            parse(part)
        except CrdtError as error:
            faults[number] = str(error)
    return faults


def clocks_of(update: bytes) -> bytes:
    """The clocks that an update brings or deletes, as an encoded delete set. Raises MalformedUpdate."""
    parsed = parse(update)
    clocks = parsed.deletes.copy()
    clocks.add(DeleteRanges({each.client: [(each.clock, each.structs[-1].next_clock)] for each in parsed.blocks}))
    return clocks.encode()


def ends_of(update: bytes) -> dict[int, int]:
    """How far each client's clocks reach. Raises MalformedUpdate."""
    return contents_of(update)[0]


def _peak_bytes() -> int:
    """The most address space that this process has had; far below zero where the kernel does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmPeak:")), -sys.maxsize)


def _fitting(text: str, most: int) -> str | None:
    """As every kind of store takes it: without NUL and without halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode() if len(text) <= most else None
