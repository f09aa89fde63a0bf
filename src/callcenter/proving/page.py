"""A proof as one page that asks nobody for anything, to be printed and filed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from html import escape
from typing import Any, Final

from callcenter.proving.telling import SIGNS, Told, head, told
from callcenter.proving.wording import Language

_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:0}section{border-top:1px solid #767676;padding:.8rem 0;break-inside:avoid}
.findings h2,.bad{color:#a50e0e}.noted h2{color:#6b4a00}.clean h2,.good{color:#0b5c2b}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.2rem 1.5rem;margin:.4rem 0}
dl div{display:flex;justify-content:space-between;gap:1rem}dt{color:#4a4a4a}dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
ul{margin:.4rem 0;padding-left:1.2rem}@media print{body{margin:0;max-width:none;font-size:11pt}}
"""


def as_page(document: Mapping[str, Any], language: Language, zone: tzinfo) -> str:
    """HTML 5 without script, pictures or links."""
    title, span, result = head(document, language, zone)
    mood = "good" if document["clean"] else "bad"
    sections = "\n".join(_section(each) for each in told(document, language, zone))
    return f"""<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{_STYLE}</style></head>
<body><main>
<h1>{escape(title)}</h1>
<p>{escape(span)}</p>
<p class="{mood}"><strong>{escape(result)}</strong></p>
{sections}
</main></body>
</html>
"""


def _section(line: Told) -> str:
    figures = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
        for label, value in line.figures
    )
    items = "".join(f"<li>{escape(finding)}</li>" for finding in line.findings)
    findings = f"<ul>{items}</ul>" if items else ""
    sign = f'<span aria-hidden="true">{SIGNS[line.verdict]}</span>'
    return (
        f'<section class="{line.verdict}"><h2>{sign} {escape(line.title)}: {escape(line.said)}</h2>'
        f"<dl>{figures}</dl>{findings}</section>"
    )
