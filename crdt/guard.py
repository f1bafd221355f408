"""May this update be taken? Form, limits and causality of a stranger's bytes, before anything else sees them.

The rules are in SPEC.md, section G. The guard holds no document: it is told what is known (a state vector and the
delete ranges) and says what the update would add, what it repeats, and what it waits for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crdt.errors import RefusedUpdate
from crdt.updates.causality import Run, run_of, run_together
from crdt.updates.deletes import DeleteRanges
from crdt.updates.keystrokes import Typed, read_erased, read_typed
from crdt.updates.structs import Parsed, parse, root_names

__all__ = ["Checked", "Limits", "check", "check_any", "next_typed"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What stock clients can live with: a SyncStep2 carries the whole delete set and cannot be cut (decision 12)."""

    max_bytes: int = 16 << 20
    max_structs: int = 200_000
    spare_clients: int = 1_000
    """How many client ids an update may name beyond those that the document has."""
    max_root_names: int = 1_000
    document_bytes: int = 50 << 20
    """The quota of a whole document; the room keeps it, for only it knows the size."""


@dataclass(slots=True)
class Checked:
    """What an update means to a document in a given state.

    fresh: client -> (first new clock, end) of what integrates now.
    overlap: client -> (start, end) of known clocks that the update repeats: its content is to be compared.
    deletes: the delete ranges that were not known, within the state after this update.
    missing: client -> a clock that must be known before all of it can be taken; empty: it can be taken now.
    contiguous: when something is missing and a part can be taken now: `take(update, contiguous)` is that part.
    read: what the bytes were read as, so that nobody has to read them again; None for one range erased.
    """

    fresh: dict[int, tuple[int, int]]
    overlap: dict[int, tuple[int, int]]
    deletes: DeleteRanges
    missing: dict[int, int]
    contiguous: dict[int, int] | None
    read: Parsed | Typed | None = field(compare=False, default=None)


def check(update: bytes, state: Mapping[int, int], deleted: DeleteRanges, limits: Limits = Limits()) -> Checked:
    """Check an update against what is known of its document.

    Raises MalformedUpdate, or RefusedUpdate: beyond a limit, or structs that wait for each other.
    """
    if len(update) > limits.max_bytes:
        raise RefusedUpdate("limit", f"the update has {len(update)} bytes; the limit is {limits.max_bytes}")
    return _check_keystroke(update, state, deleted) or check_any(update, state, deleted, limits)


def next_typed(update: bytes, state: Mapping[int, int]) -> Typed | None:
    """The update as a text that somebody typed, when it adds exactly the next clocks and waits for nothing."""
    if (typed := read_typed(update)) is None:
        return None
    origin, right = typed.origin, typed.right_origin
    is_next = state.get(typed.client, 0) == typed.clock and state.get(origin[0], 0) > origin[1]
    return typed if is_next and (right is None or state.get(right[0], 0) > right[1]) else None


def _check_keystroke(update: bytes, state: Mapping[int, int], deleted: DeleteRanges) -> Checked | None:
    """The verdict on a text typed, or a range erased, that is next in line and waits for nothing; None: it is not.

    What it names must be known, so that the document has this client id or another: no limit can be exceeded.
    """
    if (typed := next_typed(update, state)) is not None:
        return Checked({typed.client: (typed.clock, typed.end)}, {}, DeleteRanges(), {}, None, typed)
    if (erased := read_erased(update)) is not None:
        client, start, end = erased
        if state.get(client, 0) >= end:
            return Checked({}, {}, deleted.missing(DeleteRanges({client: [(start, end)]})), {}, None)
    return None


def check_any(update: bytes, state: Mapping[int, int], deleted: DeleteRanges, limits: Limits) -> Checked:
    """`check` for updates of every shape, up to any size: what a keystroke is spared."""
    parsed = parse(update, limits.max_structs, _most_ranges(update, deleted, limits))
    _keep_to_limits(parsed, state, limits)
    runs = {block.client: run_of(block, state) for block in parsed.blocks}
    reached, missing = run_together(runs, state)
    fresh, overlap = _parted(runs, reached, state)
    deletes, contiguous = parsed.deletes, None
    if missing or deletes:
        after = {client: reached.get(client) or state.get(client, 0) for client, _ in deletes} | reached
        unknown = deleted.missing(deletes)
        for client, clock in _beyond(unknown, runs, after):
            missing.setdefault(client, clock)
        deletes = unknown.below(after)
        if missing and (fresh or deletes):
            contiguous = after
    return Checked(fresh, overlap, deletes, missing, contiguous, parsed)


def _most_ranges(update: bytes, deleted: DeleteRanges, limits: Limits) -> int:
    """One replace-all deletes thousands of ranges: what an update may add to the known ones is bounded like structs."""
    if len(update) < limits.max_structs:  # each range takes two bytes, so the known ones need not be counted
        return limits.max_structs
    return limits.max_structs + deleted.count()


def _keep_to_limits(parsed: Parsed, state: Mapping[int, int], limits: Limits) -> None:
    most_clients = len(state) + limits.spare_clients
    if len(parsed.blocks) > most_clients or len(parsed.deletes) > most_clients:
        raise RefusedUpdate("limit", f"the update names over {most_clients} client ids")
    if parsed.structs > limits.max_root_names and len(root_names(parsed)) > limits.max_root_names:
        raise RefusedUpdate("limit", f"the update names over {limits.max_root_names} roots")


def _parted(
    runs: Mapping[int, Run], reached: Mapping[int, int], state: Mapping[int, int]
) -> tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]]:
    """The clocks that are new and integrate, and those that are known already."""
    fresh: dict[int, tuple[int, int]] = {}
    overlap: dict[int, tuple[int, int]] = {}
    for client, run in runs.items():
        known = state.get(client, 0)
        if reached[client] > known:
            fresh[client] = (max(run.first, known), reached[client])
        if 0 <= run.first < known:
            overlap[client] = (run.first, min(run.end, known))
    return fresh, overlap


def _beyond(deletes: DeleteRanges, runs: Mapping[int, Run], after: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The last clocks of delete ranges that neither the document nor this update has."""
    for client, ranges in deletes:
        end = ranges[-1][1]
        if end > after[client] and (client not in runs or end > runs[client].end):
            yield client, end - 1
