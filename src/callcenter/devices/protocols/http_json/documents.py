"""From the bytes of a body to the fields of a signal, however much of it is JSON. Pure.

What parses is taken as it is. What does not is read again: in another encoding or unpacked, one object after the other, each
field of an object on its own, and at last by the names of the fields alone, as in a form or a printed dictionary.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

import orjson

from callcenter.devices.protocols.http_json.fields import Document, signals_in, together
from callcenter.devices.protocols.http_json.forms import read_form
from callcenter.devices.tolerance import UNREADABLE

REPAIRED: Final = "json_repaired"
MAX_REPAIRED: Final = 1_000
"""Objects of a body that is not JSON as a whole."""
MAX_UNPACKED: Final = 64 * 1024
"""As many bytes as a body may have that was not packed."""

_ENCODINGS: Final = (("utf-8", "strict"), ("gb18030", "strict"), ("utf-8", "replace"))
_PACKED: Final = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_BASE64: Final = (b"eyJ", b"ewog", b"ewo", b"W3s", b"eyA")
"""How an object or a list of them begins in base 64."""
_EITHER: Final = 32
"""zlib: gzip or deflate, as it says itself."""
MAX_BARE: Final = 1_000
_AROUND: Final = " \t\r\n\0\"'`“”„‘’"
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)'
    r"|'(?:[^'\\\r\n]|\\.)*'"
    r"|[{}\[\],:]"
    r"|[^\s{}\[\],:\"']+|'",
    re.DOTALL,
)
_TYPED: Final = str.maketrans("“”„‟＂：，｛｝［］", '""""":,{}[]')
"""What an editor or a keyboard puts in the place of JSON's signs."""


def read_documents(body: bytes) -> tuple[Sequence[Document], tuple[str, ...]]:
    """The signals of a body, each as its fields, none where there are none, and how they had to be read."""
    body = _unpacked(body)
    if not _may_name_twice(body):
        try:
            return signals_in(orjson.loads(body.removeprefix(codecs.BOM_UTF8))), ()
        except orjson.JSONDecodeError:
            pass
    text = _text(body)
    for read, flags in _WAYS:
        try:
            found = read(text)
        except UNREADABLE:
            continue
        if found:
            return found, flags
    return (), ()


def _may_name_twice(body: bytes) -> bool:
    """Whether a needed name is there twice, of which the fast parser would drop one. Every body is asked: a third of a
    microsecond.
    """
    return body.count(b'"kind"') > 1 or body.count(b'"device"') > 1


def is_json(body: bytes, *kinds: type) -> bool:
    """Whether a body is a JSON value of one of these kinds."""
    try:
        return isinstance(orjson.loads(body), kinds)
    except orjson.JSONDecodeError:
        return False


# ---- from bytes to text


def _unpacked(body: bytes) -> bytes:
    """What was packed or written in base 64 although nobody asked for that; as it is, where it is neither."""
    try:
        if body.startswith(_PACKED):
            return zlib.decompressobj(zlib.MAX_WBITS | _EITHER).decompress(body, MAX_UNPACKED)
        if body.startswith(_BASE64):
            return b64decode(body.strip(), validate=True)
    except (zlib.error, ValueError):
        pass
    return body


def _text(body: bytes) -> str:
    """Devices exist that write their text in GB 18030, in UTF-16, or cut it within a character."""
    wide = json.detect_encoding(body[:4])
    if wide.startswith(("utf-16", "utf-32")) and body.count(b"\0") * 3 > len(body):
        return body.decode(wide, "replace").lstrip("\ufeff")
    for encoding, errors in _ENCODINGS:
        try:
            return body.decode(encoding, errors).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    raise AssertionError("the last way replaces what it cannot read")


# ---- from text to objects


def _whole(text: str) -> list[Document]:
    """As Python reads JSON, which knows NaN, lone surrogates, and names that are there twice."""
    return signals_in(json.loads(text, strict=False, object_pairs_hook=together))


def _in_a_row(text: str) -> list[Document]:
    """One object after the other, whatever stands around them; the same one twice is one."""
    found: list[Document] = []
    for value in islice(_objects(text), MAX_REPAIRED):
        found += [each for each in signals_in(value) if found[-1:] != [each]]
    return found


def _objects(text: str) -> Iterator[object]:
    reader = json.JSONDecoder(strict=False, object_pairs_hook=together)
    at = text.find("{")
    while at >= 0:
        try:
            value, end = reader.raw_decode(text, at)
        except UNREADABLE:
            value, end = _field_by_field(text, at)
        yield value
        at = text.find("{", end)


def _as_typed(text: str) -> list[Document]:
    """With the signs that JSON has in the place of those that only look like them."""
    return _in_a_row(
        text.translate(_TYPED).replace('\\"', '"').replace("`", '"').replace("=>", ":")
    )


def _field_by_field(text: str, at: int) -> tuple[object, int]:
    """The object that begins there, each value read on its own, and where it ends. No recursion: it may be nested as deep as
    it likes.
    """
    pairs: list[tuple[str, object]] = []
    depth, name, value_at, last, end = 0, "", -1, "", len(text)
    for token in _TOKEN.finditer(text, at):
        sign = token.group()
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        elif sign == ":" and depth == 1 and value_at < 0:
            name, value_at = last, token.end()
        if value_at >= 0 and ((sign == "," and depth == 1) or depth == 0):
            pairs.append((_string(name), _value(text[value_at : token.start()])))
            value_at = -1
        if depth == 0:
            end = token.end()
            break
        last = sign
    if value_at >= 0:
        pairs.append((_string(name), _value(text[value_at:])))
    return together(pairs), end


UNREAD: Final = "\0"
"""Stands for a value that is there and cannot be read."""


def _value(written: str) -> object:
    """What stands at the beginning of it, else the bare word that somebody left the quotes out of."""
    written = written.strip()
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(written)
    except UNREADABLE:
        return _string(written) if written[:1] not in ("{", "[") else UNREAD
    is_part = isinstance(value, int | float) and written[end : end + 1].isalnum()
    return _string(written) if is_part else value


def _string(written: str) -> str:
    try:
        return str(json.loads(written, strict=False))
    except UNREADABLE:
        return written.strip(_AROUND)[:MAX_BARE]


_WAYS: Final[Sequence[tuple[Callable[[str], list[Document]], tuple[str, ...]]]] = (
    (_whole, ()),
    (_in_a_row, (REPAIRED,)),
    (_as_typed, (REPAIRED,)),
    (read_form, (REPAIRED,)),
)
