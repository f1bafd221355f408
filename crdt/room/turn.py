"""What a turn leaves in the log: one row per writer."""

from collections.abc import Iterable, Sequence

from crdt.room.effects import WriterRow
from crdt.room.intake import Accepted
from crdt.updates import merge

__all__ = ["writer_rows"]


def writer_rows(taken: Sequence[Accepted], merged: bytes) -> tuple[WriterRow, ...]:
    """The rows of a turn, in the order in which its writers came; `merged` is all of it as one update."""
    writers = dict.fromkeys(each.user for each in taken)
    if len(writers) == 1:
        return (WriterRow(taken[0].user, merged, _client_ids(taken)),)
    return tuple(_row(user, [each for each in taken if each.user == user]) for user in writers)


def _row(user: str, taken: Sequence[Accepted]) -> WriterRow:
    return WriterRow(user, merge([each.update for each in taken]), _client_ids(taken))


def _client_ids(taken: Iterable[Accepted]) -> tuple[int, ...]:
    return tuple(client for each in taken for client in each.client_ids)
