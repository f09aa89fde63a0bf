"""The calls that stand, whose telephone is whose, and who has something to write down of their last. No I/O, and no decision about a call.

What decides of them keeps them here: how they wait, how they are handed over, who listens in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from callcenter.core.errors import Conflict, NotFound
from callcenter.hotline.call import Call, Leg, Role, State
from callcenter.hotline.deeds import CloseTalk, Deed, HangUp, Ring
from callcenter.hotline.wrap_up import WrapUps
from callcenter.telephony.pbx import Shown, To, room_of

SEAT_WITHIN_S: Final = 12
"""The page of a seat answers by itself; a desk telephone is picked up by hand."""


class Standing:
    """`changed` gathers the calls that are not as they were, for seats and rows."""

    def __init__(self, new_id: Callable[[], UUID], wrap_up_s: float) -> None:
        self.new_id = new_id
        self.calls: dict[UUID, Call] = {}
        self.changed: dict[UUID, Call] = {}
        self.wrap_ups = WrapUps(timedelta(seconds=wrap_up_s))
        self.of_leg: dict[str, UUID] = {}
        self.spies: dict[str, str] = {}
        """By the leg of whoever listens: what joins them to the operator."""

    # ---- calls

    def keep(self, call: Call) -> None:
        """As it is from now on."""
        self.calls[call.id] = self.changed[call.id] = call

    def come(self, call: Call) -> None:
        """It was not here before."""
        self.of_leg |= dict.fromkeys(call.legs, call.id)
        self.keep(call)

    def over(self, call: Call) -> None:
        """It has ended, and none of its telephones is anybody's."""
        for each in self.calls.pop(call.id).legs:
            self.of_leg.pop(each, None)
        self.changed[call.id] = call

    def with_leg(self, leg: str) -> Call | None:
        """The call that this telephone belongs to."""
        id_ = self.of_leg.get(leg)
        return None if id_ is None else self.calls.get(id_)

    def get(self, call_id: UUID) -> Call:
        """Raises NotFound where it has ended."""
        call = self.calls.get(call_id)
        if call is None:
            raise NotFound(f"Call {call_id} has ended.", what="call")
        return call

    def own(self, call_id: UUID, user_id: int) -> Call:
        """Raises NotFound, and Conflict `not_yours`."""
        call = self.get(call_id)
        if call.taken_by != user_id:
            raise Conflict(f"Call {call_id} is not with user {user_id}.", code="not_yours")
        return call

    # ---- telephones

    def called(
        self, call: Call, role: Role, now: datetime, user_id: int | None = None, number: str = ""
    ) -> Leg:
        """A new telephone of it. An operator's carries who it is: a server that was started again knows them by it."""
        whose = f"{role}-{user_id}" if role is Role.OPERATOR else str(role)
        leg = Leg(f"{whose}-{self.new_id()}", role, user_id=user_id, number=number, since=now)
        self.of_leg[leg.id] = call.id
        return leg

    def drop(self, call: Call, leg: Leg) -> Call:
        """It is without this telephone, which hangs up or is hung up."""
        self.of_leg.pop(leg.id, None)
        return call.without_leg(leg.id)

    def let_go(self, call: Call, legs: Sequence[Leg]) -> Sequence[Deed]:
        """These are in it no more, and hung up."""
        deeds: list[Deed] = []
        for each in legs:
            call = self.drop(call, each)
            deeds += (HangUp(each.id), *self.unspied(each))
        if legs:
            self.keep(call)
        return deeds

    def unspied(self, leg: Leg) -> Sequence[Deed]:
        """What joins this listener to the operator is gone."""
        spy = self.spies.pop(leg.id, None)
        return () if spy is None else (HangUp(spy), CloseTalk(room_of(spy)))

    # ---- people of the centre

    def is_free(self, user_id: int) -> bool:
        """Whether they are in no call and have nothing to write down."""
        return user_id not in self.wrap_ups and user_id not in self.on_the_phone()

    def on_the_phone(self) -> frozenset[int]:
        """Users of whom a telephone is in a call."""
        legs = (each for call in self.calls.values() for each in call.legs.values())
        return frozenset(each.user_id for each in legs if each.user_id is not None)

    def leaves(self, call: Call, now: datetime) -> None:
        """Whoever has spoken in it speaks no more, and writes down what there was."""
        if call.taken_by is not None and call.answered_at is not None:
            self.wrap_ups.begin(call.taken_by, call, now)

    def goes_on(self, user_id: int, now: datetime) -> None:
        """Whoever takes the next one has written down what there was of the last."""
        wrapped = self.wrap_ups.leave(user_id, now)
        if wrapped is not None:
            self.wrapped(wrapped)

    def wrapped(self, call: Call) -> None:
        """It is told once more after its end."""
        if call.state is State.ENDED:
            self.changed[call.id] = call


def rings_at(seat: str, leg: Leg, shown: Shown, call: Call) -> Ring:
    """The telephone of somebody of the centre."""
    return Ring(leg.id, To(seat=seat), shown, call.pbx_call, SEAT_WITHIN_S)
