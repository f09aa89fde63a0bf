"""The name of a person, out of a cell that says more or something else: 1.沈玉兰（已故）, 沈玉兰/贺长林, 13901000137. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from callcenter.core.errors import Invalid

_NUMBERED: Final = re.compile(r"^\(?\d{1,4}\)?\s*[.、．)）]\s*")
_MARKS: Final = re.compile(r"^[*＊★☆●▲△#\s]+|[*＊★☆●▲△#,，、;；。.\s]+$")
_BESIDE: Final = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]*)[)）\]】]\s*")
_PEOPLE: Final = re.compile(
    r"[\u3400-\u9fff]{2,4}(?:\s*(?:[、/\\,，;；&+|\n]|\s及\s|\s和\s)\s*[\u3400-\u9fff]{2,4})+"
)
_DIGITS: Final = re.compile(r"\d{5,}")


_HAN: Final = re.compile("[\u3400-\u9fff]")
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤葛费诸洪樊易施贝温俞倪殷柳鲁岳章华牛童安常阮管岑柯裴霍宁骆祝解聂舒邢庞翟关席焦严欧柴涂齐谷甘翁司蓝梅盛翁茅戚柏单包"
)


@dataclass(frozen=True, slots=True)
class WrittenName:
    """`beside` is what stood in brackets."""

    name: str
    beside: str = ""


def written_name(text: str) -> WrittenName:
    """Raises Invalid: not_a_name, several_people."""
    plain = _MARKS.sub("", _NUMBERED.sub("", text))
    beside = "、".join(found for found in _BESIDE.findall(plain) if found.strip())
    name = _BESIDE.sub(" ", plain).strip() or plain
    if _PEOPLE.fullmatch(name) or _two_by_a_blank(name):
        raise Invalid("More than one person.", code="several_people")
    name = re.sub(r"\s*\n\s*", "", name)
    if text and (
        _DIGITS.search(name) or not any(each.isalpha() for each in name) or _HAN.fullmatch(name)
    ):
        raise Invalid("No name.", code="not_a_name")
    return WrittenName(name, beside if name != plain else "")


def _two_by_a_blank(name: str) -> bool:
    """沈玉兰 贺长林, but not 古丽 买买提: both begin with a surname, and one alone is a whole name."""
    parts = name.split()
    lengths = [len(part) for part in parts]
    return (
        len(parts) == 2
        and sorted(lengths) in ([2, 3], [3, 3])
        and all(part[0] in _SURNAMES for part in parts)
    )
