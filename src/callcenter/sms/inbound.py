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
        ("一", "能", "能去", "我能去", "可以", "可以去", "我去", "yes", "y"), Meaning.YES
    ),
    **dict.fromkeys(("二", "不能", "不能去", "我不能去", "去不了", "no", "n"), Meaning.NO),
}
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
    if match := _ANSWER.fullmatch(plain):
        return Reply(_DIGITS[match[1]], int(match[2]), int(match[3]) if match[3] else None)
    if match := _REF_FIRST.fullmatch(plain):
        return Reply(_DIGITS[match[2]], int(match[1]))
    if match := _BARE.fullmatch(plain) or _BARE_AND_WORDS.match(plain):
        return Reply(_DIGITS[match[1]])
    if match := _CODE_BEHIND.fullmatch(plain):  # or an amount, or an hour: the code decides
        return Reply(Meaning.OTHER, code=int(match[2]))
    return Reply(_WORDS[plain]) if plain in _WORDS else OTHER


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
