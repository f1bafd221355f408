"""The order of integration: which clocks of an update a document can take now, and what the rest waits for.

Yjs integrates the structs of a client in order, and a struct only after those that it names. So each client of an
update runs forward until a gate: a struct that needs a clock which is not known yet. Whoever is stopped waits for
somebody else's run, or for a clock that the update does not bring, or in a circle for itself, which never ends.
"""

from collections.abc import Mapping
from heapq import heappop, heappush
from typing import NamedTuple

from crdt.errors import RefusedUpdate
from crdt.updates.contents import Kind
from crdt.updates.structs import Block, Id

__all__ = ["Run", "run_of", "run_together"]


class Gate(NamedTuple):
    """From its clock `at` on, a run can go on once `clock` of `client` is known."""

    at: int
    client: int
    clock: int


class Run:
    """How far one client of an update can go."""

    __slots__ = ("client", "end", "first", "gates", "passed")

    def __init__(self, client: int, first: int, end: int, gates: list[Gate]) -> None:
        self.client = client
        """`first` and `end` are -1 when the block has nothing but Skip structs."""
        self.first = first
        self.end = end
        self.gates = gates
        self.passed = 0

    @property
    def stopped_by(self) -> Gate | None:
        """The gate before which this run stands; None when it is through."""
        return self.gates[self.passed] if self.passed < len(self.gates) else None


def run_of(block: Block, state: Mapping[int, int]) -> Run:
    """The run of one block over a document in `state`. Raises RefusedUpdate for a struct that needs its own future."""
    client = block.client
    known = reach = state.get(client, 0)
    first = end = -1
    gates: list[Gate] = []
    for struct in block.structs:
        if struct.info == Kind.SKIP:
            continue
        clock = struct.clock
        if first < 0:
            first = clock
        end = clock + struct.length
        if clock > reach:
            gates.append(Gate(reach, client, clock - 1))
        reach = max(reach, end)
        for needed in (struct.origin, struct.right_origin, struct.parent):
            if type(needed) is not tuple:
                continue
            if needed[0] == client:
                if needed[1] >= clock:
                    raise RefusedUpdate("cycle", f"a struct of client {client} needs a later one of the same client")
            elif end > known and needed[1] >= state.get(needed[0], 0):
                gates.append(Gate(clock, *needed))
    return Run(client, first, end, gates)


def run_together(runs: Mapping[int, Run], state: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Let all runs go as far as they can.

    Answers (reached, missing): per client of the update the clock up to which all is known afterwards, and per client
    a clock that must be known before more can be taken. Raises RefusedUpdate when structs wait for each other.
    """
    gated = [run for run in runs.values() if run.gates]
    if not gated:  # nearly always
        return {client: max(run.end, state.get(client, 0)) for client, run in runs.items()}, {}
    reached = {client: state.get(client, 0) for client in runs}
    waiting: dict[int, list[Id]] = {}
    ready = list(runs)
    while ready:
        run = runs[ready.pop()]
        reach = max(reached[run.client], _advance(run, reached, state))
        if reach > reached[run.client]:
            reached[run.client] = reach
            waiters = waiting.get(run.client, [])
            while waiters and waiters[0][0] < reach:
                ready.append(heappop(waiters)[1])
        gate = run.stopped_by
        if gate is not None:
            heappush(waiting.setdefault(gate.client, []), (gate.clock, run.client))
    return reached, _missing(runs)


def _advance(run: Run, reached: Mapping[int, int], state: Mapping[int, int]) -> int:
    """Pass all gates that are open; answers the clock that is reached."""
    while (gate := run.stopped_by) is not None:
        known = reached.get(gate.client)
        if gate.clock >= (state.get(gate.client, 0) if known is None else known):
            return gate.at
        run.passed += 1
    return run.end


def _missing(runs: Mapping[int, Run]) -> dict[int, int]:
    missing: dict[int, int] = {}
    settled: set[int] = set()
    for client in runs:
        chain: set[int] = set()
        gate = runs[client].stopped_by
        while gate is not None and client not in settled:
            if client in chain:
                raise RefusedUpdate("cycle", "structs of this update wait for each other")
            chain.add(client)
            if gate.client == client or gate.client not in runs or gate.clock >= runs[gate.client].end:
                missing[gate.client] = min(gate.clock, missing.get(gate.client, gate.clock))
                break
            client = gate.client
            gate = runs[client].stopped_by
        settled |= chain
    return missing
