"""Calls that the centre rings by itself: only a key is an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Conflict
from callcenter.hotline.announcement import (
    TRANSITIONS,
    Announcement,
    Attempted,
    Event,
    Outcome,
    Stage,
    apply,
)
from callcenter.hotline.announcing import FLOOD, Announcer
from callcenter.hotline.automatic import Automatic
from callcenter.hotline.deeds import Deed, HangUp, Hush, Ring, Say
from callcenter.telephony.pbx import (
    Answered,
    Connected,
    Digit,
    Ended,
    Heard,
    LegFound,
    Rings,
    SaidOut,
)
from tests.support.clock import HandClock

CALL = UUID(int=7)
SON = Announcement(
    voice_call=CALL, attempt=1, number="+8613900000001", shown="95001", language="zh",
    said=("cc-alarm", "cc-press-1"), thanks={"1": ("cc-thanks",), "2": ("cc-next",)},
)  # fmt: skip
LEG = SON.leg


@dataclass
class Centre:
    """An announcer, and everything that it has ordered."""

    announcer: Announcer = field(default_factory=Announcer)
    now: datetime = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
    deeds: list[Deed] = field(default_factory=list)

    def rings(self, announcement: Announcement = SON) -> None:
        self.deeds += self.announcer.ring(announcement, self.now)

    def hears(self, *heard: Heard) -> None:
        for each in heard:
            self.deeds += self.announcer.hear(each, self.now)

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds * 2)):
            self.now += timedelta(seconds=0.5)
            self.deeds += self.announcer.tick(self.now)

    def says_all(self) -> None:
        """The exchange has said what it was told last."""
        last = [each for each in self.deeds if isinstance(each, Say)][-1]
        self.hears(SaidOut(last.saying, last.leg))

    def said(self) -> Sequence[Sequence[str]]:
        return [each.prompts for each in self.deeds if isinstance(each, Say)]

    def ended(self) -> Attempted:
        [one] = self.announcer.ended.values()
        assert not self.announcer.standing
        return one


@pytest.fixture
def centre() -> Centre:
    centre = Centre()
    centre.rings()
    return centre


def test_the_son_presses_1_is_thanked_and_let_go(centre: Centre):
    [ring] = centre.deeds
    assert isinstance(ring, Ring)
    assert (ring.leg, ring.to.number, ring.to.by_hand) == (LEG, "+8613900000001", False)
    centre.hears(Rings(LEG), Answered(LEG), Digit(LEG, "1"))
    assert isinstance(centre.deeds[-1], Hush)
    centre.passes(1)
    assert centre.said() == [SON.said, ("cc-thanks",)]
    centre.says_all()
    assert centre.deeds[-1] == HangUp(LEG)
    assert (centre.ended().outcome, centre.ended().pressed) == (Outcome.PRESSED, "1")


def test_a_mailbox_that_talks_has_said_nothing(centre: Centre):
    """It answers at once, and everything is said to it three times."""
    centre.hears(Answered(LEG))
    for _ in range(3):
        centre.passes(10)
        centre.says_all()
        centre.passes(6)
    assert centre.said() == [SON.said] * 3
    assert (centre.ended().outcome, centre.ended().pressed) == (Outcome.NO_KEY, None)
    assert centre.deeds[-1] == HangUp(LEG)


def test_whoever_presses_and_hangs_up_at_once_has_pressed(centre: Centre):
    centre.hears(Answered(LEG), Digit(LEG, "2"), Ended(LEG, 16))
    assert (centre.ended().outcome, centre.ended().pressed) == (Outcome.PRESSED, "2")


def test_whoever_hangs_up_without_a_key_has_not_answered(centre: Centre):
    centre.hears(Answered(LEG))
    centre.passes(3)
    centre.hears(Ended(LEG, 16))
    assert centre.ended().outcome is Outcome.HUNG_UP


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [(17, "busy"), (19, "no_answer"), (16, "no_answer"), (21, "refused"), (34, "failed"), (1, "failed")],
)  # fmt: skip
def test_why_nobody_answered_is_known(cause: int, outcome: str, centre: Centre):
    centre.hears(Rings(LEG), Ended(LEG, cause))
    assert (centre.ended().outcome, centre.ended().cause) == (outcome, cause)
    assert centre.ended().answered_at is None


def test_a_key_before_anybody_has_picked_up_is_none(centre: Centre):
    centre.hears(Digit(LEG, "1"), Ended(LEG, 19))
    assert centre.ended().outcome is Outcome.NO_ANSWER


def test_two_keys_that_contradict_each_other_are_none(centre: Centre):
    centre.hears(Answered(LEG), Digit(LEG, "1"), Digit(LEG, "2"))
    centre.passes(2)
    assert centre.said() == [SON.said]
    centre.hears(Digit(LEG, "2"))
    centre.passes(1)
    assert centre.said()[-1] == ("cc-next",)


def test_the_same_key_twice_is_that_key(centre: Centre):
    centre.hears(Answered(LEG), Digit(LEG, "1"), Digit(LEG, "1"))
    centre.passes(1)
    assert centre.said()[-1] == ("cc-thanks",)


def test_a_wrong_key_is_no_answer_and_it_is_said_again(centre: Centre):
    centre.hears(Answered(LEG), Digit(LEG, "7"))
    centre.says_all()
    centre.passes(6)
    assert centre.said() == [SON.said, SON.said]
    assert centre.announcer.standing


def test_a_machine_that_sends_tones_is_hung_up(centre: Centre):
    centre.hears(Answered(LEG), *(Digit(LEG, each) for each in "123456789*0#" * 2))
    assert (centre.ended().outcome, centre.ended().pressed) == (Outcome.FLOOD, None)
    assert centre.deeds[-1] == HangUp(LEG)


def test_a_flood_that_ends_with_a_1_is_no_1(centre: Centre):
    assert FLOOD > 10
    centre.hears(Answered(LEG), *(Digit(LEG, each) for each in "2374651"))
    centre.passes(3)
    assert centre.said() == [SON.said]


def test_a_telephone_that_rings_for_ever_is_given_up(centre: Centre):
    """The news that it has ended was lost."""
    centre.passes(SON.rings_for_s + 11)
    assert (centre.ended().outcome, centre.deeds[-1]) == (Outcome.NO_ANSWER, HangUp(LEG))


def test_a_prompt_whose_end_nobody_hears_does_not_hold_the_line(centre: Centre):
    centre.hears(Answered(LEG))
    centre.passes(400)
    assert centre.ended().outcome is Outcome.NO_KEY


def test_what_is_not_needed_any_more_stops_ringing(centre: Centre):
    centre.deeds += centre.announcer.withdraw(CALL, centre.now)
    assert (centre.ended().outcome, centre.deeds[-1]) == (Outcome.WITHDRAWN, HangUp(LEG))


def test_whoever_has_picked_up_hears_it_to_its_end(centre: Centre):
    centre.hears(Answered(LEG))
    assert not centre.announcer.withdraw(CALL, centre.now)
    assert centre.announcer.standing


def test_the_same_attempt_is_rung_once(centre: Centre):
    centre.rings()
    assert len(centre.deeds) == 1
    centre.hears(Ended(LEG, 17))
    centre.rings()
    assert len(centre.deeds) == 1


def test_after_a_lost_way_what_is_gone_was_lost_and_what_stands_is_told_anew(centre: Centre):
    centre.hears(Answered(LEG))
    stranger = "auto-of-a-server-that-died-1"
    up = LegFound(is_up=True, ours=True)
    centre.hears(Connected({LEG: up, stranger: up, "operator-1": up}, {}))
    assert centre.said() == [SON.said, SON.said]
    assert centre.deeds[-1] == HangUp(stranger)
    centre.hears(Connected({}, {}))
    assert centre.ended().outcome is Outcome.LOST


def test_the_other_half_of_a_call_that_stands_is_no_stranger(centre: Centre):
    """An exchange shows both halves of its inner channel; hanging one up ends the call."""
    centre.hears(Answered(LEG))
    up = LegFound(is_up=True, ours=True)
    centre.hears(Connected({LEG: up, f"{LEG};2": up}, {}))
    assert not [each for each in centre.deeds if isinstance(each, HangUp)]


def test_a_telephone_nobody_rings_any_more_is_let_go():
    centre = Centre()
    centre.hears(Answered(LEG))
    assert centre.deeds == [HangUp(LEG)]


def test_the_telephone_of_an_operator_that_is_picked_up_is_none_of_its_own():
    centre = Centre()
    centre.hears(Answered("operator-1-01a22350"))
    assert centre.deeds == []


def test_every_stage_says_what_can_follow():
    assert set(TRANSITIONS) == set(Stage)
    for stage in Stage:
        for event in Event:
            if event in TRANSITIONS[stage]:
                assert apply(stage, event) in Stage
            else:
                with pytest.raises(Conflict):
                    apply(stage, event)


_HEARD = st.one_of(
    st.just(Rings(LEG)), st.just(Answered(LEG)), st.builds(Digit, st.just(LEG), st.sampled_from("0123456789*#")),
    st.builds(Ended, st.just(LEG), st.sampled_from([16, 17, 19, 21, 34, 127])),
    st.builds(SaidOut, st.sampled_from([f"say-{LEG}-1", f"say-{LEG}-2", f"say-{LEG}-thanks"]), st.just(LEG)),
    st.sampled_from([Connected({}, {}), Connected({LEG: LegFound(is_up=True, ours=True)}, {})]),
)  # fmt: skip
_HAPPENS = st.lists(st.one_of(_HEARD, st.floats(0.5, 30)), max_size=40)


@given(_HAPPENS)
def test_whatever_happens_only_a_key_that_was_asked_for_is_an_answer(happens: list[Heard | float]):
    centre = Centre()
    centre.rings()
    answered, pressed = False, set()
    for each in happens:
        if isinstance(each, float):
            centre.passes(each)
            continue
        answered = (
            answered
            or isinstance(each, Answered)
            or (isinstance(each, Connected) and LEG in each.legs)
        )
        if isinstance(each, Digit) and answered:
            pressed.add(each.digit)
        centre.hears(each)
    centre.passes(400)
    one = centre.ended()
    assert (one.outcome is Outcome.PRESSED) == (one.pressed is not None)
    assert one.pressed is None or one.pressed in pressed & set(SON.thanks)
    assert one.answered_at is None or answered
    assert one.rang_at <= one.ended_at


def test_a_telephone_of_a_seat_that_is_picked_up_is_let_alone(clock: HandClock):
    """The switchboard hears of it; a leg of an automatic call that nobody knows is let go."""
    ordered: list[Deed] = []
    automatic = Automatic(clock, lambda: None)
    automatic.follow = ordered.extend
    assert not automatic.theirs(Answered("operator-1"))
    assert not ordered
    assert automatic.theirs(Answered("auto-unknown-1"))
    assert ordered == [HangUp("auto-unknown-1")]
