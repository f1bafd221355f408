"""The fixed schema of our editor (TipTap), and the check of a document in its JSON against it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from crdt.errors import InvalidContent

__all__ = ["EDITOR_ROOT", "MARKS", "NODES", "Node", "check_document", "is_safe_link"]

Node: TypeAlias = dict[str, Any]
"""A ProseMirror node as JSON: type, attrs?, content?, marks?, text?."""

EDITOR_ROOT = "default"
"""The root fragment of TipTap's collaboration extension."""

MAX_DEPTH = 64
"""No editor nests deeper by hand; a recursion over a document stays far from the interpreter's limit."""

LISTS = frozenset({"bulletList", "orderedList", "taskList"})
BLOCKS = LISTS | {"paragraph", "heading", "blockquote", "codeBlock", "horizontalRule", "image"}
INLINE = frozenset({"text", "hardBreak"})
LINK_SCHEMES = frozenset({"", "http", "https", "ftp", "ftps", "mailto", "tel", "callto", "sms", "cid", "xmpp"})
"""TipTap's own list; javascript: and data: are not in it."""

EMBEDDED_IMAGES = tuple(f"data:image/{kind};base64," for kind in ("png", "jpeg", "gif", "webp", "avif"))
"""What a paste brings. No SVG: opened by itself, it can run."""

Check: TypeAlias = Callable[[Any], str | None]
"""What is wrong with a value, or None."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """`default` is written when the attribute is absent; None: it is not written."""

    check: Check
    default: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What a node may hold: `first` must be its first child, the others are of `children`; it needs `least`."""

    children: frozenset[str] = frozenset()
    first: str | None = None
    least: int = 0
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


def is_safe_link(url: str) -> bool:
    """Would a browser only navigate there, and not run or embed anything? Relative addresses are."""
    seen = "".join(character for character in url if character > " ")  # browsers skip these within a scheme
    try:
        return urlsplit(seen).scheme.lower() in LINK_SCHEMES
    except ValueError:
        return False


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and _is_unicode(value) else "must be text"


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _link(value: Any) -> str | None:
    return _text(value) or (None if is_safe_link(value) else "must be a web, mail or telephone address")


def _image(value: Any) -> str | None:
    if isinstance(value, str) and value.startswith(EMBEDDED_IMAGES):
        return _text(value)
    return _link(value) and "must be a web address or an embedded raster image"


def _size(value: Any) -> str | None:
    return None if type(value) in (int, float) and 0 <= value <= 100_000 else "must be a number of pixels"


def _whole(least: int, most: int) -> Check:
    def check(value: Any) -> str | None:
        number = int(value) if type(value) in (int, float) and value == value // 1 else None
        return None if number is not None and least <= number <= most else f"must be a whole number, {least} to {most}"

    return check


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


NODES: Mapping[str, Rule] = MappingProxyType(
    {
        "doc": Rule(BLOCKS),
        "paragraph": Rule(INLINE),
        "heading": Rule(INLINE, attributes={"level": Attribute(_whole(1, 6), 1)}),
        "bulletList": Rule(frozenset({"listItem"}), least=1),
        "orderedList": Rule(
            frozenset({"listItem"}),
            least=1,
            attributes={"start": Attribute(_whole(0, 10**9), 1), "type": Attribute(_text)},
        ),
        "listItem": Rule(BLOCKS, first="paragraph", least=1),
        "taskList": Rule(frozenset({"taskItem"}), least=1),
        "taskItem": Rule(
            BLOCKS, first="paragraph", least=1, attributes={"checked": Attribute(_boolean, default=False)}
        ),
        "blockquote": Rule(BLOCKS, least=1),
        "codeBlock": Rule(frozenset({"text"}), attributes={"language": Attribute(_text)}),
        "horizontalRule": Rule(),
        "hardBreak": Rule(),
        "image": Rule(
            attributes={
                "src": Attribute(_image, required=True),
                "alt": Attribute(_text),
                "title": Attribute(_text),
                "width": Attribute(_size),
                "height": Attribute(_size),
            }
        ),
    }
)
MARKS: Mapping[str, Mapping[str, Attribute]] = MappingProxyType(
    {
        "link": {
            "href": Attribute(_link, required=True),
            "target": Attribute(_text),
            "rel": Attribute(_text),
            "class": Attribute(_text),
            "title": Attribute(_text),
        },
        "bold": {},
        "code": {},
        "italic": {},
        "strike": {},
        "underline": {},
    }
)


