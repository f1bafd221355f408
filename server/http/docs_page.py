"""The page at /docs: the API description as plain HTML, without scripts or another host."""

from collections.abc import Iterator
from html import escape
from typing import Any

__all__ = ["docs_page"]

METHODS = ("get", "post", "put", "patch", "delete")
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/docs/style.css">
</head><body><main><h1>{title} <small>{version}</small></h1>
<p>{description}</p><p>For programs: <a href="/openapi.json">/openapi.json</a></p>"""
STYLE = """:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0}
main{max-width:60rem;margin:auto;padding:1rem}small{font-weight:400;opacity:.7}code{font-size:.95em}
details{border:1px solid #8886;border-radius:.4rem;margin:.4rem 0;padding:.4rem .7rem}summary{cursor:pointer}
summary b{display:inline-block;min-width:4rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.2rem .6rem .2rem 0;vertical-align:top;border-bottom:1px solid #8883}"""


def docs_page(schema: dict[str, Any]) -> str:
    """The page for an OpenAPI 3.1 schema."""
    info = {key: escape(str(schema["info"].get(key, ""))) for key in ("title", "version", "description")}
    return HEAD.format(**info) + _body(schema)


def _body(schema: dict[str, Any]) -> str:
    parts: list[str] = []
    for tag, operations in _by_tag(schema).items():
        parts.append(f"<h2>{escape(tag)}</h2>")
        parts += operations
    parts.append("<h2>Shapes</h2>")
    parts += [_shape(name, shape) for name, shape in sorted(schema.get("components", {}).get("schemas", {}).items())]
    return "".join(parts) + "</main></body></html>"


def _by_tag(schema: dict[str, Any]) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                tag = (operation.get("tags") or ["other"])[0]
                tags.setdefault(tag, []).append(_operation(method, path, operation))
    return tags


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    text = "".join(f"<p>{escape(part)}</p>" for part in operation.get("description", "").split("\n\n") if part)
    rows = [(p["name"], p["in"], _type_of(p.get("schema", {})), p) for p in operation.get("parameters", ())]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body is not None:
        rows.append(("body", "body", _type_of(body), {"required": True}))
    answers = "".join(f"<li>{escape(code)}: {_answer(answer)}</li>" for code, answer in operation["responses"].items())
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code> {escape(operation.get('summary', ''))}"
        f"</summary>{text}{_table(rows)}<p>Answers</p><ul>{answers}</ul></details>"
    )


def _answer(answer: dict[str, Any]) -> str:
    shape = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return f"{escape(answer.get('description', ''))} {_type_of(shape) if shape else ''}"


def _shape(name: str, shape: dict[str, Any]) -> str:
    required = set(shape.get("required", ()))
    rows = [
        (field, "", _type_of(detail), detail | {"required": field in required})
        for field, detail in shape.get("properties", {}).items()
    ]
    return (
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"<p>{escape(shape.get('description', ''))}</p>{_table(rows)}</details>"
    )


def _table(rows: list[tuple[str, str, str, dict[str, Any]]]) -> str:
    if not rows:
        return ""
    lines = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{where}{' required' if detail.get('required') else ''}</td>"
        f"<td>{kind}</td><td>{escape(detail.get('description', ''))}</td></tr>"
        for name, where, kind, detail in rows
    )
    return f"<table><tr><th>Name<th><th>Type<th>Meaning</tr>{lines}</table>"


def _type_of(schema: dict[str, Any]) -> str:
    return " or ".join(_types(schema)) or "any"


def _types(schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        yield f'<a href="#{name}">{name}</a>'
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _types(each)
    elif "enum" in schema:
        yield ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    elif schema.get("type") == "array":
        yield f"list of {_type_of(schema.get('items', {}))}"
    elif "type" in schema:
        yield escape(str(schema["type"]))
