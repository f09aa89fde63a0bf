"""Chinese personal names in Latin letters: pinyin and initials for search, the spelled name for English texts. Pure.

Surnames are read by a table of their own, because several are read otherwise than the same character elsewhere:
单 is Shan as a surname and dan in a word. Two-character surnames (欧阳) stay together: Ouyang Suqin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

SURNAME_READINGS: Mapping[str, str] = MappingProxyType(
    {
        "单": "shan",
        "仇": "qiu",
        "曾": "zeng",
        "解": "xie",
        "区": "ou",
        "朴": "piao",
        "查": "zha",
        "盖": "ge",
        "缪": "miao",
        "任": "ren",
        "华": "hua",
        "翟": "zhai",
        "尉": "wei",
        "乐": "yue",
        "员": "yun",
        "黑": "he",
        "折": "she",
        "召": "shao",
        "秘": "bi",
        "种": "chong",
        "繁": "po",
        "冼": "xian",
        "洗": "xian",
        "逄": "pang",
        "逯": "lu",
        "覃": "qin",
        "晁": "chao",
        "隗": "wei",
        "卜": "bu",
        "燕": "yan",
        "宁": "ning",
        "哈": "ha",
        "能": "nai",
        "牟": "mu",
        "幺": "yao",
        "佴": "nai",
        "郇": "xun",
        "乜": "nie",
        "葛": "ge",
        "贠": "yun",
        "万俟": "mo qi",
        "尉迟": "yu chi",
        "长孙": "zhang sun",
        "澹台": "tan tai",
        "单于": "chan yu",
        "宰父": "zai fu",
        "令狐": "ling hu",
    }
)
"""Readings of surnames where the usual reading of the character differs or is easily missed."""

OTHER_READINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "单": ("dan", "chan"), "仇": ("chou",), "曾": ("ceng",), "解": ("jie", "hai"), "区": ("qu",), "朴": ("pu",),
        "查": ("cha",), "盖": ("gai",), "缪": ("mou", "miu"), "翟": ("di",), "尉": ("yu",), "乐": ("le", "lao"),
        "员": ("yuan",), "贠": ("yuan",), "黑": ("hei",), "折": ("zhe",), "召": ("zhao",), "秘": ("mi",), "种": ("zhong",),
        "繁": ("fan",), "洗": ("xi",), "覃": ("tan", "xun"), "隗": ("kui",), "燕": ("yan",), "能": ("neng",),
        "牟": ("mou",), "幺": ("yao",), "佴": ("er",), "郇": ("huan",), "乜": ("mie",), "逄": ("feng",), "逯": ("lv",),
        "冼": ("sheng",), "万俟": ("wan si",), "尉迟": ("wei chi",), "长孙": ("chang sun",), "澹台": ("dan tai",),
        "单于": ("shan yu", "dan yu"), "阚": ("kan", "han"), "祭": ("zhai", "ji"), "谌": ("chen", "shen"),
        "费": ("fei", "bi"), "纪": ("ji",), "华": ("hua",), "应": ("ying",), "薄": ("bo", "bao"), "柏": ("bai", "bo"),
        "车": ("che", "ju"), "石": ("shi", "dan"), "褚": ("chu", "zhu"), "洪": ("hong",), "俞": ("yu", "shu"),
        "臧": ("zang", "cang"), "贾": ("jia", "gu"), "盛": ("sheng", "cheng"), "沈": ("shen", "chen"), "叶": ("ye", "she"),
        "过": ("guo",), "哈": ("ha",), "撒": ("sa",), "教": ("jiao",), "戚": ("qi",), "相": ("xiang",), "那": ("na", "nuo"),
        "都": ("du", "dou"), "宿": ("su", "xiu"), "晟": ("cheng",), "尹": ("yin",), "呙": ("guo", "wo"), "句": ("gou", "ju"),
        "适": ("kuo", "shi"), "仝": ("tong",), "昝": ("zan",), "訾": ("zi",), "麴": ("qu",), "令狐": ("ling hu",),
    }
)  # fmt: skip
"""How else a surname is read, rightly or by who has only seen it written: whoever searches may not know its bearer."""

_COMPOUND = (
    "欧阳司马上官诸葛夏侯皇甫尉迟公孙慕容令狐"
    "司徒司空东方独孤南宫宇文长孙轩辕端木百里"
    "东郭西门公羊澹台濮阳太史申屠呼延万俟闾丘"
    "鲜于钟离单于宰父拓跋赫连淳于公冶宗政"
)
GIVEN_READINGS: Mapping[str, str] = MappingProxyType({"长": "chang"})

COMPOUND_SURNAMES = frozenset(_COMPOUND[i : i + 2] for i in range(0, len(_COMPOUND), 2))

_SEPARATORS = re.compile(r"[\s·•・.\-_]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_LATIN_OF_V = MappingProxyType({"lv": "lyu", "nv": "nyu", "lve": "lyue", "nve": "nyue"})
"""Passports write ü as yu."""


@dataclass(frozen=True, slots=True)
class LatinName:
    """`pinyin` and `initials` are lower case without spaces and made for search; `latin` is made for reading."""

    latin: str
    pinyin: str
    initials: str


def latin_name(name: str) -> LatinName:
    """Read a name: 沈玉兰 is Shen Yulan, shenyulan, syl. A name in Latin letters stays as it is."""
    cleaned = name.strip()
    if not _HAN.search(cleaned):
        latin_words = [word for word in _SEPARATORS.split(cleaned) if word]
        letters = [letters_of(word) for word in latin_words]
        initials = "".join(word[:1] for word in letters)
        return LatinName(" ".join(latin_words), "".join(letters), initials)
    words = _words(cleaned)
    syllables = [syllable for word in words for syllable in word]
    return LatinName(
        latin=" ".join(_spelled(word) for word in words if word),
        pinyin="".join(syllables),
        initials="".join(syllable[0] for syllable in syllables),
    )


def read_dictionaries() -> None:
    """Now, and not with the first name: it keeps every thread of the process waiting for a third of a second."""
    _syllables("张")


def letters_of(text: str) -> str:
    """Lower case, without apostrophes and accents: O'Neil is oneil, José is jose; ü is v, as it is typed."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ü", "v"))
    return "".join(character for character in plain if character.isalnum())


