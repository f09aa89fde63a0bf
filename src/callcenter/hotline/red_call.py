"""What a call to the number of a key says: which alarm it is, and whose. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from callcenter.alerts.telephoned import Telephoned
from callcenter.core.encoding import clean
from callcenter.devices.callers import Match, Whose
from callcenter.devices.signals import Kind
from callcenter.hotline.call import Call, Direction
from callcenter.telephony.line import LineKind

KINDS: Final[Mapping[LineKind, Kind]] = MappingProxyType(
    {LineKind.RED: Kind.SOS, LineKind.GREEN: Kind.HELP}
)
"""As the same keys say it where they send a signal."""
_SUREST_FIRST: Final = (Whose.DEVICE, Whose.RESIDENT, Whose.CONTACT)


@dataclass(frozen=True, slots=True)
class Key:
    """Whose key it is, as far as the number says it."""

    home_id: int | None = None
    resident_id: int | None = None
    device_id: int | None = None
    contact: Match | None = None


def calls_for_help(call: Call) -> bool:
    """Whether it opens something by ringing alone: nobody of the centre has rung."""
    return call.direction is Direction.IN and call.kind in KINDS


def key_of(matches: Sequence[Match]) -> Key:
    """The home of the surest who have that number. Where it belongs to two homes nobody is chosen: to be sent to the wrong door is worse
    than a question.
    """
    for whose in _SUREST_FIRST:
        at_homes = [each for each in matches if each.whose is whose and each.home_id is not None]
        if at_homes:
            return (
                _of_one_home(at_homes) if len({each.home_id for each in at_homes}) == 1 else Key()
            )
    devices = [each.device_id for each in matches if each.whose is Whose.DEVICE]
    return Key(device_id=devices[0]) if len(devices) == 1 else Key()


def _of_one_home(matches: Sequence[Match]) -> Key:
    residents = {each.resident_id for each in matches}
    devices = {each.device_id for each in matches}
    contacts = [each for each in matches if each.whose is Whose.CONTACT]
    return Key(
        home_id=matches[0].home_id,
        resident_id=residents.pop() if len(residents) == 1 else None,
        device_id=devices.pop() if len(devices) == 1 else None,
        contact=contacts[0] if contacts else None,
    )


def telephoned(call: Call) -> Telephoned:
    """For intake; what a line signals may be anything, and no card and no record of the spool can hold all of it."""
    key = key_of(call.matches)
    contact = key.contact
    return Telephoned(
        pbx=call.pbx,
        call=clean(call.pbx_call),
        line=clean(call.line),
        number=call.caller.e164 or clean(call.caller.raw),
        is_number=call.caller.e164 is not None,
        at=call.offered_at,
        home_id=key.home_id,
        resident_id=key.resident_id,
        device_id=key.device_id,
        contact_id=contact.contact_id if contact else None,
        contact=contact.name if contact else "",
        relation=contact.relation if contact else "",
        relation_en=contact.relation_en if contact else "",
    )
