"""This machine, and machines that a node exporter tells of."""

import shutil

import psutil
import pytest

from server.errors import SourceUnreachable
from server.sources.metrics import metric_names
from tests.server.receiver import answers, receiving
from tests.server.sources.probes.support import probe_of, target


async def test_every_metric_of_this_machine_is_read_or_has_a_reason() -> None:
    probe = probe_of(target("host", ""))
    assert "first" in (await probe.read()).missing["cpu_usage"]
    before = psutil.cpu_times().user
    while psutil.cpu_times().user == before:
        sum(range(100_000))
    reading = await probe.read()
    assert set(reading.values) | set(reading.missing) == set(metric_names("host"))
    assert 0 < reading.values["cpu_usage"] <= 100
    disk = shutil.disk_usage("/")
    assert reading.values["disk_usage"] == pytest.approx(100 * disk.used / (disk.used + disk.free), abs=0.5)
    assert reading.values["memory_usage"] == pytest.approx(psutil.virtual_memory().percent, abs=5)


async def test_a_folder_that_is_not_there_is_said() -> None:
    with pytest.raises(SourceUnreachable, match="/not/there"):
        await probe_of(target("host", "", options={"disk": "/not/there"})).read()


TEXT = """\
# TYPE node_cpu_seconds_total counter
node_cpu_seconds_total{{cpu="0",mode="idle"}} {idle}
node_cpu_seconds_total{{cpu="0",mode="user"}} {user}
node_memory_MemTotal_bytes 1000
node_memory_MemAvailable_bytes 250
node_filesystem_size_bytes{{device="a",fstype="ext4",mountpoint="/"}} 1000
node_filesystem_free_bytes{{device="a",fstype="ext4",mountpoint="/"}} 200
node_filesystem_avail_bytes{{device="a",fstype="ext4",mountpoint="/"}} 200
node_filesystem_size_bytes{{device="b",fstype="tmpfs",mountpoint="/t"}} 1000
node_filesystem_free_bytes{{device="b",fstype="tmpfs",mountpoint="/t"}} 0
node_filesystem_avail_bytes{{device="b",fstype="tmpfs",mountpoint="/t"}} 0
"""


async def test_an_exporter_tells_what_the_source_does_not() -> None:
    texts = [TEXT.format(idle=100, user=10).encode(), TEXT.format(idle=130, user=20).encode()]
    async with receiving(answers(200, b"ok")) as site, receiving(*(answers(200, text) for text in texts)) as exporter:
        options = {"exporter_url": f"http://exporter.example.org:{exporter.port}/metrics"}
        probe = probe_of(target("http", f"http://site.example.org:{site.port}/", options=options))
        assert "first" in (await probe.read()).missing["cpu_usage"]
        values = (await probe.read()).values
    assert {name: values[name] for name in ("cpu_usage", "memory_usage", "disk_usage")} == {
        "cpu_usage": pytest.approx(25),
        "memory_usage": pytest.approx(75),
        "disk_usage": pytest.approx(80),
    }


@pytest.mark.parametrize("answer", [answers(500), answers(200, b"{not prometheus"), answers(200, b"")])
async def test_an_exporter_that_fails_takes_nothing_from_the_source(answer: object) -> None:
    async with receiving(answers(200, b"ok")) as site, receiving(answer) as exporter:  # type: ignore[arg-type]
        options = {"exporter_url": f"http://exporter.example.org:{exporter.port}/metrics"}
        reading = await probe_of(target("http", f"http://site.example.org:{site.port}/", options=options)).read()
    assert reading.values["up"] == 1
    assert {"cpu_usage", "memory_usage", "disk_usage"} <= set(reading.missing)
