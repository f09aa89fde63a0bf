"""Reading the values of a resident as people write them, with every problem collected instead of the first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.core.phone import parse_phone
from callcenter.core.visible import narrow, visible
from callcenter.residents.identity import Identity, parse_identity, worked_out
from callcenter.residents.names import without_padding
from callcenter.residents.problems import InvalidFields, Problem, problem

EARLIEST_BIRTH: Final = date(1890, 1, 1)
NAME_LENGTH: Final = 60
NOTE_LENGTH: Final = 2000


class Reading:
    """Reads field after field and keeps what is wrong; `finish` raises it all at once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        """What was read otherwise than it is written."""

    def remark(self, column: str, code: str, value: object = "") -> None:
        """Say something of a value that is kept all the same."""
        self.remarks.append(problem(column, code, value))

    def blame(self, column: str, code: str, value: object = "", **params: object) -> None:
        self.problems.append(problem(column, code, value, **params))

    def name(self, column: str, text: str | None) -> str:
        cleaned = without_padding(" ".join(narrow(visible(text or "")).split()))
        if not cleaned:
            self.blame(column, "missing")
        elif len(cleaned) > NAME_LENGTH:
            self.blame(column, "too_long", cleaned)
        return cleaned

    def phone(self, column: str, text: str | None) -> str | None:
        """E.164, or None where nothing is written."""
        if not text or not text.strip():
            return None
        try:
            number = parse_phone(text)
        except Invalid as error:
            self.blame(column, error.code, text)
            return None
        if number.extension:  # nobody could dial it from a field of digits
            self.blame(column, "has_extension", text)
        return number.e164

    def identity(self, column: str, text: str | None) -> Identity | None:
        if not text or not text.strip():
            return None
        try:
            return parse_identity(text, self.today)
        except Invalid as error:
            offered = worked_out(text) if error.code == "old_form" else ""
            self.blame(column, error.code, text, offered=offered)
            return None

    def birth_date(self, column: str, born: date | None, identity: Identity | None) -> date | None:
        """The identity number's word where nothing else is said; both must agree."""
        if born is None:
            return identity.birth_date if identity else None
        if not EARLIEST_BIRTH <= born <= self.today:
            self.blame(column, "unlikely_date", born)
        elif identity and identity.birth_date != born:
            self.blame(column, "differs_from_identity", born)
        return born

    def sex(self, column: str, sex: str | None, identity: Identity | None) -> str | None:
        if sex is None:
            return identity.sex.value if identity else None
        if identity and identity.sex.value != sex:
            self.blame(column, "differs_from_identity", sex)
        return sex

    def position(self, lat: float | None, lng: float | None) -> None:
        """Both or neither, on this planet, and not where 0,0 is: a device that does not know says so."""
        if (lat is None) != (lng is None):
            self.blame("lng" if lng is None else "lat", "missing")
        if lat == 0 and lng == 0:
            self.blame("lat", "not_a_position", "0,0")
        if lat is not None and not -90 <= lat <= 90:
            self.blame("lat", "not_a_position", lat)
        if lng is not None and not -180 <= lng <= 180:
            self.blame("lng", "not_a_position", lng)

    def short(self, texts: Iterable[tuple[str, str | None]], limit: int = NOTE_LENGTH) -> None:
        for column, text in texts:
            if text is not None and len(text) > limit:
                self.blame(column, "too_long", f"{text[:20]}…")

    def finish(self) -> None:
        """Raises InvalidFields if anything is wrong."""
        if self.problems:
            raise InvalidFields(self.problems)
