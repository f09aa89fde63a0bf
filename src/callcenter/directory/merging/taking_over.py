"""What the one kept takes over from the other: what it leaves open, what both say in words, and whatever is graver. Pure.

Rows are as PostgreSQL's to_jsonb has them; so are the changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from callcenter.residents.fields import NOTE_LENGTH

Row = Mapping[str, Any]
Changes = dict[str, Any]

_GRAVEST: Final = ("high", "medium", "low")
_OF_RESIDENT: Final = (
    ("sex",),
    ("birth_date",),
    ("identity_sealed", "identity_index"),
    ("insurance_sealed",),
    ("salutation",),
    ("contact_policy",),
    ("employer",),
    ("retired_on",),
    ("lunar_birthday",),
    ("photo",),
)
"""Groups that are taken together where the first of them is open."""
_OF_HOME: Final = (
    ("building_id", "entrance", "floor", "door"),
    ("entrance",),
    ("floor",),
    ("door",),
    ("address_en",),
    ("lat", "lng"),
)
_WORDS_OF_RESIDENT: Final = (
    *("health_note", "medicines", "allergies", "hospital", "hearing", "dialect", "talk_note"),
)
_WORDS_OF_HOME: Final = ("access_note", "key_note")


def taken_by_resident(kept: Row, other: Row) -> Changes:
    """Columns of `kept` with what they say from now on. Welfare, living and ability follow the facts, which are moved."""
    changes = _open(kept, other, _OF_RESIDENT) | _joined(kept, other, _WORDS_OF_RESIDENT)
    for column in ("hazards", "hazards_en"):
        both = list(dict.fromkeys([*kept[column], *other[column]]))
        if both != kept[column]:
            changes[column] = both
    graver = min(kept["risk"], other["risk"], key=_GRAVEST.index)
    if graver != kept["risk"]:
        changes["risk"] = graver
    return changes | _numbers(kept, other, changes) | _english(kept, other)


def taken_by_home(kept: Row, other: Row) -> Changes:
    """The same for homes."""
    changes = _open(kept, other, _OF_HOME) | _joined(kept, other, _WORDS_OF_HOME)
    return changes | _english(kept, other)


def _open(kept: Row, other: Row, groups: Iterable[tuple[str, ...]]) -> Changes:
    changes: Changes = {}
    for group in groups:
        said = changes.get(group[0], kept[group[0]])
        if said in (None, "") and other[group[0]] not in (None, ""):
            changes |= {column: other[column] for column in group}
    return changes


def _joined(kept: Row, other: Row, columns: Iterable[str]) -> Changes:
    """An allergy that only one of the two knows is not lost to a note of the other."""
    changes: Changes = {}
    for column in columns:
        own, more = kept[column].strip(), other[column].strip()
        if more and more not in own:
            changes[column] = "；".join(part for part in (own, more) if part)[:NOTE_LENGTH]
    return changes


def _numbers(kept: Row, other: Row, changes: Changes) -> Changes:
    """Two have a place; further ones go into the note on how to talk."""
    known = list(dict.fromkeys([*_phones(kept), *_phones(other)]))
    found: Changes = {}
    for column, number in zip(("phone", "second_phone"), known, strict=False):
        if kept[column] != number:
            found[column] = number
    if beyond := known[2:]:
        note = changes.get("talk_note", kept["talk_note"])
        found["talk_note"] = "；".join(part for part in (note, *beyond) if part)[:NOTE_LENGTH]
    return found


def _phones(row: Row) -> Iterator[str]:
    return (number for number in (row["phone"], row["second_phone"]) if number)


def _english(kept: Row, other: Row) -> Changes:
    both = {**other["english"], **kept["english"]}
    return {"english": both} if both != kept["english"] else {}
