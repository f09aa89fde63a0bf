"""Workbooks made by hand: ordinary ones, and such as no program would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import xlsxwriter

Rows = Sequence[Sequence[str]]


def book(
    rows: Rows,
    *,
    more: Mapping[str, Rows] | None = None,
    merged: Sequence[tuple[int, int, int, int]] = (),
) -> bytes:
    """An XLSX; `merged` are (first row, first column, last row, last column) of the first sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        for name, content in {"Sheet1": rows, **(more or {})}.items():
            page = workbook.add_worksheet(name)
            for number, row in enumerate(content):
                for place, cell in enumerate(row):
                    if cell:
                        page.write_string(number, place, cell)
        first = workbook.worksheets()[0]
        for top, left, bottom, right in merged:
            first.merge_range(top, left, bottom, right, rows[top][left])
    return out.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
_NEAR = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>住址</t></is></c></row>'


def far_cell(rows: bytes = _FAR.encode()) -> bytes:
    """An XLSX with headings, and a cell in the last row and column that the format knows (or other rows)."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head, tail = f'<worksheet xmlns="{space}"><sheetData>{_NEAR}', "</sheetData></worksheet>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels", _RELATION.format(kind="officeDocument", target="xl/workbook.xml")
        )
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _RELATION.format(kind="worksheet", target="worksheets/sheet1.xml"),
        )
        archive.writestr("xl/worksheets/sheet1.xml", head.encode() + rows + tail.encode())
    return out.getvalue()


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
    '<table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)


_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def ods(rows: Rows, repeated: tuple[str, int, int] | None = None) -> bytes:
    """An ODS; `repeated` is a cell's text, and in how many columns and rows below the others it is said to stand."""
    lines = [f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows]
    if repeated:
        text, columns, times = repeated
        cell = _ods_cell(text, f' table:number-columns-repeated="{columns}"')
        lines.append(
            f'<table:table-row table:number-rows-repeated="{times}">{cell}</table:table-row>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", _ODS.format(rows="".join(lines)))
    return out.getvalue()


def _ods_cell(text: str, repeat: str = "") -> str:
    if not text:
        return f"<table:table-cell{repeat}/>"
    value = f"<text:p>{escape(text)}</text:p>"
    return f'<table:table-cell{repeat} office:value-type="string">{value}</table:table-cell>'
