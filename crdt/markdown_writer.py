"""Writing the editor's JSON as CommonMark, so that reading it again gives the same document."""

import re
from collections.abc import Callable, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any

__all__ = ["write_markdown"]

Node = dict[str, Any]

DELIMITERS = MappingProxyType(
    {"bold": ("**", "**"), "italic": ("*", "*"), "strike": ("~~", "~~"), "underline": ("<u>", "</u>")}
)
SPECIAL = re.compile(r"([\\`*_\[\]<>~&])")
LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|=+\s*$|-+\s*$|\d{1,9}(?=[.)](?:\s|$)))")


def write_markdown(document: Node) -> str:
    """The document as Markdown, which ends in a newline unless it is empty. Unknown nodes give what is in them."""
    text = _blocks(document.get("content", []))
    return f"{text}\n" if text else ""


def _blocks(nodes: list[Node]) -> str:
    parts: list[str] = []
    before, other_marker = "", False
    for node in nodes:
        # Of two lists that follow each other one has other markers, or they would be read as one.
        other_marker = not other_marker and _list_family(node["type"]) == before != ""
        before = _list_family(node["type"])
        parts.append(_list(node, other_marker) if before else _block(node))
    return "\n\n".join(filter(None, parts))  # Markdown has no empty paragraphs


def _list_family(kind: str) -> str:
    return {"bulletList": "bullets", "taskList": "bullets", "orderedList": "numbers"}.get(kind, "")


def _block(node: Node) -> str:
    write = WRITERS.get(node["type"], _other)
    return write(node)


def _other(node: Node) -> str:
    content = node.get("content", [])
    is_inline = any(child["type"] in ("text", "hardBreak") for child in content)
    return _line(content) if is_inline else _blocks(content)


def _heading(node: Node) -> str:
    level = min(max(int(node.get("attrs", {}).get("level", 1)), 1), 6)
    # A run of # at the end would be read as the heading's closing sequence (CommonMark 0.31, 4.2).
    text = re.sub(r"(?<![^ ])(#+ *)$", r"\\\1", _inline(node.get("content", []), " "))
    return f"{'#' * level} {text}".rstrip()


def _line(content: list[Node]) -> str:
    text = _inline(content, "\\\n").strip(" ")
    return "\n".join(LINE_START.sub(_escaped_start, line) for line in text.split("\n"))


def _escaped_start(match: re.Match[str]) -> str:
    marker = match[2]
    return f"{match[1]}{marker}\\" if marker[0].isdigit() else f"{match[1]}\\{marker}"


def _quote(node: Node) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in _blocks(node.get("content", [])).split("\n"))


def _code(node: Node) -> str:
    text = "".join(child.get("text", "") for child in node.get("content", []))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    language = str(node.get("attrs", {}).get("language") or "").replace("`", "")
    return f"{fence}{language}\n{text}\n{fence}" if text else f"{fence}{language}\n{fence}"


def _list(node: Node, other_marker: bool) -> str:
    start = int(node.get("attrs", {}).get("start", 1))
    items = []
    for number, item in enumerate(node.get("content", [])):
        bullet, point = ("* ", ") ") if other_marker else ("- ", ". ")
        marker, box = f"{start + number}{point}" if node["type"] == "orderedList" else bullet, ""
        if node["type"] == "taskList":
            box = "[x] " if item.get("attrs", {}).get("checked") else "[ ] "
        items.append(_item(item, marker, box))
    tight = all(_is_tight(item.get("content", [])) for item in node.get("content", []))
    return ("\n" if tight else "\n\n").join(items)


def _is_tight(blocks: list[Node]) -> bool:
    """A paragraph, or a paragraph and a list below it."""
    return len(blocks) < 2 or (
        len(blocks) == 2 and bool(blocks[0].get("content")) and bool(_list_family(blocks[1]["type"]))
    )


def _item(item: Node, marker: str, box: str) -> str:
    blocks = item.get("content", [])
    text = "\n".join(map(_blocks, ([each] for each in blocks))) if _is_tight(blocks) else _blocks(blocks)
    first, *others = f"{box}{text}".split("\n")
    indent = " " * len(marker)
    return "\n".join([f"{marker}{first}".rstrip(), *(f"{indent}{line}" if line else "" for line in others)])


def _image(node: Node) -> str:
    attributes = node.get("attrs", {})
    alt = _escaped(str(attributes.get("alt") or ""))
    return f"![{alt}]({_target(attributes.get('src'), attributes.get('title'))})"


def _target(address: Any, title: Any) -> str:
    plain = re.sub(r"[\s<>]", lambda match: f"%{ord(match[0]):02X}", str(address or ""))
    target = f"<{plain}>" if not plain or "(" in plain or ")" in plain else plain
    quoted = str(title).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") if title else ""
    return f'{target} "{quoted}"' if quoted else target


def _inline(nodes: list[Node], line_break: str) -> str:
    """Runs with the same link are written as one link; within, each text node opens and closes its own marks."""
    out = []
    for link, group in groupby(nodes, key=_link_of):
        text = "".join(line_break if node["type"] == "hardBreak" else _marked(node) for node in group)
        out.append(f"[{text}]({_target(link.get('href'), link.get('title'))})" if link else text)
    return "".join(out)


def _link_of(node: Node) -> Node | None:
    return next((mark.get("attrs", {}) for mark in node.get("marks", ()) if mark["type"] == "link"), None)


def _marked(node: Node) -> str:
    text = str(node.get("text", ""))
    kinds = [mark["type"] for mark in node.get("marks", ())]
    if "code" in kinds:
        return _code_span(text)
    marks = [kind for kind in DELIMITERS if kind in kinds]
    core = text.strip()
    if not marks or not core:
        return _escaped(text)
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]  # ** needs a word beside it
    opening = "".join(DELIMITERS[kind][0] for kind in marks)
    closing = "".join(DELIMITERS[kind][1] for kind in reversed(marks))
    return f"{lead}{opening}{_escaped(core)}{closing}{tail}"


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def _code_span(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[:1] in "` " or text[-1:] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


WRITERS: Mapping[str, Callable[[Node], str]] = MappingProxyType(
    {
        "paragraph": lambda node: _line(node.get("content", [])),
        "heading": _heading,
        "blockquote": _quote,
        "codeBlock": _code,
        "horizontalRule": lambda _: "---",
        "image": _image,
    }
)
