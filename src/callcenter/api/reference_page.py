"""The API reference as one HTML page made from the OpenAPI document. Pure; no script, nothing from other addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, Final

Schema = Mapping[str, Any]

STYLESHEET: Final = "/docs.css"
_BACKTICKS: Final = re.compile(r"`([^`]+)`")


def reference_page(document: Schema) -> str:
    """The page for a complete OpenAPI 3.1 document."""
    info = document["info"]
    schemas: Mapping[str, Schema] = document["components"]["schemas"]
    groups = _by_tag(document["paths"])
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(info['title'])} API</title>",
            '<link rel="icon" href="/favicon.svg">',
            f'<link rel="stylesheet" href="{STYLESHEET}"></head><body>',
            f"<header><h1>{escape(info['title'])} API {escape(info['version'])}</h1>",
            _paragraphs(info.get("description", "")),
            '<p><a href="/openapi.json">openapi.json</a></p></header>',
            _contents(groups, schemas),
            "<main>",
            *(_group(tag, operations) for tag, operations in groups.items()),
            '<section><h2 id="schemas">Schemas</h2>',
            *(_schema_section(name, schema) for name, schema in schemas.items()),
            "</section></main></body></html>",
        )
    )


Operation = tuple[str, str, Schema]  # method, path, what the document says of it


def _by_tag(paths: Mapping[str, Mapping[str, Schema]]) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {}
    for path, methods in paths.items():
        for method, operation in methods.items():
            tag = next(iter(operation.get("tags", ())), "other")
            groups.setdefault(tag, []).append((method, path, operation))
    return dict(sorted(groups.items()))


def _contents(groups: Mapping[str, list[Operation]], schemas: Iterable[str]) -> str:
    parts = ['<nav aria-label="Contents">']
    for tag, operations in groups.items():
        parts.append(f'<h2><a href="#tag-{escape(tag)}">{escape(tag)}</a></h2><ul>')
        parts.extend(
            f'<li><a href="#{_anchor(method, path)}"><b>{method.upper()}</b> {escape(path)}</a></li>'
            for method, path, _ in operations
        )
        parts.append("</ul>")
    parts.append('<h2><a href="#schemas">schemas</a></h2><ul>')
    parts.extend(f"<li>{_link_to(name)}</li>" for name in schemas)
    parts.append("</ul></nav>")
    return "".join(parts)


def _group(tag: str, operations: Iterable[Operation]) -> str:
    shown = "".join(_operation(*operation) for operation in operations)
    return f'<section><h2 id="tag-{escape(tag)}">{escape(tag)}</h2>{shown}</section>'


def _operation(method: str, path: str, operation: Schema) -> str:
    parts = [
        f'<article id="{_anchor(method, path)}"><h3>',
        f'<span class="method {method}">{method.upper()}</span> <code>{escape(path)}</code></h3>',
        _paragraphs(operation.get("description") or operation.get("summary", "")),
    ]
    if operation.get("parameters"):
        rows = (
            (
                f"{_code(found['name'])} {_needed(found.get('required', False))}",
                escape(found["in"]),
                _type(found["schema"]),
                _words(found, found["schema"]),
            )
            for found in operation["parameters"]
        )
        parts.append(_table("Parameters", ("name", "in", "type", "meaning"), rows))
    if "requestBody" in operation:
        parts.append(f"<p>Body: {_content(operation['requestBody'])}</p>")
    answers = (
        (_code(status), _content(answer), _prose(answer.get("description", "")))
        for status, answer in sorted(operation["responses"].items())
    )
    parts.append(_table("Answers", ("status", "body", "meaning"), answers))
    parts.append("</article>")
    return "".join(parts)


def _content(described: Schema) -> str:
    shown = (
        f"{_type(content.get('schema', {}))} <small>{escape(media)}</small>"
        for media, content in described.get("content", {}).items()
    )
    return ", ".join(shown)


def _schema_section(name: str, schema: Schema) -> str:
    parts = [f'<article id="schema-{escape(name)}"><h3>{escape(name)}</h3>']
    parts.append(_paragraphs(schema.get("description", "")))
    properties = schema.get("properties", {})
    if properties:
        required = schema.get("required", ())
        rows = (
            (f"{_code(field)} {_needed(field in required)}", _type(inner), _words(inner, inner))
            for field, inner in properties.items()
        )
        parts.append(_table("Fields", ("field", "type", "meaning"), rows))
    else:
        parts.append(f"<p>{_type(schema)}</p>")
    parts.append("</article>")
    return "".join(parts)


def _type(schema: Schema) -> str:
    """The type in one line, with links to the named ones."""
    if "$ref" in schema:
        return _link_to(schema["$ref"].rpartition("/")[2])
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return " | ".join(_type(inner) for inner in schema[union])
    if "const" in schema:
        return _code(repr(schema["const"]))
    if "enum" in schema:
        return " | ".join(_code(str(value)) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    named = schema.get("format") or schema.get("type") or "anything"
    return f"{escape(str(named))}{_bounds(schema)}"


_BOUNDS: Final = (
    ("minimum", "≥ {}"),
    ("maximum", "≤ {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("pattern", "matches {}"),
)


def _bounds(schema: Schema) -> str:
    said = [escape(text.format(schema[key])) for key, text in _BOUNDS if key in schema]
    return f" <small>({', '.join(said)})</small>" if said else ""


def _words(*described: Schema) -> str:
    found = next((d["description"] for d in described if "description" in d), "")
    default = next((d["default"] for d in described if d.get("default") is not None), None)
    shown = _prose(found)
    return f"{shown} <small>default {_code(str(default))}</small>" if default is not None else shown


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(_row(row) for row in rows)
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_prose(part)}</p>" for part in _blocks(text))


def _blocks(text: str) -> Iterator[str]:
    yield from (part.strip() for part in text.split("\n\n") if part.strip())


def _prose(text: str) -> str:
    """Escaped, with what stands between backticks as code."""
    return _BACKTICKS.sub(r"<code>\1</code>", escape(text))


def _needed(required: bool) -> str:
    return '<small class="required">required</small>' if required else ""


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _link_to(name: str) -> str:
    return f'<a href="#schema-{escape(name)}">{escape(name)}</a>'


def _anchor(method: str, path: str) -> str:
    return escape(f"{method}{path.replace('/', '-').replace('{', '').replace('}', '')}")
