"""How a call goes from one seat to another: a colleague is asked first, or it is passed on unasked. No I/O: deeds are returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from callcenter.core.errors import Conflict
from callcenter.hotline.call import Event, Role, State
from callcenter.hotline.deeds import Deed, HangUp
from callcenter.hotline.listening_in import Listening
from callcenter.hotline.queueing import Queue
from callcenter.hotline.standing import Standing, rings_at
from callcenter.hotline.who_is_in import (
    beside,
    joined,
    leg_of,
    operator_of,
    outside,
    wait_outside,
)
from callcenter.telephony.pbx import Shown


class HandingOver:
    """Of the calls that stand. Each raises NotFound, and Conflict `not_yours` and `wrong_state`."""

    def __init__(self, standing: Standing, queue: Queue, listening: Listening) -> None:
        self._standing = standing
        self._queue = queue
        self._listening = listening

    def consult(
        self, call_id: UUID, user_id: int, colleague: int, seat: str, now: datetime
    ) -> Sequence[Deed]:
        """Speak with a colleague while whoever rang waits."""
        call = self._standing.own(call_id, user_id)
        if leg_of(call, Role.COLLEAGUE) is not None:
            raise Conflict("A colleague is being asked already.", code="wrong_state")
        if call.state is not State.HELD:
            call = call.after(Event.HOLD)
        leg = self._standing.called(call, Role.COLLEAGUE, now, user_id=colleague)
        self._standing.keep(call.with_leg(leg))
        return (*wait_outside(call), rings_at(seat, leg, Shown(call.line), call))

    def give(self, call_id: UUID, user_id: int, now: datetime) -> Sequence[Deed]:
        """The colleague has it from now on. Raises Conflict `nobody_asked` where none is on the line."""
        call = self._standing.own(call_id, user_id)
        colleague = leg_of(call, Role.COLLEAGUE)
        if colleague is None or not colleague.is_up:
            raise Conflict(
                "No colleague is on the line yet: ring one, or pass the call on.",
                code="nobody_asked",
            )
        own = operator_of(call)
        given = call.after(Event.RESUME, taken_by=colleague.user_id)
        given = given.with_leg(replace(colleague, role=Role.OPERATOR))
        given = self._standing.drop(given, own)
        self._standing.keep(given)
        self._standing.leaves(call, now)
        return (HangUp(own.id), joined(given), *self._listening.anew(given))

    def take_back(self, call_id: UUID, user_id: int) -> Sequence[Deed]:
        """Without the colleague after all."""
        call = self._standing.own(call_id, user_id)
        resumed = call.after(Event.RESUME)
        self._standing.keep(resumed)
        colleague = leg_of(call, Role.COLLEAGUE)
        asked = () if colleague is None else (colleague,)
        return (*self._standing.let_go(resumed, asked), joined(resumed))

    def pass_on(self, call_id: UUID, user_id: int, to: int | None, now: datetime) -> Sequence[Deed]:
        """To the seat of a user, or of whoever is free, without speaking first. It waits before all of its kind."""
        call = self._standing.own(call_id, user_id)
        if not outside(call):
            raise Conflict("Whom you ring has not answered yet.", code="wrong_state")
        own = operator_of(call)
        passed = call.after(Event.PASS_ON, taken_by=None, wanted=to, front=True)
        self._standing.keep(self._standing.drop(passed, own))
        self._standing.leaves(call, now)
        self._queue.passed_on(call_id, user_id, now)
        inside = self._standing.let_go(self._standing.calls[call_id], beside(call))
        return (*wait_outside(call), HangUp(own.id), *inside)
