"""What people write into a cell that has nothing to say: 无, 不详, /. Taken for an address, it makes strangers one household. Pure."""

from __future__ import annotations

import re
from typing import Final

_NOTHING: Final = frozenset(
    {
        "无", "没", "没有", "暂无", "不详", "不祥", "不明", "不清楚", "不知道", "未知", "未填", "未填写", "待定", "待补", "待补充", "待核实",
        "空", "空白", "略", "缺", "保密", "none", "null", "nil", "n/a", "na", "unknown", "tbd", "no", "nan",
        "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#####", "x", "xx", "xxx", "xxxx",
    }
)  # fmt: skip
_NONE_OF_IT: Final = re.compile(
    "(无|没有|没|暂无|未提供|未登记|未办理|未知|不详)(本人|固定|家庭|详细|紧急|手机|联系)*"
    "(电话|手机|手机号|号码|座机|住址|地址|住所|身份证|身份证号|证件|联系人|亲属|子女|设备|小区|门牌|楼号)(号|号码)?"
)
_AS_ABOVE: Final = frozenset({"同上", "同前", "如上", "上同", "同上一行", "〃", "″", '"', "''", "ditto", "same", "as above", "same as above"})  # fmt: skip
_NO_WORD: Final = re.compile(r"[\W_]+")


def says_nothing(text: str) -> bool:
    """Whether a cell is as good as empty."""
    flat = text.strip().lower()
    return bool(
        flat in _NOTHING or _NONE_OF_IT.fullmatch(flat) or _NO_WORD.fullmatch(flat)
    ) and not says_as_above(text)


def says_as_above(text: str) -> bool:
    """Whether a cell refers to the one above it, which a sorted file has elsewhere."""
    return text.strip().lower() in _AS_ABOVE
