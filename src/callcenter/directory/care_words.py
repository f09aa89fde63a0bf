"""What communities call their people (独居, 低保, 失独, 残疾), in whatever column it stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from callcenter.directory.columns import CHOICES, FLAGS, chosen
from callcenter.directory.vocabulary import NO_WORDS, Meaning, Subject, Vocabulary

KEYS: Final = ("living", "welfare", "ability")
"""Columns whose words stand in each other's."""
_NOTED: Final = re.compile(
    ".*残疾.*|[肢听视言智精].?残.*|(?:肢体|视力|听力|言语|智力|精神|多重)(?:障碍|[一二三四1-4]级).*|盲人?|聋哑?人?|失明|失聪"
    "|(?:高龄|失智|认知症|认知障碍|老年痴呆|痴呆|阿尔茨海默|留守|卧床|长期卧床|瘫痪|行动不便|重病|大病|慢病|慢性病|患病|失能|半失能).*"
    "|(?:计生|计划生育|独生子女).*|.*(?:党员|军人|军属|劳模|劳动模范|归侨|侨属|侨眷|离休.*|退休.*|干部)|低收入.*|低保边缘.*|边缘.*|支出型.*|困难.*"
    "|困境.*|贫困.*|建档立卡.*|脱贫.*|百岁.*|寿星|[\\d~-]+(?:周?岁).*|丧偶|未婚|离异|单身|(?:原|曾|拟|申请|已?(?:取消|退出|停)).*|重残.*|享受.*|.*津贴.*|.*补贴.*|.*险|重点(?:人群|对象|关注|关爱).*|外来.*|居家养老.*|政府购买服务.*"
)
"""Words that no column has; what they say is kept as it is written."""
_ORDINARY: Final = re.compile(
    "(?:普通|一般|正常|常规|其他|其它|社会|自费|户籍|常住)(?:老人|老年人|人员|户|家庭|人群|居民|类)?|老人|老年人|否|非.*|不是.*|不享受.*|无"
)
_YES: Final = frozenset({"是", "√", "✓", "✔", "☑", "v", "y", "yes", "1", "有", "对", "true", "●", "■", "属于", "享受", "是的"})  # fmt: skip
_NO: Final = frozenset({"否", "不是", "×", "✗", "✘", "x", "n", "no", "0", "无", "没有", "false", "非", "□", "○", "不属于", "不享受", "不", "-", "/", "—"})  # fmt: skip


SEPARATORS: Final = re.compile(r"[、,，;；|\n/+＋&\s]+(?![^(（]*[)）])")
"""Between the words of a cell; not within brackets."""
_BEFORE_OTHERS: Final = (
    "高龄",
    "残疾",
    "失智",
    "失能",
    "留守",
    "孤寡",
    "困难",
    "贫困",
    "重残",
    "空巢",
    "独居",
)
_KNOWN: Final = sorted(
    {
        *_BEFORE_OTHERS,
        *(
            word
            for key in KEYS
            for words in CHOICES[key].values()
            for word in words
            if len(word) > 1
        ),
    },
    key=len,
    reverse=True,
)
_WORD: Final = re.compile("|".join(map(re.escape, _KNOWN)))
_JOINED: Final = re.compile(f"(?:{_WORD.pattern}){{2,}}(?:老年人|老人|人员|户|家庭)?")
_LONGEST: Final = 24
"""Characters: longer ones can be taken apart in too many ways."""
_DEGREE: Final = "[一二三四1-4]级"
_DISABLED: Final = re.compile(f".{{0,4}}残疾?(?:老?人)?{_DEGREE}|{_DEGREE}.{{0,3}}残疾?(?:老?人)?")
"""二级残疾 is no second degree of ability."""
_CONTRARY: Final = re.compile("[非不无未否曾拟原]|没|边缘|申请|退出|取消|停")
_CORES: Final = (
    (re.compile("特困|五保"), "welfare", "特困"),
    (re.compile("低保"), "welfare", "低保"),
    (re.compile("失独"), "welfare", "失独"),
    (re.compile("优抚"), "welfare", "优抚"),
    (re.compile("独居"), "living", "独居"),
    (re.compile("空巢|夫妻.*住|老伴.*住|双老"), "living", "空巢"),
    (re.compile("保姆|护工"), "living", "保姆同住"),
)
_OF_OTHERS: Final = re.compile("[夫妻伴偶子女儿父母媳婿]|爱人|亲属|家人")
_STATUS: Final = (
    (re.compile("去世|已故|死亡|病故|病逝|过世|逝世|身故|亡故"), "deceased"),
    (re.compile("迁出|搬走|搬离|搬迁|迁走"), "moved"),
    (re.compile("养老院|敬老院|养老机构|护理院|福利院|外出"), "away"),
    (re.compile("住院"), "hospital"),
)


