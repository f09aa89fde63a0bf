"""What an operator is told beside a call: which cards, in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from callcenter.hotline.traits import Trait


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card in its present version; `n` 0: as it is built in."""

    code: str
    n: int = 0
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    dispositions: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()
    position: int = 0
    is_offered: bool = True

    def fits(self, disposition: str | None, traits: frozenset[Trait]) -> int:
        """How well: what somebody is goes before what the call is about, for it holds from the first word on."""
        of_person = 2 * len(traits.intersection(self.traits))
        return of_person + (disposition in self.dispositions)

    def holds(self, words: Iterable[str]) -> bool:
        """Whether each word stands in it, in either language."""
        whole = f"{self.title_zh} {self.title_en} {self.text_zh} {self.text_en}".lower()
        return all(word in whole for word in words)


def chosen(
    cards: Iterable[Card], *, text: str, disposition: str | None, traits: frozenset[Trait]
) -> list[tuple[Card, bool]]:
    """Those that hold the words, with whether they are for this call; what fits best stands first."""
    words = text.lower().split()
    found = [card for card in cards if card.is_offered and card.holds(words)]
    found.sort(key=lambda card: (-card.fits(disposition, traits), card.position, card.code))
    return [(card, card.fits(disposition, traits) > 0) for card in found]
