"""Calls that the centre rings by itself: what is said, which keys count, and when it is over. No I/O: deeds are returned, time is an argument.

Only a key is an answer. A mailbox answers, is told everything, and has said nothing; neither has silence, nor a voice, nor whoever hangs up.
A key counts when it stands alone for a moment: two that contradict each other within it, or a machine that sends tones, are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from callcenter.hotline.announcement import (
    CAUSES,
    PREFIX,
    Announcement,
    Attempted,
    Event,
    Outcome,
    Stage,
    apply,
)
from callcenter.hotline.deeds import Deed, HangUp, Hush, Ring, Say
from callcenter.telephony.pbx import (
    Answered,
    Connected,
    Digit,
    Ended,
    Heard,
    LegFound,
    SaidOut,
    Shown,
    To,
)

HALF: Final = ";"
"""What follows it tells the two halves of a channel within the exchange apart: they end together."""
SETTLES: Final = timedelta(seconds=0.7)
"""A key that no other one follows within this is meant."""
WAITS: Final = timedelta(seconds=6)
"""For a key, after everything has been said."""
LONGEST_SAYING: Final = timedelta(seconds=90)
"""The exchange says when it has said all; if that news is lost, the rest goes on after this."""
LONGEST_THANKS: Final = timedelta(seconds=10)
RINGS_LATE: Final = timedelta(seconds=10)
"""The exchange ends a call that nobody answers; if that news is lost, it is ended after this."""
LONGEST: Final = timedelta(minutes=5)
"""No such call takes a line for longer."""
FLOOD: Final = 20
"""So many keys that are none of those asked for come from a machine."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """One attempt as it stands. `since`: of the stage."""

    announcement: Announcement
    rang_at: datetime
    since: datetime
    stage: Stage = Stage.RINGING
    answered_at: datetime | None = None
    said: int = 0
    """How often it was said, with the one that is being said."""
    saying: str = ""
    key: str | None = None
    key_at: datetime | None = None
    noisy_until: datetime | None = None
    """Keys that contradict each other were pressed; until then none counts."""
    strays: int = 0

    def after(self, event: Event, now: datetime) -> _Standing:
        return replace(self, stage=apply(self.stage, event), since=now)


@dataclass
class Announcer:
    """All automatic calls that stand. `answered` and `ended` gather what is to be written; whoever has written it takes it out."""

    standing: dict[str, _Standing] = field(default_factory=dict)
    answered: dict[str, datetime] = field(default_factory=dict)
    """By leg, when it was picked up: by a person or by a machine."""
    ended: dict[str, Attempted] = field(default_factory=dict)

    def ring(self, announcement: Announcement, now: datetime) -> Sequence[Deed]:
        """Begin one. One that stands already is not rung twice."""
        leg = announcement.leg
        if leg in self.standing or leg in self.ended:
            return ()
        self.standing[leg] = _Standing(announcement, rang_at=now, since=now)
        to, shown = To(number=announcement.number, by_hand=False), Shown(announcement.shown)
        return (Ring(leg, to, shown, leg, announcement.rings_for_s),)

    def withdraw(self, voice_call: UUID, now: datetime) -> Sequence[Deed]:
        """Nobody needs the answer any more. Whoever has picked up already hears it to its end."""
        found = [
            one
            for one in self.standing.values()
            if one.announcement.voice_call == voice_call and one.stage is Stage.RINGING
        ]
        return [deed for one in found for deed in self._end(one, Outcome.WITHDRAWN, now)]

    def hear(self, heard: Heard, now: datetime) -> Sequence[Deed]:
        """What the exchange says of such a leg, or of itself."""
        if isinstance(heard, Connected):
            return self._found(heard.legs, now)
        leg = getattr(heard, "leg", "")
        one = self.standing.get(leg)
        match heard:
            case Answered() if leg.startswith(PREFIX):  # others are an operator's
                return (HangUp(leg),) if one is None else self._up(one, now)
            case Digit(digit=digit) if one is not None:
                return self._digit(one, digit, now)
            case SaidOut(saying) if one is not None:
                return self._said_out(one, saying, now)
            case Ended(cause=cause) if one is not None:
                return self._gone(one, cause, now)
            case _:
                return ()

    def tick(self, now: datetime) -> Sequence[Deed]:
        """What time brings."""
        return [deed for one in list(self.standing.values()) for deed in self._look(one, now)]

    # ---- what is heard

    def _up(self, one: _Standing, now: datetime) -> Sequence[Deed]:
        if one.stage is not Stage.RINGING:
            return ()
        self.answered[one.announcement.leg] = now
        return self._say(replace(one.after(Event.ANSWER, now), answered_at=now))

    def _digit(self, one: _Standing, digit: str, now: datetime) -> Sequence[Deed]:
        """A key that counts cuts the prompt short; it is taken when it has stood alone for a moment."""
        if one.stage not in (Stage.SAYING, Stage.LISTENING):
            return ()
        noisy = one.noisy_until is not None and now < one.noisy_until
        if digit == one.key or (one.key is None and not noisy and digit in one.announcement.thanks):
            self._keep(replace(one, key=digit, key_at=one.key_at or now))
            return (Hush(one.saying),) if one.stage is Stage.SAYING and one.key is None else ()
        if one.strays + 1 >= FLOOD:
            return self._end(one, Outcome.FLOOD, now)
        quiet = replace(one, key=None, key_at=None, noisy_until=now + SETTLES)
        self._keep(replace(quiet, strays=one.strays + 1))
        return ()

    def _said_out(self, one: _Standing, saying: str, now: datetime) -> Sequence[Deed]:
        if saying != one.saying:
            return ()
        match one.stage:
            case Stage.SAYING:
                self._keep(one.after(Event.SAID, now))
                return ()
            case Stage.THANKING:
                return self._over(one, now)
            case _:
                return ()

    def _gone(self, one: _Standing, cause: int, now: datetime) -> Sequence[Deed]:
        """Whoever presses and hangs up at once has pressed."""
        if one.stage is Stage.THANKING or one.key is not None:
            self._finish(one, Outcome.PRESSED, now, cause)
        elif one.stage is Stage.RINGING:
            self._finish(one, CAUSES.get(cause, Outcome.FAILED), now, cause)
        else:
            self._finish(one, Outcome.HUNG_UP, now, cause)
        return ()

    def _found(self, legs: Mapping[str, LegFound], now: datetime) -> Sequence[Deed]:
        """After a lost way: what is gone has ended unseen, what stands is told anew, what nobody knows is hung up."""
        deeds: list[Deed] = []
        for leg, one in list(self.standing.items()):
            if leg not in legs:
                lost = Outcome.PRESSED if one.stage is Stage.THANKING or one.key else Outcome.LOST
                self._finish(one, lost, now)
            elif one.stage is Stage.SAYING or (one.stage is Stage.RINGING and legs[leg].is_up):
                again = one if one.answered_at else replace(one, answered_at=now)
                event = Event.ANSWER if one.stage is Stage.RINGING else Event.REPEAT
                self.answered.setdefault(leg, now)
                deeds += self._say(again.after(event, now))
        strangers = [
            leg
            for leg in legs
            if leg.startswith(PREFIX) and leg.partition(HALF)[0] not in self.standing
        ]
        return [*deeds, *(HangUp(leg) for leg in strangers)]

    # ---- what time brings

    def _look(self, one: _Standing, now: datetime) -> Sequence[Deed]:
        if one.key is not None and one.key_at is not None and now - one.key_at >= SETTLES:
            return self._pressed(one, one.key, now)
        waited = now - one.since
        match one.stage:
            case Stage.RINGING:
                rings = timedelta(seconds=one.announcement.rings_for_s) + RINGS_LATE
                return self._end(one, Outcome.NO_ANSWER, now) if waited >= rings else ()
            case Stage.SAYING if waited >= LONGEST_SAYING:
                self._keep(one.after(Event.SAID, now))
                return (Hush(one.saying),)
            case Stage.LISTENING if waited >= WAITS:
                return self._again(one, now)
            case Stage.THANKING if waited >= LONGEST_THANKS:
                return self._over(one, now)
            case _:
                return self._end(one, Outcome.NO_KEY, now) if now - one.rang_at >= LONGEST else ()

    def _again(self, one: _Standing, now: datetime) -> Sequence[Deed]:
        if one.said >= one.announcement.times:
            return self._end(one, Outcome.NO_KEY, now)
        return self._say(one.after(Event.REPEAT, now))

    # ---- within

    def _say(self, one: _Standing) -> Sequence[Deed]:
        own = one.announcement
        said = one.said + 1
        self._keep(replace(one, said=said, saying=f"say-{own.leg}-{said}"))
        return (Say(f"say-{own.leg}-{said}", own.leg, own.said, own.language),)

    def _pressed(self, one: _Standing, key: str, now: datetime) -> Sequence[Deed]:
        own = one.announcement
        saying = f"say-{own.leg}-thanks"
        self._keep(replace(one.after(Event.PRESS, now), saying=saying, key=key, key_at=None))
        return (Say(saying, own.leg, own.thanks[key], own.language),)

    def _over(self, one: _Standing, now: datetime) -> Sequence[Deed]:
        """They were thanked, and are let go."""
        self._finish(one, Outcome.PRESSED, now, 16)
        return (HangUp(one.announcement.leg),)

    def _end(self, one: _Standing, outcome: Outcome, now: datetime) -> Sequence[Deed]:
        self._finish(one, outcome, now)
        return (HangUp(one.announcement.leg),)

    def _finish(
        self, one: _Standing, outcome: Outcome, now: datetime, cause: int | None = None
    ) -> None:
        own = one.announcement
        pressed = one.key if outcome is Outcome.PRESSED else None
        del self.standing[own.leg]
        self.ended[own.leg] = Attempted(
            own, outcome, one.rang_at, one.answered_at, now, pressed, cause
        )

    def _keep(self, one: _Standing) -> None:
        self.standing[one.announcement.leg] = one
