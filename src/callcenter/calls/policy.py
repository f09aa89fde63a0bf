"""How calls are made in a region: after which pauses they are tried again, how late is too late, when a device is on a list. Pure.

A region has at most one policy for each kind of list; what it has not, it has as the nearest region above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from callcenter.calls.item import CALLED_OUT, NEVER_TOO_LATE, OF_DEVICES, ListKind, Pace
from callcenter.core.errors import Invalid

MOST_PAUSES: Final = 5
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """Of one kind of list. Times in minutes."""

    pauses_min: tuple[int, ...]
    """Before the second try, the third and so on."""
    horizon_min: int | None = None
    """How late a call may be made; None: it is never too late, of a roll-call and of doors only."""
    after: int | None = None
    """Missed life signs until a device counts as silent, days without use until it is asked after; of no other kind."""

    @property
    def pace(self) -> Pace:
        """The same as a call goes by it."""
        horizon = None if self.horizon_min is None else timedelta(minutes=self.horizon_min)
        return Pace(tuple(timedelta(minutes=each) for each in self.pauses_min), horizon)


_CHASED: Final = ((_DAY, 3 * _DAY), 7 * _DAY)

STANDARD: Mapping[ListKind, CallPolicy] = MappingProxyType(
    {
        ListKind.ROLL_CALL: CallPolicy((10, 30)),
        ListKind.DOOR: CallPolicy((20,)),
        ListKind.WELL_BEING: CallPolicy((15, 60), 4 * _HOUR),
        ListKind.SILENT_DEVICE: CallPolicy(*_CHASED, after=3),
        ListKind.LOW_BATTERY: CallPolicy(*_CHASED),
        ListKind.PRESS_TEST: CallPolicy(*_CHASED),
        ListKind.IDLE_DEVICE: CallPolicy(*_CHASED, after=90),
        ListKind.SATISFACTION: CallPolicy(*_CHASED),
        ListKind.NOTICE: CallPolicy(*_CHASED),
    }
)
"""Where nobody has said anything. Three missed life signs as for the grey dots on the map."""

_OF_PEOPLE: Final = ((5, 4 * _HOUR), (30, 12 * _HOUR))
_OF_A_DEVICE: Final = ((_HOUR, 7 * _DAY), (_DAY, 28 * _DAY))
"""Bounds of each pause, and of the horizon, in minutes."""
_AFTER: Mapping[ListKind, tuple[int, int]] = MappingProxyType(
    {ListKind.SILENT_DEVICE: (2, 100), ListKind.IDLE_DEVICE: (7, 1_000)}
)


def check_policy(kind: ListKind, policy: CallPolicy) -> None:
    """Raises Invalid `policy_hole` with the kind, the field, the reason and what it must be."""
    pause, horizon = _OF_A_DEVICE if kind in OF_DEVICES | CALLED_OUT else _OF_PEOPLE
    if not 1 <= len(policy.pauses_min) <= MOST_PAUSES:
        raise _hole(kind, "pauses_min", "pauses", least=1, most=MOST_PAUSES)
    for each in policy.pauses_min:
        _within(kind, "pauses_min", each, pause)
    _within(kind, "horizon_min", policy.horizon_min, None if kind in NEVER_TOO_LATE else horizon)
    _within(kind, "after", policy.after, _AFTER.get(kind))


def _within(kind: ListKind, field: str, value: int | None, bounds: tuple[int, int] | None) -> None:
    """A kind that has no such bounds has no such field."""
    if bounds is None:
        if value is not None:
            raise _hole(kind, field, "not_of_this_kind")
    elif value is None or not bounds[0] <= value <= bounds[1]:
        raise _hole(kind, field, "bounds", least=bounds[0], most=bounds[1])


def _hole(kind: ListKind, field: str, reason: str, **bounds: int) -> Invalid:
    must = " to ".join(str(bound) for bound in bounds.values()) or "nothing"
    message = f"{field} of {kind} must be {must}."
    return Invalid(
        message, code="policy_hole", kind=kind.value, field=field, reason=reason, **bounds
    )


Said = Mapping[ListKind, CallPolicy]


def policies_of(stored: object) -> Said:
    """From a region's column. What an older server does not know is left out; what is no policy at all is none."""
    if not isinstance(stored, Mapping):
        return {}
    kinds, names = set(ListKind), {field.name for field in fields(CallPolicy)}
    return {
        ListKind(kind): _read({name: one for name, one in said.items() if name in names})
        for kind, said in stored.items()
        if kind in kinds
    }


def _read(said: Mapping[str, Any]) -> CallPolicy:
    return CallPolicy(**{**said, "pauses_min": tuple(said["pauses_min"])})


def stored_policies(policies: Said) -> dict[str, Any] | None:
    """As the column holds them; None: as the parent has it."""
    return {kind.value: asdict(policy) for kind, policy in policies.items()} or None


class Policies:
    """What holds where: of the regions that say something, by id."""

    def __init__(self, said: Mapping[int, Said]) -> None:
        self._said = said

    def of(self, kind: ListKind, path: Sequence[int]) -> CallPolicy:
        """In the last of these regions, which lie below each other from the root down."""
        for region_id in reversed(path):
            own = self._said.get(region_id, {}).get(kind)
            if own is not None:
                return own
        return STANDARD[kind]

    def thresholds(self, kind: ListKind) -> tuple[list[int], list[int]]:
        """Regions that say for themselves after how much a device is on this list, and after how much."""
        own = {
            region_id: said[kind].after for region_id, said in self._said.items() if kind in said
        }
        found = {region_id: after for region_id, after in own.items() if after is not None}
        return list(found), list(found.values())
