"""Whom to call, where name, relation and number stand in one cell, or several people do: 女儿周晓梅13909100228. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

_RELATIONS: Final = (
    *("儿媳妇", "外孙女", "外甥女", "大女儿", "二女儿", "三女儿", "小女儿", "大儿子", "二儿子", "三儿子", "小儿子", "护理员", "网格员", "志愿者"),
    *("女儿", "儿子", "长子", "次子", "三子", "长女", "次女", "三女", "独子", "独女", "儿媳", "女婿", "孙子", "孙女", "外孙", "老伴", "配偶"),
    *("丈夫", "妻子", "爱人", "父亲", "母亲", "哥哥", "弟弟", "姐姐", "妹妹", "兄弟", "姐妹", "侄子", "侄女", "侄儿", "外甥", "邻居", "朋友"),
    *("保姆", "社工", "亲属", "亲戚", "家属", "子女", "亲友", "之子", "之女", "其子", "其女", "同事", "房东", "战友", "学生", "养子", "养女"),
    *("继子", "继女", "监护人", "大儿", "二儿", "小儿", "大女", "二女", "小女", "婆婆", "公公", "岳父", "岳母", "表弟", "表妹", "堂弟"),
)  # fmt: skip
_ALONE: Final = frozenset({*_RELATIONS, "子", "女", "夫", "妻", "儿", "媳", "婿", "孙", "侄", "兄", "弟", "姐", "妹", "邻", "父", "母"})  # fmt: skip
_NUMBER: Final = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d)"
)
_LABEL: Final = re.compile(
    r"(?:姓\s*名|关系|与老人关系|联系电话|联系方式|电话号码|手机号码|手机号|电\s*话|手\s*机|tel)\s*[:：]?",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[\s/\\、,，;；:：|()（）\[\]【】—–\-+&]+")
_SEVERAL: Final = re.compile(r"\s*[、/\\,，;；|\n]\s*")
_PREFIXED: Final = re.compile(rf"({'|'.join(_RELATIONS)})([\u3400-\u9fff]{{2,4}})")
_SUFFIXED: Final = re.compile(r"([\u3400-\u9fff]{2,4})[(（]([^()（）]+)[)）]")


@dataclass(frozen=True, slots=True)
class Written:
    """A contact as it is written: any part may be missing."""

    name: str
    relation: str = ""
    phone: str = ""


def written_contacts(name: str, relation: str, phone: str) -> list[Written]:
    """The people of one group of cells, in their order."""
    if not phone and (found := list(_in_one_cell(name))):
        return [replace(each, relation=each.relation or relation) for each in found]
    if not name and (found := list(_in_one_cell(phone))):
        return [replace(each, relation=each.relation or relation) for each in found]
    names, phones = _SEVERAL.split(name), _SEVERAL.split(phone)
    relations = _SEVERAL.split(relation)
    if len(names) == len(phones) > 1 and all(names) and all(phones):
        each_relation = relations if len(relations) == len(names) else [relation] * len(names)
        return [
            _with_relation(Written(*one)) for one in zip(names, each_relation, phones, strict=True)
        ]
    return [_with_relation(Written(name, relation, phone))]


def _in_one_cell(text: str) -> Iterator[Written]:
    """People with their numbers; nothing unless every number has its words, before it or (all of them) behind it."""
    numbers = list(_NUMBER.finditer(text))
    words = [_worded(part) for part in _NUMBER.split(text)]
    before, behind = words[:-1], words[1:]
    for told, beside in ((before, behind), (behind, before)):
        if numbers and all(each.name for each in told):
            for each, other, number in zip(told, beside, numbers, strict=True):
                relation = each.relation or ("" if other.name else other.relation)
                yield replace(each, relation=relation, phone=number[0])
            return
    if numbers and len(named := [each for each in words if each.name]) == 1:
        yield replace(named[0], phone="/".join(number[0] for number in numbers))


def _worded(text: str) -> Written:
    parts = [part for part in _BETWEEN.split(_LABEL.sub(" ", text)) if part]
    relations = [part for part in parts if part in _ALONE]
    names = [part for part in parts if part not in _ALONE]
    written = Written(" ".join(names), "".join(relations[:1]))
    return _with_relation(written)


def _with_relation(written: Written) -> Written:
    """周晓梅（女儿） and 女儿周晓梅 say a relation that its own column leaves open."""
    if found := _SUFFIXED.fullmatch(written.name.strip()):
        return Written(found[1], written.relation or found[2], written.phone)
    if not written.relation and (found := _PREFIXED.fullmatch(written.name.strip())):
        return Written(found[2], found[1], written.phone)
    return written
