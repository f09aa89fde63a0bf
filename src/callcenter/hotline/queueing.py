"""What becomes of whoever waits: whose seat rings first, what they are told meanwhile, what they press, who is rung where nobody here comes.

No I/O: deeds are returned, time is an argument. The order and the words are those of `waiting.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from callcenter.hotline.call import SOUGHT, Call, Event, Leg, Role, State
from callcenter.hotline.deeds import Deed, GiveAway, HangUp, Hush, PickUp, Ring, Say, Wait
from callcenter.hotline.standing import Standing
from callcenter.hotline.waiting import (
    CLOSED,
    CLOSED_KEYS,
    WILL_CALL_BACK,
    WORD_S,
    Heard,
    Patience,
    due,
    in_order,
    is_alone,
    is_over,
    place,
    prompts,
)
from callcenter.hotline.who_is_in import leg_of, outside, shown_caller, waits
from callcenter.telephony.line import Line
from callcenter.telephony.pbx import To

CALL_ME_BACK: Final = "1"

Ask = Callable[[Call, Callable[[int], bool]], int | None]
"""Whose seat rings first for this call, of those who may; none: everybody's."""
Staffed = Callable[[Line, datetime], bool]
"""Whether somebody is there for that line, by its hours."""
Manned = Callable[[Line], bool]
"""Whether anybody is at a seat where it rings."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What it asks."""

    line_of: Callable[[str], Line]
    whom: Ask
    staffed: Staffed
    manned: Manned


