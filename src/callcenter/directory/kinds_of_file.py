"""What somebody sends instead of a table, told by its first bytes: a picture, a letter, an archive, a workbook with a password. Pure."""

from __future__ import annotations

from typing import Final

from callcenter.core.errors import Invalid

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"
_BEGINNINGS: Final = (
    (b"%PDF", "a PDF"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"{\\rtf", "a letter (RTF)"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ", "an archive"),
    (b"SQLite format 3", "a database"),
    (b"\x00\x01\x00\x00Standard", "a database (Access)"),
    (b"PK\x05\x06", "an empty archive"),
    (b"MZ\x90", "a program"),
)
_WITHIN_ZIP: Final = (
    (b"word/document.xml", "a letter (DOCX)"),
    (b"ppt/presentation.xml", "slides (PPTX)"),
    (b"Index/Document.iwa", "a document of Apple Numbers"),
    (b"application/vnd.oasis.opendocument.text", "a letter (ODT)"),
)
_WITHIN_OLE: Final = (("WordDocument", "a letter (DOC)"), ("PowerPoint Document", "slides (PPT)"))
_MAIL: Final = (b"mime-version:", b"content-type: multipart/related")
_XLS_GLOBALS: Final = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS: Final = 0x2F
_END: Final = 0x0A
_LOOKED_AT: Final = 4096


def refuse_other_kinds(content: bytes) -> None:
    """Raises Invalid: not_a_table (with what it is), web_page, or password."""
    beginning = content[:_LOOKED_AT].lower()
    if any(each in beginning for each in _MAIL):
        raise web_page()
    if kind := _kind(content):
        raise Invalid(
            f"This is {kind}, not a table: save the register as XLSX or CSV.",
            code="not_a_table",
            kind=kind,
        )
    if content.startswith(OLE) and _has_password(content):
        raise Invalid("The file has a password: save it without one.", code="password")


def web_page() -> Invalid:
    """For whoever meets one."""
    return Invalid(
        "This is a web page or XML that calls itself a table: open it with a spreadsheet program and save it as XLSX.",
        code="web_page",
    )


def _kind(content: bytes) -> str | None:
    for start, kind in _BEGINNINGS:
        if content.startswith(start):
            return kind
    if content.startswith(ZIP):
        return next((kind for name, kind in _WITHIN_ZIP if name in content), None)
    if content.startswith(OLE):
        names = ((name.encode("utf-16-le"), kind) for name, kind in _WITHIN_OLE)
        return next((kind for name, kind in names if name in content), None)
    return None


def _has_password(content: bytes) -> bool:
    """An encrypted XLSX is a stream of this name; an XLS says so in its first records."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return True
    place = content.find(_XLS_GLOBALS)
    while 0 <= place < len(content) - 4:
        kind = int.from_bytes(content[place : place + 2], "little")
        if kind in (_FILEPASS, _END):
            return kind == _FILEPASS
        place += 4 + int.from_bytes(content[place + 2 : place + 4], "little")
    return False
