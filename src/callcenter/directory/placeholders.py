"""What people write into a cell that has nothing to say: 无, 不详, /. Taken for an address, it makes strangers one household. Pure."""

from __future__ import annotations

import re
from typing import Final

_NOTHING: Final = frozenset(
    {
        "无", "没", "没有", "暂无", "不详", "不祥", "不明", "不清楚", "不知道", "未知", "未填", "未填写", "待定", "待补", "待补充", "待核实",
        "暂缺", "空缺", "缺失", "待查", "待完善", "待采集", "待确认", "未采集", "未登记", "未提供", "未录入", "未办理", "未留", "未安装", "未装",
        "没填", "没写", "未写", "空着", "不清", "不知", "不晓得", "不记得", "记不清", "不肯说", "不便提供", "无法提供", "拒绝提供", "不愿提供",
        "拒绝", "不适用", "无记录", "无此项", "无信息", "暂无信息", "空号", "停机", "已停机", "已注销", "查无此人", "unkown", "unknow",
        "none given", "not known", "not available", "not applicable", "missing", "empty", "blank",
        "空", "空白", "略", "缺", "保密", "none", "null", "nil", "n/a", "na", "unknown", "tbd", "no", "nan", "n.a", "n.a.",
        "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#####", "x", "xx", "xxx", "xxxx",
    }
)  # fmt: skip
_WHAT: Final = (
    "(电话|电话号码|手机|手机号|手机号码|联系电话|联系方式|号码|座机|固话|住址|地址|住所|身份证|身份证号|身份证号码|证件|证件号|联系人|亲属|家属|子女|儿女|老伴|"
    "配偶|设备|小区|门牌|楼号|信息|资料|病史|过敏史|用药)"
)
_NONE_OF_IT: Final = re.compile(
    "(无|没有|没|暂无|未提供|未登记|未采集|未办理|未留|未填|未装|未安装|未知|不详|不知)(本人|固定|家庭|详细|紧急|手机|联系|任何|其他)*"
    + _WHAT
)
_IT_IS_UNKNOWN: Final = re.compile(
    "(本人|固定|家庭|详细|紧急|联系|具体)*"
    + _WHAT
    + "(不详|不明|不清|不清楚|未知|未提供|未登记|未采集|未填|暂无|暂缺|没有|无|空|待定|待补|待补充|待查|待核实|保密)"
)
_AS_ABOVE: Final = frozenset({"〃", "″", "〞", "„", '"', "''", "ditto", "do.", "ibid", "ibid.", "same", "as above", "same as above"})  # fmt: skip
_ROW_ABOVE: Final = re.compile(
    "(同|如|见)(上|前|上面|前面)(一?(户|行|格|栏|条|列|人))?|上同|同上述"
)
_ELSEWHERE: Final = re.compile(
    "(同|如|见)(上|前|左|右|上面|前面)(一?(户|行|格|栏|条|列|人))?|上同|同上述|以上"
    "|同(户主|本人|老人|配偶|老伴|户籍|户籍地|户籍地址|户籍住址|户口|户口本|身份证|身份证地址|住址|地址|现住址|居住地|居住地址)(一致|相同)?"
)
"""Says the same as another cell: of the row above, or of a column that is not read."""
_NO_WORD: Final = re.compile(r"[\W_]+")
_BETWEEN: Final = re.compile(r"[\s/、,，;；|\-]+")
_BLANK_IN_A_WORD: Final = re.compile("(?<=[\u3400-\u9fff])\\s+(?=[\u3400-\u9fff])")
_LINES: Final = '-—–_－─="“”'
_AROUND: Final = "()（）[]【】<>《》{}。.,，、;；:：!！?？*~ "


def says_nothing(text: str) -> bool:
    """Whether a cell is as good as empty."""
    if says_as_above(text):
        return False
    flat = _BLANK_IN_A_WORD.sub("", text.strip().lower())
    if _NO_WORD.fullmatch(flat) or _is_nothing(flat) or _is_nothing(flat.strip(_AROUND)):
        return True
    parts = [part.strip(_AROUND) for part in _BETWEEN.split(flat)]
    return len(parts) > 1 and all(not part or _is_nothing(part) for part in parts)


def _is_nothing(flat: str) -> bool:
    known = flat in _NOTHING or _NONE_OF_IT.fullmatch(flat) or _IT_IS_UNKNOWN.fullmatch(flat)
    half = flat[: len(flat) // 2]
    return (
        bool(known)
        or re.fullmatch("0{2,}", flat) is not None
        or (half + half == flat and half in _NOTHING)
    )


def says_as_above(text: str) -> bool:
    """Whether a cell refers to another one, such as that above it, which a sorted file has elsewhere."""
    flat = _BLANK_IN_A_WORD.sub("", text.strip().lower())
    return flat in _AS_ABOVE or _ELSEWHERE.fullmatch(flat.strip(_AROUND + _LINES)) is not None


def says_row_above(text: str) -> bool:
    """Whether what a cell refers to is the same column of the row above."""
    flat = _BLANK_IN_A_WORD.sub("", text.strip().lower())
    return flat in _AS_ABOVE or _ROW_ABOVE.fullmatch(flat.strip(_AROUND + _LINES)) is not None
