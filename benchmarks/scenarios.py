"""The loads: what the generator is told to do, and what each one asks of a server."""

from dataclasses import dataclass

__all__ = ["SCENARIOS", "Scenario"]

# Updates per second for fixed, and updates in flight for max, by the number of readers: about 5,000 deliveries
# per second, and enough in flight that the server, not the round trip, is the limit.
FIXED_RATE = {10: 200, 100: 50, 500: 10}
WINDOW = {10: 64, 100: 32, 500: 8}
DOCUMENTS = 200


@dataclass(frozen=True, slots=True)
class Scenario:
    """`group` is the table that it stands in; `load` its row there."""

    group: str
    load: str
    arguments: tuple[str, ...]


def _fan_out(readers: int, load: str, how: tuple[str, ...]) -> Scenario:
    shape = ("--docs", "1", "--writers", "1", "--recv", str(readers), "--warmup", "0.7")
    return Scenario(f"fan-out, {readers} readers", load, shape + how)


def _many_documents(load: str, how: tuple[str, ...]) -> Scenario:
    shape = ("--docs", str(DOCUMENTS), "--writers", "2", "--recv", "0", "--warmup", "1")
    return Scenario(f"{DOCUMENTS} documents, 2 writers each", load, shape + how)


SCENARIOS = (
    *(
        _fan_out(readers, load, how)
        for readers in FIXED_RATE
        for load, how in (
            ("fixed", ("--rate", str(FIXED_RATE[readers]))),
            ("max", ("--window", str(WINDOW[readers]))),
            ("w1", ("--window", "1")),
        )
    ),
    _many_documents("fixed", ("--rate", "5")),
    _many_documents("max", ("--window", "8")),
    _many_documents("w1", ("--window", "1")),
)
