"""What a device in test says when it is no test. Pure."""

from __future__ import annotations

import re
from typing import Final

_REAL: Final = re.compile(
    r"不是(?:在)?(?:测试|试验)|非测试|真(?:的|实|出事)|救命|not a (?:test|drill)|for real|really|real emergency",
    re.IGNORECASE,
)


def says_real(text: str | None) -> bool:
    """Whether the words that came with a signal say that somebody is in need."""
    return text is not None and _REAL.search(text) is not None
