"""What a text that came in means: 1 yes, 2 no, with the incident's number where several are open. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    YES = "yes"
    NO = "no"
    OTHER = "other"
    """Shown to the operator as it stands; never guessed, never dropped."""


@dataclass(frozen=True, slots=True)
class Reply:
    meaning: Meaning
    ref: int | None = None
    """Number of the incident, or the code of its texts, if the sender wrote one."""
    code: int | None = None
    """The code, where it was written after the number or right after the answer."""


OTHER = Reply(Meaning.OTHER)
_DIGITS = {"1": Meaning.YES, "2": Meaning.NO}
_WORDS = {
    **dict.fromkeys(
        (
            *("一", "壹", "能", "可以", "能去", "可以去", "我去", "我去吧", "去", "过去", "能过去", "可以过去", "去看看", "过去看看", "去一下", "过去一下"),
            *("去看一下", "过去看一下", "会去", "会过去", "愿意去", "马上到", "马上来", "马上过来", "马上就到", "这就来", "这就到", "赶过去", "赶去"),
            *("yes", "y", "yes i can", "i can", "i can go", "yes i can go", "i will go", "ill go", "i will", "im going", "i am going"),
            *("im on my way", "on my way", "i am on my way", "going", "going now", "im coming"),
        ),
        Meaning.YES,
    ),
    **dict.fromkeys(
        (
            *("二", "贰", "不能", "不能去", "去不了", "不去", "不会去", "不行", "不可以", "不可以去", "不能过去", "过不去", "过去不了", "去不成"),
            *("没空", "没有空", "没时间", "没有时间", "不方便", "不方便去", "没法去", "没办法去", "没办法", "来不了", "到不了", "赶不过去", "赶不到"),
            *("no", "n", "no i cant", "i cant", "cant", "cannot", "i cannot", "cant go", "i cant go", "i cannot go", "no i cannot", "no sorry"),
            *("sorry no", "sorry i cant", "not possible", "i am not able to", "unable"),
        ),
        Meaning.NO,
    ),
}  # fmt: skip
_AROUND_WORDS = (
    r"(?:好的|好|行|嗯|哦|喔|收到|知道了|知道|明白了|明白|没问题|ok|okay|谢谢|多谢|感谢|辛苦了|麻烦了|放心|请放心|对不起|不好意思|抱歉|sorry|thanks|please"
    r"|我们|我|现在|马上|立刻|立即|这就|就|肯定|一定|暂时|今天|目前|的|了|啊|呀|哈|哦|[ ,，。.!！、;；:：~～…])*+"
)
_POLITE = re.compile(rf"{_AROUND_WORDS}(.*?){_AROUND_WORDS}", re.DOTALL)
"""What stands around an answer and takes nothing from it."""
_POLITE_BEFORE = re.compile(rf"^{_AROUND_WORDS}")
_CHOSEN = re.compile(
    r"(?:我?选择?|回复|回覆|reply|回|答|按|press)? ?[:：]? ?([12]) ?(.*)", re.DOTALL
)
_REF_MARK = r"(?:编号|編號|ref(?:erence)?|no|#)"
_ANSWER = re.compile(
    rf"(?:回复|回覆|reply)? ?([12])(?:[ ,;:/#+-]+ ?(?:{_REF_MARK}[ .:#]*)?|{_REF_MARK}[ .:#]*)(\d{{1,12}})"
    rf"(?:[ ,;:/#-]+(\d{{3}}))?"
)
_CODE_BEHIND = re.compile(r"([12])(\d{3})")
_REF_FIRST = re.compile(rf"(?:{_REF_MARK}[ .:#]*)?(\d{{2,12}})[ ,;:/#-]+([12])")
_BARE = re.compile(r"(?:回复|回覆|reply)? ?([12])")
_BARE_AND_WORDS = re.compile(r"([12])[,;!。.] ?(?=\D)")
_QUESTION_MARKS = frozenset("?¿؟❓❔")
_PUNCTUATION = " \t.,;:!。、·~…-_()[]【】「」\"'“”‘’"
_COURTESY = re.compile(
    r"谢谢|多谢|感谢|辛苦|麻烦|好的|好|收到|知道|明白|放心|嗯|哦|您|你|们|大家|了|啦|的|啊|👍|🙏|❤"
    r"|\b(?:ok|okay|thanks?|thx|you|noted|got it|received|very|so|much|many)\b"
)
_SHORT = 40
"""Characters of a text that may be mere courtesy."""
_LONGEST = 1_000
"""Characters looked at; the longest concatenated text (255 parts) is far above what an answer can be."""


def meaning(text: str) -> Reply:
    """Reads "1", "１", "1。", "回复1", "1 37", "1编号37", "37 1", "1, on my way", "能去"; everything that could be read
    in two ways ("137", "1小时后到", "1.5") is OTHER, and so is whatever asks something ("1？", "能去？")."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST])
    if not _QUESTION_MARKS.isdisjoint(folded):
        return OTHER
    plain = _normal(folded)
    return _numbered(plain) or _spoken(plain) or _numbered(_bare(plain)) or OTHER


