"""What goes wrong, when and for how long: drawn from a seed alone, so that the same seed gives the same schedule."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

__all__ = ["KINDS", "Act", "Fault", "Round", "WrongClock", "acts", "rolls", "wrong_clock"]

NODES = ("node-1", "node-2")
WAYS = tuple(f"{node} to {part}" for node in NODES for part in ("broker", "database"))
CLIENTS = ("clients of node-1", "clients of node-2", "clients of the proxy")
ROLL_SECONDS, RECOVERY_SECONDS = 20.0, 4.0
"""What a rolling restart, and coming back after any other fault, take about: for the length of an act."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault that can happen, what it can happen to, and for how many seconds; 0 where it is over at once."""

    name: str
    targets: tuple[str, ...]
    least: float = 0.0
    most: float = 0.0
    weight: int = 2


KINDS = (
    Kind("kill", (*NODES, "Valkey")),
    Kind("quit", ("PostgreSQL",)),
    Kind("terminate", ("one backend", "every backend"), weight=1),
    Kind("freeze", NODES, 2, 6),
    Kind("freeze", ("Valkey",), 20, 20, 1),
    Kind("reset", WAYS, 2, 10),
    Kind("black hole", WAYS, 2, 10),
    Kind("cut", CLIENTS, 1, 4),
    Kind("stall", CLIENTS, 2, 8, 1),
    Kind("delay", CLIENTS, 3, 8, 1),
    Kind("split", CLIENTS, 3, 8, 1),
)
ROLL = Kind("roll", ("both nodes",))


@dataclass(frozen=True, slots=True)
class WrongClock:
    """Of one node, for the whole run."""

    node: int
    hours: int

    def __str__(self) -> str:
        return f"the clock of node-{self.node} is {self.hours:+d} h off"


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    target: str
    after: float
    """Seconds after the round begins."""
    seconds: float

    def __str__(self) -> str:
        length = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.after:4.1f} s: {self.kind} {self.target}{length}"


@dataclass(frozen=True, slots=True)
class Round:
    """Faults that may overlap; the next round begins when everything runs again, and has had a moment."""

    pause: float
    faults: tuple[Fault, ...]

    @property
    def seconds(self) -> float:
        longest = max(each.after + (each.seconds or RECOVERY_SECONDS) for each in self.faults)
        return self.pause + (ROLL_SECONDS if self.faults[0].kind == ROLL.name else longest)

    def __str__(self) -> str:
        return f"after {self.pause:.1f} s " + "; ".join(map(str, self.faults))


@dataclass(frozen=True, slots=True)
class Act:
    """A while of faults on documents of its own; in its end everything is healed, and checked."""

    number: int
    documents: int
    unruly: int
    """How many of the clients say things twice, and in another order."""
    downgrade_after: float
    """When an editor is made a viewer: seconds after the act begins."""
    rounds: tuple[Round, ...]

    @property
    def seconds(self) -> float:
        return sum(each.seconds for each in self.rounds)

    def __str__(self) -> str:
        head = (
            f"act {self.number}: {self.documents} documents, {self.unruly} unruly clients, "
            f"an editor becomes a viewer after {self.downgrade_after:.1f} s"
        )
        return "\n  ".join([head, *map(str, self.rounds)])


def acts(seed: int, minutes: float, act_seconds: float = 90.0) -> Iterator[Act]:
    """As many acts as fill the minutes, about; each is drawn from the seed and its number alone."""
    left, number = minutes * 60, 0
    while left > 0:
        number += 1
        act = _act(Random(f"{seed}:{number}"), number, min(act_seconds, left))
        yield act
        left -= act.seconds


def wrong_clock(seed: int) -> WrongClock:
    random = Random(f"{seed}:clock")
    return WrongClock(random.randint(1, len(NODES)), random.choice((-1, 1)))


def rolls(seed: int, count: int) -> Act:
    """One act of nothing but rolling restarts."""
    random = Random(f"{seed}:rolls")
    rounds = tuple(Round(random.uniform(0.5, 2), (Fault(ROLL.name, ROLL.targets[0], 0, 0),)) for _ in range(count))
    return Act(1, random.randint(1, 3), 0, random.uniform(1, 20), rounds)


def _act(random: Random, number: int, seconds: float) -> Act:
    documents, unruly = random.randint(1, 3), random.randint(2, 5)
    rounds: list[Round] = []
    while sum(each.seconds for each in rounds) < seconds:
        rounds.append(_round(random))
    return Act(number, documents, unruly, random.uniform(5, max(5, seconds - 15)), tuple(rounds))


def _round(random: Random) -> Round:
    pause = random.uniform(0.5, 3)
    if random.random() < 0.1:
        return Round(pause, (Fault(ROLL.name, ROLL.targets[0], 0, 0),))
    faults: list[Fault] = []
    for _ in range(random.choice((1, 1, 2, 3))):
        fault = _fault(random)
        if fault.target not in {each.target for each in faults}:
            faults.append(fault)
    return Round(pause, tuple(sorted(faults, key=lambda each: each.after)))


def _fault(random: Random) -> Fault:
    (kind,) = random.choices(KINDS, [kind.weight for kind in KINDS])
    return Fault(kind.name, random.choice(kind.targets), random.uniform(0, 3), random.uniform(kind.least, kind.most))
