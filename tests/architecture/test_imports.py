"""No circles among the modules, typing-only imports and imports inside functions counted; who imports whom at all.

The floors and wings themselves are contracts in pyproject.toml, kept by `lint-imports`.
"""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from tests.architecture.house import Module, modules

# A pycrdt Doc can panic, hang or crash on bytes that are well formed: one module builds it, and only workers run that.
DOCUMENT_MODULE = "crdt.document"
PURE_FORBIDDEN = {"asyncio", "time", "threading", "socket", "sqlalchemy", "redis", "httpx", "starlette", "fastapi"}


def imported(module: Module) -> Iterator[str]:
    """Every module of the program that `module` imports, wherever in its file."""
    known = modules()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in known:
                    yield inner
                elif node.module in known:
                    yield node.module


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """One circle of the graph, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_the_search_finds_a_circle() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert not circle({"a": {"b", "c"}, "b": {"c"}})


def test_modules_import_one_another_in_one_direction() -> None:
    graph = {module.name: set(imported(module)) - {module.name} for module in modules().values()}
    assert sum(map(len, graph.values())) > len(graph), "the search has found too few imports to be believed"
    assert circle(graph) == []


def test_imports_are_absolute() -> None:
    relative = [
        module.name
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def names_imported(module: Module) -> set[str]:
    """The first part of the name of every module that is imported, ours or not."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_the_ground_floor_of_documents_is_pure() -> None:
    impure = {
        module.name: names_imported(module) & PURE_FORBIDDEN
        for module in modules().values()
        if module.name.startswith("crdt") and names_imported(module) & PURE_FORBIDDEN
    }
    assert impure == {}


def test_one_module_builds_documents() -> None:
    builders = {
        module.name
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Doc", "pycrdt.Doc"}
    }
    assert builders == {DOCUMENT_MODULE}
