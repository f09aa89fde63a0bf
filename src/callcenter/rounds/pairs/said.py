"""What a neighbour's text says of those they look after: 1 well, 2 nobody opened; with the number of the pair where they have several. Pure.

A text that could mean two things means none: it is shown to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class PairSaid(StrEnum):
    WELL = "well"
    NOBODY = "nobody"


class PairBy(StrEnum):
    SMS = "sms"
    PHONE = "phone"
    DESK = "desk"


_WORDS: Final[Mapping[str, PairSaid]] = MappingProxyType(
    {
        "1": PairSaid.WELL,
        "平安": PairSaid.WELL,
        "1平安": PairSaid.WELL,
        "好": PairSaid.WELL,
        "well": PairSaid.WELL,
        "2": PairSaid.NOBODY,
        "没人": PairSaid.NOBODY,
        "2没人": PairSaid.NOBODY,
        "没人应": PairSaid.NOBODY,
        "nobody": PairSaid.NOBODY,
    }
)
_LONGEST: Final = 100
_ENDING = re.compile(r"[\s。.!！,，、;；~]+$")
_CODE_LAST = re.compile(r"(.+?)[ ,;/#+-]*(?:编号|#)?[ ,;/#+-]+(\d{2})")
_TIGHT = re.compile(r"([12])(\d{2})")


@dataclass(frozen=True, slots=True)
class PairText:
    said: PairSaid
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A pair of the sender. `code`: 10 to 99; `asked_at`: when they were asked about it last."""

    pair_id: int
    code: int
    asked_at: datetime | None = None


def understood(text: str) -> PairText | None:
    """None: it is shown to a person. Reads "1", "１。", "1平安", "平安", "2没人", "1 37", "137", "没人 37"; a question never means anything."""
    plain = _plain(text)
    if "?" in plain:
        return None
    said = _WORDS.get(plain.replace(" ", ""))
    if said is not None:
        return PairText(said)
    if match := _TIGHT.fullmatch(plain) or _CODE_LAST.fullmatch(plain):
        said = _WORDS.get(match[1].replace(" ", ""))
        return None if said is None else PairText(said, int(match[2]))
    return None


def is_bare(text: str) -> bool:
    """Nothing but a digit: it may be about anything that the sender was asked."""
    return _plain(text) in {"1", "2"}


def _plain(text: str) -> str:
    return _ENDING.sub("", unicodedata.normalize("NFKC", text[:_LONGEST]).strip().lower())


def meant(text: PairText, pairs: Sequence[Looked]) -> Looked | None:
    """The pair a text is about: the one with its code, else the only one. None: it must be asked back."""
    if text.code is not None:
        return next((each for each in pairs if each.code == text.code), None)
    return pairs[0] if len(pairs) == 1 else None


def free_code(taken: Sequence[int]) -> int:
    """The first number that no other pair of this neighbour has; beyond ninety of them the first again."""
    return next((code for code in range(10, 100) if code not in taken), 10)
