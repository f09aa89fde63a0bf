"""What registers say of somebody's standing: the code of the household's region, a lunar birthday, a disability. Pure."""

from __future__ import annotations

import re
from typing import Final

from callcenter.directory.columns import DISABILITY, DISABILITY_LEVEL, chosen
from callcenter.directory.numerals import in_digits

_HUKOU: Final = re.compile(r"\d{6}(?:\d{3}(?:\d{3})?)?")
_LUNAR: Final = re.compile(
    r"(?:农历|阴历|旧历)?(?P<leap>[Ll]|闰)?(?P<month>\d{1,2}|正|冬|腊|十?[一二三四五六七八九十])(?:月|[-./])"
    r"(?P<day>\d{1,2}|初?[一二三四五六七八九十]|十[一二三四五六七八九]|[二三]十|廿[一二三四五六七八九]|二十[一二三四五六七八九])[日号]?"
)
_MONTHS: Final = {"正": 1, "冬": 11, "腊": 12}
_LAST_MONTH: Final = 12
_LAST_DAY: Final = 30
_CERTIFICATE: Final = re.compile(r"\d{17}[\dXx](?P<kind>[1-7])(?P<level>[1-4])(?:[Bb]\d{1,2})?")
"""Identity number, kind and degree, and which copy it is (GB/T 33661)."""
_KINDS: Final = (
    *("visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"),
)
"""In the order of the certificate's digit."""
_KIND_WORDS: Final = ("视", "听", "言", "肢", "智", "精神", "多重")
_LEVEL: Final = re.compile("([一二三四1-4])级")


def hukou_code(text: str) -> str | None:
    """6, 9 or 12 digits, or None."""
    return text if _HUKOU.fullmatch(text) else None


def lunar_day(text: str) -> str | None:
    """四月初八, 闰四月初八, 04-08 and L04-08 as the last two; None for what is no day of the lunar calendar."""
    found = _LUNAR.fullmatch(text.replace(" ", ""))
    if found is None:
        return None
    month = _MONTHS.get(found["month"]) or int(in_digits(found["month"]))
    day = int(in_digits(found["day"].removeprefix("初").replace("廿", "二十")))
    if not (1 <= month <= _LAST_MONTH and 1 <= day <= _LAST_DAY):
        return None
    return f"{'L' if found['leap'] else ''}{month:02}-{day:02}"


def disability_of(text: str) -> tuple[str | None, str]:
    """Kind and degree out of words such as 肢体残疾二级; None and empty for what is not said."""
    kind = chosen(DISABILITY, text)
    if kind is None:
        said = (k for k, word in zip(_KINDS, _KIND_WORDS, strict=True) if word in text)
        kind = next(said, None)
    level = _LEVEL.search(text)
    return kind, (chosen(DISABILITY_LEVEL, f"{level[1]}级") or "") if level else ""


def told_by_certificate(number: str) -> tuple[str | None, str]:
    """Kind and degree, which stand in the number of the certificate."""
    found = _CERTIFICATE.fullmatch(number.replace(" ", ""))
    if found is None:
        return None, ""
    return _KINDS[int(found["kind"]) - 1], found["level"]
