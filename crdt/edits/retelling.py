"""Plain text put in the place of a document: lines that stay keep their blocks, with all that plain text cannot say."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from crdt.editor import Node, check_document
from crdt.edits.diffing import Change, changes_of, gaps_of, likeness, paired
from crdt.errors import InvalidContent
from crdt.projection import lines_of

__all__ = ["retold"]

ITEMS = frozenset({"listItem", "taskItem"})
TEXT_BLOCKS = frozenset({"paragraph", "heading", "codeBlock"})


@dataclass(slots=True, eq=False)
class _Leaf:
    """A block of text with its way from the root; for each of its lines what became of it, and what follows it."""

    block: Node
    parents: list[Node]
    own: list[str | None] = field(default_factory=list)
    after: list[list[str]] = field(default_factory=list)


def retold(blocks: list[Node], text: str) -> list[Node]:
    """The nodes that say `text`, made from those that are there. A new line becomes a block like the one before it."""
    wanted = text.replace("\r\n", "\n").replace("\r", "\n")
    document: Node = {"type": "doc", "content": deepcopy(blocks)}
    if wanted == "\n".join(lines_of(document)):
        return list(document["content"])
    first = _retell(document, wanted.split("\n"))
    document["content"] = [*map(_paragraph, first), *document["content"]]
    if "\n".join(lines_of(document)) == wanted and (_is_whole(document) or not _is_whole({"content": blocks})):
        return list(document["content"])
    return list(map(_paragraph, wanted.split("\n")))  # what is left of a structure cannot stand: the text counts


def _is_whole(document: Node) -> bool:
    try:
        check_document({"type": "doc", **document})
    except InvalidContent:
        return False
    return True


def _retell(document: Node, wanted: list[str]) -> list[str]:
    """Change the leaves; the answer is the lines that stand before the first of them."""
    leaves = list(_leaves(document, []))
    old: list[str] = []
    owners: list[tuple[_Leaf, int]] = []
    for leaf in leaves:
        lines = lines_of(leaf.block)
        leaf.own, leaf.after = list(lines), [[] for _ in lines]
        old += lines
        owners += [(leaf, number) for number in range(len(lines))]
    first: list[str] = []
    for gap in gaps_of(old, wanted):
        _fill(gap, old, wanted, owners, first)
    for leaf in leaves:
        _rewrite(leaf)
    return first


def _leaves(node: Node, parents: list[Node]) -> Iterator[_Leaf]:
    for child in node.get("content", []):
        if child["type"] in TEXT_BLOCKS:
            yield _Leaf(child, [*parents, node])
        else:
            yield from _leaves(child, [*parents, node])


def _fill(gap: Change, old: list[str], wanted: list[str], owners: list[tuple[_Leaf, int]], first: list[str]) -> None:
    """Within a gap: which old line became which new one, and after which line the others stand."""
    lines, news = old[gap.start : gap.end], wanted[gap.new_start : gap.new_end]
    at = gap.start - 1

    def score(one: int, other: int) -> float:
        return 0.2 + likeness(lines[one], news[other])

    for one, other in paired(len(lines), len(news), score):
        if one is not None:
            at = gap.start + one
            leaf, number = owners[at]
            leaf.own[number] = None if other is None else news[other]
        elif other is not None and at < 0:
            first.append(news[other])
        elif other is not None:
            leaf, number = owners[at]
            leaf.after[number].append(news[other])


def _rewrite(leaf: _Leaf) -> None:
    """Put what became of its lines into the block, and new blocks behind it."""
    behind = leaf.after.pop() if leaf.after else []
    if leaf.block["type"] == "codeBlock":
        leaf.after.append(behind)
        behind = []
    before = _line_nodes(leaf.block)
    lines: list[list[Node]] = []
    for number, own in enumerate(leaf.own):
        there = before[number] if number < len(before) else []
        lines += [] if own is None else [_reworded(there, own)]
        lines += map(_text, leaf.after[number] if number < len(leaf.after) else [])
    _add_behind(leaf, behind)
    if lines:
        _set_content(leaf.block, _joined(lines, leaf.block["type"]))
    else:
        _take_away(leaf)


def _add_behind(leaf: _Leaf, lines: list[str]) -> None:
    parent, node = leaf.parents[-1], leaf.block
    if parent["type"] in ITEMS and parent["content"][-1] is node:
        attributes = {"attrs": {"checked": False}} if parent["type"] == "taskItem" else {}
        items = [{"type": parent["type"], **attributes, "content": [_paragraph(line)]} for line in lines]
        _insert_after(leaf.parents[-2], parent, items)
    else:
        _insert_after(parent, node, [_paragraph(line) for line in lines])


def _insert_after(parent: Node, node: Node, news: list[Node]) -> None:
    at = next(number for number, each in enumerate(parent["content"]) if each is node) + 1
    parent["content"][at:at] = news


def _take_away(leaf: _Leaf) -> None:
    """With all that it leaves empty."""
    node = leaf.block
    for parent in reversed(leaf.parents):
        parent["content"] = [each for each in parent["content"] if each is not node]
        if parent["content"]:
            return
        node = parent


def _line_nodes(block: Node) -> list[list[Node]]:
    """What stands in each line of a block."""
    lines: list[list[Node]] = [[]]
    for node in block.get("content", []):
        if node["type"] == "hardBreak":
            lines.append([])
        elif node["type"] != "text":
            lines[-1].append(node)
        else:
            head, *others = node["text"].split("\n")
            lines[-1] += [{**node, "text": head}] if head else []
            lines += [[{**node, "text": each}] if each else [] for each in others]
    return lines


def _reworded(nodes: list[Node], text: str) -> list[Node]:
    """The line with another text: what stays keeps its marks, what is new gets those before it."""
    old = "".join(node.get("text", "") for node in nodes)
    if old == text:
        return nodes
    marks = [node.get("marks", []) for node in nodes for _ in node.get("text", "")]
    for change in reversed(changes_of(old, text)):
        like = marks[max(change.start - 1, 0)] if marks else []
        marks[change.start : change.end] = [like] * (change.new_end - change.new_start)
    runs: list[Node] = []
    for character, each in zip(text, marks, strict=True):
        if runs and runs[-1].get("marks", []) == each:
            runs[-1]["text"] += character
        else:
            runs.append({"type": "text", "text": character} | ({"marks": each} if each else {}))
    return runs


def _joined(lines: list[list[Node]], kind: str) -> list[Node]:
    if kind == "codeBlock":
        return _text("\n".join("".join(node.get("text", "") for node in line) for line in lines))
    nodes = [node for line in lines for node in [{"type": "hardBreak"}, *line]]
    return nodes[1:]


def _set_content(block: Node, nodes: list[Node]) -> None:
    if nodes:
        block["content"] = nodes
    else:
        block.pop("content", None)


def _text(line: str) -> list[Node]:
    return [{"type": "text", "text": line}] if line else []


def _paragraph(line: str) -> Node:
    return {"type": "paragraph"} | ({"content": _text(line)} if line else {})
