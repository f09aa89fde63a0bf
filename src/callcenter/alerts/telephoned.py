"""A key that dials: whoever rings the number of the red key calls for help by that alone, whatever becomes of the call. It is a signal like
any other, of the source `telephone`. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson

from callcenter.alerts.called import OFFICE
from callcenter.core.encoding import clean
from callcenter.devices.callers import Caller, Person, SourceRef
from callcenter.devices.signals import Kind, Signal
from callcenter.regions.tree import RegionSettings

TELEPHONE: Final = "telephone"
"""Name and kind of the source of every call to the number of a key."""
LATE: Final = "late"
"""The flag of a call that was read back from the exchange's own log: this server was away when it rang."""
BY_NO_DEVICE: Final = frozenset({OFFICE, TELEPHONE})
"""Sources whose identifiers name no device: what rang under one of them tells nobody which device to attach."""
_NAMESPACE: Final = uuid5(NAMESPACE_URL, "callcenter:telephone")
_REPEATED_WITHIN_S: Final = 7 * 24 * 3_600
"""A call that is read back is the call that came, after an outage of any length."""


@dataclass(frozen=True, slots=True)
class Telephoned:
    """A call to the number of a key. `home_id`, `resident_id` and `device_id`: who it is, as far as the number says it; `contact`: who
    of their contacts rings for them.
    """

    pbx: str
    call: str
    """The exchange's name of it, which stands in its log and names its recordings."""
    line: str
    number: str
    """E.164, or as it was signalled where it is no number; empty: withheld."""
    is_number: bool
    at: datetime
    home_id: int | None = None
    resident_id: int | None = None
    device_id: int | None = None
    contact_id: int | None = None
    contact: str = ""
    relation: str = ""
    relation_en: str = ""


class Callers(Protocol):
    """Port: who is where, from memory. `devices.registry.Registry` fulfils it."""

    @property
    def root_id(self) -> int: ...

    def device_caller(self, device_id: int, now: datetime) -> Caller | None: ...

    def home_caller(
        self, home_id: int, resident_id: int | None, now: datetime
    ) -> Caller | None: ...

    def region_path(self, region_id: int) -> tuple[int, ...]: ...

    def region_settings(self, region_id: int) -> RegionSettings: ...


def press_id(pbx: str, call: str) -> UUID:
    """The same for a call that comes and for what is read back of it, whether or not the store has its name as it was told."""
    return uuid5(_NAMESPACE, f"{clean(pbx)}/{clean(call)}")


def telephone_of(region_id: int) -> SourceRef:
    """The source, of the region of a line."""
    return SourceRef(TELEPHONE, TELEPHONE, region_id, _REPEATED_WITHIN_S)


def signal_of(told: Telephoned, kind: Kind, *, late: bool = False) -> Signal:
    """As a device would have sent it: however often it is told, it is one press."""
    said = {name: getattr(told, name) for name in Telephoned.__slots__}
    return Signal(
        identifier=told.number,
        kind=kind,
        dedup_key=press_id(told.pbx, told.call).bytes,
        raw=orjson.dumps(said, option=orjson.OPT_SORT_KEYS),
        occurred_at=told.at,
        extra={**said, "at": told.at.isoformat()},
        flags=(LATE,) if late else (),
    )


def told_by(signal: Signal) -> Telephoned:
    """From what the spool has kept. Raises TypeError, KeyError and ValueError."""
    said = {name: signal.extra[name] for name in Telephoned.__slots__}
    return Telephoned(**{**said, "at": datetime.fromisoformat(str(said["at"]))})  # type: ignore[arg-type]


def caller_of(told: Telephoned, callers: Callers, region_id: int, now: datetime) -> Caller:
    """The home of whoever rings; a stranger of the line's region where nobody knows whose number it is."""
    found: Caller | None = None
    if told.device_id is not None:
        found = callers.device_caller(told.device_id, now)
    if (found is None or found.home_id is None) and told.home_id is not None:
        found = callers.home_caller(told.home_id, told.resident_id, now) or found
    caller = found or stranger(told, callers, region_id)
    people = tuple(_without(person, told.number) for person in caller.people)
    return replace(caller, card={**caller.card, "telephoned": shown(told)}, people=people)


def stranger(told: Telephoned, callers: Callers, region_id: int) -> Caller:
    """Known by the number, so that a second call joins the first; two who withhold theirs are two."""
    try:
        path = callers.region_path(region_id)
    except KeyError:  # made a moment ago: no alarm fails for that (G3)
        region_id = callers.root_id
        path = callers.region_path(region_id)
    who = told.number if told.is_number else f"{told.pbx}/{told.call}"
    return Caller(
        subject=f"caller:{TELEPHONE}:{who}",
        device_id=None,
        home_id=None,
        resident_id=None,
        region_id=region_id,
        region_path=path,
        settings=callers.region_settings(region_id),
        lat=None,
        lng=None,
        card={"people": [], "address": ""},
    )


def shown(told: Telephoned) -> Mapping[str, Any]:
    """The fields of shown.ByTelephone."""
    return {
        "call": f"{told.pbx}/{told.call}",
        "line": told.line,
        "number": told.number or None,
        "at": told.at.isoformat(),
        "contact_id": told.contact_id,
        "contact": told.contact,
        "relation": told.relation,
        "relation_en": told.relation_en,
    }


def _without(person: Person, number: str) -> Person:
    """Whoever rings for somebody knows of it; those after them are told in their stead."""
    left = tuple(each for each in person.recipients if each.phone != number)
    return person if len(left) == len(person.recipients) else replace(person, recipients=left)
