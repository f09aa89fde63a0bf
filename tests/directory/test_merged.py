"""Merged cells of ODS, whose reader does not tell them. Those of Excel are in test_workbook.py."""

import io
import zipfile

from callcenter.directory.merged import Merged, merged_in_ods

_HEAD = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
    '<table:table table:name="人员">'
)
_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def archive(rows: str, name: str = "content.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, f"{_HEAD}{rows}{_TAIL}")
    return out.getvalue()


def test_areas_are_counted_with_what_is_repeated():
    content = archive(
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="3"/>'
        '<table:table-cell table:number-rows-spanned="4" table:number-columns-spanned="2"/></table:table-row>'
    )
    assert merged_in_ods(content) == {"人员": [((2, 3), (5, 4))]}


def test_other_files_have_none():
    assert merged_in_ods(archive("", name="xl/workbook.xml")) == {}
    assert merged_in_ods(b"\xd0\xcf\x11\xe0") == {}


def test_a_merged_cell_stands_in_each_of_its_rows():
    filling = Merged([((1, 0), (2, 0))])
    rows = [["网格", "姓名"], ["第一网格", "沈玉兰"], ["", "贺长林"], ["", "费德海"]]
    for number, cells in enumerate(rows):
        filling.fill(number, cells)
    assert [cells[0] for cells in rows] == ["网格", "第一网格", "第一网格", ""]
