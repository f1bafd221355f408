"""Rows as lines of JSON, the same on every store, and the tally that says whether two tables hold the same ones."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeAlias

from persistence.transfer.errors import TransferRefused
from persistence.transfer.shapes import Shape, ValueKind

__all__ = ["Row", "Tally", "decoded", "encoded"]

Row: TypeAlias = tuple[Any, ...]
MODULUS = 1 << 256


@dataclass(slots=True)
class Tally:
    """How many rows, and the sum of their SHA-256: the order in which a store gives them does not matter."""

    rows: int = 0
    total: int = 0

    def add(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self.rows += 1
            self.total = (self.total + int.from_bytes(sha256(line).digest())) % MODULUS

    @property
    def digest(self) -> str:
        return f"{self.total:064x}"


def encoded(shape: Shape, row: Sequence[Any]) -> bytes:
    """One line without its end."""
    values = [_plain(value, kind) for value, kind in zip(row, shape.kinds, strict=True)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def decoded(shape: Shape, line: bytes) -> Row:
    """Raises TransferRefused for what `encoded` has not made."""
    try:
        values = json.loads(line)
        return tuple(_value(value, kind) for value, kind in zip(values, shape.kinds, strict=True))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise TransferRefused(f"a row of {shape.name} cannot be read") from error


def _plain(value: Any, kind: ValueKind) -> Any:
    if value is None:
        return None
    if kind == "bytes":
        return base64.b64encode(value).decode()
    if kind == "time":
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _value(plain: Any, kind: ValueKind) -> Any:
    if plain is None:
        return None
    if kind == "bytes":
        return base64.b64decode(plain, validate=True)
    if kind == "time":
        moment = datetime.fromisoformat(plain)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment
    return plain
