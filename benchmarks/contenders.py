"""The servers that are compared, each with the settings that its own documentation recommends."""

import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.servers import BUILD, Place, Server
from hatch_build import npm

__all__ = ["FLOOR", "SERVERS", "install", "named"]

HERE = Path(__file__).resolve().parent
RIVALS = HERE / "rivals"
NODE_SERVER = RIVALS / "node_modules/@y/websocket-server/src/server.js"
PYCRDT = BUILD / "pycrdt-websocket"
FLOOR = BUILD / "floor"


def install() -> None:
    """What is compared is built or installed beside this file, pinned. SystemExit without a compiler."""
    BUILD.mkdir(exist_ok=True)
    source = HERE / "floor.c"
    if _older(FLOOR, source):
        try:
            subprocess.run(["gcc", "-O2", "-o", str(FLOOR), str(source)], check=True)
        except FileNotFoundError:
            raise SystemExit("The floor needs gcc (on Debian: apt install gcc).") from None
    if _older(RIVALS / "node_modules/.package-lock.json", RIVALS / "package-lock.json"):
        npm(RIVALS, "ci")
    pins, done = RIVALS / "requirements.txt", PYCRDT / "installed"
    if _older(done, pins):
        venv.create(PYCRDT, with_pip=True)
        subprocess.run([str(PYCRDT / "bin/python"), "-m", "pip", "install", "-q", "-r", str(pins)], check=True)
        done.touch()


def named(name: str) -> Server:
    """KeyError when there is none."""
    return {server.name: server for server in SERVERS}[name]


def _older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def counterpoint_environment(place: Place) -> Mapping[str, str]:
    # One generator stands for hundreds of people, so the limits of one person and one address are lifted.
    return {
        "COUNTERPOINT_PORT": str(place.port),
        "COUNTERPOINT_DATA_DIR": str(place.folder),
        **({"COUNTERPOINT_DATABASE_URL": place.database.url} if place.database else {}),
        **({"COUNTERPOINT_REDIS_URL": f"redis://127.0.0.1:{place.broker}/0"} if place.broker else {}),
        "COUNTERPOINT_LOG_LEVEL": "warning",
        "COUNTERPOINT_ALLOWED_ORIGINS": "http://127.0.0.1",  # what the generator says it is
        "COUNTERPOINT_MAX_CONNECTIONS": "20000",
        "COUNTERPOINT_MAX_CONNECTIONS_PER_ADDRESS": "20000",
        "COUNTERPOINT_MAX_CONNECTIONS_PER_USER": "20000",
        "COUNTERPOINT_MESSAGES_PER_SECOND": "1000000",
        "COUNTERPOINT_BYTES_PER_SECOND": "1GiB",
    }


def _ours(name: str, protocol: str, stores: str, *, in_memory: bool = False, on_postgres: bool = False) -> Server:
    return Server(
        name=name,
        protocol=protocol,
        path="/sync/{room}" if protocol == "y" else "/hocuspocus",
        stores=stores,
        command=lambda place: [str(Path(sys.executable).with_name("counterpoint")), "serve", "--open"],
        environment=counterpoint_environment,
        in_memory=in_memory,
        on_postgres=on_postgres,
    )


def _hocuspocus(name: str, stores: str, *database: str) -> Server:
    return Server(
        name=name,
        protocol="hocus",
        path="/",
        stores=stores,
        command=lambda place: [
            "node",
            str(RIVALS / "hocuspocus.mjs"),
            str(place.port),
            *(str(place.folder / each) for each in database),
        ],
        environment=lambda place: {
            "NODE_ENV": "production",
            **({"REDIS_PORT": str(place.broker)} if place.broker else {}),
        },
    )


def _y_websocket(name: str, stores: str, *, on_disk: bool) -> Server:
    return Server(
        name=name,
        protocol="y",
        path="/{room}",
        stores=stores,
        command=lambda place: ["node", str(NODE_SERVER)],
        environment=lambda place: {
            "HOST": "127.0.0.1",
            "PORT": str(place.port),
            **({"YPERSISTENCE": str(place.folder / "leveldb")} if on_disk else {}),
        },
    )


def _pycrdt(name: str, stores: str, *database: str) -> Server:
    return Server(
        name=name,
        protocol="y",
        path="/{room}",
        stores=stores,
        command=lambda place: [
            str(PYCRDT / "bin/python"),
            str(RIVALS / "pycrdt_websocket.py"),
            str(place.port),
            *(str(place.folder / each) for each in database),
        ],
    )


def _feed(name: str, stores: str, path: str, command: Callable[[Place], list[str]], **environment: str) -> Server:
    """A server of events, whose messages are text. What it is told is in feeds.py."""
    return Server(
        name=name,
        protocol="text",
        path=path,
        stores=stores,
        command=command,
        environment=lambda place: {**counterpoint_environment(place), "PYTHONPATH": str(HERE.parent), **environment},
    )


def _node_feed(name: str, program: str, path: str) -> Server:
    return _feed(
        name, "nothing", path, lambda place: ["node", str(RIVALS / program), str(place.port)], NODE_ENV="production"
    )


COMMITS = "every update is committed, SQLite with synchronous=FULL"

SERVERS = (
    _ours("counterpoint", "y", COMMITS),
    _ours("counterpoint, Hocuspocus protocol", "hocus", COMMITS),
    _ours(
        "counterpoint, log on tmpfs",
        "y",
        "the same work, on a disk in memory: a commit waits for no disk",
        in_memory=True,
    ),
    _ours("counterpoint on PostgreSQL", "hocus", "every update is committed, PostgreSQL's defaults", on_postgres=True),
    _y_websocket("y-websocket-server", "nothing", on_disk=False),
    _y_websocket("y-websocket-server + leveldb", "each update, some time after it was relayed", on_disk=True),
    _hocuspocus("hocuspocus", "nothing"),
    _hocuspocus("hocuspocus + sqlite", "the document, 2 to 10 s after it was relayed", "documents.sqlite"),
    _pycrdt("pycrdt-websocket", "nothing"),
    _pycrdt("pycrdt-websocket + sqlite", "each update, some time after it was relayed", "updates.sqlite"),
    Server(
        name="C loop",
        protocol="bare",
        path="/{room}",
        stores="nothing, and checks nothing: the floor",
        command=lambda place: [str(FLOOR), str(place.port)],
    ),
    _feed(
        "counterpoint, a node's feed",
        "nothing of what other nodes say, which have committed it",
        "/connection/websocket",
        lambda place: [sys.executable, str(HERE / "feed_node.py"), str(place.folder / "publishers")],
    ),
    _feed(
        "counterpoint, from REST",
        "every event is committed, SQLite with synchronous=FULL",
        "/connection/websocket",
        lambda place: [sys.executable, "-m", "server.cli", "serve", "--open"],
    ),
    _node_feed("ws", "events_ws.mjs", "/{room}"),
    _node_feed("socket.io", "events_socketio.mjs", "/socket.io/?EIO=4&transport=websocket"),
    _feed("C loop, events", "nothing: the floor", "/{room}", lambda place: [str(FLOOR), str(place.port)]),
)
