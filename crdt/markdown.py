"""Markdown <-> the editor's JSON: CommonMark with ~~strike~~, <u>underline</u> and - [ ] task items.

Read by markdown-it-py, which follows the CommonMark specification and its tests; written by crdt/markdown_writer.py.
"""

from typing import TYPE_CHECKING, Any

from crdt.editor import MARKS, Node, is_safe_link
from crdt.markdown_writer import write_markdown

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["read_markdown", "write_markdown"]

MARK_OF = {"strong": "bold", "em": "italic", "s": "strike"}
TASKS = {"[ ] ": False, "[x] ": True, "[X] ": True}


def read_markdown(text: str) -> Node:
    """The document that this Markdown says. Raw HTML is kept as text, except <u> and <br>."""
    # Few workers, and never the server, are asked to read Markdown: 2 MB and 40 ms.
    from markdown_it import MarkdownIt  # noqa: PLC0415
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415

    parser = MarkdownIt("commonmark").enable("strikethrough").disable("html_block")
    tree = SyntaxTreeNode(parser.parse(text))
    return {"type": "doc", "content": _blocks(tree.children)}


def _blocks(nodes: "list[SyntaxTreeNode]") -> list[Node]:
    return [block for node in nodes for block in _block(node)]


def _block(node: "SyntaxTreeNode") -> list[Node]:
    match node.type:
        case "paragraph":
            return _paragraphs(_inline(node))
        case "heading":
            content = [each for each in _inline(node) if each["type"] != "image"]
            return [_node("heading", content, level=int(node.tag[1]))]
        case "bullet_list" | "ordered_list":
            return [_list(node)]
        case "blockquote":
            return [_node("blockquote", _blocks(node.children) or [{"type": "paragraph"}])]
        case "fence" | "code_block":
            return [_code(node)]
        case _:
            return [{"type": "horizontalRule"}]


def _code(node: "SyntaxTreeNode") -> Node:
    text = node.content.removesuffix("\n")
    language = node.info.split(" ")[0] if node.type == "fence" else ""
    return _node(
        "codeBlock", [{"type": "text", "text": text}] if text else [], **({"language": language} if language else {})
    )


def _list(node: "SyntaxTreeNode") -> Node:
    items = [_item(item) for item in node.children]
    if node.type == "ordered_list":
        return _node("orderedList", [_node("listItem", item) for item in items], start=int(node.attrs.get("start", 1)))
    checks = [_task(item) for item in node.children]
    if None in checks:
        return _node("bulletList", [_node("listItem", item) for item in items])
    pairs = zip(items, checks, strict=True)
    return _node("taskList", [_node("taskItem", _without_box(item), checked=checked) for item, checked in pairs])


def _item(node: "SyntaxTreeNode") -> list[Node]:
    """An item of our editor begins with a paragraph."""
    blocks = _blocks(node.children)
    return blocks if blocks and blocks[0]["type"] == "paragraph" else [{"type": "paragraph"}, *blocks]


def _task(item: "SyntaxTreeNode") -> bool | None:
    """By the item's source: a box that was escaped is text."""
    first = item.children[0] if item.children else None
    if first is None or first.type != "paragraph":
        return None
    return TASKS.get(f"{first.children[0].content} "[:4])


def _without_box(item: list[Node]) -> list[Node]:
    first, *others = item[0]["content"]
    text = first["text"][4:]
    return [_node("paragraph", [{**first, "text": text}, *others] if text else others), *item[1:]]


def _paragraphs(content: list[Node]) -> list[Node]:
    """Images are blocks in our editor: a paragraph is divided around them."""
    blocks: list[Node] = []
    run: list[Node] = []
    for node in [*content, None]:
        if node is not None and node["type"] != "image":
            run.append(node)
            continue
        run = _trimmed(run)
        if run or (node is None and not blocks):
            blocks.append(_node("paragraph", run))
        if node is not None:
            blocks.append(node)
        run = []
    return blocks


def _trimmed(run: list[Node]) -> list[Node]:
    return run if any(node["type"] != "text" or node["text"].strip() for node in run) else []


def _inline(node: "SyntaxTreeNode") -> list[Node]:
    reader = _InlineReader()
    for inline in node.children:
        reader.read(inline.children, {})
    return reader.nodes


class _InlineReader:
    """Collects text nodes, joining neighbours with the same marks."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._underlined = 0

    def read(self, nodes: "list[SyntaxTreeNode]", marks: dict[str, Node]) -> None:
        for node in nodes:
            match node.type:
                case "text" | "code_inline":
                    self._say(node.content, marks | ({"code": {}} if node.type == "code_inline" else {}))
                case "softbreak":
                    self._say(" ", marks)
                case "hardbreak":
                    self.nodes.append({"type": "hardBreak"})
                case "image":
                    self._show(node, marks)
                case "link":
                    self.read(node.children, marks | _link(node.attrs))
                case "html_inline":
                    self._read_html(node.content, marks)
                case _:
                    self.read(node.children, marks | {MARK_OF[node.type]: {}})

    def _read_html(self, tag: str, marks: dict[str, Node]) -> None:
        match tag.lower().replace(" ", "").replace("/>", ">"):
            case "<u>":
                self._underlined += 1
            case "</u>":
                self._underlined -= 1
            case "<br>":
                self.nodes.append({"type": "hardBreak"})
            case _:
                self._say(tag, marks)

    def _show(self, node: "SyntaxTreeNode", marks: dict[str, Node]) -> None:
        source = str(node.attrs["src"])
        if not is_safe_link(source):
            self._say(node.content, marks)
            return
        attributes = {"src": source, "alt": node.content, "title": node.attrs.get("title")}
        self.nodes.append({"type": "image", "attrs": {key: value for key, value in attributes.items() if value}})

    def _say(self, text: str, marks: dict[str, Node]) -> None:
        if not text:
            return
        said = marks | ({"underline": {}} if self._underlined > 0 else {})
        if "code" in said:  # code joins with nothing; an address must not be lost
            said = {name: each for name, each in said.items() if name == ("link" if "link" in said else "code")}
        ordered = [{"type": name, **({"attrs": said[name]} if said[name] else {})} for name in MARKS if name in said]
        last: dict[str, Any] = self.nodes[-1] if self.nodes else {}
        if last.get("type") == "text" and last.get("marks", []) == ordered:
            last["text"] += text
        else:
            self.nodes.append({"type": "text", "text": text} | ({"marks": ordered} if ordered else {}))


def _link(attributes: dict[str, Any]) -> dict[str, Node]:
    if not is_safe_link(str(attributes["href"])):
        return {}
    return {"link": {key: value for key, value in attributes.items() if key in ("href", "title") and value}}


def _node(kind: str, content: list[Node], **attributes: Any) -> Node:
    return {"type": kind} | ({"attrs": attributes} if attributes else {}) | ({"content": content} if content else {})