def _numbered(plain: str) -> Reply | None:
    """The digit that was asked for, alone or with a number, a code or words behind a comma."""
    if match := _ANSWER.fullmatch(plain):
        return Reply(_DIGITS[match[1]], int(match[2]), int(match[3]) if match[3] else None)
    if match := _REF_FIRST.fullmatch(plain):
        return Reply(_DIGITS[match[2]], int(match[1]))
    if match := _BARE.fullmatch(plain):
        return Reply(_DIGITS[match[1]])
    if match := _BARE_AND_WORDS.match(plain):
        said = _DIGITS[match[1]]
        return OTHER if _in_words(plain[match.end() :]) not in (None, said) else Reply(said)
    if match := _CODE_BEHIND.fullmatch(plain):  # or an amount, or an hour: the code decides
        return Reply(Meaning.OTHER, code=int(match[2]))
    return None


def _spoken(plain: str) -> Reply | None:
    """Words that leave no doubt, or the digit and words that say the same: 好的我去, 1我去. 1不去 says two things."""
    if (said := _in_words(plain)) is not None:
        return Reply(said)
    match = _CHOSEN.fullmatch(_POLITE_BEFORE.sub("", plain, count=1))
    if match is None or not (rest := match[2]):
        return Reply(_DIGITS[match[1]]) if match else None
    said = _DIGITS[match[1]]
    return Reply(said) if _in_words(rest) is said or _bare(rest) == "" else None


def _in_words(plain: str) -> Meaning | None:
    """What words alone mean, whatever politeness is around them."""
    flat = re.sub("['’]", "", plain)
    behind = _POLITE_BEFORE.sub("", flat, count=1)  # 去不了 ends as politeness does
    tried = (flat, behind, _bare(flat))
    spaced = (re.sub(r"[ ,，]+", " ", each).strip() for each in tried)
    return next((_WORDS[each] for each in spaced if each in _WORDS), None)


def _bare(plain: str) -> str:
    match = _POLITE.fullmatch(plain)
    return match[1] if match else plain


def with_code(text: str) -> Meaning:
    """What "1482" means to somebody who was given the code 482."""
    match = _CODE_BEHIND.fullmatch(_normal(unicodedata.normalize("NFKC", text[:_LONGEST])))
    return _DIGITS[match[1]] if match else Meaning.OTHER


def is_courtesy(text: str) -> bool:
    """Whether it is thanks or "noted" and nothing else: after the end of an alarm this needs nobody's eyes."""
    plain = _normal(unicodedata.normalize("NFKC", text[:_LONGEST]))
    rest = _COURTESY.sub("", plain).strip(_PUNCTUATION)
    return len(plain) <= _SHORT and rest == "" != plain


def _normal(folded: str) -> str:
    """One kind of space, no variation selectors or key-cap marks, lower case; `folded` has full-width and circled forms as
    ASCII."""
    visible = "".join(
        " " if c.isspace() else c
        for c in folded
        if unicodedata.category(c)[0] not in "CM" or c.isspace()
    )
    return " ".join(visible.lower().split()).strip(_PUNCTUATION)