@cache
def readings() -> Mapping[str, frozenset[str]]:
    """Surname -> all its readings, without spaces."""
    from_tables = {**{name: (reading,) for name, reading in SURNAME_READINGS.items()}}
    for name, others in OTHER_READINGS.items():
        from_tables[name] = (*from_tables.get(name, ()), *others)
    return {
        name: frozenset(each.replace(" ", "") for each in all_of)
        for name, all_of in from_tables.items()
    }


def _words(name: str) -> list[list[str]]:
    parts = [part for part in re.split(r"[\s·•・]+", name) if part]
    if len(parts) > 1:  # 阿依古丽·买买提: given name and father's name, no Han surname
        return [_syllables(part) for part in parts]
    surname, given = split_surname(parts[0])
    return [_surname_syllables(surname), _given_syllables(given)]


_PADDED = re.compile(r"([\u3400-\u9fff]{1,2}) ([\u3400-\u9fff](?: ?[\u3400-\u9fff]){0,2})")


def without_padding(name: str) -> str:
    """王 伟 is 王伟, spread out to the width of longer names; 阿依古丽 买买提 are two names."""
    found = _PADDED.fullmatch(name)
    if found and (len(found[1]) == 1 or found[1] in COMPOUND_SURNAMES):
        return name.replace(" ", "")
    return name


def split_surname(name: str) -> tuple[str, str]:
    """Surname and given name. A name of two characters that look like a two-character surname is 欧 and 阳."""
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2], name[2:]
    return name[:1], name[1:]


def _surname_syllables(surname: str) -> list[str]:
    reading = SURNAME_READINGS.get(surname)
    return list(reading.split()) if reading else _syllables(surname)


def _given_syllables(given: str) -> list[str]:
    """As given names are read: 长 is long (长林, 长顺), not elder."""
    syllables = _syllables(given)
    if len(syllables) == len(given):
        return [
            GIVEN_READINGS.get(character, syllable)
            for character, syllable in zip(given, syllables, strict=True)
        ]
    return syllables


def _syllables(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionaries cost every start a third of a second

    found: list[str] = lazy_pinyin(text, style=Style.NORMAL, errors="default")
    return [syllable.lower() for syllable in found if syllable.strip()]


def _spelled(syllables: list[str]) -> str:
    return "".join(_LATIN_OF_V.get(syllable, syllable) for syllable in syllables).capitalize()
