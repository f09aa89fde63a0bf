"""All calls that stand, and what follows from what the exchange says and what operators want. No I/O: deeds are returned, time is an argument.

An operator's telephone is called only when they have taken a call: whoever presses the key first has it, here and not at the exchange,
and three dozen telephones need not ring for one caller. The order of deeds of one call is kept by whoever carries them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from callcenter.core.errors import Conflict, NotFound
from callcenter.hotline.adopting import adopted, ours
from callcenter.hotline.call import (
    SOUGHT,
    Call,
    Direction,
    Event,
    HeardBy,
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
    Keys,
    Leave,
    ListenIn,
    PickUp,
    Ring,
    Say,
    Wait,
)
from callcenter.hotline.match import Match
from callcenter.hotline.standing import Standing
from callcenter.hotline.waiting import (
    CLOSED,
    WILL_CALL_BACK,
    Heard as Said,
    Patience,
    due,
    in_order,
    is_over,
    place,
    prompts,
)
from callcenter.hotline.wrap_up import WrapUps
from callcenter.telephony.line import Line
from callcenter.telephony.numbers import Caller
from callcenter.telephony.pbx import (
    Answered,
    Arrived,
    Connected,
    Digit,
    Ended,
    Heard,
    Lost,
    SaidOut,
    Shown,
    To,
    room_of,
)

_FOREIGN: Final = frozenset({Role.CALLER, Role.OTHER})
_INSIDE: Final = frozenset({Role.COLLEAGUE, Role.LISTENER})
SEAT_WITHIN_S: Final = 12
"""The page of a seat answers by itself; a desk telephone is picked up by hand."""
GONE_MEANWHILE: Final = 127
"""Q.850 "interworking": nobody saw how it ended."""
MOST_LEGS: Final = 12
"""In one call: whoever adds more has fallen asleep on the key."""
CALL_ME_BACK: Final = "1"


def _nobody(_caller: Caller, _line: Line) -> Sequence[Match]:
    return ()


def _whoever(_call: Call, _may: Callable[[int], bool]) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class Ports:
    """What it asks: which line a number is, who a caller is, who has that number, a new id, the id of a call that came.

    `ask`: whose seat rings first for this call, of those who may; none: everybody's. `staffed`: whether somebody is there for that line.
    """

    line_of: Callable[[str], Line]
    caller_of: Callable[[Arrived, Line], Caller]
    new_id: Callable[[], UUID]
    matches_of: Callable[[Caller, Line], Sequence[Match]] = _nobody
    patience: Patience = field(default_factory=Patience)
    id_of: Callable[[str], UUID] | None = None
    ask: Callable[[Call, Callable[[int], bool]], int | None] = _whoever
    staffed: Callable[[Line, datetime], bool] = lambda _line, _now: True


class Switchboard:
    """`changed` gathers the calls that are not as they were, for seats and rows."""

    def __init__(self, pbx: str, ports: Ports) -> None:
        self.pbx = pbx
        self.calls: dict[UUID, Call] = {}
        self.changed: dict[UUID, Call] = {}
        self.is_connected = False
        self.wrap_ups = WrapUps(timedelta(seconds=ports.patience.wrap_up_s))
        self._ports = ports
        self._of_leg: dict[str, UUID] = {}
        self._said_at: dict[UUID, datetime] = {}
        self._saying: dict[str, UUID] = {}
        self._last_words: set[str] = set()
        """Sayings after which the call is ended, or goes elsewhere."""
        self._offered_back: set[UUID] = set()
        """Whoever waits in these was told of key 1."""
        self._asked: dict[UUID, tuple[datetime, frozenset[int]]] = {}
        """Since when the one who is wanted is asked, and who was asked by then."""
        self._elsewhere_at: dict[UUID, datetime] = {}
        """When another centre was rung last."""
        self._spies: dict[str, str] = {}
        """By the leg of whoever listens: what joins them to the operator."""
        self._others: dict[str, frozenset[str]] = {}
        """Of talks that an earlier start of this server has begun and nothing is known of: who hangs up ends it for the others."""
        self._standing_there = Standing()

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
            case Digit(leg, digit):
                return self._pressed(leg, digit, now)
            case SaidOut(saying):
                return self._said_out(saying, now)
            case Connected():
                self.is_connected = True
                return self._found(heard, now)
            case Lost():
                self.is_connected = False
                return ()
            case _:
                return ()

    def _arrive(self, arrived: Arrived, now: datetime) -> Sequence[Deed]:
        """A call that is here already was told again."""
        if arrived.leg in self._of_leg:
            return ()
        call = self._came(arrived, now)
        self._of_leg[arrived.leg] = call.id
        self._keep(call)
        self._ask(call, now)
        return ()

    def _came(self, arrived: Arrived, now: datetime) -> Call:
        line = self._ports.line_of(arrived.line)
        caller = self._ports.caller_of(arrived, line)
        matches = tuple(self._ports.matches_of(caller, line))
        id_of = self._ports.id_of
        return Call(
            id=id_of(arrived.call) if id_of else self._ports.new_id(),
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

    def _up(self, leg_id: str, now: datetime) -> Sequence[Deed]:  # noqa: PLR0911 - one line for each
        """A telephone that was called is picked up. One that nobody waits for any more is let go."""
        if leg_id in self._spies.values():
            return ()
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
                return self._listener_up(call, leg)
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
        if call.state is State.WAITING and self._is_elsewhere(call, leg):
            call = call.after(Event.GO_ELSEWHERE, wanted=None)
            self._keep(call)
            return (*self._quiet(call), Join(_talk(call), _speaking(call)))
        operator = _leg_of(call, Role.OPERATOR)
        if call.state is State.CONNECTING and operator is not None and operator.is_up:
            call = _spoken_with(call, call.taken_by, now)
        self._keep(call)
        if call.state is State.TALKING:
            return (Join(_talk(call), _speaking(call)),)
        return (Wait(leg.id),)

    def _listener_up(self, call: Call, leg: Leg) -> Sequence[Deed]:
        self._keep(call)
        if _leg_of(call, Role.OPERATOR) is None:
            return self._let_go(call, (leg,))
        return self._hears(call, leg)

    def _gone(self, leg_id: str, cause: int, now: datetime) -> Sequence[Deed]:
        call = self._with(leg_id)
        if call is None:
            return [HangUp(each) for each in self._others.pop(leg_id, ())]
        leg = call.legs[leg_id]
        self._of_leg.pop(leg_id, None)
        call = call.without_leg(leg_id)
        match leg.role:
            case Role.OPERATOR:
                return self._without_operator(call, cause, now)
            case Role.CALLER | Role.OTHER if not _left(call):
                return self._end(call, cause, now)
            case Role.OTHER if call.state is State.TALKING and call.taken_by is None:
                return self._back_from_elsewhere(call)
            case Role.LISTENER:
                self._keep(call)
                return self._unspied(leg)
            case _:
                self._keep(call)
                return ()

    def _without_operator(self, call: Call, cause: int, now: datetime) -> Sequence[Deed]:
        """Nobody ordered it: whoever speaks with us is not sent away by a page that died."""
        outside = _outside(call)
        if not outside:
            return self._end(call, cause, now)
        event = Event.FAIL if call.state is State.CONNECTING else Event.LOSE_SEAT
        if call.answered_at is not None:
            self._wraps_up(call, now)
        self._keep(call.after(event, taken_by=None, front=True))
        inside = [each for each in call.legs.values() if each.role in _INSIDE]
        return [*(Wait(each.id) for each in outside), *self._let_go(self.calls[call.id], inside)]

    def _back_from_elsewhere(self, call: Call) -> Sequence[Deed]:
        """The other centre has hung up, and whoever rang is still there."""
        self._keep(call.after(Event.LOSE_SEAT, front=True))
        return [Wait(each.id) for each in _outside(call)]

    def _end(self, call: Call, cause: int, now: datetime) -> Sequence[Deed]:
        """Whoever is left is hung up."""
        left = [HangUp(each) for each in call.legs]
        unspied = [deed for each in call.legs.values() for deed in self._unspied(each)]
        for each in call.legs:
            self._of_leg.pop(each, None)
        ended = call.after(Event.END, ended_at=now, cause=cause, legs={})
        self.calls.pop(call.id, None)
        self._forget(call.id)
        self.changed[call.id] = ended
        if ended.answered_at is not None and ended.taken_by is not None:
            self.wrap_ups.begin(ended.taken_by, ended, now)
        return (*left, *unspied, CloseTalk(_talk(call)), CloseTalk(_aside(call)))

    def _forget(self, call_id: UUID) -> None:
        for each in (self._said_at, self._asked, self._elsewhere_at):
            each.pop(call_id, None)
        self._offered_back.discard(call_id)
        for saying in [each for each, of in self._saying.items() if of == call_id]:
            del self._saying[saying]
            self._last_words.discard(saying)

    def _found(self, found: Connected, now: datetime) -> Sequence[Deed]:
        """After a lost way: what is gone has ended meanwhile, what is new has come meanwhile. After a start of this server: calls go on
        with whoever speaks in them.
        """
        legs = found.legs
        deeds: list[Deed] = []
        for leg_id in [each for each in self._of_leg if each not in legs]:
            deeds += self._gone(leg_id, GONE_MEANWHILE, now)
        for leg in legs.values():
            if leg.arrived is not None and leg.arrived.leg not in self._of_leg:
                self._take_in(leg.arrived, found, now)
        self._standing_there = Standing(frozenset(legs))
        self._others = {
            leg: talk - {leg}
            for talk in found.talks.values()
            if talk.isdisjoint(self._of_leg) and not talk.isdisjoint(legs)
            for leg in talk
            if ours(leg)
        }
        return [*deeds, *(each for call in self.calls.values() for each in _as_it_stands(call))]

    def _take_in(self, arrived: Arrived, found: Connected, now: datetime) -> None:
        call = adopted(self._came(arrived, now), arrived.leg, found, now)
        self._of_leg |= dict.fromkeys(call.legs, call.id)
        self._keep(call)
        self._ask(call, now)

    def look(self, found: Connected, now: datetime) -> Sequence[Deed]:
        """What stands in the exchange while all is quiet: what it knows no more has ended, what came unheard is here, and a telephone of ours
        that belongs to no call is hung up.
        """
        held = {*self._of_leg, *self._spies.values()}
        differing = self._standing_there.look(held, self._rung(), found)
        deeds: list[Deed] = [HangUp(each) for each in sorted(differing.left)]
        for each in sorted(differing.gone):
            deeds += self._gone(each, GONE_MEANWHILE, now)
        for arrived in differing.missed:
            self._take_in(arrived, found, now)
        return deeds

    def _rung(self) -> Iterator[str]:
        """Whom an operator dials is rung when their own telephone is up."""
        for leg, call_id in self._of_leg.items():
            call = self.calls[call_id]
            own = _leg_of(call, Role.OPERATOR)
            waits = call.direction is Direction.OUT and own is not None and not own.is_up
            if not (waits and call.legs[leg].role is Role.OTHER):
                yield leg

    def _pressed(self, leg: str, digit: str, now: datetime) -> Sequence[Deed]:
        """Whoever was offered it wants to be rung: they are thanked, and hung up."""
        call = self._with(leg)
        waits = call is not None and call.state is State.WAITING and not call.call_back_wanted
        if call is None or not waits or digit != CALL_ME_BACK or call.id not in self._offered_back:
            return ()
        self._keep(replace(call, call_back_wanted=True, wanted=None, version=call.version + 1))
        return (*self._quiet(call), self._say(call, (WILL_CALL_BACK,), leg, now, last=True))

    def _said_out(self, saying: str, now: datetime) -> Sequence[Deed]:
        call = self.calls.get(self._saying.pop(saying, UUID(int=0)))
        if saying not in self._last_words:
            return ()
        self._last_words.discard(saying)
        if call is None or call.state not in SOUGHT:
            return ()
        if call.call_back_wanted or not self._ports.line_of(call.line).overflow_number:
            return self._end(call, 16, now)
        return self._go_elsewhere(call, now)

    # ---- what operators want

    def take(self, call_id: UUID, user_id: int, seat: str, now: datetime) -> Sequence[Deed]:
        """The first has it. Raises NotFound, Conflict `taken` and `wrong_state`."""
        call = self._standing(call_id)
        if call.taken_by is not None and call.taken_by != user_id:
            raise Conflict(f"Call {call_id} is with user {call.taken_by}.", code="taken")
        taken = call.after(Event.TAKE, taken_by=user_id, wanted=None)
        self._goes_on(user_id, now)
        leg = self._called(call, Role.OPERATOR, now, user_id=user_id)
        self._keep(taken.with_leg(leg))
        self._asked.pop(call_id, None)
        shown = Shown(call.caller.e164 or call.caller.raw or call.line)
        late = [each for each in call.legs.values() if each.role is Role.OTHER and not each.is_up]
        return (
            *self._picked_up(call.id),
            *self._let_go(self.calls[call_id], late),
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
        """The operator's own telephone first, then whom they want. Raises Conflict `already_speaking`."""
        if any(
            each.taken_by == user_id and each.state is not State.HELD
            for each in self.calls.values()
        ):
            raise Conflict(
                "You speak with somebody: hold that call, or add the number to it.",
                code="already_speaking",
            )
        id_ = self._ports.new_id()
        caller = self._ports.caller_of(Arrived("", "", line.number, number), line)
        matches = tuple(self._ports.matches_of(caller, line))
        call = Call(
            id=id_, pbx=self.pbx, pbx_call=f"out-{id_}", direction=Direction.OUT, kind=line.kind, line=line.number,
            region_id=line.region_id, caller=caller, matches=matches, attached=matches[0] if len(matches) == 1 else None,
            state=State.CONNECTING, offered_at=now, taken_by=user_id, incident_id=incident_id,
        )  # fmt: skip
        self._goes_on(user_id, now)
        own = self._called(call, Role.OPERATOR, now, user_id=user_id)
        call = call.with_leg(own)
        other = self._called(call, Role.OTHER, now, number=number)
        self._keep(call.with_leg(other))
        return id_, (Ring(own.id, To(seat=seat), Shown(number), call.pbx_call, SEAT_WITHIN_S),)

    def add(self, call_id: UUID, user_id: int, number: str, now: datetime) -> Sequence[Deed]:
        """A contact, an ambulance: they join as soon as they answer. Raises Conflict `too_many_telephones`."""
        call = self._own(call_id, user_id)
        _require_room(call)
        leg = self._called(call, Role.OTHER, now, number=number)
        self._keep(call.with_leg(leg))
        return (Ring(leg.id, To(number=number, by_hand=True), Shown(call.line), call.pbx_call),)

    def keys(self, call_id: UUID, user_id: int, digits: str) -> Sequence[Deed]:
        """To everybody who is not of the centre."""
        return tuple(Keys(each.id, digits) for each in _outside(self._own(call_id, user_id)))

    def attach(self, call_id: UUID, match: Match) -> None:
        """This is who it is."""
        call = self._standing(call_id)
        self._keep(replace(call, attached=match, version=call.version + 1))

    def match(self, call_id: UUID, matches: tuple[Match, ...], attached: Match | None) -> None:
        """Who has its number is known only now. Whom an operator has chosen stays."""
        call = self.calls.get(call_id)
        if call is not None and call.matches != matches:
            whose = call.attached or attached
            self._keep(replace(call, matches=matches, attached=whose, version=call.version + 1))

    def bind(self, call_id: UUID, incident_id: UUID) -> None:
        """It has led to this incident. A call that has ended meanwhile stays as it was told."""
        call = self.calls.get(call_id)
        if call is not None and call.incident_id != incident_id:
            self._keep(replace(call, incident_id=incident_id, version=call.version + 1))

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

    def give(self, call_id: UUID, user_id: int, now: datetime) -> Sequence[Deed]:
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
        self._wraps_up(call, now)
        given = call.without_leg(own.id).with_leg(replace(colleague, role=Role.OPERATOR))
        given = replace(given.after(Event.RESUME), taken_by=colleague.user_id)
        self._keep(given)
        return (HangUp(own.id), Join(_talk(given), _speaking(given)), *self._heard_anew(given))

    def take_back(self, call_id: UUID, user_id: int) -> Sequence[Deed]:
        """Without the colleague after all."""
        call = self._own(call_id, user_id)
        colleague = _leg_of(call, Role.COLLEAGUE)
        resumed = self.resume(call_id, user_id)
        if colleague is None:
            return resumed
        return (*self._let_go(self.calls[call_id], (colleague,)), *resumed)

    def pass_on(self, call_id: UUID, user_id: int, to: int | None, now: datetime) -> Sequence[Deed]:
        """To the seat of a user, or of whoever is free, without speaking first. It waits before all of its kind."""
        call = self._own(call_id, user_id)
        outside = _outside(call)
        if not outside:
            raise Conflict("Whom you ring has not answered yet.", code="wrong_state")
        own = _operator(call)
        passed = call.without_leg(own.id).after(Event.PASS_ON, taken_by=None, wanted=to, front=True)
        self._of_leg.pop(own.id, None)
        self._keep(passed)
        if call.answered_at is not None:
            self._wraps_up(call, now)
        self._asked[call_id] = now, frozenset({user_id})
        if to is None:
            self._ask(passed, now)
        inside = [each for each in call.legs.values() if each.role in _INSIDE]
        return (
            *(Wait(each.id) for each in outside),
            HangUp(own.id),
            *self._let_go(self.calls[call_id], inside),
        )

    def listen_in(
        self,
        call_id: UUID,
        supervisor: int,
        seat: str,
        now: datetime,
        heard_by: HeardBy = HeardBy.NOBODY,
    ) -> Sequence[Deed]:
        """The supervisor's telephone; what they hear is joined when it is up. Who listens already is heard otherwise from now on."""
        call = self._standing(call_id)
        if call.taken_by is None or call.state is State.CONNECTING:
            raise Conflict(f"Nobody speaks in call {call_id} yet.", code="wrong_state")
        if call.taken_by == supervisor:
            raise Conflict("It is your own call.", code="wrong_state")
        there = [each for each in call.legs.values() if each.role is Role.LISTENER]
        if own := next((each for each in there if each.user_id == supervisor), None):
            return self._listens_otherwise(call, own, heard_by)
        _require_room(call)
        leg = self._called(call, Role.LISTENER, now, user_id=supervisor)
        self._keep(call.with_leg(replace(leg, heard_by=heard_by)))
        return (Ring(leg.id, To(seat=seat), Shown(call.line), call.pbx_call, SEAT_WITHIN_S),)

    def wrapped_up(self, call_id: UUID, user_id: int, now: datetime) -> Call:
        """They are ready for the next one. Raises NotFound."""
        wrapped = self.wrap_ups.end(user_id, call_id, now)
        if wrapped is None:
            raise NotFound(f"User {user_id} wraps up no call {call_id}.", what="call")
        if wrapped.state is State.ENDED:
            self.changed[call_id] = wrapped
        return wrapped

    # ---- what time brings

    def tick(self, now: datetime) -> Sequence[Deed]:
        """Who waits is picked up in time, told where they stand, and rung elsewhere where nobody here comes."""
        for wrapped in self.wrap_ups.over(now):
            if wrapped.state is State.ENDED:
                self.changed[wrapped.id] = wrapped
        return [deed for call in in_order(self.calls.values()) for deed in self._wait(call, now)]

    def is_free(self, user_id: int) -> bool:
        """Whether they are in no call and have nothing to write down."""
        if user_id in self.wrap_ups:
            return False
        return not any(
            each.user_id == user_id for call in self.calls.values() for each in call.legs.values()
        )

    def _wait(self, call: Call, now: datetime) -> Iterator[Deed]:
        caller = _leg_of(call, Role.CALLER) or _leg_of(call, Role.OTHER)
        if caller is None or call.call_back_wanted:
            return
        self._ask_on(call, now)
        call = self.calls[call.id]
        line, patience = self._ports.line_of(call.line), self._ports.patience
        said = due(call, self._said_at.get(call.id), now, patience)
        if said is not None:
            yield from self._tell(call, line, said, caller.id, now)
        tried = self._elsewhere_at.get(call.id)
        if line.overflow_number and is_over(call, tried, now, patience):
            yield from self._go_elsewhere(self.calls[call.id], now)

    def _tell(self, call: Call, line: Line, said: Said, leg: str, now: datetime) -> Iterator[Deed]:
        if call.state is State.RINGING:
            self._keep(call.after(Event.PICK_UP))
            yield from self._picked_up(call.id)
            yield Wait(leg)
        if said is Said.ONE_MOMENT and not call.front and not self._ports.staffed(line, now):
            yield self._say(call, (line.closed_prompt or CLOSED,), leg, now, last=True)
            return
        if said is Said.CALL_BACK:
            self._offered_back.add(call.id)
        yield self._say(call, prompts(said, place(call, self.calls.values())), leg, now)

    def _say(
        self, call: Call, said: Sequence[str], leg: str, now: datetime, *, last: bool = False
    ) -> Say:
        self._said_at[call.id] = now
        saying = f"say-{self._ports.new_id()}"
        self._saying[saying] = call.id
        if last:
            self._last_words.add(saying)
        return Say(saying, leg, said, self._ports.line_of(call.line).language)

    def _ask(self, call: Call, now: datetime) -> None:
        """Whose seat rings first. A red call rings everywhere, and nobody is asked where nobody is there."""
        if call.is_red or call.state not in SOUGHT:
            return
        if not self._ports.staffed(self._ports.line_of(call.line), now):
            return
        _, asked = self._asked.get(call.id, (now, frozenset[int]()))
        wanted = self._ports.ask(call, lambda user: user not in asked and self.is_free(user))
        self._asked[call.id] = now, asked if wanted is None else asked | {wanted}
        if wanted != call.wanted:
            self._keep(replace(call, wanted=wanted, version=call.version + 1))

    def _ask_on(self, call: Call, now: datetime) -> None:
        """The one who is wanted does not come: somebody else, or everybody."""
        asked = self._asked.get(call.id)
        if call.wanted is None or asked is None:
            return
        if now - asked[0] >= timedelta(seconds=self._ports.patience.ask_s):
            self._asked[call.id] = asked[0], asked[1] | {call.wanted}
            self._ask(call, now)

    def _go_elsewhere(self, call: Call, now: datetime) -> Sequence[Deed]:
        """Another centre is rung while whoever rang waits on; the first of us or them has it."""
        self._elsewhere_at[call.id] = now
        if _leg_of(call, Role.OTHER) is not None:
            return ()
        number = self._ports.line_of(call.line).overflow_number
        leg = self._called(call, Role.OTHER, now, number=number)
        self._keep(call.with_leg(leg))
        shown = Shown(call.caller.e164 or call.caller.raw or call.line)
        return (Ring(leg.id, To(number=number), shown, call.pbx_call),)

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
        running = [saying for saying, of in self._saying.items() if of == call.id]
        self._last_words.difference_update(running)
        return tuple(Hush(saying) for saying in running)

    def _picked_up(self, call_id: UUID) -> Sequence[Deed]:
        """Whoever rang, where nothing has been said to them yet."""
        call = self.calls[call_id]
        ringing = [
            each for each in call.legs.values() if each.role is Role.CALLER and not each.is_up
        ]
        for each in ringing:
            self._keep(call.with_leg(replace(each, is_up=True)))
        return [PickUp(each.id) for each in ringing]

    def _let_go(self, call: Call, legs: Sequence[Leg]) -> Sequence[Deed]:
        """These are in it no more, and hung up."""
        deeds: list[Deed] = []
        for each in legs:
            self._of_leg.pop(each.id, None)
            call = call.without_leg(each.id)
            deeds += (HangUp(each.id), *self._unspied(each))
        if legs:
            self._keep(call)
        return deeds

    def _hears(self, call: Call, leg: Leg) -> Sequence[Deed]:
        """A listener who is up hears what is said; in one of the three manners."""
        if leg.heard_by is HeardBy.ALL:
            return (Join(_talk(call), [leg.id]),)
        spy = self._spies[leg.id] = f"spy-{self._ports.new_id()}"
        whisper = leg.heard_by is HeardBy.OPERATOR
        return (ListenIn(spy, _operator(call).id, leg.id, whisper=whisper),)

    def _unspied(self, leg: Leg) -> Sequence[Deed]:
        spy = self._spies.pop(leg.id, None)
        return () if spy is None else (HangUp(spy), CloseTalk(room_of(spy)))

    def _listens_otherwise(self, call: Call, leg: Leg, heard_by: HeardBy) -> Sequence[Deed]:
        if leg.heard_by is heard_by:
            return ()
        changed = replace(leg, heard_by=heard_by)
        self._keep(call.with_leg(changed))
        if not leg.is_up:
            return ()
        left = [Leave(_talk(call), leg.id)] if leg.heard_by is HeardBy.ALL else self._unspied(leg)
        return (*left, *self._hears(call, changed))

    def _heard_anew(self, call: Call) -> Sequence[Deed]:
        """What listened to the operator before has gone with their telephone."""
        up = [each for each in call.legs.values() if each.role is Role.LISTENER and each.is_up]
        spied = [each for each in up if each.heard_by is not HeardBy.ALL]
        return [deed for each in spied for deed in (*self._unspied(each), *self._hears(call, each))]

    def _is_elsewhere(self, call: Call, leg: Leg) -> bool:
        """Whether it is the other centre that was rung in our stead."""
        line = self._ports.line_of(call.line)
        return call.id in self._elsewhere_at and leg.number == line.overflow_number

    def _goes_on(self, user_id: int, now: datetime) -> None:
        """Whoever takes the next one has written down what there was of the last."""
        wrapped = self.wrap_ups.leave(user_id, now)
        if wrapped is not None and wrapped.state is State.ENDED:
            self.changed[wrapped.id] = wrapped

    def _wraps_up(self, call: Call, now: datetime) -> None:
        operator = call.taken_by
        if operator is not None:
            self.wrap_ups.begin(operator, call, now)

    def _called(
        self, call: Call, role: Role, now: datetime, user_id: int | None = None, number: str = ""
    ) -> Leg:
        """An operator's carries who it is: a server that was started again knows them by it."""
        whose = f"{role}-{user_id}" if role is Role.OPERATOR else str(role)
        leg = Leg(
            f"{whose}-{self._ports.new_id()}", role, user_id=user_id, number=number, since=now
        )
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


def _require_room(call: Call) -> None:
    if len(call.legs) >= MOST_LEGS:
        raise Conflict(
            f"There are {len(call.legs)} telephones in this call already.",
            code="too_many_telephones",
        )


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
    if call.direction is Direction.IN and call.taken_by is None:
        return any(each.role is Role.CALLER or each.is_up for each in others) and (
            call.state is not State.TALKING or any(each.role is Role.CALLER for each in others)
        )
    return bool(others)


def _spoken_with(call: Call, user_id: int | None, now: datetime) -> Call:
    return call.after(
        Event.UP, answered_at=call.answered_at or now, answered_by=call.answered_by or user_id
    )


def _speaking(call: Call) -> Sequence[str]:
    """Who hears each other in it: neither a colleague who is asked apart, nor who only listens."""
    return [each.id for each in call.legs.values() if each.is_up and _speaks(each)]


def _speaks(leg: Leg) -> bool:
    if leg.role is Role.LISTENER:
        return leg.heard_by is HeardBy.ALL
    return leg.role is not Role.COLLEAGUE
