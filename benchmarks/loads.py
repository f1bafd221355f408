"""The loads: what is asked of which servers, in which table each stands, and how often it is run."""

from dataclasses import dataclass

from benchmarks.feeds import fan_out, from_rest
from benchmarks.measures import Measure, idle, opening, storm, typing
from benchmarks.pairs import across

__all__ = ["LOADS", "Load"]

# Updates per second for fixed, and updates in flight for max, by the number of readers: about 5,000 deliveries
# per second, and enough in flight that the server, not the round trip, is the limit.
FIXED_RATE = {10: 200, 100: 50, 500: 10}
WINDOW = {10: 64, 100: 32, 500: 8}
DOCUMENTS = 200
PEOPLE = 300

RELAYS = ("counterpoint", "y-websocket-server", "hocuspocus", "pycrdt-websocket")
STORES = ("counterpoint", "y-websocket-server + leveldb", "hocuspocus + sqlite", "pycrdt-websocket + sqlite")


@dataclass(frozen=True, slots=True)
class Load:
    """`table` names the report's table; `usual` loads are those of a plain `make bench`; `rounds` is the most."""

    table: str
    name: str
    servers: tuple[str, ...]
    measure: Measure
    usual: bool = True
    rounds: int = 3


def _fan_out(readers: int, name: str, *how: str) -> Load:
    shape = ("--documents", "1", "--writers", "1", "--readers", str(readers), "--warmup", "0.7")
    servers = ("counterpoint", "counterpoint, log on tmpfs", *RELAYS[1:], "C loop")
    return Load("fan-out", f"{readers} readers, {name}", servers, typing(*shape, *how), usual=readers == 100)


def _many_documents(name: str, *how: str) -> Load:
    shape = ("--documents", str(DOCUMENTS), "--writers", "2", "--readers", "0", "--warmup", "1")
    return Load("documents", name, RELAYS, typing(*shape, *how))


def _cursors(per_second: int) -> tuple[Load, Load]:
    """y-websocket's clients send back what they hear of others; Hocuspocus' do not."""
    shape = ("--documents", "1", "--writers", str(PEOPLE), "--readers", "0", "--cursors", "--warmup", "1")
    rate = ("--rate", f"{per_second / PEOPLE:.6f}")
    name = f"{per_second} keystrokes/s"
    ours = ("counterpoint, Hocuspocus protocol", "hocuspocus")
    return (
        Load("cursors", f"{name}, Hocuspocus' clients", ours, typing(*shape, *rate), rounds=2),
        Load(
            "cursors",
            f"{name}, y-websocket's clients",
            ("counterpoint", "y-websocket-server"),
            typing(*shape, *rate, "--echo"),
            rounds=2,
        ),
    )


def _acknowledged(per_second: int) -> Load:
    """Five keystrokes a second of each person, two people to a document."""
    documents = per_second // 10
    shape = (
        "--documents",
        str(documents),
        "--writers",
        "2",
        "--readers",
        "0",
        "--rate",
        "5",
        "--acks",
        "--warmup",
        "1",
    )
    servers = ("counterpoint, Hocuspocus protocol", "counterpoint on PostgreSQL", "hocuspocus")
    return Load("acknowledgements", f"{per_second} updates/s", servers, typing(*shape), rounds=2)


def _across(readers: int) -> Load:
    rate = FIXED_RATE[readers]
    servers = ("counterpoint on PostgreSQL", "hocuspocus", "hocuspocus + sqlite")
    return Load("nodes", f"{readers} readers, {rate}/s", servers, across(readers, "--rate", str(rate)))


FEEDS = ("counterpoint, a node's feed", "ws", "socket.io", "C loop, events")
POSTED = ("counterpoint, from REST", "ws", "socket.io")


def _events(subscribers: int, name: str, *how: str) -> Load:
    return Load("events", f"{subscribers} subscribers, {name}", FEEDS, fan_out(subscribers, *how))


LOADS = (
    *(
        _fan_out(readers, name, *how)
        for readers in (100, 10, 500)
        for name, how in (
            (f"fixed {FIXED_RATE[readers]}/s", ("--rate", str(FIXED_RATE[readers]))),
            ("max", ("--window", str(WINDOW[readers]))),
            ("w1", ("--window", "1")),
        )
    ),
    _many_documents("fixed 2,000/s", "--rate", "5"),
    _many_documents("max", "--window", "8"),
    _many_documents("w1", "--window", "1"),
    *(_across(readers) for readers in (10, 100)),
    *(
        _events(subscribers, name, *how)
        for subscribers in (100, 500)
        for name, how in (
            (f"fixed {FIXED_RATE[subscribers]}/s", ("--rate", str(FIXED_RATE[subscribers]))),
            ("w1", ("--window", "1")),
        )
    ),
    Load("posted", "1,000 subscribers", POSTED, from_rest(1000)),
    Load("idle", "10,000 connections, 100 documents", RELAYS, idle(10_000, 100), rounds=1),
    Load("trace", "259,778 edits", STORES[:3], opening(), rounds=1),
    Load("trace", "the first 20,000 edits", STORES, opening(20_000), usual=False, rounds=1),
    *_cursors(60),
    *_cursors(150),
    _acknowledged(200),
    _acknowledged(2000),
    Load("storm", "500 clients, 5 MB", RELAYS, storm(500, 5), rounds=1),
)
