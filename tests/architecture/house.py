"""The project as files and modules: what the tests of its rules look at."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["PACKAGES", "ROOT", "Module", "modules", "python_files", "tracked_files"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("crdt", "persistence", "server")


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the program: its dotted name, its file, its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"


@cache
def modules() -> dict[str, Module]:
    """Every module of the program by its name."""
    found = {}
    for path in python_files(*PACKAGES):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text()))
    return found


def python_files(*folders: str) -> Iterator[Path]:
    """The Python files in these folders of the project, but for what was installed or built there."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"node_modules", "__pycache__", "build"} & set(path.parts):
                yield path


@cache
def tracked_files() -> tuple[Path, ...]:
    """The files that git keeps and that are still there. Raises CalledProcessError outside a clone."""
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return tuple(path for name in said.decode().split("\0") if name and (path := ROOT / name).is_file())
