"""Whom somebody who listens in hears, and who hears them. No I/O: deeds are returned.

Unheard, and in a whisper to the operator, they are joined to the operator's telephone by a channel of the exchange's own (a spy); heard by
all, they are in the talk like everybody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from callcenter.core.errors import Conflict
from callcenter.hotline.call import Call, HeardBy, Leg, Role, State
from callcenter.hotline.deeds import Deed, Join, Leave, ListenIn
from callcenter.hotline.standing import Standing, rings_at
from callcenter.hotline.who_is_in import leg_of, operator_of, require_room, talk_of
from callcenter.telephony.pbx import Shown


class Listening:
    """Of the calls that stand."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def listen_in(
        self,
        call_id: UUID,
        supervisor: int,
        seat: str,
        now: datetime,
        heard_by: HeardBy = HeardBy.NOBODY,
    ) -> Sequence[Deed]:
        """The supervisor's telephone; what they hear is joined when it is up. Who listens already is heard otherwise from now on."""
        call = self._standing.get(call_id)
        if call.taken_by is None or call.state is State.CONNECTING:
            raise Conflict(f"Nobody speaks in call {call_id} yet.", code="wrong_state")
        if call.taken_by == supervisor:
            raise Conflict("It is your own call.", code="wrong_state")
        there = [each for each in call.legs.values() if each.role is Role.LISTENER]
        if own := next((each for each in there if each.user_id == supervisor), None):
            return self._otherwise(call, own, heard_by)
        require_room(call)
        leg = self._standing.called(call, Role.LISTENER, now, user_id=supervisor)
        self._standing.keep(call.with_leg(replace(leg, heard_by=heard_by)))
        return (rings_at(seat, leg, Shown(call.line), call),)

    def up(self, call: Call, leg: Leg) -> Sequence[Deed]:
        """Their telephone is."""
        self._standing.keep(call)
        if leg_of(call, Role.OPERATOR) is None:
            return self._standing.let_go(call, (leg,))
        return self._hears(call, leg)

    def anew(self, call: Call) -> Sequence[Deed]:
        """What listened to the operator before has gone with their telephone."""
        up = [each for each in call.legs.values() if each.role is Role.LISTENER and each.is_up]
        spied = [each for each in up if each.heard_by is not HeardBy.ALL]
        return [
            deed
            for each in spied
            for deed in (*self._standing.unspied(each), *self._hears(call, each))
        ]

    def _hears(self, call: Call, leg: Leg) -> Sequence[Deed]:
        """A listener who is up hears what is said; in one of the three manners."""
        if leg.heard_by is HeardBy.ALL:
            return (Join(talk_of(call), [leg.id]),)
        spy = self._standing.spies[leg.id] = f"spy-{self._standing.new_id()}"
        whisper = leg.heard_by is HeardBy.OPERATOR
        return (ListenIn(spy, operator_of(call).id, leg.id, whisper=whisper),)

    def _otherwise(self, call: Call, leg: Leg, heard_by: HeardBy) -> Sequence[Deed]:
        if leg.heard_by is heard_by:
            return ()
        changed = replace(leg, heard_by=heard_by)
        self._standing.keep(call.with_leg(changed))
        if not leg.is_up:
            return ()
        in_talk = leg.heard_by is HeardBy.ALL
        left = [Leave(talk_of(call), leg.id)] if in_talk else self._standing.unspied(leg)
        return (*left, *self._hears(call, changed))
