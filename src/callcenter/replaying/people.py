"""A night without its people, for training: who is in it, where they live and how they are reached is invented, of the same shape.
Pure.

What is written freely is replaced by dots, but for answers of a digit or two, which decide something. The canonical form is left
out: what comes of invented people is not what came of real ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from types import MappingProxyType
from typing import Any, Final

import orjson

from callcenter.replaying.night import Night, What

DOTS: Final = "……"
_NUMBER = re.compile(r"\+\d{7,15}")
_ANSWER = re.compile(r"[\d\s,#;:/-]{1,12}")
_FAMILY: Final = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨"
_GIVEN: Final = "甲乙丙丁戊己庚辛壬癸"
_WORDS: Final = frozenset(
    {"text", "note", "reference", "by", "where", "safe_by", "safe_where", "safe_where_en", "reason", "said", "caller", "place",
     "passed_to", "told_by_name", "user"}
)  # fmt: skip
"""Fields of commands, and of what an operator was told, that people fill in with words of their own."""
_FREE: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "home": {"access_note": "", "key_note": "", "english": {}, "address_en": ""},
        "resident": {
            "health_note": "", "medicines": "", "allergies": "", "hospital": "", "talk_note": "", "employer": "", "salutation": "",
            "english": {}, "hazards": [], "hazards_en": [], "hukou_region_code": None, "disability": None, "lunar_birthday": "",
            "retired_on": None, "party_joined_on": None,
        },
        "contact": {"distance": "", "reachable": "", "english": {}},
        "device": {"label": "", "sim": ""},
        "region": {"hotline": "0999-8010000", "sms_signature": "示例中心", "sms_signature_en": "Example"},
        "test_period": {"reason": DOTS, "by_name": DOTS},
    }
)  # fmt: skip
_PLACED: Final = (("lat", 0.37), ("lng", -0.53))
"""Degrees by which everything is moved: distances stay, places do not."""

Row = dict[str, Any]


def without(night: Night) -> Night:
    """The same night of invented people. What it says of people's own words, and how it ended, is gone."""
    invented = _Invented()
    lines: dict[What, Sequence[Any]] = {what: list(rows) for what, rows in night.lines.items()}
    lines[What.WORLD] = [
        (table, invented.row(table, row)) for table, row in night.lines[What.WORLD]
    ]
    lines[What.SIGNAL] = [invented.signal(row) for row in night.lines[What.SIGNAL]]
    lines[What.COMMAND] = [
        invented.everywhere({**row, "body": _without_words(row["body"])})
        for row in night.lines[What.COMMAND]
    ]
    lines[What.ANSWER] = [invented.answer(row) for row in night.lines[What.ANSWER]]
    lines[What.TEXT] = [
        invented.everywhere({**row, "params": {}}) for row in night.lines[What.TEXT]
    ]
    lines[What.SAID] = []
    counted = {**night.header["lines"], What.SAID.value: 0}
    return replace(night, header={**night.header, "invented": True, "lines": counted}, lines=lines)


class _Invented:
    """Who is who is found out from the rows of the world, which come first."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._people, self._places = count(), count(1)

    def row(self, table: str, row: Mapping[str, Any]) -> Row:
        """A row of the world."""
        made = {
            **row,
            **{name: value for name, value in _FREE.get(table, {}).items() if name in row},
        }
        if table in ("resident", "contact", "app_user"):
            made |= self._person(table, made)
        if table in ("home", "building", "region"):
            made |= self._place(table, made)
        if made.get("birth_date"):
            made["birth_date"] = f"{made['birth_date'][:4]}-01-01"
        return self.everywhere(made)

    def _person(self, table: str, row: Mapping[str, Any]) -> Row:
        name = self._name(row["name"])
        if table == "app_user":
            return {"name": name, "name_en": f"Operator {row['id']}", "login": f"user{row['id']}"}
        latin = {"name": name, "name_latin": f"Person {row['id']}"}
        return latin | ({"pinyin": "", "initials": ""} if table == "resident" else {})

    def _name(self, name: str) -> str:
        if name not in self._names:
            number = next(self._people)
            family = _FAMILY[number % len(_FAMILY)]
            rest = number // len(_FAMILY)
            given = _GIVEN[rest % 10] + (str(rest // 10) if rest >= 10 else "")
            self._names[name] = family + given
        return self._names[name]

    def _place(self, table: str, row: Mapping[str, Any]) -> Row:
        number = next(self._places)
        if table == "region":
            return {"name": f"区域{number}", "name_en": f"Region {number}", "code": None}
        moved = {name: row[name] + by for name, by in _PLACED if row.get(name) is not None}
        if table == "building":
            return moved | {
                name: f"{number}号楼" for name in ("name", "name_en", "address") if name in row
            }
        return moved | {"address": f"示例路{number}号", "entrance": "", "door": ""}

    def signal(self, row: Mapping[str, Any]) -> Row:
        """The frame is left out; what an operator was told is kept without the words."""
        made = {**row, "text": DOTS if row["text"] else row["text"], "extra": {}}
        subject = row["subject"] or ""
        made["subject"] = "@" + subject.rpartition("@")[2] if "@" in subject else None
        for name, by in _PLACED:
            made[name] = row[name] + by if row[name] is not None else None
        made["raw"] = f"\\x{self._raw(row).hex()}"
        return self.everywhere(made)

    def _raw(self, row: Mapping[str, Any]) -> bytes:
        raw = bytes.fromhex(row["raw"][2:])
        if row["source"] == "sms":
            said = self._said(row["text"] or "", None)
            return f"{self._number(row['identifier'])}: {said}".encode()
        if row["source"] == "office" and raw.startswith(b"{"):
            told: bytes = orjson.dumps(self.everywhere(_without_words(orjson.loads(raw))))
            return told
        return str(row["id"]).encode()

    def answer(self, row: Mapping[str, Any]) -> Row:
        """A text that came in, with the same meaning."""
        text = self._said(row["text"], row["meaning"])
        return self.everywhere({**row, "text": text, "provider_key": row["id"]})

    def _said(self, text: str, meaning: str | None) -> str:
        if _ANSWER.fullmatch(text):
            return text
        return {"yes": "1", "no": "2"}.get(meaning or "", DOTS)

    def everywhere(self, row: Mapping[str, Any]) -> Row:
        """Whatever else names somebody, or a number."""
        made: Row = _each_string(dict(row), self._string)
        return made

    def _string(self, text: str) -> str:
        known = self._names.get(text, text)
        return _NUMBER.sub(lambda found: self._number(found[0]), known)

    def _number(self, number: str) -> str:
        if number not in self._numbers and number not in self._numbers.values():
            self._numbers[number] = f"+86199{len(self._numbers):08d}"
        return self._numbers.get(number, number)


def _without_words(said: Any) -> Any:
    if isinstance(said, Mapping):
        return {
            name: DOTS
            if name in _WORDS and isinstance(value, str) and value
            else _without_words(value)
            for name, value in said.items()
        }
    return [_without_words(one) for one in said] if isinstance(said, list) else said


def _each_string(said: Any, put: Callable[[str], str]) -> Any:
    if isinstance(said, str):
        return put(said)
    if isinstance(said, Mapping):
        return {name: _each_string(value, put) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_each_string(value, put) for value in said]
    return said
