"""What an administrator may change while the server runs: of each its kind and its bounds. Pure.

Nothing is here that decides whether, where or how long an alarm rings, who is told of it, or how long something may be in test:
such a setting could silence one. Names are those of callcenter.toml, whose values hold until somebody says another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Invalid, NotFound

Value = str | int


class ValueKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


class Unit(StrEnum):
    """What a number counts."""

    HOURS = "hours"
    DAYS = "days"
    MIB = "mib"


class Group(StrEnum):
    """Where it stands on the page."""

    SITE = "site"
    LOG_IN = "log_in"
    FILES = "files"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Setting:
    """`least` and `most` bound a number, or the length of a text."""

    name: str
    group: Group
    kind: ValueKind
    default: Value
    least: int = 0
    most: int = 0
    unit: Unit | None = None
    choices: tuple[str, ...] = ()

    def check(self, value: Value) -> Value:
        """The value as it is kept. Raises Invalid `setting_kind`, `setting_choice`, or `setting_bounds` with the bounds."""
        if self.kind is ValueKind.NUMBER:
            return self._number(value)
        if not isinstance(value, str):
            raise Invalid(f"{self.name} is a text.", code="setting_kind", name=self.name)
        text = value.strip()
        if self.kind is ValueKind.CHOICE and text not in self.choices:
            raise Invalid(
                f"{self.name} is one of {', '.join(self.choices)}.",
                code="setting_choice",
                name=self.name,
                choices=list(self.choices),
            )
        if self.kind is ValueKind.TEXT:
            self._demand_within(len(text), "characters")
        return text

    def _number(self, value: Value) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid(f"{self.name} is a whole number.", code="setting_kind", name=self.name)
        self._demand_within(value, self.unit or "")
        return value

    def _demand_within(self, number: int, unit: str) -> None:
        if not self.least <= number <= self.most:
            raise Invalid(
                f"{self.name} must be between {self.least} and {self.most} {unit}, not {number}.",
                code="setting_bounds",
                name=self.name,
                least=self.least,
                most=self.most,
                unit=unit,
            )


def _text(name: str, most: int) -> Setting:
    return Setting(name, Group.SITE, ValueKind.TEXT, "", 0, most)


def _number(group: Group, name: str, default: int, bounds: tuple[int, int], unit: Unit) -> Setting:
    return Setting(name, group, ValueKind.NUMBER, default, *bounds, unit)


def _days(kind: str, default: int, least: int, most: int) -> Setting:
    return _number(Group.RETENTION, f"retention.{kind}_d", default, (least, most), Unit.DAYS)


LANGUAGES: Final = ("zh-CN", "en")

SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType(
    {
        setting.name: setting
        for setting in (
            _text("site.name", 20),
            _text("site.name_en", 40),
            _text("site.contact", 100),
            Setting("language", Group.SITE, ValueKind.CHOICE, "zh-CN", choices=LANGUAGES),
            # A shift of eight hours with its hand-over ends before its log-in does.
            _number(Group.LOG_IN, "site.session_h", 12, (9, 24), Unit.HOURS),
            _number(Group.LOG_IN, "site.slip_h", 24, (1, 72), Unit.HOURS),
            # A screen that is switched off over a long holiday is still one afterwards.
            _number(Group.LOG_IN, "site.screen_d", 30, (14, 365), Unit.DAYS),
            _number(Group.FILES, "imports.file_mb", 20, (1, 50), Unit.MIB),
            _days("log_ins", 7, 1, 365),
            _days("watch_spans", 90, 30, 3650),
            _days("seat_changes", 90, 30, 3650),
            _days("tracks", 30, 1, 365),
            # As long as the photograph that was taken there; how far it was off stays.
            _days("check_in_places", 180, 30, 3650),
            # Three years in which somebody can claim that it was not done (Civil Code of the PRC, art. 188); a year of figures is whole.
            _days("tasks", 1095, 365, 3650),
            _days("rounds", 1095, 365, 3650),
            _days("pair_ticks", 365, 90, 3650),
            # Hours are what wages are reckoned by: their records are kept two years at least (Interim Provisions on Payment of Wages, art. 6).
            _days("duties", 1095, 730, 3650),
            _days("family_looks", 180, 30, 3650),
            # No phone sends again what was answered a month ago.
            _days("field_commands", 90, 30, 365),
            _days("phone_log_ins", 30, 1, 365),
            _days("import_reports", 30, 1, 365),
            _days("texts", 1095, 180, 3650),
            _days("answers", 1095, 180, 3650),
            _days("photos", 365, 30, 3650),
            _days("field_photos", 180, 30, 3650),
            # No law names a time for calls: as short as serves those who complain of one (PIPL, art. 19).
            _days("recordings", 180, 30, 3650),
            # Three years in which somebody can claim that help did not come (Civil Code of the PRC, art. 188).
            _days("recordings_red", 1095, 90, 3650),
            _days("recordings_case", 1095, 90, 3650),
            # As a text that says the same.
            _days("voice_calls", 1095, 180, 3650),
            # As visits; what is counted of them stays.
            _days("calls", 1095, 365, 3650),
            # A year is what the database insists on, whatever is said.
            _days("journal", 3650, 400, 36500),
            _days("timeline", 3650, 400, 36500),
            _days("audit", 3650, 400, 36500),
        )
    }
)
"""In the order in which they are shown."""

BUILT_IN: Final[Mapping[str, Value]] = MappingProxyType(
    {name: setting.default for name, setting in SETTINGS.items()}
)


def setting_of(name: str) -> Setting:
    """Raises NotFound."""
    found = SETTINGS.get(name)
    if found is None:
        raise NotFound("no such setting", what="setting")
    return found