class Queue:
    """Of the calls that stand."""

    def __init__(self, standing: Standing, patience: Patience, asking: Asking) -> None:
        self._standing = standing
        self._patience = patience
        self._line_of = asking.line_of
        self._asks = asking.whom
        self._staffed = asking.staffed
        self._manned = asking.manned
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
        self._alone_since: dict[UUID, datetime] = {}
        """Since when nobody has been at a seat for it."""
        self._word_since: dict[UUID, datetime] = {}
        """Since when whoever rang a closed line leaves word."""

    # ---- who comes

    def ask(self, call: Call, now: datetime) -> None:
        """Whose seat rings first. A red call rings everywhere, and nobody is asked where nobody is there."""
        if call.is_red or call.state not in SOUGHT:
            return
        if not self._staffed(self._line_of(call.line), now):
            return
        _, asked = self._asked.get(call.id, (now, frozenset[int]()))
        wanted = self._asks(call, lambda user: user not in asked and self._standing.is_free(user))
        self._asked[call.id] = now, asked if wanted is None else asked | {wanted}
        if wanted != call.wanted:
            self._standing.keep(call.but(wanted=wanted))

    def passed_on(self, call_id: UUID, by: int, now: datetime) -> None:
        """To whom it was passed on, or to whoever else is free."""
        self._asked[call_id] = now, frozenset({by})
        call = self._standing.calls[call_id]
        if call.wanted is None:
            self.ask(call, now)

    def taken(self, call: Call) -> Sequence[Deed]:
        """Nobody is asked any more, and it does not ring where nothing was said yet."""
        self._asked.pop(call.id, None)
        return self._picked_up(call)

    def _ask_on(self, call: Call, now: datetime) -> None:
        """The one who is wanted does not come: somebody else, or everybody."""
        asked = self._asked.get(call.id)
        if call.wanted is None or asked is None:
            return
        if now - asked[0] >= timedelta(seconds=self._patience.ask_s):
            self._asked[call.id] = asked[0], asked[1] | {call.wanted}
            self.ask(call, now)

    # ---- what time brings

    def tick(self, now: datetime) -> Sequence[Deed]:
        """Who waits is picked up in time, told where they stand, and rung elsewhere where nobody here comes."""
        waiting = in_order(self._standing.calls.values())
        return [deed for call in waiting for deed in self._wait(call, now)]

    def _wait(self, call: Call, now: datetime) -> Iterator[Deed]:
        caller = leg_of(call, Role.CALLER) or leg_of(call, Role.OTHER)
        if caller is None or call.call_back_wanted:
            return
        if call.id in self._word_since:
            yield from self._ends_word(call, caller, now)
        elif self._is_alone(call, now):
            yield from self._give_away(call, caller)
        elif call.state is not State.RINGING or call.id not in self._alone_since:
            self._ask_on(call, now)
            yield from self._look_after(self._standing.calls[call.id], caller, now)

    def _look_after(self, call: Call, caller: Leg, now: datetime) -> Iterator[Deed]:
        said = due(call, self._said_at.get(call.id), now, self._patience)
        if said is not None:
            yield from self._tell(call, said, caller.id, now)
        tried = self._elsewhere_at.get(call.id)
        if self.has_another_centre(call) and is_over(call, tried, now, self._patience):
            yield from self.go_elsewhere(self._standing.calls[call.id], now)

    # ---- what is said to them, and what they say

    def _tell(self, call: Call, said: Heard, leg: str, now: datetime) -> Iterator[Deed]:
        line = self._line_of(call.line)
        if call.state is State.RINGING:
            call = call.after(Event.PICK_UP)
            self._standing.keep(call)
            yield from self._picked_up(call)
            yield waits(call, leg)
        if said is Heard.ONE_MOMENT and not call.front and not self._staffed(line, now):
            self._offered_back.add(call.id)
            closed = [line.closed_prompt or CLOSED, CLOSED_KEYS]
            yield self._say(call, closed, leg, now, last=True)
            return
        if said is Heard.CALL_BACK:
            self._offered_back.add(call.id)
        yield self._say(call, prompts(said, place(call, self._standing.calls.values())), leg, now)

    def _say(
        self, call: Call, said: Sequence[str], leg: str, now: datetime, *, last: bool = False
    ) -> Say:
        self._said_at[call.id] = now
        saying = f"say-{self._standing.new_id()}"
        self._saying[saying] = call.id
        if last:
            self._last_words.add(saying)
        return Say(saying, leg, said, self._line_of(call.line).language)

    def pressed(self, leg: str, digit: str, now: datetime) -> Sequence[Deed]:
        """Whoever was offered it wants to be rung: they are thanked, and hung up."""
        call = self._standing.with_leg(leg)
        waits = call is not None and call.state is State.WAITING and not call.call_back_wanted
        if call is None or not waits or digit != CALL_ME_BACK or call.id not in self._offered_back:
            return ()
        wanted = call.but(call_back_wanted=True, wanted=None)
        self._standing.keep(wanted)
        return (*self.quiet(call), self._say(call, (WILL_CALL_BACK,), leg, now, last=True))

    def said_out(self, saying: str) -> Call | None:
        """The call to which all is said now, if these were its last words."""
        call = self._standing.calls.get(self._saying.pop(saying, UUID(int=0)))
        if saying not in self._last_words:
            return None
        self._last_words.discard(saying)
        return call if call is not None and call.state in SOUGHT else None

    def call_said(self, saying: str) -> UUID | None:
        """The call in which this is being said."""
        return self._saying.get(saying)

    def quiet(self, call: Call) -> Sequence[Deed]:
        """A prompt that runs keeps a leg where it is."""
        running = [saying for saying, of in self._saying.items() if of == call.id]
        self._last_words.difference_update(running)
        return tuple(Hush(saying) for saying in running)

    def _picked_up(self, call: Call) -> Sequence[Deed]:
        """Whoever rang, where nothing has been said to them yet."""
        ringing = [
            each for each in call.legs.values() if each.role is Role.CALLER and not each.is_up
        ]
        for each in ringing:
            self._standing.keep(call.with_leg(replace(each, is_up=True)))
        return [PickUp(each.id) for each in ringing]

    def leaves_word(self, call: Call, now: datetime) -> Sequence[Deed]:
        """On a closed line, without music: the recording has it."""
        self._word_since[call.id] = now
        return [Wait(each.id, music=False) for each in outside(call)]

    def _ends_word(self, call: Call, caller: Leg, now: datetime) -> Iterator[Deed]:
        if now - self._word_since[call.id] >= timedelta(seconds=WORD_S):
            yield HangUp(caller.id)

    # ---- the duty phones

    def _is_alone(self, call: Call, now: datetime) -> bool:
        """Nobody has been at a seat for it for long enough, although the line is open. Until then what rings rings on. Whom we have rung
        ourselves waits.
        """
        line = self._line_of(call.line)
        if self._manned(line) or not self._staffed(line, now) or not leg_of(call, Role.CALLER):
            self._alone_since.pop(call.id, None)
            return False
        return is_alone(call, self._alone_since.setdefault(call.id, now), now, self._patience)

    def _give_away(self, call: Call, caller: Leg) -> Iterator[Deed]:
        """The exchange rings the duty phones with it, and records."""
        yield from self.quiet(call)
        others = [each for each in call.legs.values() if each.role is not Role.CALLER]
        yield from self._standing.let_go(call, others)
        call = self._standing.calls[call.id].with_leg(replace(caller, is_up=True))
        if call.state is State.RINGING:
            call = call.after(Event.PICK_UP)
        self._standing.keep(call.after(Event.GO_ELSEWHERE, wanted=None, given_away=True))
        yield GiveAway(caller.id)

    # ---- another centre

    def has_another_centre(self, call: Call) -> bool:
        """Whether its line names one."""
        return bool(self._line_of(call.line).overflow_number)

    def go_elsewhere(self, call: Call, now: datetime) -> Sequence[Deed]:
        """Another centre is rung while whoever rang waits on; the first of us or them has it."""
        self._elsewhere_at[call.id] = now
        if leg_of(call, Role.OTHER) is not None:
            return ()
        number = self._line_of(call.line).overflow_number
        leg = self._standing.called(call, Role.OTHER, now, number=number)
        self._standing.keep(call.with_leg(leg))
        return (Ring(leg.id, To(number=number), shown_caller(call), call.pbx_call),)

    def is_elsewhere(self, call: Call, leg: Leg) -> bool:
        """Whether it is the other centre that was rung in our stead."""
        line = self._line_of(call.line)
        return call.id in self._elsewhere_at and leg.number == line.overflow_number

    # ---- within

    def forget(self, call_id: UUID) -> None:
        """It has ended."""
        for each in (
            self._said_at,
            self._asked,
            self._elsewhere_at,
            self._alone_since,
            self._word_since,
        ):
            each.pop(call_id, None)
        self._offered_back.discard(call_id)
        for saying in [each for each, of in self._saying.items() if of == call_id]:
            del self._saying[saying]
            self._last_words.discard(saying)