@dataclass(slots=True)
class Care:
    """What was understood. `noted` is kept in a note; `unknown` are (key, word) that nobody knows."""

    living: str | None = None
    welfare: list[str] = field(default_factory=list)
    ability: str | None = None
    status: str | None = None
    risk: str | None = None
    noted: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


def care_of(words: Mapping[str, Sequence[str]], vocabulary: Vocabulary = NO_WORDS) -> Care:
    """Of the words in each of the columns KEYS. The office's own vocabulary comes first, then a column's own words, and what a
    column says itself outweighs others.
    """
    care = Care()
    written = [(key, word) for key in KEYS for word in words[key]]
    strange = [(key, word) for key, word in written if not _knows(care, key, word, vocabulary)]
    told = [(key, part) for key, word in strange for part in _apart(key, word)]
    left = [(key, word) for key, word in told if not _keep(care, key, key, word)]
    for key, word in left:
        others = [other for other in KEYS if other != key]
        if any(_keep(care, key, other, word) for other in others) or _says_nothing_of(key, word):
            continue
        if (core := _core(word)) is not None:
            _keep(care, key, *core)
            care.noted.append((key, word))
            continue
        beside = key != "welfare" and getattr(care, key) is not None
        (care.noted if beside or _NOTED.fullmatch(word) else care.unknown).append((key, word))
    return care


def _knows(care: Care, key: str, word: str, vocabulary: Vocabulary) -> bool:
    meaning = vocabulary.meaning(word)
    if meaning is not None:
        _take(care, key, word, meaning)
    return meaning is not None


def _take(care: Care, key: str, word: str, meaning: Meaning) -> None:
    if meaning.subject is Subject.NOTE:
        care.noted.append((key, word))
    else:
        _put(care, key, meaning.subject.value, word, meaning.value)


def _apart(key: str, word: str) -> list[str]:
    """高龄独居, 低保独居老人: words that follow each other without a sign."""
    known = any(chosen(CHOICES[each], word) for each in (key, *KEYS))
    known = known or _DISABLED.fullmatch(word) is not None
    if known or len(word) > _LONGEST or not _JOINED.fullmatch(word):
        return [word]
    return _WORD.findall(word)


def _core(word: str) -> tuple[str, str] | None:
    """The column and the word that a longer one is about (散居五保, 夫妻二人同住); none where it may say the contrary."""
    if _CONTRARY.search(word):
        return None
    return next(((key, known) for sign, key, known in _CORES if sign.search(word)), None)


def status_in(words: str) -> str | None:
    """What a word beside a name says of where its bearer is: 已故, 2025年去世, 在养老院. Not of others: 老伴去世."""
    if _OF_OTHERS.search(words):
        return None
    told = chosen(CHOICES["status"], words)
    return told or next((value for sign, value in _STATUS if sign.search(words)), None)


def _keep(care: Care, key: str, target: str, word: str) -> bool:
    value = chosen(CHOICES[target], word)
    if value is not None:
        _put(care, key, target, word, value)
    return value is not None


def _put(care: Care, key: str, target: str, word: str, value: str) -> None:
    """The first that a column says holds; only 空巢 gives way to 独居, which says more."""
    said = None if target == "welfare" else getattr(care, target)
    if target == "welfare":
        care.welfare += [value] if value not in care.welfare else []
    elif said in (None, value) or (said, value) == ("couple", "alone"):
        setattr(care, target, value)
    elif (said, value) != ("alone", "couple"):
        care.noted.append((key, word))


def _says_nothing_of(key: str, word: str) -> bool:
    return key == "welfare" and _ORDINARY.fullmatch(word) is not None


def flagged(key: str, text: str) -> bool | None:
    """What a column of yes and no says; None where it is neither."""
    column, value, words = FLAGS[key]
    flat = re.sub(r"\s*[(（].*[)）]$", "", text.strip().lower())
    if flat in _NO or not flat:
        return False
    named = any(flat.startswith(word) for word in words)
    if flat in _YES or named or (column and chosen(CHOICES[column], flat) == value):
        return True
    return None
