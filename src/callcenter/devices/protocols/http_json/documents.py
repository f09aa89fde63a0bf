"""From the bytes of a body to the fields of a signal, however much of it is JSON. Pure.

What parses is taken as it is. What does not is read again: in another encoding, up to where it breaks off, each field of the
outermost object on its own, and at last by the names of the fields alone, as in a form or a printed dictionary.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import orjson

REPAIRED: Final = "json_repaired"
MAX_OBJECTS: Final = 100
"""Of one body that holds several signals."""
NEEDED: Final = ("device", "kind")
"""At least one of them makes an object a signal."""

Document = Mapping[str, object]

_ENCODINGS: Final = (("utf-8", "strict"), ("gb18030", "strict"), ("utf-8", "replace"))
MAX_BARE: Final = 1_000
_AROUND: Final = " \t\r\n\0\"'"
_BROKEN: Final = (ValueError, RecursionError)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_NAMED = {
    name: re.compile(
        rf"""(?<!\w)["']?{name}["']?\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|([^\s,;&}}\]"']+))""",
        re.IGNORECASE,
    )
    for name in ("id", *NEEDED)
}


def read_documents(body: bytes) -> tuple[Sequence[Document], tuple[str, ...]]:
    """The objects of a body, none where there are none, and how they had to be read."""
    try:
        return _objects(orjson.loads(body.removeprefix(codecs.BOM_UTF8))), ()
    except orjson.JSONDecodeError:
        text = _text(body)
    for read, flags in _WAYS:
        try:
            found = read(text)
        except _BROKEN:
            continue
        if any(is_signal(each) for each in found):
            return found, flags
    return (), ()


def is_signal(document: Document) -> bool:
    """Whether it says who or what."""
    return any(field(document, name) is not None for name in NEEDED)


def field(document: Document, name: str) -> object:
    """A field by its name, also where that is written in capitals or with blanks; None where there is none."""
    if name in document:
        return document[name]
    return next((value for key, value in document.items() if key.strip().lower() == name), None)


def _text(body: bytes) -> str:
    """Devices exist that write their text in GB 18030, in UTF-16, or cut it within a character."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    for encoding, errors in _ENCODINGS:
        try:
            return body.decode(encoding, errors).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    raise AssertionError("the last way replaces what it cannot read")


def _objects(value: object, *, inner: bool = False) -> list[Document]:
    """The object, or those of a list; also of one that was encoded twice."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and not inner:
        return [each for item in value[:MAX_OBJECTS] for each in _objects(item, inner=True)]
    if isinstance(value, str) and not inner and value.lstrip()[:1] in ("{", "["):
        return _objects(json.loads(value, strict=False), inner=True)
    return []


def _whole(text: str) -> list[Document]:
    """As Python reads JSON, which knows NaN and lone surrogates."""
    return _objects(json.loads(text, strict=False))


def _beginning(text: str) -> list[Document]:
    """Up to the end of the first object: bytes of a buffer may stand behind it."""
    value, _ = json.JSONDecoder(strict=False).raw_decode(text, _first_brace(text))
    return _objects(value)


def _field_by_field(text: str) -> list[Document]:
    """The outermost object, each value read on its own."""
    document: dict[str, object] = {}
    for name, value in _members(text, _first_brace(text)):
        document.setdefault(_string(name), _value(value))
    return [document]


UNREAD: Final = "\0"
"""Stands for a value that is there and cannot be read."""


def _value(written: str) -> object:
    """What stands at the beginning of it, else the bare word that somebody left the quotes out of."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(written.strip())[0]
    except _BROKEN:
        return _string(written) if written.strip()[:1] not in ("{", "[") else UNREAD


def _string(written: str) -> str:
    try:
        return str(json.loads(written, strict=False))
    except _BROKEN:
        return written.strip(_AROUND)[:MAX_BARE]


def _members(text: str, start: int) -> Iterator[tuple[str, str]]:
    """Names and values of the object that begins there, as written. No recursion: it may be nested as deep as it likes."""
    depth, name, value_at, last = 0, "", -1, ""
    for token in _TOKEN.finditer(text, start):
        sign = token.group()
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        elif sign == ":" and depth == 1 and value_at < 0:
            name, value_at = last, token.end()
        if value_at >= 0 and ((sign == "," and depth == 1) or depth == 0):
            yield name, text[value_at : token.start()]
            value_at = -1
        if depth == 0:
            return
        last = sign
    if value_at >= 0:
        yield name, text[value_at:]


def _first_brace(text: str) -> int:
    """Raises ValueError."""
    return text.index("{")


def _by_name(text: str) -> list[Document]:
    found = {name: pattern.search(text) for name, pattern in _NAMED.items()}
    return [
        {
            name: next(group for group in match.groups() if group is not None)
            for name, match in found.items()
            if match is not None
        }
    ]


_WAYS: Final[Sequence[tuple[Callable[[str], list[Document]], tuple[str, ...]]]] = (
    (_whole, ()),
    (_beginning, (REPAIRED,)),
    (_field_by_field, (REPAIRED,)),
    (_by_name, (REPAIRED,)),
)
