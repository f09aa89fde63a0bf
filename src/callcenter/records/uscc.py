"""Unified social credit codes of organisations (GB 32100-2015): read as people write them, check character. Pure."""

from __future__ import annotations

import re
from typing import Final

from callcenter.core.errors import Invalid

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, S, V and Z, which look like digits."""
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_FORM: Final = re.compile(f"^[{_ALPHABET}]{{18}}$")
_FULL_WIDTH: Final = str.maketrans(
    "０１２３４５６７８９" + "".join(chr(ord(letter) + 0xFEE0) for letter in _ALPHABET[10:]),
    _ALPHABET,
)


def check_character(first17: str) -> str:
    """The 18th character for the 17 before it."""
    total = sum(
        _ALPHABET.index(character) * weight
        for character, weight in zip(first17, _WEIGHTS, strict=True)
    )
    return _ALPHABET[-total % 31]


def parse_uscc(text: str) -> str:
    """The code in capitals, without what separates its parts. Raises Invalid: `uscc_form` or `uscc_check`."""
    code = re.sub(r"[\s\-]", "", text.upper().translate(_FULL_WIDTH))
    if not _FORM.match(code):
        raise Invalid(
            f"{text!r}: a social credit code has 18 digits and capitals, without I, O, S, V and Z.",
            code="uscc_form",
            value=text,
        )
    if check_character(code[:17]) != code[17]:
        raise Invalid(
            f"{text!r}: the check character does not fit: something is wrong or two are swapped.",
            code="uscc_check",
            value=text,
        )
    return code
