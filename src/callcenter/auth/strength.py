"""Which passwords are guessed first: too short, or nothing but words of a list, rows of keys and years. Pure but for the list.

Length counts, not classes of characters (NIST SP 800-63B): twelve characters, or a phrase. A Chinese character counts as two.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from callcenter.core.errors import Invalid

SHORTEST: Final = 12
LONGEST: Final = 200  # of characters; also bounds the work for one try
_FREE: Final = 4
"""Characters that must be left when everything is taken away that a program tries first."""
_DIFFERENT: Final = 5
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_LEET: Final = str.maketrans("013457@$!", "oieastasi")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:[01]\d[0-3]\d)?")
_ROWS: Final = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)


def check_strength(password: str, login: str) -> None:
    """Raises Invalid `password_length` or `password_weak`."""
    weight = len(password) + len(_HAN.findall(password))
    if weight < SHORTEST or len(password) > LONGEST:
        raise Invalid(
            f"a password has {SHORTEST} to {LONGEST} characters",
            code="password_length",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if is_guessed_first(password, login):
        raise Invalid(
            "too easy to guess: use several words that do not belong together", code="password_weak"
        )


def is_guessed_first(password: str, login: str) -> bool:
    """Whether it holds the log-in, repeats itself, or leaves next to nothing without what everybody uses."""
    flat = unicodedata.normalize("NFKC", password).lower()
    named = len(login) >= _FREE and login.lower() in flat
    if len(set(flat)) < _DIFFERENT or named or _repeats(flat):
        return True
    return min(_free(flat), _free(flat.translate(_LEET))) < _FREE


def _repeats(text: str) -> bool:
    """abcabcabcabc: found again in itself before its end."""
    return text in (text + text)[1:-1]


def _free(text: str) -> int:
    for word in _words():
        text = text.replace(word, " ")
    text = _YEAR.sub(" ", text)
    return sum(map(str.isalnum, _without_rows(text)))


def _without_rows(text: str) -> str:
    """Without three keys or more that follow each other, forwards or backwards, and without one that is held down."""
    kept, at = [], 0
    while at < len(text):
        length = max(_held(text, at), *(_along(row, text, at) for row in _rows()))
        if length < 3:
            kept.append(text[at])
            length = 1
        at += length
    return "".join(kept)


def _held(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] == text[at]:
        end += 1
    return end - at


def _along(row: str, text: str, at: int) -> int:
    place = row.find(text[at])
    length = 0
    while 0 <= place < len(row) and at + length < len(text) and row[place] == text[at + length]:
        place, length = place + 1, length + 1
    return length


@cache
def _rows() -> tuple[str, ...]:
    return (*_ROWS, *(row[::-1] for row in _ROWS))


@cache
def _words() -> tuple[str, ...]:
    """The list that travels with the program, the longest first."""
    listed = files("callcenter.auth").joinpath("guessed_first.txt").read_text("utf-8").split()
    return tuple(sorted(listed, key=len, reverse=True))
