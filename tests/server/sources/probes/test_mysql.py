"""A real MariaDB, where the machine has one: each figure is what the server says itself."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncmy
import pytest
from asyncmy.cursors import DictCursor

from server.errors import SourceRefused
from server.sources.metrics import metric_names
from server.sources.probe import Probe
from tests.server.sources.probes.support import over_tcp, probe_of, target

SERVER, INSTALL = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
pytestmark = pytest.mark.skipif(SERVER is None or INSTALL is None, reason="no MariaDB is installed on this machine")


@pytest.fixture(scope="module")
def socket() -> Iterator[str]:
    """The socket of a server that runs for the file, with a user who has the rights of the set-up text."""
    folder = Path(tempfile.mkdtemp(prefix="counterpoint-my-"))
    folder.chmod(0o755)
    data, path = folder / "data", str(folder / "socket")
    user = ["--user=mysql"] if _is_root() else []
    if user:
        shutil.chown(folder, "mysql")
    subprocess.run(
        [str(INSTALL), f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", *user],
        check=True,
        capture_output=True,
    )
    arguments = [f"--datadir={data}", f"--socket={path}", "--skip-networking", f"--pid-file={folder}/pid", *user]
    server = subprocess.Popen(
        [str(SERVER), "--no-defaults", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    for line in server.stderr:
        if "ready for connections" in line:
            break
    yield path
    server.kill()
    server.wait()
    server.stderr.close()
    shutil.rmtree(folder, ignore_errors=True)


def _is_root() -> bool:
    return subprocess.run(["id", "-u"], check=True, capture_output=True, text=True).stdout.strip() == "0"


@pytest.fixture
async def direct(socket: str) -> AsyncIterator[Any]:
    connection = await another(socket)
    yield connection
    await connection.ensure_closed()


async def another(socket: str) -> Any:
    return await asyncmy.connect(unix_socket=socket, user="root", autocommit=True, cursor_cls=DictCursor)


async def ask(connection: Any, query: str) -> Any:
    async with connection.cursor() as cursor:
        await cursor.execute(query)
        return await cursor.fetchall()


@pytest.fixture
async def probe(socket: str, direct: Any) -> AsyncIterator[Probe]:
    await ask(direct, "CREATE DATABASE IF NOT EXISTS shop")
    await ask(direct, "CREATE OR REPLACE USER counterpoint IDENTIFIED BY 'word'")
    await ask(direct, "GRANT PROCESS, REPLICA MONITOR, SLAVE MONITOR ON *.* TO counterpoint")
    await ask(direct, "GRANT SELECT ON performance_schema.* TO counterpoint")
    await ask(direct, "GRANT SELECT ON sys.* TO counterpoint")
    await ask(direct, "GRANT SELECT ON shop.* TO counterpoint")
    async with over_tcp(socket) as port:
        made = probe_of(target("mariadb", port=port, username="counterpoint", password="word", database_name="shop"))
        yield made
        await made.close()


async def test_every_metric_of_the_type_is_read_or_has_a_reason(probe: Probe) -> None:
    await probe.read()
    reading = await probe.read()
    assert set(reading.values) | set(reading.missing) == set(metric_names("mariadb"))
    assert reading.missing == {"replication_lag": "It is no replica."} | {
        name: reading.missing[name] for name in ("error_rate", "cache_hit_ratio") if name in reading.missing
    }


async def test_figures_are_those_that_the_server_gives_itself(probe: Probe, direct: Any) -> None:
    reading = await probe.read()
    [limit] = await ask(direct, "SELECT @@max_connections AS most")
    [row] = await ask(direct, "SHOW GLOBAL STATUS LIKE 'Threads_connected'")
    assert reading.values["connections"] == float(row["Value"])
    assert reading.values["connections_usage"] == pytest.approx(100 * float(row["Value"]) / limit["most"])
    await ask(direct, "CREATE OR REPLACE TABLE shop.t (id int PRIMARY KEY, word varchar(500))")
    await ask(direct, "INSERT INTO shop.t SELECT seq, repeat('x', 400) FROM shop.seq_1_to_2000")
    [size] = await ask(
        direct,
        "SELECT sum(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = 'shop'",
    )
    assert (await probe.read()).values["database_size"] == float(size["bytes"])


async def test_who_waits_for_a_lock_is_seen_and_its_absence_too(probe: Probe, direct: Any, socket: str) -> None:
    await ask(direct, "CREATE OR REPLACE TABLE shop.locked (id int PRIMARY KEY)")
    await ask(direct, "INSERT INTO shop.locked VALUES (1)")
    assert (await probe.read()).values["waiting_on_locks"] == 0
    await ask(direct, "BEGIN")
    await ask(direct, "UPDATE shop.locked SET id = 2")
    waiting = await another(socket)
    waits = asyncio.create_task(ask(waiting, "UPDATE shop.locked SET id = 3"))
    async with asyncio.timeout(10):
        while not (await probe.read()).values["waiting_on_locks"]:
            pass  # it is on its way there
    await ask(direct, "ROLLBACK")
    await waits
    await waiting.ensure_closed()


async def test_facts_name_a_redundant_index_and_what_cannot_be_read_has_a_reason(probe: Probe, direct: Any) -> None:
    await ask(direct, "CREATE OR REPLACE TABLE shop.doubled (id int PRIMARY KEY, w int, KEY one (w), KEY two (w, id))")
    facts = {fact.name: fact for fact in await probe.examine()}
    assert any(row["table"] == "doubled" for row in facts["tables"].rows)
    doubled = facts["duplicate_indexes"]
    assert doubled.reason or any(row["index"] == "one" for row in doubled.rows)
    assert all(
        fact.rows or fact.reason or fact.name == "unused_indexes"
        for fact in facts.values()
        if fact.name != "statements"
    )


async def test_nothing_can_be_changed(probe: Probe) -> None:
    await probe.read()
    with pytest.raises(Exception, match=r"READ ONLY|denied"):
        await probe._rows("CREATE TABLE shop.x (id int)")  # type: ignore[attr-defined]


async def test_a_wrong_password_is_refused(probe: Probe) -> None:
    port = probe._target.port  # type: ignore[attr-defined]
    with pytest.raises(SourceRefused, match="let us in"):
        await probe_of(target("mariadb", port=port, username="counterpoint", password="wrong")).read()
