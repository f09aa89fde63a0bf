"""Lines, number rules and prompts as administrators write and see them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from callcenter.core.written import Written
from callcenter.residents.schemas import View
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import Presentation

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9*#]{2,20}$")]
PromptName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,47}$")]
"""Of its file at the exchange, too."""
SpokenLanguage = Literal["zh", "en"]
Name = Annotated[str, Field(min_length=1, max_length=60)]
MOST_HOURS: Final = 21
MOST_RULES: Final = 200


class LineHours(Written):
    """From and until by the clock of the site, on these days of the week (1 is Monday); until 00:00 is the end of the day."""

    weekdays: Annotated[str, StringConstraints(pattern=r"^[1-7]{1,7}$")]
    from_: Annotated[time, Field(alias="from")]
    until: time

    @model_validator(mode="after")
    def _within_a_day(self) -> Self:
        if self.until != time.min and self.until <= self.from_:
            raise ValueError(
                f"{self.from_:%H:%M} to {self.until:%H:%M} goes past midnight: write it as two, until 00:00 and from 00:00"
            )
        return self

    def kept(self) -> list[str]:
        """As the table has it."""
        days = "".join(sorted(set(self.weekdays)))
        return [days, f"{self.from_:%H:%M}", f"{self.until:%H:%M}"]


class _LineFields(Written):
    name: Name
    name_en: Annotated[str, Field(max_length=60)] = ""
    kind: LineKind
    region_id: RowId
    area_code: Annotated[str, StringConstraints(pattern=r"^(0[0-9]{2,3})?$")] = ""
    """For callers whose number has none: 0311."""
    hours: Annotated[list[LineHours], Field(max_length=MOST_HOURS)] = Field(default_factory=list)
    """None: always. A red line is always staffed, whatever is written."""
    closed_prompt: PromptName | Literal[""] = ""
    overflow_number: Number | Literal[""] = ""
    """Another centre, rung where nobody here answers in time. Never an emergency number."""
    language: SpokenLanguage = "zh"

    @field_validator("hours")
    @classmethod
    def _not_twice(cls, hours: list[LineHours]) -> list[LineHours]:
        kept = [tuple(each.kept()) for each in hours]
        if len(set(kept)) != len(kept):
            raise ValueError("the same hours stand there twice")
        return hours


class LineBody(_LineFields):
    """A new one. The number stays for good: calls are counted by it."""

    number: Number


class LineChanges(_LineFields):
    """All of it but the number. `is_open` false: the number was given back, and the line stays for the calls it has had."""

    version: int
    is_open: bool = True


class LineView(View):
    id: int
    version: int
    number: str
    name: str
    name_en: str
    kind: LineKind
    region_id: int
    region_name: str
    region_name_en: str
    area_code: str
    hours: list[list[str]]
    """[weekdays, from, until]."""
    closed_prompt: str
    overflow_number: str
    language: str
    is_open: bool


class NumberRuleBody(Written):
    """What begins with `begins`, and has `digits` in all where that is said, loses `drops` characters and gets `put` before it."""

    begins: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{1,12}$")]
    digits: Annotated[int, Field(ge=2, le=20)] | None = None
    drops: Annotated[int, Field(ge=0, le=12)] = 0
    put: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{0,12}$")] = ""
    note: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        if self.digits is not None and self.drops >= self.digits and not self.put:
            raise ValueError("drops: nothing would be left of the number")
        return self


class NumberRulesBody(Written):
    """All of them, in the order in which they are tried. `mark`: of the list that was changed (409 `changed_meanwhile`)."""

    mark: Annotated[str, Field(max_length=64)]
    rules: Annotated[list[NumberRuleBody], Field(max_length=MOST_RULES)]


class NumberRuleView(View):
    begins: str
    digits: int | None
    drops: int
    put: str
    note: str


class NumberRulesView(View):
    """`mark` changes with the list."""

    mark: str
    rules: list[NumberRuleView]


class TryNumberBody(Written):
    """A number as a line signals it. `rules`: as they would be; without them as they are kept."""

    number: Annotated[str, Field(max_length=200)]
    withheld: bool = False
    area_code: Annotated[str, StringConstraints(pattern=r"^(0[0-9]{2,3})?$")] = ""
    rules: Annotated[list[NumberRuleBody], Field(max_length=MOST_RULES)] | None = None


class TriedNumber(View):
    """What a seat would be shown. `rule`: the place of the one that was used, from 1; null: the plan of numbers alone."""

    raw: str
    e164: str | None
    presentation: Presentation
    rule: int | None


class PromptView(View):
    """A recorded prompt of the site. It is said instead of the built-in one of that name."""

    id: int
    version: int
    name: str
    language: str
    said: str
    """The words, for whoever cannot hear them."""
    sha256: str
    seconds: float
    changed_at: datetime
    changed_by: int | None
    converted: bool
    """It came as something else than a telephone carries."""
    was: str
    """As it came: 44100 Hz, 2 × 16 bit."""
