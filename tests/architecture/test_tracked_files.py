"""What is published names no machine and no registry of ours, and hides nothing unfinished."""

import json
import re
from pathlib import Path

from tests.architecture.house import ROOT, tracked_files

# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|work|home|Users)/[a-z]")
REGISTRY = re.compile(
    r"(?:registry\.[\w-]+\.\w+|pypi\.org/simple|pythonhosted\.org|--(?:extra-)?index-url|--registry)[ =/]"
)
UNFINISHED = re.compile(r"\b(?:T[O]DO|FIX[M]E|X[X]X|NotImplemented[E]rror)\b")
TEXT_SUFFIXES = {
    ".py",
    ".md",
    ".toml",
    ".json",
    ".lock",
    ".yml",
    ".js",
    ".mjs",
    ".ts",
    ".tsx",
    ".css",
    ".html",
    ".mako",
    "",
}


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def texts() -> list[Path]:
    return [path for path in tracked_files() if path.suffix in TEXT_SUFFIXES and path != Path(__file__)]


def test_no_file_names_a_path_of_a_machine() -> None:
    assert lines_with(MACHINE_PATH, texts()) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY, texts()) == []


def test_npm_locks_check_every_package_and_name_no_host() -> None:
    locks = [path for path in tracked_files() if path.name == "package-lock.json"]
    assert locks
    for lock in locks:
        for name, package in json.loads(lock.read_text())["packages"].items():
            if name and not package.get("link"):
                assert "resolved" not in package, f"{lock}: {name} names a host"
                assert package.get("integrity") or package.get("inBundle"), f"{lock}: {name} has no hash"


def test_python_locks_check_every_package() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        pinned = re.findall(r"^[\w.-]+==[^\n]*\n((?:    --hash=[^\n]*\n)*)", lock.read_text(), re.MULTILINE)
        assert pinned, lock
        assert all(pinned), f"{lock} has a package without a hash"


def test_nothing_is_left_unfinished() -> None:
    assert lines_with(UNFINISHED, [path for path in texts() if path.suffix == ".py"]) == []
