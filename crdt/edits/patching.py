"""A list of operations done to a document, one after the other; they address what the document is shown as (JSON)."""

from dataclasses import replace
from typing import Any

from pycrdt import Array, Doc, Map, Text, XmlFragment

from crdt.editor import EDITOR_ROOT
from crdt.edits import pointer, values
from crdt.edits.budget import Budget
from crdt.edits.checking import Schema
from crdt.edits.operations import Add, Copy, Expect, Move, Operation, Remove, Replace, Splice
from crdt.edits.splicing import splice
from crdt.edits.tree import Tree
from crdt.errors import InvalidContent, UnmetTest
from crdt.projection import plain
from crdt.roots import RootKind

__all__ = ["Patch"]

TYPES: dict[RootKind, Any] = {"text": Text, "map": Map, "array": Array, "xml": XmlFragment}


class Patch:
    """Operations on one Doc, within one transaction; `finish` writes what was changed by pointers in XML.

    A path begins with /content in a document of our editor, and with /roots/{name} in any other.
    """

    def __init__(self, doc: "Doc[Any]", kinds: dict[str, RootKind], schema: Schema | None, budget: Budget) -> None:
        self._budget = budget
        self._doc = doc
        self._kinds = kinds
        self._schema = schema
        self._branches: dict[str, _Branch] = {}

    def perform(self, number: int, operation: Operation) -> None:
        """Raises InvalidContent and UnmetTest, both with the field in the list of operations."""
        try:
            self._perform(operation)
        except (InvalidContent, UnmetTest) as error:
            raise type(error)(f"operations[{number}].{error.path}", error.issue) from None

    def finish(self) -> None:
        """Raises InvalidContent when what came of it is no document of the editor."""
        for branch in self._branches.values():
            branch.settle()

    # Private.

    def _perform(self, operation: Operation) -> None:
        if isinstance(operation, Move | Copy):
            self._carry(operation)
            return
        if isinstance(operation, Add | Replace):
            operation = replace(operation, value=values.check_value(operation.value))
        elif isinstance(operation, Splice):
            values.check_value(operation.insert, "insert")
        root, inner = self._area(operation.path, "path", operation)
        self._do(root, replace(operation, path=inner))

    def _do(self, root: str | None, operation: Operation) -> None:
        if root is None or self._kinds.get(root) == "xml":
            self._branch(root).perform(operation)
        else:
            values.change(self._doc.get(root, type=TYPES[self._kinds[root]]), operation, self._budget)

    def _carry(self, operation: Move | Copy) -> None:
        source, from_ = self._area(operation.source, "from")
        target, to = self._area(operation.path, "path")
        if source == target and (source is None or self._kinds[source] == "xml"):
            branch = self._branch(source)
            if isinstance(operation, Copy):
                self._budget.spend(pointer.find(branch.shown, pointer.tokens_of(from_, "from"), "from"), "from")
            branch.perform(replace(operation, path=to, source=from_))
            return
        value = pointer.find(self._shown(source), pointer.tokens_of(from_, "from"), "from")
        self._budget.spend(value, "from")
        value = values.check_value(value)
        if isinstance(operation, Move):
            if f"{operation.path}/".startswith(f"{operation.source}/"):
                raise InvalidContent("path", "lies within what is to be moved")
            self._do(source, Remove(from_))
        self._do(target, Add(to, value))

    def _area(self, path: str, field: str, operation: Operation | None = None) -> tuple[str | None, str]:
        """Which root a path leads into (None: the editor's document), and the pointer within it."""
        first, *rest = pointer.tokens_of(path, field) or [""]
        if first == "roots" and rest:
            if rest[0] == EDITOR_ROOT and self._schema is not None:
                raise InvalidContent(field, "leads to the editor's document, whose address is /content")
            if rest[0] not in self._kinds:
                self._make(rest, field, operation)
            return rest[0], "".join(f"/{token}" for token in path.split("/")[3:])
        if self._schema is None:
            raise InvalidContent(field, f"must begin with /roots/ and one of {', '.join(sorted(self._kinds)[:10])}")
        return None, path

    def _make(self, tokens: list[str], field: str, operation: Operation | None) -> None:
        """A root that is not there comes with its first value."""
        match operation:
            case Add(_, value) if len(tokens) == 1:
                kind = values.kind_of(value)
            case Splice() if len(tokens) == 1:
                kind = "text"
            case _:
                raise InvalidContent(field, f'leads to a root that is not there: "{tokens[0][:40]}"')
        if kind is None:
            raise InvalidContent("value", "must be text, an object or a list to become a root")
        self._kinds[tokens[0]] = kind

    def _branch(self, root: str | None) -> "_Branch":
        name = root or EDITOR_ROOT
        if name not in self._branches:
            fragment = self._doc.get(name, type=XmlFragment)
            self._branches[name] = _Branch(fragment, self._schema if root is None else Schema(is_editor=False), root)
        return self._branches[name]

    def _shown(self, root: str | None) -> Any:
        if root is None or self._kinds[root] == "xml":
            return self._branch(root).shown
        return plain(self._doc.get(root, type=TYPES[self._kinds[root]]))


class _Branch:
    """One XML fragment as JSON: changed by pointers there, written back before a splice and at the end."""

    def __init__(self, fragment: XmlFragment, schema: Schema | None, root: str | None) -> None:
        self._fragment = fragment
        self._schema = schema or Schema(is_editor=False)
        self._is_editor = root is None
        self._tree: Tree | None = None
        self._json: Any = None
        self._changed = False

    @property
    def shown(self) -> Any:
        if self._tree is None:
            self._tree = Tree(self._fragment)
            nodes = self._tree.nodes
            self._json = {"type": "doc", "content": nodes} if self._is_editor else nodes
        return self._json

    def perform(self, operation: Operation) -> None:
        if isinstance(operation, Splice):
            self.settle()
            splice(self._fragment, operation, is_editor=self._is_editor)
            return
        self._json = pointer.apply(self.shown, operation)
        self._changed |= not isinstance(operation, Expect)

    def settle(self) -> None:
        if self._tree is not None and self._changed:
            self._tree.settle(self._schema.checked(self._json, "operations"))
        self._tree, self._changed = None, False
