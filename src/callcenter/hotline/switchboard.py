"""All calls that stand, and what follows from what the exchange says and what operators want. No I/O: deeds are returned, time is an argument.

An operator's telephone is called only when they have taken a call: whoever presses the key first has it, here and not at the exchange,
and three dozen telephones need not ring for one caller. The order of deeds of one call is kept by whoever carries them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from callcenter.core.errors import Conflict, NotFound
from callcenter.hotline.call import (
    Call,
    Direction,
    Event,
    Leg,
    Role,
    State,
)
from callcenter.hotline.deeds import (
    CloseTalk,
    Deed,
    HangUp,
    Hush,
    Join,
    ListenIn,
    PickUp,
    Ring,
    Say,
    Wait,
)
from callcenter.hotline.match import Match
from callcenter.hotline.waiting import Heard as Said, Patience, due, in_order, place
from callcenter.telephony.line import Line
from callcenter.telephony.numbers import Caller
from callcenter.telephony.pbx import (
    Answered,
    Arrived,
    Connected,
    Ended,
    Heard,
    LegFound,
    Lost,
    SaidOut,
    Shown,
    To,
)

_FOREIGN: Final = frozenset({Role.CALLER, Role.OTHER})
_SPEAKING: Final = frozenset({Role.CALLER, Role.OPERATOR, Role.OTHER})
SEAT_WITHIN_S: Final = 12
"""The page of a seat answers by itself; a desk telephone is picked up by hand."""
GONE_MEANWHILE: Final = 127
"""Q.850 "interworking": nobody saw how it ended."""


def _nobody(_caller: Caller, _line: Line) -> Sequence[Match]:
    return ()


@dataclass(frozen=True, slots=True)
class Ports:
    """What it asks: which line a number is, who a caller is, who has that number, a new id."""

    line_of: Callable[[str], Line]
    caller_of: Callable[[Arrived, Line], Caller]
    new_id: Callable[[], UUID]
    matches_of: Callable[[Caller, Line], Sequence[Match]] = _nobody
    patience: Patience = field(default_factory=Patience)


class Switchboard:
    """`changed` gathers the calls that are not as they were, for seats and rows."""

    def __init__(self, pbx: str, ports: Ports) -> None:
        self.pbx = pbx
        self.calls: dict[UUID, Call] = {}
        self.changed: dict[UUID, Call] = {}
        self.is_connected = False
        self._ports = ports
        self._of_leg: dict[str, UUID] = {}
        self._said_at: dict[UUID, datetime] = {}
        self._saying: dict[str, UUID] = {}

    # ---- what the exchange says

    def hear(self, heard: Heard, now: datetime) -> Sequence[Deed]:  # noqa: PLR0911 - one line for each
        """Whatever concerns no call that stands is nothing to us."""
        match heard:
            case Arrived():
                return self._arrive(heard, now)
            case Answered(leg):
                return self._up(leg, now)
            case Ended(leg, cause):
                return self._gone(leg, cause, now)
            case SaidOut(saying):
                self._saying.pop(saying, None)
                return ()
            case Connected(legs):
                self.is_connected = True
                return self._found(legs, now)
            case Lost():
                self.is_connected = False
                return ()
            case _:
                return ()

    def _arrive(self, arrived: Arrived, now: datetime) -> Sequence[Deed]:
        """A call that is here already was told again."""
        if arrived.leg in self._of_leg:
            return ()
        line = self._ports.line_of(arrived.line)
        caller = self._ports.caller_of(arrived, line)
        matches = tuple(self._ports.matches_of(caller, line))
        call = Call(
            id=self._ports.new_id(),
            pbx=self.pbx,
            pbx_call=arrived.call,
            kind=line.kind,
            line=line.number,
            region_id=line.region_id,
            caller=caller,
            matches=matches,
            attached=matches[0] if len(matches) == 1 else None,
            offered_at=now,
            legs={arrived.leg: Leg(arrived.leg, Role.CALLER, number=arrived.caller, since=now)},
        )
        self._of_leg[arrived.leg] = call.id
        self._keep(call)
        return ()

    def _up(self, leg_id: str, now: datetime) -> Sequence[Deed]:
        """A telephone that was called is picked up. One that nobody waits for any more is let go."""
        call = self._with(leg_id)
        if call is None:
            return (HangUp(leg_id),)
        leg = replace(call.legs[leg_id], is_up=True, since=now)
        call = call.with_leg(leg)
        match leg.role:
            case Role.OPERATOR:
                return self._operator_up(call, leg, now)
            case Role.OTHER:
                return self._other_up(call, leg, now)
            case Role.COLLEAGUE:
                self._keep(call)
                return (Join(_aside(call), [leg.id, _operator(call).id]),)
            case Role.LISTENER:
                self._keep(call)
                return (ListenIn(f"spy-{leg.id}", _operator(call).id, leg.id, whisper=False),)
            case _:
                self._keep(call)
                return ()

    def _operator_up(self, call: Call, leg: Leg, now: datetime) -> Sequence[Deed]:
        outside = _outside(call)
        if not outside:  # we ring somebody: only now, so that they hear a person at once
            self._keep(call)
            wanted = [each for each in call.legs.values() if each.role is Role.OTHER]
            shown = Shown(call.line)
            return [
                Ring(each.id, To(number=each.number, by_hand=True), shown, call.pbx_call)
                for each in wanted
            ]
        call = _spoken_with(call, leg.user_id, now)
        self._keep(call)
        return (*self._quiet(call), Join(_talk(call), _speaking(call)))

    def _other_up(self, call: Call, leg: Leg, now: datetime) -> Sequence[Deed]:
        """Somebody who answers while the call is held hears music with the others."""
        operator = _leg_of(call, Role.OPERATOR)
        if call.state is State.CONNECTING and operator is not None and operator.is_up:
            call = _spoken_with(call, call.taken_by, now)
        self._keep(call)
        if call.state is State.TALKING:
            return (Join(_talk(call), _speaking(call)),)
        return (Wait(leg.id),)

    def _gone(self, leg_id: str, cause: int, now: datetime) -> Sequence[Deed]:
        call = self._with(leg_id)
        if call is None:
            return ()
        leg = call.legs[leg_id]
        self._of_leg.pop(leg_id, None)
        call = call.without_leg(leg_id)
        match leg.role:
            case Role.OPERATOR:
                return self._without_operator(call, cause, now)
            case Role.CALLER | Role.OTHER if not _left(call):
                return self._end(call, cause, now)
            case _:
                self._keep(call)
                return ()

    def _without_operator(self, call: Call, cause: int, now: datetime) -> Sequence[Deed]:
        """Nobody ordered it: whoever speaks with us is not sent away by a page that died."""
        outside = _outside(call)
        if not outside:
            return self._end(call, cause, now)
        event = Event.FAIL if call.state is State.CONNECTING else Event.LOSE_SEAT
        self._keep(call.after(event, taken_by=None, front=True))
        return [Wait(each.id) for each in outside]

    def _end(self, call: Call, cause: int, now: datetime) -> Sequence[Deed]:
        """Whoever is left is hung up."""
        left = [HangUp(each) for each in call.legs]
        for each in call.legs:
            self._of_leg.pop(each, None)
        ended = call.after(Event.END, ended_at=now, cause=cause, legs={})
        self.calls.pop(call.id, None)
        self._said_at.pop(call.id, None)
        self.changed[call.id] = ended
        return (*left, CloseTalk(_talk(call)), CloseTalk(_aside(call)))

    def _found(self, legs: Mapping[str, LegFound], now: datetime) -> Sequence[Deed]:
        """After a lost way: what is gone has ended meanwhile, what is new has come meanwhile."""
        deeds: list[Deed] = []
        for leg_id in [each for each in self._of_leg if each not in legs]:
            deeds += self._gone(leg_id, GONE_MEANWHILE, now)
        for found in legs.values():
            if found.arrived is not None:
                deeds += self._arrive(found.arrived, now)
        return [*deeds, *(each for call in self.calls.values() for each in _as_it_stands(call))]

    # ---- what operators want

    def take(self, call_id: UUID, user_id: int, seat: str, now: datetime) -> Sequence[Deed]:
        """The first has it. Raises NotFound, Conflict `taken` and `wrong_state`."""
        call = self._standing(call_id)
        if call.taken_by is not None and call.taken_by != user_id:
            raise Conflict(f"Call {call_id} is with user {call.taken_by}.", code="taken")
        taken = call.after(Event.TAKE, taken_by=user_id)
        leg = self._called(call, Role.OPERATOR, now, user_id=user_id)
        self._keep(taken.with_leg(leg))
        shown = Shown(call.caller.e164 or call.caller.raw or call.line)
        return (
            *self._picked_up(call.id),
            Ring(leg.id, To(seat=seat), shown, call.pbx_call, SEAT_WITHIN_S),
        )

    def hang_up(self, call_id: UUID, user_id: int, now: datetime) -> Sequence[Deed]:
        """Its operator ends it for everybody."""
        return self._end(self._own(call_id, user_id), 16, now)

    def hold(self, call_id: UUID, user_id: int) -> Sequence[Deed]:
        """Whoever rang hears music."""
        call = self._own(call_id, user_id)
        self._keep(call.after(Event.HOLD))
        return tuple(Wait(each.id) for each in _outside(call))

    def resume(self, call_id: UUID, user_id: int) -> Sequence[Deed]:
        call = self._own(call_id, user_id)
        self._keep(call.after(Event.RESUME))
        return (Join(_talk(call), _speaking(call)),)

    def dial(
        self,
        line: Line,
        number: str,
        user_id: int,
        seat: str,
        now: datetime,
        incident_id: UUID | None = None,
    ) -> tuple[UUID, Sequence[Deed]]:
        """The operator's own telephone first, then whom they want."""
        id_ = self._ports.new_id()
        call = Call(
            id=id_, pbx=self.pbx, pbx_call=f"out-{id_}", direction=Direction.OUT, kind=line.kind, line=line.number,
            region_id=line.region_id, caller=self._ports.caller_of(Arrived("", "", line.number, number), line),
            state=State.CONNECTING, offered_at=now, taken_by=user_id, incident_id=incident_id,
        )  # fmt: skip
        own = self._called(call, Role.OPERATOR, now, user_id=user_id)
        call = call.with_leg(own)
        other = self._called(call, Role.OTHER, now, number=number)
        self._keep(call.with_leg(other))
        return id_, (Ring(own.id, To(seat=seat), Shown(number), call.pbx_call, SEAT_WITHIN_S),)

    def add(self, call_id: UUID, user_id: int, number: str, now: datetime) -> Sequence[Deed]:
        """A contact, an ambulance: they join as soon as they answer."""
        call = self._own(call_id, user_id)
        leg = self._called(call, Role.OTHER, now, number=number)
        self._keep(call.with_leg(leg))
        return (Ring(leg.id, To(number=number, by_hand=True), Shown(call.line), call.pbx_call),)

    def consult(
        self, call_id: UUID, user_id: int, colleague: int, seat: str, now: datetime
    ) -> Sequence[Deed]:
        """Speak with a colleague while whoever rang waits."""
        call = self._own(call_id, user_id)
        if _leg_of(call, Role.COLLEAGUE) is not None:
            raise Conflict("A colleague is being asked already.", code="wrong_state")
        if call.state is not State.HELD:
            call = call.after(Event.HOLD)
        leg = self._called(call, Role.COLLEAGUE, now, user_id=colleague)
        self._keep(call.with_leg(leg))
        waiting = [Wait(each.id) for each in _outside(call)]
        return (
            *waiting,
            Ring(leg.id, To(seat=seat), Shown(call.line), call.pbx_call, SEAT_WITHIN_S),
        )

    def give(self, call_id: UUID, user_id: int) -> Sequence[Deed]:
        """The colleague has it from now on. Raises Conflict `nobody_asked` where none is on the line."""
        call = self._own(call_id, user_id)
        colleague = _leg_of(call, Role.COLLEAGUE)
        if colleague is None or not colleague.is_up:
            raise Conflict(
                "No colleague is on the line yet: ring one, or pass the call on.",
                code="nobody_asked",
            )
        own = _operator(call)
        self._of_leg.pop(own.id, None)
        call = call.without_leg(own.id).with_leg(replace(colleague, role=Role.OPERATOR))
        self._keep(replace(call.after(Event.RESUME), taken_by=colleague.user_id))
        return (
            HangUp(own.id),
            Join(_talk(call), [colleague.id, *(each.id for each in _outside(call))]),
        )

    def take_back(self, call_id: UUID, user_id: int) -> Sequence[Deed]:
        """Without the colleague after all."""
        call = self._own(call_id, user_id)
        colleague = _leg_of(call, Role.COLLEAGUE)
        resumed = self.resume(call_id, user_id)
        if colleague is None:
            return resumed
        self._of_leg.pop(colleague.id, None)
        self._keep(self.calls[call_id].without_leg(colleague.id))
        return (HangUp(colleague.id), *resumed)

    def pass_on(self, call_id: UUID, user_id: int, to: int | None) -> Sequence[Deed]:
        """To the seat of a user, or of whoever is free, without speaking first. It waits before all of its kind."""
        call = self._own(call_id, user_id)
        outside = _outside(call)
        if not outside:
            raise Conflict("Whom you ring has not answered yet.", code="wrong_state")
        own = _operator(call)
        passed = call.without_leg(own.id).after(Event.PASS_ON, taken_by=None, wanted=to, front=True)
        self._of_leg.pop(own.id, None)
        self._keep(passed)
        return (*(Wait(each.id) for each in outside), HangUp(own.id))

    def listen_in(self, call_id: UUID, supervisor: int, seat: str, now: datetime) -> Sequence[Deed]:
        """The supervisor's telephone; what they hear is joined when it is up."""
        call = self._standing(call_id)
        if call.taken_by is None or call.state is State.CONNECTING:
            raise Conflict(f"Nobody speaks in call {call_id} yet.", code="wrong_state")
        leg = self._called(call, Role.LISTENER, now, user_id=supervisor)
        self._keep(call.with_leg(leg))
        return (Ring(leg.id, To(seat=seat), Shown(call.line), call.pbx_call, SEAT_WITHIN_S),)

    # ---- what time brings

    def tick(self, now: datetime) -> Sequence[Deed]:
        """Who waits is picked up in time, and told where they stand."""
        return [deed for call in in_order(self.calls.values()) for deed in self._wait(call, now)]

    def _wait(self, call: Call, now: datetime) -> Iterator[Deed]:
        said = due(call, self._said_at.get(call.id), now, self._ports.patience)
        caller = _leg_of(call, Role.CALLER)
        if said is None or caller is None:
            return
        self._said_at[call.id] = now
        if call.state is State.RINGING:
            self._keep(call.after(Event.PICK_UP))
            yield from self._picked_up(call.id)
            yield Wait(caller.id)
        saying = f"say-{call.id}-{int(now.timestamp())}"
        self._saying[saying] = call.id
        yield Say(saying, caller.id, _prompts(said, place(call, self.calls.values())), "zh")

    # ---- for whoever carries it out

    def call_of(self, leg: str) -> UUID | None:
        """The call that this telephone belongs to."""
        return self._of_leg.get(leg)

    def call_said(self, saying: str) -> UUID | None:
        """The call in which this is being said."""
        return self._saying.get(saying)

    # ---- within

    def _quiet(self, call: Call) -> Sequence[Deed]:
        """A prompt that runs keeps a leg where it is."""
        return tuple(Hush(saying) for saying, of in self._saying.items() if of == call.id)

    def _picked_up(self, call_id: UUID) -> Sequence[Deed]:
        """Whoever rang, where nothing has been said to them yet."""
        call = self.calls[call_id]
        ringing = [
            each for each in call.legs.values() if each.role is Role.CALLER and not each.is_up
        ]
        for each in ringing:
            self._keep(call.with_leg(replace(each, is_up=True)))
        return [PickUp(each.id) for each in ringing]

    def _called(
        self, call: Call, role: Role, now: datetime, user_id: int | None = None, number: str = ""
    ) -> Leg:
        leg = Leg(f"{role}-{self._ports.new_id()}", role, user_id=user_id, number=number, since=now)
        self._of_leg[leg.id] = call.id
        return leg

    def _keep(self, call: Call) -> None:
        self.calls[call.id] = self.changed[call.id] = call

    def _with(self, leg: str) -> Call | None:
        id_ = self._of_leg.get(leg)
        return None if id_ is None else self.calls.get(id_)

    def _standing(self, call_id: UUID) -> Call:
        call = self.calls.get(call_id)
        if call is None:
            raise NotFound(f"Call {call_id} has ended.", what="call")
        return call

    def _own(self, call_id: UUID, user_id: int) -> Call:
        call = self._standing(call_id)
        if call.taken_by != user_id:
            raise Conflict(f"Call {call_id} is not with user {user_id}.", code="not_yours")
        return call


