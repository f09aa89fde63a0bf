"""Stops from a file: CSV with headings in Chinese or English, in the order in which they are walked. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from callcenter.core.errors import Invalid
from callcenter.rounds.schemas import RoundStopBody

MOST_LINES: Final = 2_000
HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "home_id": "home_id",
        "住户编号": "home_id",
        "address": "address",
        "地址": "address",
        "resident_id": "resident_id",
        "老人编号": "resident_id",
        "n": "n",
        "序号": "n",
        "from": "window_from",
        "起": "window_from",
        "until": "window_until",
        "止": "window_until",
        "alternate": "alternate",
        "隔日": "alternate",
        "every_days": "every_days",
        "每几天": "every_days",
        "from_day": "from_day",
        "起算日": "from_day",
        "note": "note",
        "备注": "note",
    }
)
_ALTERNATE: Final[Mapping[str, str]] = MappingProxyType(
    {"每天": "every", "单日": "odd", "双日": "even", "隔": "nth"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, `line` counted from 1 with the headings."""

    line: int
    values: Mapping[str, str]

    @property
    def address(self) -> str:
        return self.values.get("address", "")

    def body(self, homes: Mapping[str, int]) -> RoundStopBody:
        """Raises Invalid `home_unknown`, `not_understood` with the field."""
        given: dict[str, Any] = {k: v for k, v in self.values.items() if k != "address"}
        if "alternate" in given:
            given["alternate"] = _ALTERNATE.get(given["alternate"], given["alternate"])
        if "home_id" not in given:
            if self.address not in homes:
                raise Invalid(
                    f"No home, or several, have the address {self.address!r}.",
                    code="home_unknown",
                    address=self.address,
                )
            given["home_id"] = homes[self.address]
        try:
            return RoundStopBody.model_validate(given)
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            raise Invalid(
                f"{field}: {given.get(field)!r} is not understood.",
                code="not_understood",
                field=field,
            ) from error


def read_stops(text: str) -> list[Line]:
    """Lines with something in them. Raises Invalid `headings_wanted`, `too_many_lines`."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    names = [HEADINGS.get(cell.strip().lower(), "") for cell in next(rows, [])]
    if not {"home_id", "address"} & set(names):
        raise Invalid(
            "The first line names the columns; one of them must be home_id or address.",
            code="headings_wanted",
        )
    found = []
    for number, cells in enumerate(rows, start=2):
        pairs = zip(names, (cell.strip() for cell in cells), strict=False)
        values = {name: cell for name, cell in pairs if name and cell}
        if values:
            found.append(Line(number, values))
        if len(found) > MOST_LINES:
            raise Invalid(f"At most {MOST_LINES} stops at once.", code="too_many_lines")
    return found
