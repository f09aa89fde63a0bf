"""All calls that stand, and what follows from what the exchange says and what operators want. No I/O: deeds are returned, time is an argument.

An operator's telephone is called only when they have taken a call: whoever presses the key first has it, here and not at the exchange,
and three dozen telephones need not ring for one caller. The order of deeds of one call is kept by whoever carries them out. How they wait
is decided in `queueing.py`, how they go from seat to seat in `handing_over.py`, who hears whom unseen in `listening_in.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from callcenter.core.errors import Conflict, NotFound
from callcenter.devices.callers import Match
from callcenter.hotline.adopting import adopted, ours
from callcenter.hotline.beginning import Ports, came, dialled
from callcenter.hotline.call import GONE_MEANWHILE, Call, Event, Leg, Role, State
from callcenter.hotline.deeds import CloseTalk, Deed, HangUp, Join, Keys, Ring
from callcenter.hotline.differing import Looks
from callcenter.hotline.handing_over import HandingOver
from callcenter.hotline.listening_in import Listening
from callcenter.hotline.queueing import Asking, Queue
from callcenter.hotline.standing import Standing, rings_at
from callcenter.hotline.who_is_in import (
    as_it_stands,
    aside_of,
    beside,
    dials_later,
    is_anybody_left,
    joined,
    leg_of,
    operator_of,
    outside,
    require_room,
    shown_caller,
    spoken_with,
    talk_of,
    wait_outside,
    waits,
)
from callcenter.telephony.line import Line
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
)


class Switchboard:
    """`changed` gathers the calls that are not as they were, for seats and rows."""

    def __init__(self, pbx: str, ports: Ports) -> None:
        self.pbx = pbx
        self.is_connected = False
        self._ports = ports
        self._standing = Standing(ports.new_id, ports.patience.wrap_up_s)
        self.calls, self.changed = self._standing.calls, self._standing.changed
        self.wrap_ups = self._standing.wrap_ups
        self.is_free, self.on_the_phone = self._standing.is_free, self._standing.on_the_phone
        self._of_leg, self._spies = self._standing.of_leg, self._standing.spies
        asking = Asking(ports.line_of, ports.ask, ports.staffed, ports.manned)
        self._queue = Queue(self._standing, ports.patience, asking)
        self.call_said = self._queue.call_said
        self._listening = Listening(self._standing)
        self.listen_in = self._listening.listen_in
        handing_over = HandingOver(self._standing, self._queue, self._listening)
        self.consult, self.give = handing_over.consult, handing_over.give
        self.take_back, self.pass_on = handing_over.take_back, handing_over.pass_on
        self._others: dict[str, frozenset[str]] = {}
        """Of talks that an earlier start of this server has begun and nothing is known of: who hangs up ends it for the others."""
        self._looks = Looks()

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
                return self._queue.pressed(leg, digit, now)
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
        if arrived.leg not in self._of_leg:
            self._come(self._came(arrived, now), now)
        return ()

    def _come(self, call: Call, now: datetime) -> None:
        self._standing.come(call)
        self._queue.ask(call, now)

    def _came(self, arrived: Arrived, now: datetime) -> Call:
        return came(self.pbx, self._ports, arrived, now)

    def _up(self, leg_id: str, now: datetime) -> Sequence[Deed]:  # noqa: PLR0911 - one line for each
        """A telephone that was called is picked up. One that nobody waits for any more is let go."""
        if leg_id in self._spies.values():
            return ()
        call = self._standing.with_leg(leg_id)
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
                self._standing.keep(call)
                return (Join(aside_of(call), [leg.id, operator_of(call).id]),)
            case Role.LISTENER:
                return self._listening.up(call, leg)
            case _:
                self._standing.keep(call)
                return ()

    def _operator_up(self, call: Call, leg: Leg, now: datetime) -> Sequence[Deed]:
        if not outside(call):  # we ring somebody: only now, so that they hear a person at once
            self._standing.keep(call)
            wanted = [each for each in call.legs.values() if each.role is Role.OTHER]
            return [_rings_outside(each, call) for each in wanted]
        call = spoken_with(call, leg.user_id, now)
        self._standing.keep(call)
        return (*self._queue.quiet(call), joined(call))

    def _other_up(self, call: Call, leg: Leg, now: datetime) -> Sequence[Deed]:
        """Somebody who answers while the call is held hears music with the others."""
        if call.state is State.WAITING and self._queue.is_elsewhere(call, leg):
            call = call.after(Event.GO_ELSEWHERE, wanted=None)
            self._standing.keep(call)
            return (*self._queue.quiet(call), joined(call))
        operator = leg_of(call, Role.OPERATOR)
        if call.state is State.CONNECTING and operator is not None and operator.is_up:
            call = spoken_with(call, call.taken_by, now)
        self._standing.keep(call)
        return (joined(call),) if call.state is State.TALKING else (waits(call, leg.id),)

    def _gone(self, leg_id: str, cause: int, now: datetime) -> Sequence[Deed]:
        call = self._standing.with_leg(leg_id)
        if call is None:
            return [HangUp(each) for each in self._others.pop(leg_id, ())]
        leg = call.legs[leg_id]
        call = self._standing.drop(call, leg)
        match leg.role:
            case Role.OPERATOR:
                return self._without_operator(call, cause, now)
            case Role.CALLER | Role.OTHER if not is_anybody_left(call):
                return self._end(call, cause, now)
            case Role.OTHER if call.state is State.TALKING and call.taken_by is None:
                return self._back_from_elsewhere(call)
            case Role.LISTENER:
                self._standing.keep(call)
                return self._standing.unspied(leg)
            case _:
                self._standing.keep(call)
                return ()

    def _without_operator(self, call: Call, cause: int, now: datetime) -> Sequence[Deed]:
        """Nobody ordered it: whoever speaks with us is not sent away by a page that died."""
        if not outside(call):
            return self._end(call, cause, now)
        event = Event.FAIL if call.state is State.CONNECTING else Event.LOSE_SEAT
        self._standing.leaves(call, now)
        left = call.after(event, taken_by=None, front=True)
        self._standing.keep(left)
        return [*wait_outside(left), *self._standing.let_go(left, beside(left))]

    def _back_from_elsewhere(self, call: Call) -> Sequence[Deed]:
        """The other centre has hung up, and whoever rang is still there."""
        self._standing.keep(call.after(Event.LOSE_SEAT, front=True))
        return wait_outside(call)

    def _end(self, call: Call, cause: int, now: datetime) -> Sequence[Deed]:
        """Whoever is left is hung up."""
        left = [HangUp(each) for each in call.legs]
        unspied = [deed for each in call.legs.values() for deed in self._standing.unspied(each)]
        ended = call.after(Event.END, ended_at=now, cause=cause, legs={})
        self._standing.over(ended)
        self._queue.forget(call.id)
        self._standing.leaves(ended, now)
        return (*left, *unspied, CloseTalk(talk_of(call)), CloseTalk(aside_of(call)))

    def _found(self, found: Connected, now: datetime) -> Sequence[Deed]:
        """After a lost way: what is gone has ended meanwhile, what is new has come meanwhile. After a start of this server: calls go on
        with whoever speaks in them.
        """
        legs = found.legs
        deeds: list[Deed] = []
        for leg_id in [each for each in self._of_leg if each not in legs]:
            deeds += self._gone(leg_id, GONE_MEANWHILE, now)
        for leg_id, leg in legs.items():
            if leg.arrived is not None and leg_id not in self._of_leg:
                self._come(adopted(self._came(leg.arrived, now), leg_id, found, now), now)
        self._looks = Looks(frozenset(legs))
        self._others = {
            leg: talk - {leg}
            for talk in found.talks.values()
            if talk.isdisjoint(self._of_leg) and not talk.isdisjoint(legs)
            for leg in talk
            if ours(leg)
        }
        return [*deeds, *(each for call in self.calls.values() for each in as_it_stands(call))]

    def look(self, found: Connected, now: datetime) -> Sequence[Deed]:
        """What stands in the exchange while all is quiet: what it knows no more has ended, what came unheard is here, and a telephone of ours
        that belongs to no call is hung up.
        """
        held = {*self._of_leg, *self._spies.values()}
        differing = self._looks.look(held, self._rung(), found)
        deeds: list[Deed] = [HangUp(each) for each in sorted(differing.left)]
        for each in sorted(differing.gone):
            deeds += self._gone(each, GONE_MEANWHILE, now)
        for arrived in differing.missed:
            self._come(adopted(self._came(arrived, now), arrived.leg, found, now), now)
        return deeds

    def _rung(self) -> Sequence[str]:
        """Whom an operator dials is rung when their own telephone is up."""
        standing = self.calls.values()
        return [
            each.id
            for call in standing
            for each in call.legs.values()
            if not dials_later(call, each)
        ]

    def _said_out(self, saying: str, now: datetime) -> Sequence[Deed]:
        call = self._queue.said_out(saying)
        if call is None:
            return ()
        if call.call_back_wanted:
            return self._end(call, 16, now)
        if self._queue.has_another_centre(call):
            return self._queue.go_elsewhere(call, now)
        return self._queue.leaves_word(call, now)

    # ---- what operators want

    def take(self, call_id: UUID, user_id: int, seat: str, now: datetime) -> Sequence[Deed]:
        """The first has it. Raises NotFound, Conflict `taken` and `wrong_state`."""
        call = self._standing.get(call_id)
        if call.taken_by is not None and call.taken_by != user_id:
            raise Conflict(f"Call {call_id} is with user {call.taken_by}.", code="taken")
        taken = call.after(Event.TAKE, taken_by=user_id, wanted=None)
        self._standing.goes_on(user_id, now)
        leg = self._standing.called(call, Role.OPERATOR, now, user_id=user_id)
        taken = taken.with_leg(leg)
        self._standing.keep(taken)
        late = [each for each in call.legs.values() if each.role is Role.OTHER and not each.is_up]
        return (
            *self._queue.taken(taken),
            *self._standing.let_go(self.calls[call_id], late),
            rings_at(seat, leg, shown_caller(call), call),
        )

    def hang_up(self, call_id: UUID, user_id: int, now: datetime) -> Sequence[Deed]:
        """Its operator ends it for everybody."""
        return self._end(self._standing.own(call_id, user_id), 16, now)

    def hold(self, call_id: UUID, user_id: int) -> Sequence[Deed]:
        """Whoever rang hears music."""
        call = self._standing.own(call_id, user_id)
        self._standing.keep(call.after(Event.HOLD))
        return wait_outside(call)

    def resume(self, call_id: UUID, user_id: int) -> Sequence[Deed]:
        call = self._standing.own(call_id, user_id)
        self._standing.keep(call.after(Event.RESUME))
        return (joined(call),)

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
        call = dialled(self.pbx, self._ports, line, number, user_id, now, incident_id)
        self._standing.goes_on(user_id, now)
        own = self._standing.called(call, Role.OPERATOR, now, user_id=user_id)
        other = self._standing.called(call, Role.OTHER, now, number=number)
        self._standing.keep(call.with_leg(own).with_leg(other))
        return call.id, (rings_at(seat, own, Shown(number), call),)

    def add(self, call_id: UUID, user_id: int, number: str, now: datetime) -> Sequence[Deed]:
        """A contact, an ambulance: they join as soon as they answer. Raises Conflict `too_many_telephones`."""
        call = self._standing.own(call_id, user_id)
        require_room(call)
        leg = self._standing.called(call, Role.OTHER, now, number=number)
        self._standing.keep(call.with_leg(leg))
        return (_rings_outside(leg, call),)

    def keys(self, call_id: UUID, user_id: int, digits: str) -> Sequence[Deed]:
        """To everybody who is not of the centre."""
        own = self._standing.own(call_id, user_id)
        return tuple(Keys(each.id, digits) for each in outside(own))

    def attach(self, call_id: UUID, match: Match) -> None:
        """This is who it is."""
        call = self._standing.get(call_id)
        self._standing.keep(call.but(attached=match))

    def match(self, call_id: UUID, matches: tuple[Match, ...], attached: Match | None) -> None:
        """Who has its number is known only now. Whom an operator has chosen stays."""
        call = self.calls.get(call_id)
        if call is not None and call.matches != matches:
            whose = call.attached or attached
            self._standing.keep(call.but(matches=matches, attached=whose))

    def bind(self, call_id: UUID, incident_id: UUID) -> None:
        """It has led to this incident. A call that has ended meanwhile stays as it was told."""
        call = self.calls.get(call_id)
        if call is not None and call.incident_id != incident_id:
            self._standing.keep(call.but(incident_id=incident_id))

    def wrapped_up(self, call_id: UUID, user_id: int, now: datetime) -> Call:
        """They are ready for the next one. Raises NotFound."""
        wrapped = self.wrap_ups.end(user_id, call_id, now)
        if wrapped is None:
            raise NotFound(f"User {user_id} wraps up no call {call_id}.", what="call")
        self._standing.wrapped(wrapped)
        return wrapped

    # ---- what time brings

    def tick(self, now: datetime) -> Sequence[Deed]:
        """Whoever had something to write down is ready, and whoever waits is looked after."""
        for wrapped in self.wrap_ups.over(now):
            self._standing.wrapped(wrapped)
        return self._queue.tick(now)

    # ---- for whoever carries it out

    def call_of(self, leg: str) -> UUID | None:
        """The call that this telephone belongs to."""
        return self._of_leg.get(leg)


def _rings_outside(leg: Leg, call: Call) -> Ring:
    """A number that somebody of the centre has chosen."""
    return Ring(leg.id, To(number=leg.number, by_hand=True), Shown(call.line), call.pbx_call)