def _as_it_stands(call: Call) -> Sequence[Deed]:
    """Who hears whom in it, ordered anew: an order may have been lost with the way."""
    match call.state:
        case State.TALKING:
            return (Join(_talk(call), _speaking(call)),)
        case State.WAITING | State.HELD:
            return [Wait(each.id) for each in _outside(call)]
        case _:
            return ()


def _talk(call: Call) -> str:
    return f"talk-{call.id}"


def _aside(call: Call) -> str:
    return f"aside-{call.id}"


def _leg_of(call: Call, role: Role) -> Leg | None:
    return next((each for each in call.legs.values() if each.role is role), None)


def _operator(call: Call) -> Leg:
    leg = _leg_of(call, Role.OPERATOR)
    assert leg is not None  # noqa: S101 - a call that is somebody's has their telephone
    return leg


def _outside(call: Call) -> Sequence[Leg]:
    """Everybody who is not of the centre, and is there."""
    there = [each for each in call.legs.values() if each.role in _FOREIGN]
    return [each for each in there if each.is_up or each.role is Role.CALLER]


def _left(call: Call) -> bool:
    """Whether anybody is there to speak with: where whoever rang has gone, those who were rung for them (an ambulance)."""
    others = [each for each in call.legs.values() if each.role in _FOREIGN]
    spoken_with = call.direction is not Direction.IN or call.taken_by is not None
    return any(each.is_up or spoken_with for each in others)


def _spoken_with(call: Call, user_id: int | None, now: datetime) -> Call:
    return call.after(
        Event.UP, answered_at=call.answered_at or now, answered_by=call.answered_by or user_id
    )


def _speaking(call: Call) -> Sequence[str]:
    """Who hears each other in it: neither a colleague who is asked apart, nor who only listens."""
    return [each.id for each in call.legs.values() if each.is_up and each.role in _SPEAKING]


def _prompts(said: Said, nth: int) -> Sequence[str]:
    match said:
        case Said.ONE_MOMENT:
            return ["cc-one-moment"]
        case Said.YOUR_PLACE:
            return ["cc-your-place", f"cc-{min(nth, 10)}"]
        case Said.CALL_BACK:
            return ["cc-your-place", f"cc-{min(nth, 10)}", "cc-call-back"]
