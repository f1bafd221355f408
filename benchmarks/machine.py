"""What a figure depends on beside the server: the machine and the versions."""

import json
import os
import platform
import subprocess
from pathlib import Path

__all__ = ["facts", "processor"]


def processor() -> str:
    """The model of the processor, as Linux names it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown: /proc/cpuinfo has no model name"


def facts(folder: Path, node: str) -> dict[str, str]:
    """What the tables' reader has to know; `folder` is the project, `node` the Node that ran the rivals."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": processor(),
        "CPUs": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Node": _said([node, "--version"]),
        "Counterpoint": _said(["git", "-C", str(folder), "describe", "--always", "--dirty"]),
        **_rivals(folder / "benchmarks" / "rivals" / "package.json"),
    }


def _rivals(manifest: Path) -> dict[str, str]:
    return dict(json.loads(manifest.read_text())["dependencies"])


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        return f"unknown: {error}"
