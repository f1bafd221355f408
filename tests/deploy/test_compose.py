"""The files that containers are made from name settings, files and nodes that there are."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
FILES = ("docker-compose.yml", "deploy/compose.single.yml")


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text())
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_setting_of_a_container_is_one(name: str) -> None:
    given = {
        variable
        for service in read(name)["services"].values()
        for variable in service["environment"]
        if variable.startswith(PREFIX)
    }
    assert given
    assert {each.removeprefix(PREFIX).lower() for each in given} <= Settings.model_fields.keys()


@pytest.mark.parametrize("name", FILES)
def test_every_volume_network_and_dependency_is_there(name: str) -> None:
    file = read(name)
    for service in file["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert (ROOT / source).is_file() if source.startswith(".") else source in file["volumes"]
        assert set(service.get("networks", [])) <= file.get("networks", {}).keys()
        assert set(service.get("depends_on", [])) <= file["services"].keys()


def test_the_stores_are_published_to_nobody_and_the_proxy_to_this_machine() -> None:
    services = read("docker-compose.yml")["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert all(port.startswith("127.0.0.1:") for port in services["proxy"]["ports"])
    assert read("docker-compose.yml")["networks"]["stores"] == {"internal": True}


def test_the_proxy_knows_every_node() -> None:
    services = read("docker-compose.yml")["services"]
    nodes = [name for name in services if name.startswith("node-")]
    assert len(nodes) >= 2
    assert services["proxy"]["environment"]["NODES"] == f"${{NODES:-{' '.join(f'{each}:8000' for each in nodes)}}}"


def test_the_proxy_takes_its_file() -> None:
    caddy = Path(sys.executable).with_name("caddy")
    if not caddy.exists():
        pytest.skip("there is no Caddy for this platform among the packages of the tests")
    command = [caddy, "validate", "--adapter", "caddyfile", "--config", ROOT / "deploy" / "Caddyfile"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
