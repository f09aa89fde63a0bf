"""What a text that came in means: 1 yes, 2 no, with the incident's number where several are open. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from callcenter.sms import wording


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
_CHOICE = (
    r"(?:我?(?:选择|选项|选)|回复|回覆|答复|答覆|reply|re|回|答|按|press)?(?:数字)? ?[:(【\[“\"]? ?"
)
_CHOSEN = re.compile(rf"{_CHOICE}([12])[)】\]”\"]? ?(.*)", re.DOTALL)
_REF_MARK = r"(?:编号|編號|ref(?:erence)?|no|#)"
_ANSWER = re.compile(
    rf"(?:回复|回覆|reply)? ?([12])(?:[ ,;/#+-]+ ?(?:{_REF_MARK}[ .:#]*)?|: ?(?![0-5]\d$)|{_REF_MARK}[ .:#]*)(\d{{1,12}})"
    rf"(?:[ ,;:/#-]+(\d{{3}}))?"
)
"""1:30 is a time."""
_CODE_BEHIND = re.compile(r"([12])(\d{3})")
_REF_FIRST = re.compile(rf"(?:{_REF_MARK}[ .:#]*)?(\d{{2,12}})[ ,;:/#-]+([12])")
_AND_WORDS = re.compile(rf"{_CHOICE}([12])[,;!。.、](?!\d)")
_QUESTION_MARKS = frozenset("?¿؟❓❔⁇")
_COURTESY = re.compile(
    r"谢谢|多谢|感谢|辛苦|麻烦|好的|好|收到|知道|明白|放心|嗯|👍|👌|🙏|❤|okay|ok|thanks?|thx|noted|gotit|received"
)
_BESIDE_COURTESY = re.compile(
    r"[您你大家]+好|不客气|您|你|们|大家|了|啦|的|啊|哈|哦|\b(?:you|very|so|much|many|for|letting me know)\b|[ \t.,;:!。、·~…-]"
)
_REPORT = re.compile(r"^\s*id:\S+ .*\bdlvrd:\d+ .*\bstat:\w+", re.IGNORECASE | re.DOTALL)
_SHORT = 40
"""Characters of a text that may be mere courtesy."""
_LONGEST = 1_000
"""Characters looked at; the longest concatenated text (255 parts) is far above what an answer can be."""
_LONGEST_PLAIN = 120
"""What says more, without signatures, says more than yes or no."""


def meaning(text: str) -> Reply:
    """Reads "1", "１", "1。", "回复1", "1 37", "1编号37", "37 1", "1, on my way", "能去", "在路上了"; everything that could be
    read in two ways ("137", "1小时后到", "1.5") is OTHER, and so is whatever asks something ("1？", "能去？", "1，怎么了").
    """
    shown = text[:_LONGEST]
    if not _QUESTION_MARKS.isdisjoint(unicodedata.normalize("NFKC", shown)):
        return OTHER
    plain = wording.normal(shown)
    if len(plain) > _LONGEST_PLAIN:
        return OTHER
    return (
        _numbered(plain) or _spoken(plain) or _numbered(wording.without_politeness(plain)) or OTHER
    )


def with_code(text: str) -> Meaning:
    """What "1482" means to somebody who was given the code 482."""
    match = _CODE_BEHIND.fullmatch(wording.normal(text[:_LONGEST]))
    return _DIGITS[match[1]] if match else Meaning.OTHER


def is_courtesy(text: str) -> bool:
    """Whether it is thanks or "noted" and nothing else: after the end of an alarm this needs nobody's eyes. A greeting alone is
    the beginning of something.
    """
    plain = wording.normal(text[:_LONGEST])
    said = _BESIDE_COURTESY.sub("", plain)
    return len(plain) <= _SHORT and said != "" == _COURTESY.sub("", said)


def is_report(text: str) -> bool:
    """Whether it is a receipt of the network (SMPP 3.4, appendix B) that came as a text, in the name of the phone it is about."""
    return _REPORT.search(text[:_LONGEST]) is not None


def _numbered(plain: str) -> Reply | None:
    """The digit that was asked for, with a number or a code."""
    if match := _ANSWER.fullmatch(plain):
        return Reply(_DIGITS[match[1]], int(match[2]), int(match[3]) if match[3] else None)
    if match := _REF_FIRST.fullmatch(plain):
        return Reply(_DIGITS[match[2]], int(match[1]))
    if match := _CODE_BEHIND.fullmatch(plain):  # or an amount, or an hour: the code decides
        return Reply(Meaning.OTHER, code=int(match[2]))
    return None


def _spoken(plain: str) -> Reply | None:
    """Words that leave no doubt, or the digit and words that say the same: 好的我去, 1我去. 1不去 says two things."""
    if (said := _in_words(plain)) is not None:
        return Reply(said)
    spoken = wording.without_greeting(plain)
    if match := _AND_WORDS.match(spoken):
        return _with_words(_DIGITS[match[1]], spoken[match.end() :])
    if match := _CHOSEN.fullmatch(spoken):
        said = _DIGITS[match[1]]
        same = wording.is_polite(match[2]) or _in_words(match[2]) is said
        return Reply(said) if same else None
    first, _, rest = plain.partition(" ")
    if (last := _CHOSEN.fullmatch(rest)) and not last[2] and _in_words(first) is _DIGITS[last[1]]:
        return Reply(_DIGITS[last[1]])
    return None


def _with_words(said: Meaning, words: str) -> Reply | None:
    """Behind a comma anything may be told, but neither asked nor taken back."""
    other = _in_words(words)
    if other is None and wording.is_in_doubt(words, going=said is Meaning.YES):
        return OTHER
    return Reply(said) if other in (None, said) else OTHER


def _in_words(plain: str) -> Meaning | None:
    going = wording.says_going(plain)
    return None if going is None else Meaning.YES if going else Meaning.NO
