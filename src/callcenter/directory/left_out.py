"""Rows below the headings that are no person: sums, signatures, titles of sections, headings of the next page. Pure.

They are left out, and said with their numbers: whoever is taken for one of them is not lost in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_TEXT_SHOWN: Final = 60
_LABELS: Final = "合计|总计|小计|累计|总人数|合计人数|本页合计|本页小计|以下空白|以下无正文|此页无正文|以下为空|以下无数据|人数|人数合计|汇总|续表|续上表|接上页|转下页"
_SIGNED: Final = (
    "(?:填表|填报|填写|报送|上报|经手|汇总|采集|走访|校对|制表|造表|审核|复核|审批|经办|登记|统计|核对|录入|调查|负责|单位负责|社区负责|主管|联系|签字|签名)(?:人员|人|单位|部门|日期|时间)?"
    r"(?:\(?(?:签字|签章|签名|盖章)\)?)?"
)
_FOOTER: Final = re.compile(
    rf"(?:{_LABELS})(?:\s|[:(,]|\d|$).*"
    rf"|{_SIGNED}\s*(?:[:(].*|$)"
    r"|(?:备注|说明|注|附注|备 注|填表说明|填写说明|填表要求|注意事项|注意|提示|单位|地址|日期|时间|电话|联系电话|监督电话|咨询电话|社区电话|村\(居\)委会|社区|居委会)\s*\d*\s*:.*"
    r"|注\s*\d*\s*[.、].*"
    r"|(?:以上|总共|共计|共有|合共|共)\s*\d+\s*[人户名位条].*"
    r"|(?:说明|备注|注|日期|时间|填表日期|填报日期|统计时间|统计日期|完|end)"
    r"|\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}"
    r"|第\s*\d+\s*页.*"
    r"|\(?(?:单位)?(?:盖章|公章|签章)\)?.*"
    r"|(?:\d{4}|[〇零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]+\s*月(?:\s*[\d一二三四五六七八九十]+\s*日)?",
    re.DOTALL | re.IGNORECASE,
)
_EXAMPLE: Final = re.compile(
    r"(?:填写)?(?:示例|样例|例子|举例|范例)(?:[\s:(\d].*)?|[例如]\s*\d?\s*(?:[:].*)?|.+\((?:示例|样例|例|范例|填写示例)\)"
)
_LIVING_PLACE: Final = ("address", "door", "building")
_FEW: Final = 3
_NAME_LIKE: Final = re.compile(
    r"[*★☆●▲△#\d.、\s]*[\u3400-\u9fff\U00020000-\U000323af]{2,4}(?:[·•.\s][\u3400-\u9fff]+)*(?:\s*\(.*\))?[*\s]*"
    r"|[A-Za-z][A-Za-z'.\-]*(?:\s+[A-Za-z'.\-]+)+"
)
"""What may be somebody's name where nothing else is said of them; then the row is refused, not left out."""
_SPREAD: Final = re.compile("(?<=[\u3400-\u9fff])\\s+(?=[\u3400-\u9fff])")
"""合  计 and 制 表, spread out to the width of the table."""
_SECTION: Final = re.compile(
    r"(?:[一二三四五六七八九十]+|\(?[一二三四五六七八九十]+\)|第[一二三四五六七八九十\d]+[部分章节])\s*[、.:)\s].*"
    r"|.{0,30}?(?:[\d一二三四五六七八九十]+\s*(?:号楼|栋|幢|单元|网格|小区|组|村民小组)|网格|小区|社区|居委会|村委会)(?:\s*\(.*\))?"
)
_OF_A_PERSON: Final = frozenset(
    {"name", "identity_number", "birth_date", "phone", "second_phone", "devices"}
)
_DATES: Final = ("birth_date", "retired_on", "party_joined_on")
_HAS_IDENTITY: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is taken for nobody: its number in the file, and the beginning of its text."""

    row: int
    text: str


def left_out(
    number: int, cells: Sequence[str], columns: Mapping[str, int], headings: Sequence[str]
) -> LeftOut | None:
    """The row as one that is no person, or None: then it is read."""
    filled = [_flat(cell) for cell in cells if cell.strip()]
    if not _is_nobody(filled, cells, columns, headings):
        return None
    return LeftOut(number, " ".join(dict.fromkeys(filled))[:_TEXT_SHOWN])


def _is_nobody(
    filled: Sequence[str],
    cells: Sequence[str],
    columns: Mapping[str, int],
    headings: Sequence[str],
) -> bool:
    name = _flat(_cell(cells, columns["name"]))
    if _EXAMPLE.fullmatch(name) or _EXAMPLE.fullmatch(filled[0]):
        return True
    if any(_HAS_IDENTITY.search(cell) for cell in filled):
        return False
    lives = any(_cell(cells, columns[key]) for key in _LIVING_PLACE if key in columns)
    return (
        _says_the_headings(cells, columns, headings)
        or _FOOTER.fullmatch(name) is not None
        or (_FOOTER.fullmatch(filled[0]) is not None and not (name and lives))
        or sum(_FOOTER.fullmatch(cell) is not None for cell in _but_dates(cells, columns)) > 1
        or (not lives and sum(":" in cell for cell in filled) > 1)
        or _counts_the_columns(filled)
        or _is_title(filled, name)
        or (not lives and len(filled) <= _FEW and name != "" and not _NAME_LIKE.fullmatch(name))
        or not any(_cell(cells, place) for place in _places(columns))
    )


def _but_dates(cells: Sequence[str], columns: Mapping[str, int]) -> list[str]:
    """What is filled outside the columns of dates: who has retired and joined the party on a day has signed nothing."""
    dates = {columns[key] for key in _DATES if key in columns}
    return [_flat(cell) for place, cell in enumerate(cells) if cell.strip() and place not in dates]


def _counts_the_columns(filled: Sequence[str]) -> bool:
    """1, 2, 3, ... below the headings of an official form."""
    return len(filled) > 2 and list(filled) == [str(n) for n in range(1, len(filled) + 1)]


def _flat(text: str) -> str:
    return _SPREAD.sub("", unicodedata.normalize("NFKC", text).strip())


def _says_the_headings(
    cells: Sequence[str], columns: Mapping[str, int], headings: Sequence[str]
) -> bool:
    same = [place for place in columns.values() if _cell(cells, place) == headings[place].strip()]
    return columns["name"] in same and len(same) > 1


def _is_title(filled: Sequence[str], name: str) -> bool:
    """One text over the width of the table (a merged row has it in each of its cells), or alone and worded as a title."""
    if len(set(filled)) > 1:
        return False
    return len(filled) > 1 or (bool(name) and _SECTION.fullmatch(name) is not None)


def _places(columns: Mapping[str, int]) -> list[int]:
    """Columns of which one at least is filled where a person is meant."""
    return [
        place
        for key, place in columns.items()
        if key in _OF_A_PERSON or key.startswith("contact") or key in ("address", "door")
    ]


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
