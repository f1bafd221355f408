"""The tests stand where their subjects stand, and files and functions stay small."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.house import PACKAGES, ROOT, modules, python_files

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 50
# What has no file of the program as its subject: helpers, and packages that are tested as one.
HELPERS = {"conftest.py", "__init__.py"}


def test_modules_have_at_most_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files(*PACKAGES, "tests", "benchmarks", "examples")
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


def test_functions_have_at_most_50_lines() -> None:
    long = {
        f"{module.name}.{node.name}": lines
        for module in modules().values()
        if "migrations" not in module.name  # a migration is one list of tables
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_every_module_has_a_docstring() -> None:
    silent = [name for name, module in modules().items() if module.tree.body and not ast.get_docstring(module.tree)]
    assert silent == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_test_file_mirrors_a_source_file_or_package(package: str) -> None:
    strays = [
        str(path.relative_to(ROOT))
        for path in python_files(f"tests/{package}")
        if path.name.startswith("test_")
        and not subject_of(path).exists()
        and not subject_of(path).with_suffix("").is_dir()
    ]
    assert strays == []


def subject_of(test: Path) -> Path:
    """tests/crdt/updates/test_merging.py -> crdt/updates/merging.py"""
    place = test.relative_to(ROOT / "tests").parent
    return ROOT / place / test.name.removeprefix("test_")


def test_tests_do_not_wait() -> None:
    waiting = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files("tests")
        if not {"e2e", "architecture", "simulation"} & {*path.parts}  # the last has a clock of its own
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\bsleep\((?!0\))", line)
    ]
    assert waiting == []
