"""What a call is when it begins: rung from outside, or by an operator. Pure, but for whom it asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from callcenter.devices.callers import Match
from callcenter.hotline.call import Call, Direction, Leg, Role, State
from callcenter.hotline.queueing import Ask, Manned, Staffed
from callcenter.hotline.waiting import Patience
from callcenter.telephony.line import Line
from callcenter.telephony.numbers import Caller
from callcenter.telephony.pbx import Arrived


def _nobody(_caller: Caller, _line: Line) -> Sequence[Match]:
    return ()


def _whoever(_call: Call, _may: Callable[[int], bool]) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class Ports:
    """What a switchboard asks: which line a number is, who a caller is, who has that number, a new id, the id of a call that came."""

    line_of: Callable[[str], Line]
    caller_of: Callable[[Arrived, Line], Caller]
    new_id: Callable[[], UUID]
    matches_of: Callable[[Caller, Line], Sequence[Match]] = _nobody
    patience: Patience = field(default_factory=Patience)
    id_of: Callable[[str], UUID] | None = None
    ask: Ask = _whoever
    staffed: Staffed = lambda _line, _now: True
    manned: Manned = lambda _line: True


def came(pbx: str, ports: Ports, arrived: Arrived, now: datetime) -> Call:
    """It rings, and nobody has taken it."""
    id_ = ports.id_of(arrived.call) if ports.id_of else ports.new_id()
    caller = Leg(arrived.leg, Role.CALLER, number=arrived.caller, since=now)
    call = _known(id_, pbx, ports, ports.line_of(arrived.line), arrived, now)
    return replace(call, legs={caller.id: caller})


def dialled(
    pbx: str,
    ports: Ports,
    line: Line,
    number: str,
    user_id: int,
    now: datetime,
    incident_id: UUID | None,
) -> Call:
    """Somebody of the centre rings, and no telephone is called yet."""
    id_ = ports.new_id()
    call = _known(id_, pbx, ports, line, Arrived("", f"out-{id_}", line.number, number), now)
    return replace(
        call,
        direction=Direction.OUT,
        state=State.CONNECTING,
        taken_by=user_id,
        incident_id=incident_id,
    )


def _known(id_: UUID, pbx: str, ports: Ports, line: Line, arrived: Arrived, now: datetime) -> Call:
    """With everybody who has that number; one alone is who it is."""
    caller = ports.caller_of(arrived, line)
    matches = tuple(ports.matches_of(caller, line))
    return Call(
        id=id_,
        pbx=pbx,
        pbx_call=arrived.call,
        kind=line.kind,
        line=line.number,
        region_id=line.region_id,
        caller=caller,
        matches=matches,
        attached=matches[0] if len(matches) == 1 else None,
        offered_at=now,
    )
