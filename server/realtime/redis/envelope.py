"""What goes over the wire for a payload: a mark of the version, the node that says it, the payload."""

__all__ = ["NODE_BYTES", "open_envelope", "seal"]

MARK = b"cp1"
NODE_BYTES = 16


def seal(node: bytes, payload: bytes) -> bytes:
    """`node`: 16 bytes, one run of a process."""
    return MARK + node + payload


def open_envelope(message: bytes) -> tuple[bytes, bytes] | None:
    """The node and the payload; None when no node of ours has made it."""
    if len(message) < len(MARK) + NODE_BYTES or not message.startswith(MARK):
        return None
    return message[len(MARK) : len(MARK) + NODE_BYTES], message[len(MARK) + NODE_BYTES :]
