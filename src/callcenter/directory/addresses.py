"""Building, entrance and door within an address as people write it: 阳光里小区7栋2单元301, 7#2-301, 七号楼二单元. Pure.

What can be read in two ways (7-301: of which entrance, or of which building?) is left as it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from callcenter.core.visible import narrow
from callcenter.directory.numerals import in_digits

_NUMERAL: Final = "〇零一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾两"
_NUMBER: Final = rf"(?:\d{{1,3}}[A-Za-z]?|[A-Za-z]\d{{0,2}}|[{_NUMERAL}]{{1,4}})"
_GAP: Final = r"[\s,，、/]*-?[\s,，、/]*"
_BUILDING: Final = rf"(?P<building>{_NUMBER})\s*(?:号楼|#楼|栋楼|幢楼|栋|幢|座|#|楼(?![层道上下]))"
_ENTRANCE: Final = rf"(?P<entrance>{_NUMBER}|[东西南北中甲乙丙丁])\s*(?:单元|门洞|门(?!牌)|#|(?=-))"
_FLOOR: Final = rf"(?:{_NUMBER})\s*(?:层|楼)"
_DOOR: Final = rf"(?P<door>\d{{2,4}}[A-Za-z]?|[{_NUMERAL}]{{2,4}})\s*(?:室|号房|号|房|户|#)?"
_BEFORE: Final = rf"(?P<before>(?:.*?[^\dA-Za-z{_NUMERAL}#\-])??)"
_WORDED: Final = re.compile(
    rf"{_BEFORE}{_BUILDING}(?:{_GAP}{_ENTRANCE})?(?:{_GAP}{_FLOOR})?(?:{_GAP}{_DOOR})?"
)
_DASHED: Final = re.compile(
    rf"{_BEFORE}(?P<building>\d{{1,3}})\s*[-/]\s*(?P<entrance>\d{{1,2}})\s*[-/]\s*(?P<door>\d{{2,4}})\s*(?:室|号)?"
)
_WITHIN: Final = re.compile(
    rf"(?:(?P<building>\d{{1,3}})\s*-\s*)?(?:{_ENTRANCE}){_GAP}(?:{_FLOOR}{_GAP})?{_DOOR}"
)
_PAIR: Final = re.compile(r"(\d{1,3})\s*[-#]\s*(\d{1,2})")
_DASHES: Final = re.compile("[‐‑‒–—―−－─﹣]+")
_ORDINAL: Final = re.compile(rf"第(?={_NUMBER}\s*(?:号楼|#|栋|幢|座|单元))")
_AFTER: Final = re.compile(r"\s*[(（][^()（）]*[)）]$")


@dataclass(frozen=True, slots=True)
class Parts:
    """`before` is what stands in front of the building: an estate, perhaps with street and city."""

    before: str
    building: str
    entrance: str
    door: str


NO_PARTS: Final = Parts("", "", "", "")


def parts_of(address: str) -> Parts | None:
    """Where within an estate an address lies, or None where it names no building."""
    text = _AFTER.sub("", _plain(address))
    found = _DASHED.fullmatch(text) or _WORDED.fullmatch(text)
    return _parts(found) if found else None


def parts_of_building(text: str) -> Parts | None:
    """Of what stands in the column of buildings: 7栋2单元, 7-2."""
    if found := _PAIR.fullmatch(_plain(text)):
        return Parts("", house_number(found[1]), house_number(found[2]), "")
    return parts_of(text)


def parts_of_door(text: str) -> Parts | None:
    """Of what stands in the column of doors, where it says more than the door: 2-301, 2单元301, 7-2-301."""
    found = _WITHIN.fullmatch(_plain(text))
    return _parts(found) if found else parts_of(text)


def one_spelling(address: str) -> str:
    """The same for all ways of writing one address."""
    parts = parts_of(address)
    if parts is None or not parts.door:
        return "".join(_plain(address).split())
    entrance = f"{parts.entrance}单元" if parts.entrance else ""
    return f"{''.join(parts.before.split())}{parts.building}号楼{entrance}{parts.door}室"


def house_number(text: str) -> str:
    """Of a building or an entrance, in digits and without leading zeros: 七 and 07 are 7."""
    return in_digits(text.strip()).lstrip("0") or text.strip()


def same_estate(written: str, standing: str) -> bool:
    """Whether what a row says may be the estate of a building: 榆荫街道榆荫里小区 is 榆荫里."""
    bare = standing.removesuffix("小区")
    ends = "".join(written.split()).removesuffix("小区").endswith(bare)
    return not written or not standing or ends


def _plain(text: str) -> str:
    return _ORDINAL.sub("", _DASHES.sub("-", narrow(text))).strip(" \t。.;；,，、")


def _parts(found: re.Match[str]) -> Parts:
    group = {name: (value or "").strip() for name, value in found.groupdict().items()}
    return Parts(
        group.get("before", "").rstrip("，,、 "),
        house_number(group["building"]).upper(),
        house_number(group["entrance"]),
        in_digits(group["door"]),
    )
