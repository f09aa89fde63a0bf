"""Numbers of houses as people write them in Chinese: 七号楼, 十二单元, 三〇二室. Pure."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = {
    "〇": 0, "零": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "叁": 3, "四": 4, "肆": 4, "五": 5, "伍": 5,
    "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
_WEIGHTS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_NUMERAL: Final = re.compile(f"[{''.join((*_DIGITS, *_WEIGHTS))}]+")


def in_digits(text: str) -> str:
    """The text, or its number in digits if it is nothing but a Chinese numeral: 十二 is 12, 三〇二 is 302."""
    if not _NUMERAL.fullmatch(text):
        return text
    if not any(character in _WEIGHTS for character in text):
        return "".join(str(_DIGITS[character]) for character in text)
    return str(_counted(text))


def _counted(text: str) -> int:
    total, digit = 0, None
    for character in text:
        if (weight := _WEIGHTS.get(character)) is not None:
            total += (1 if digit is None else digit) * weight
            digit = None
        else:
            digit = _DIGITS[character]
    return total + (digit or 0)
