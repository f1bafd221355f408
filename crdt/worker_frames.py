"""Frames between the server and a worker process: a pickle, with large byte strings beside it, not copied into it.

A frame is 8 bytes length of the pickle, 4 bytes number of byte strings, 8 bytes length of each, the pickle, and the
byte strings (pickle protocol 5, out-of-band buffers; all numbers big endian).
"""

import io
import pickle
import struct
from typing import Any, Protocol

__all__ = ["Source", "Target", "read_frame", "write_frame"]

HEAD = struct.Struct(">QI")
LENGTH = struct.Struct(">Q")
OUTSIDE_BYTES = 64 << 10
"""From this size on a byte string travels beside the pickle: making and reading the pickle would copy it twice."""
MAX_BUFFERS = 1_000_000


class Source(Protocol):
    def read(self, size: int, /) -> bytes:
        """`size` bytes; fewer only at the end."""
        ...


class Target(Protocol):
    def write(self, data: Any, /) -> int | None:
        """Take some of it; answers how much."""
        ...


def write_frame(target: Target, value: Any) -> None:
    """Write a value. Raises OSError when nobody reads, and what pickle raises."""
    buffers: list[pickle.PickleBuffer] = []
    said = pickle.dumps(_set_apart(value), protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    lengths = b"".join(LENGTH.pack(view.nbytes) for view in views)
    _write_all(target, memoryview(HEAD.pack(len(said), len(views)) + lengths + said))
    for view in views:
        _write_all(target, view)


def read_frame(source: Source, max_bytes: int, unpickler: type[pickle.Unpickler] = pickle.Unpickler) -> Any:
    """Read a value. Raises EOFError when the input ends or the frame is longer, and what the unpickler raises."""
    length, number = HEAD.unpack(_read_all(source, HEAD.size))
    if number > MAX_BUFFERS:
        raise EOFError
    lengths = [each[0] for each in LENGTH.iter_unpack(_read_all(source, number * LENGTH.size))]
    if length + sum(lengths) > max_bytes:
        raise EOFError
    said = _read_all(source, length)
    buffers = [_read_all(source, each) for each in lengths]
    return unpickler(io.BytesIO(said), buffers=buffers).load()


def _set_apart(value: Any) -> Any:
    """Large byte strings within tuples and lists, wrapped so that pickle leaves them outside."""
    match value:
        case bytes() if len(value) >= OUTSIDE_BYTES:
            return pickle.PickleBuffer(value)
        case tuple() if type(value) is tuple:
            return tuple(map(_set_apart, value))
        case list():
            return list(map(_set_apart, value))
        case _:
            return value


def _read_all(source: Source, size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _write_all(target: Target, view: memoryview) -> None:
    while view.nbytes:
        view = view[target.write(view) or 0 :]
