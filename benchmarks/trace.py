"""The editing trace of a real text, and the Yjs updates that its author's client would have sent.

The trace is carried in a compact form, traces/automerge-paper.xz; traces/README.md says where it is from.
"""

import gzip
import hashlib
import json
import lzma
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pycrdt import Doc, Text, TransactionEvent

from benchmarks.servers import BUILD

__all__ = ["AUTHOR", "Edit", "Replay", "pack", "prepared", "published", "text_sha256_in", "unpack"]

PACKED = Path(__file__).with_name("traces") / "automerge-paper.xz"
AUTHOR = 424242  # the client id of the only author
# Of the text in the end, as it was published.
TEXT_SHA256 = "a489e9022976c14e46627aea174d07797edcb3fd17df42605956d4cf01bf9039"
DELETED = 0

Edit = tuple[int, str]  # a position, and the character typed there; "" takes away the one that stands there


@dataclass(frozen=True, slots=True)
class Replay:
    """`updates` is a file for the generator's replay; after all of it the author's clock is `clock`."""

    updates: Path
    edits: int
    clock: int
    text_sha256: str


def pack(edits: Iterable[Edit]) -> bytes:
    """32 bits with their number, the steps from position to position (zigzag, varint), a byte for each edit; xz."""
    steps, characters, last = bytearray(), bytearray(), 0
    for position, character in edits:
        step = position - last
        value = step * 2 if step >= 0 else -step * 2 - 1
        while value > 127:
            steps.append(value & 127 | 128)
            value >>= 7
        steps.append(value)
        characters += character.encode("ascii") or bytes([DELETED])
        last = position + len(character)
    return lzma.compress(struct.pack("<I", len(characters)) + steps + characters, preset=9)


def unpack(packed: bytes) -> Iterator[Edit]:
    """The edits of `pack`. ValueError when it is something else."""
    raw = lzma.decompress(packed)
    (count,) = struct.unpack_from("<I", raw)
    characters = raw[len(raw) - count :]
    at, last = 4, 0
    for character in characters:
        value = shift = 0
        while raw[at] > 127:
            value |= (raw[at] & 127) << shift
            shift += 7
            at += 1
        value |= raw[at] << shift
        at += 1
        position = last + (value // 2 if value % 2 == 0 else -(value + 1) // 2)
        typed = "" if character == DELETED else chr(character)
        yield position, typed
        last = position + len(typed)
    if at + count != len(raw):
        raise ValueError("the steps and the characters of the trace differ in number")


def prepared(edits: int | None = None) -> Replay:
    """The replay file of the first `edits` edits, or of all; made once. ValueError when the text comes out wrong."""
    stem = BUILD / f"replay-{'all' if edits is None else edits}"
    facts, updates = stem.with_suffix(".json"), stem.with_suffix(".bin")
    if not facts.exists() or facts.stat().st_mtime < PACKED.stat().st_mtime:
        made = _write_updates(updates, edits)
        if edits is None and made["text_sha256"] != TEXT_SHA256:
            raise ValueError("the replayed trace does not end in the published text")
        facts.write_text(json.dumps(made))
    return Replay(updates=updates, **json.loads(facts.read_text()))


def _write_updates(path: Path, most: int | None) -> dict[str, object]:
    doc: Doc[Text] = Doc(client_id=AUTHOR)
    doc["text"] = text = Text()
    sent: list[bytes] = []
    subscription = doc.observe(lambda event: _keep(event, sent))
    clock = count = 0
    with path.open("wb") as out:
        for count, (position, typed) in enumerate(unpack(PACKED.read_bytes()), 1):
            if typed:
                text.insert(position, typed)
                clock += 1
            else:
                del text[position]
            for update in sent:
                out.write(struct.pack("<II", len(update), clock) + update)
            sent.clear()
            if count == most:
                break
    doc.unobserve(subscription)
    return {"edits": count, "clock": clock, "text_sha256": _sha256(str(text))}


def _keep(event: TransactionEvent, sent: list[bytes]) -> None:
    sent.append(event.update)


def text_sha256_in(dump: bytes) -> str:
    """SHA-256 of the text in a client's dump: 32 bits of length and an update, again and again."""
    doc: Doc[Text] = Doc()
    doc["text"] = text = Text()
    at = 0
    while at < len(dump):
        (length,) = struct.unpack_from("<I", dump, at)
        doc.apply_update(dump[at + 4 : at + 4 + length])
        at += 4 + length
    return _sha256(str(text))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def published(path: Path) -> Iterator[Edit]:
    """The edits of automerge-paper.json.gz, as the repository editing-traces publishes it."""
    for transaction in json.loads(gzip.decompress(path.read_bytes()))["txns"]:
        for position, _, typed in transaction["patches"]:
            yield position, typed


if __name__ == "__main__":
    PACKED.write_bytes(pack(published(Path(sys.argv[1]))))