def check_document(content: Any) -> Node:
    """The document with its defaults filled in. Raises InvalidContent, which names the path of the first fault."""
    if not isinstance(content, dict) or content.get("type") != "doc":
        raise InvalidContent("type", 'must be "doc": only the editor\'s own JSON can be taken')
    return _check_node(content, "", 0)


def _check_node(node: Node, path: str, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise InvalidContent(path, f"is nested deeper than {MAX_DEPTH} levels")
    kind = node["type"]
    rule = NODES[kind]
    _only(node, {"type", "attrs", "content"}, path)
    attributes = _check_attributes(node.get("attrs"), rule.attributes, path)
    children = node.get("content")
    if not isinstance(children, list | None):
        raise InvalidContent(_join(path, "content"), "must be a list")
    checked: Node = {"type": kind}
    if attributes:
        checked["attrs"] = attributes
    content = _check_children(children or [], rule, kind, path, depth)
    if content:
        checked["content"] = content
    return checked


def _check_children(children: list[Any], rule: Rule, kind: str, path: str, depth: int) -> list[Node]:
    if len(children) < rule.least:
        raise InvalidContent(_join(path, "content"), f"must not be empty in a {kind}")
    checked = []
    for number, child in enumerate(children):
        place = f"{_join(path, 'content')}[{number}]"
        allowed = frozenset({rule.first}) if rule.first and not number else rule.children
        if not isinstance(child, dict):
            raise InvalidContent(place, "must be a node: an object with a type")
        name = child.get("type")
        if not isinstance(name, str) or name not in allowed:
            raise InvalidContent(f"{place}.type", f"{_named(name)} cannot stand here: {_listed(allowed, kind)}")
        checked.append(_check_text(child, place, kind) if name == "text" else _check_node(child, place, depth + 1))
    return checked


def _check_text(node: Node, path: str, parent: str) -> Node:
    _only(node, {"type", "text", "marks"}, path)
    text = node.get("text")
    if not isinstance(text, str) or not text:
        raise InvalidContent(f"{path}.text", "must be text, and not empty")
    if not _is_unicode(text):
        raise InvalidContent(f"{path}.text", "has half of a surrogate pair")
    marks = node.get("marks") or []
    if not isinstance(marks, list):
        raise InvalidContent(f"{path}.marks", "must be a list")
    if marks and parent == "codeBlock":
        raise InvalidContent(f"{path}.marks", "cannot stand in a codeBlock")
    checked = {}
    for number, mark in enumerate(marks):
        name, attributes = _check_mark(mark, f"{path}.marks[{number}]")
        checked[name] = attributes
    if "code" in checked and len(checked) > 1:
        raise InvalidContent(f"{path}.marks", "code cannot be joined with another mark")
    return {"type": "text", "text": text} | ({"marks": _mark_list(checked)} if checked else {})


def _check_mark(mark: Any, path: str) -> tuple[str, Node]:
    if not isinstance(mark, dict):
        raise InvalidContent(path, "must be a mark: an object with a type")
    name = mark.get("type")
    if not isinstance(name, str) or name not in MARKS:
        raise InvalidContent(f"{path}.type", f"{_named(name)} is unknown: {_listed(frozenset(MARKS), 'text')}")
    _only(mark, {"type", "attrs"}, path)
    return name, _check_attributes(mark.get("attrs"), MARKS[name], path)


def _mark_list(marks: Mapping[str, Node]) -> list[Node]:
    return [{"type": name, **({"attrs": marks[name]} if marks[name] else {})} for name in MARKS if name in marks]


def _check_attributes(given: Any, rules: Mapping[str, Attribute], path: str) -> Node:
    place = _join(path, "attrs")
    if not isinstance(given, dict | None):
        raise InvalidContent(place, "must be an object")
    values = {name: value for name, value in (given or {}).items() if value is not None}
    for name in values:
        if name not in rules:
            raise InvalidContent(f"{place}.{name}", "is unknown here")
    checked = {}
    for name, rule in rules.items():
        value = values.get(name, rule.default)
        if value is None and rule.required:
            raise InvalidContent(f"{place}.{name}", "is missing")
        if value is not None:
            wrong = rule.check(value)
            if wrong:
                raise InvalidContent(f"{place}.{name}", wrong)
            checked[name] = value
    return checked


def _only(node: Node, known: set[str], path: str) -> None:
    for key, value in node.items():
        if key not in known and value not in (None, [], {}):
            raise InvalidContent(_join(path, key), "is unknown here")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _named(name: Any) -> str:
    return f'"{name[:40]}"' if isinstance(name, str) else "a node without a type"


def _listed(names: frozenset[str], parent: str) -> str:
    return f"{parent} takes {', '.join(sorted(names))}" if names else f"{parent} takes nothing"
