"""Ids that sort by the time at which they were made (RFC 9562 section 5.7); Python has them from 3.14 on."""

from datetime import datetime
from secrets import randbits
from uuid import UUID

__all__ = ["uuid7"]

VERSION, VARIANT = 0x7, 0b10


def uuid7(now: datetime) -> str:
    """48 bits of milliseconds, 12 of their fractions (section 6.2, method 3), and 62 random ones."""
    microseconds = int(now.timestamp() * 1_000_000)
    milliseconds, rest = divmod(microseconds, 1000)
    fraction = (rest << 12) // 1000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | VERSION << 76 | fraction << 64 | VARIANT << 62 | randbits(62)
    return str(UUID(int=value))
