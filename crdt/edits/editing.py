"""Edits of whole documents, in a worker: from the document's parts and a wish to the one update that fulfils it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from pycrdt import Doc, Text, XmlFragment

from crdt.document import ContentFormat, open_document
from crdt.editor import EDITOR_ROOT, Node
from crdt.edits import values
from crdt.edits.budget import LARGEST, Budget
from crdt.edits.checking import Schema
from crdt.edits.lines import Line
from crdt.edits.operations import Operation
from crdt.edits.patching import TYPES, Patch
from crdt.edits.retelling import retold
from crdt.edits.tree import Tree
from crdt.errors import InvalidContent
from crdt.markdown import read_markdown, write_markdown
from crdt.projection import nodes_in
from crdt.roots import RootKind, root_kinds
from crdt.updates import EMPTY_UPDATE, merge

__all__ = ["patch", "put"]

Work: TypeAlias = "Callable[[Doc[Any], dict[str, RootKind]], None]"


def put(parts: Sequence[bytes], client_id: int, content: Any, format: ContentFormat) -> bytes:  # noqa: A002 - the REST field's name
    """The update that makes the document of these parts what `content` says; what is equal stays as it is.

    text       a line per block; a line that stays keeps its block, a new one becomes a block like the one before it
    markdown   as crdt.document.seed reads it
    json       {"type": "doc", "content": [...]} or the list of its blocks; of another application {"roots": {...}}
    Raises InvalidContent with the path of the first fault, MalformedUpdate.
    """

    def work(doc: "Doc[Any]", kinds: dict[str, RootKind]) -> None:
        document = _editor_document(doc, kinds)
        is_roots = format == "json" and isinstance(content, dict) and "roots" in content
        if is_roots and (document is None or not kinds):
            _put_roots(doc, kinds, content)
        elif document is not None and not is_roots:
            _put_nodes(doc, document, content, format)
        elif document is None and format == "text" and list(kinds.values()) == ["text"]:
            Line([doc.get(next(iter(kinds)), type=Text)]).say(values.check_value(content, "content"))
        else:
            raise InvalidContent("content", _other_shape(document, kinds))

    return _update(parts, client_id, work)


def patch(parts: Sequence[bytes], client_id: int, operations: Sequence[Operation], max_bytes: int = LARGEST) -> bytes:
    """The update that does these operations, one after the other: all of them, or none.

    max_bytes: about how much they may make by copies, and by parts of values that are made anew.

    Raises InvalidContent and UnmetTest with the place in `operations`, MalformedUpdate.
    """

    def work(doc: "Doc[Any]", kinds: dict[str, RootKind]) -> None:
        document = _editor_document(doc, kinds)
        task = Patch(doc, kinds, None if document is None else Schema.of(document), Budget(max_bytes))
        for number, operation in enumerate(operations):
            task.perform(number, operation)
        task.finish()

    return _update(parts, client_id, work)


def _update(parts: Sequence[bytes], client_id: int, work: Work) -> bytes:
    whole = merge(list(parts)) if parts else EMPTY_UPDATE
    doc, kinds = open_document(whole, client_id), root_kinds(whole)
    told: list[bytes] = []
    subscription = doc.observe(lambda event: told.append(event.update))
    with doc.transaction():
        work(doc, kinds)
    doc.unobserve(subscription)
    return merge(told) if told else EMPTY_UPDATE


def _editor_document(doc: "Doc[Any]", kinds: dict[str, RootKind]) -> Node | None:
    """The document as ProseMirror nodes, as crdt.projection shows it; None: it is another application's."""
    if not kinds:
        return {"type": "doc", "content": []}
    if kinds.get(EDITOR_ROOT) != "xml":
        return None
    blocks = nodes_in(doc.get(EDITOR_ROOT, type=XmlFragment))
    return None if any(block["type"] in ("text", "embed") for block in blocks) else {"type": "doc", "content": blocks}


def _put_nodes(doc: "Doc[Any]", document: Node, content: Any, format: ContentFormat) -> None:  # noqa: A002
    nodes = _wanted(document, content, format)
    Tree(doc.get(EDITOR_ROOT, type=XmlFragment)).settle(nodes)


def _wanted(document: Node, content: Any, format: ContentFormat) -> list[Node]:  # noqa: A002
    if format == "json":
        whole = {"type": "doc", "content": content} if isinstance(content, list) else content
        if not isinstance(whole, dict) or whole.get("type") != "doc":
            raise InvalidContent("content", 'must be {"type": "doc", "content": [...]} or the list of its blocks')
        return Schema.of(document).checked(whole, "")
    text: str = values.check_value(content, "content")
    if format == "text":
        return retold(document["content"], text)
    # Markdown cannot say everything: what it says already is left as it is.
    if text == write_markdown(document):
        return list(document["content"])
    return list(read_markdown(text)["content"])


def _put_roots(doc: "Doc[Any]", kinds: dict[str, RootKind], content: dict[str, Any]) -> None:
    roots = content["roots"]
    if not isinstance(roots, dict) or len(content) > 1:
        raise InvalidContent("content.roots", "must be an object, and nothing else beside it")
    for name in [*kinds, *(each for each in roots if each not in kinds)]:
        place = f"content.roots.{name[:40]}"
        kind = kinds.get(name) or _kind_of(roots[name], place)
        shared = doc.get(name, type=TYPES[kind])
        if isinstance(shared, XmlFragment):
            Tree(shared).settle(Schema(is_editor=False).checked(roots.get(name, []), place))
        else:
            empty = values.KINDS[kind][0]()
            values.settle(shared, values.check_value(roots.get(name, empty), place), place)


def _kind_of(value: Any, place: str) -> RootKind:
    kind = values.kind_of(value)
    if kind is None:
        raise InvalidContent(place, "must be text, an object or a list to become a root")
    return kind


def _other_shape(document: Node | None, kinds: dict[str, RootKind]) -> str:
    if document is not None:
        return 'is of another application; this document takes {"type": "doc", "content": [...]}, text or Markdown'
    names = ", ".join(f"{name[:40]} ({kind})" for name, kind in sorted(kinds.items())[:10])
    return f'must be {{"roots": {{...}}}}: this document is another application\'s, and has the roots {names}'
