"""The editing trace: packed, read back, and turned into updates."""

import lzma
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Text

from benchmarks import trace

positions = st.integers(0, 300_000)
characters = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=1)


@settings(max_examples=20)  # each asks for a dictionary of many megabytes
@given(st.lists(st.tuples(positions, characters), max_size=50))
def test_what_is_packed_is_read_back(edits: list[trace.Edit]) -> None:
    assert list(trace.unpack(trace.pack(edits))) == edits


def test_the_carried_trace_has_as_many_edits_as_its_publishers_say() -> None:
    edits = list(trace.unpack(trace.PACKED.read_bytes()))
    typed = sum(1 for _, character in edits if character)
    assert (typed, len(edits) - typed) == (182_315, 77_463)


def test_a_trace_that_lacks_a_step_is_refused() -> None:
    raw = lzma.decompress(trace.pack([(0, "a"), (1, "b"), (2, "c")]))
    with pytest.raises(ValueError, match="differ in number"):
        list(trace.unpack(lzma.compress(struct.pack("<I", 2) + raw[4:])))


def test_every_edit_is_an_update_and_their_clocks_count_the_typed_characters(tmp_path, monkeypatch) -> None:
    packed = tmp_path / "small.xz"
    packed.write_bytes(trace.pack([(0, "a"), (1, "c"), (1, "b"), (2, "")]))
    monkeypatch.setattr(trace, "PACKED", packed)
    monkeypatch.setattr(trace, "BUILD", tmp_path)

    replay = trace.prepared(4)

    updates, clocks = _read(replay.updates.read_bytes())
    doc: Doc[Text] = Doc()
    doc["text"] = text = Text()
    for update in updates:
        doc.apply_update(update)
    assert (str(text), clocks, replay.edits, replay.clock) == ("ab", [1, 2, 3, 3], 4, 3)


def test_the_text_of_a_dump_is_that_of_all_its_updates(tmp_path, monkeypatch) -> None:
    packed = tmp_path / "small.xz"
    packed.write_bytes(trace.pack([(0, "a"), (1, "b"), (0, "")]))
    monkeypatch.setattr(trace, "PACKED", packed)
    monkeypatch.setattr(trace, "BUILD", tmp_path)
    replay = trace.prepared(3)
    updates, _ = _read(replay.updates.read_bytes())

    whole = b"".join(struct.pack("<I", len(update)) + update for update in updates)
    cut = b"".join(struct.pack("<I", len(update)) + update for update in updates[:-1])

    assert trace.text_sha256_in(whole) == replay.text_sha256
    assert trace.text_sha256_in(cut) != replay.text_sha256


def test_a_whole_trace_that_ends_in_another_text_is_refused(tmp_path, monkeypatch) -> None:
    packed = tmp_path / "small.xz"
    packed.write_bytes(trace.pack([(0, "a")]))
    monkeypatch.setattr(trace, "PACKED", packed)
    monkeypatch.setattr(trace, "BUILD", tmp_path)
    with pytest.raises(ValueError, match="published text"):
        trace.prepared()


def _read(file: bytes) -> tuple[list[bytes], list[int]]:
    updates, clocks, at = [], [], 0
    while at < len(file):
        length, clock = struct.unpack_from("<II", file, at)
        updates.append(file[at + 8 : at + 8 + length])
        clocks.append(clock)
        at += 8 + length
    return updates, clocks
