"""What is no table is called by its name."""

import io
import zipfile

import pytest

from callcenter.core.errors import Invalid
from callcenter.directory.kinds_of_file import refuse_other_kinds

OLE = b"\xd0\xcf\x11\xe0"
GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n", "not_a_table"),
        (b"\xff\xd8\xff\xe0", "not_a_table"),
        (b"Rar!\x1a\x07", "not_a_table"),
        (archive("word/document.xml"), "not_a_table"),
        (archive("Index/Document.iwa"), "not_a_table"),
        (OLE + "WordDocument".encode("utf-16-le"), "not_a_table"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + GLOBALS + b"\x2f\x00\x02\x00\x01\x00", "password"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "web_page"),
    ],
)
def test_other_kinds(content, code):
    with pytest.raises(Invalid) as caught:
        refuse_other_kinds(content)
    assert caught.value.code == code


def test_tables_pass():
    for content in (
        b"",
        "姓名,住址\n".encode("gbk"),
        archive("xl/workbook.xml"),
        OLE + GLOBALS + b"\x0a\x00",
    ):
        refuse_other_kinds(content)
