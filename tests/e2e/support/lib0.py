"""Frames of the two wire protocols, written apart from crdt/ so that one mistake cannot be on both sides.

Source: lib0 encoding, y-protocols 1.0.7, @hocuspocus/provider 4.8.0.
"""

__all__ = [
    "AUTH",
    "AWARENESS",
    "STATELESS",
    "SYNC",
    "SYNC_STATUS",
    "Cursor",
    "hocuspocus_frame",
    "string",
    "sync_frame",
    "var",
    "var_bytes",
]

SYNC, AWARENESS, AUTH, STATELESS, SYNC_STATUS = 0, 1, 2, 5, 8


def var(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def var_bytes(data: bytes) -> bytes:
    return var(len(data)) + data


def string(text: str) -> bytes:
    return var_bytes(text.encode())


def sync_frame(step: int, payload: bytes) -> bytes:
    """y-protocols Sync: step 0 = state vector, 1 = the answer to one, 2 = an update."""
    return var(SYNC) + var(step) + var_bytes(payload)


def hocuspocus_frame(document: str, message: bytes) -> bytes:
    return string(document) + message


class Cursor:
    """Reads a frame from its start."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def var(self) -> int:
        number = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    def bytes(self) -> bytes:
        length = self.var()
        self.at += length
        return self.data[self.at - length : self.at]

    def string(self) -> str:
        return self.bytes().decode()
