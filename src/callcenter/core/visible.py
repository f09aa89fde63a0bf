"""Text as people see it: without characters that only machines notice, and in one width. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
"""Controls, marks of direction, joiners and blanks without width, tags, halves of characters: a name with one of them looks
like another name and is not found.
"""
_SEPARATORS: Final = re.compile("[\u2028\u2029]")
_WIDE: Final = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a－＃／．：＋＠＿　]")


def visible(text: str) -> str:
    """Without what cannot be seen; tabs and line breaks stay."""
    return _UNSEEN.sub("", _SEPARATORS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))


def narrow(text: str) -> str:
    """Full-width digits, Latin letters and the signs between them (０５０１，Ａ座) as on an ordinary keyboard. Chinese
    punctuation stays as it is written.
    """
    return _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
