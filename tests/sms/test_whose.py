"""Who has a text: the order line by line, and of one line the newest question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest

from callcenter.sms.whose import ORDER, Asker, Claim, Fit, asker_of

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
EARLIER = NOON - timedelta(minutes=5)


def claims(line: frozenset[tuple[Asker, Fit]], at: datetime | None) -> list[Claim]:
    return [Claim(asker, fit, at) for asker, fit in sorted(line)]


def test_what_nobody_claims_is_an_incidents():
    assert asker_of([]) is Asker.INCIDENT


def test_each_way_to_claim_stands_in_one_line():
    stands = [each for line in ORDER for each in line]
    assert len(stands) == len(set(stands))
    assert {asker for asker, _ in stands} == set(Asker)
    assert {fit for _, fit in stands} == set(Fit)


@pytest.mark.parametrize(("upper", "lower"), list(combinations(range(len(ORDER)), 2)))
def test_a_line_goes_before_all_below_it_however_new_they_are(upper: int, lower: int):
    for first, second in product(claims(ORDER[upper], EARLIER), claims(ORDER[lower], NOON)):
        assert asker_of([first, second]) is asker_of([second, first]) is first.asker


@pytest.mark.parametrize("line", ORDER)
def test_of_one_line_the_newest_question_has_it_and_at_the_same_moment_the_first(line):
    for newest, other in product(claims(line, NOON), claims(line, EARLIER)):
        assert asker_of([newest, other]) is asker_of([other, newest]) is newest.asker
    for never, other in product(claims(line, None), claims(line, EARLIER)):
        assert asker_of([never, other]) is other.asker
    together = claims(line, NOON)
    assert asker_of(together) is asker_of(reversed(together)) is min_of(line)


def min_of(line: frozenset[tuple[Asker, Fit]]) -> Asker:
    return min((asker for asker, _ in line), key=list(Asker).index)


@pytest.mark.parametrize(
    ("whose", "rivals"),
    [
        (Asker.FIELD, [(Asker.FIELD, Fit.CODE), (Asker.INCIDENT, Fit.OPEN)]),
        (Asker.INCIDENT, [(Asker.INCIDENT, Fit.CODE), (Asker.FIELD, Fit.ALONE)]),
        (Asker.PAIR, [(Asker.PAIR, Fit.CODE), (Asker.INCIDENT, Fit.OPEN)]),
        (Asker.PAIR, [(Asker.PAIR, Fit.CODE), (Asker.FIELD, Fit.UNREAD)]),
        (Asker.FIELD, [(Asker.FIELD, Fit.ALONE), (Asker.INCIDENT, Fit.OPEN)]),
        (Asker.INCIDENT, [(Asker.INCIDENT, Fit.OPEN), (Asker.FIELD, Fit.UNREAD)]),
        (Asker.INCIDENT, [(Asker.INCIDENT, Fit.OPEN), (Asker.PAIR, Fit.WORDS)]),
        (Asker.INCIDENT, [(Asker.INCIDENT, Fit.OPEN), (Asker.RIDE, Fit.EVERYDAY)]),
        (Asker.FIELD, [(Asker.FIELD, Fit.UNREAD), (Asker.PAIR, Fit.WORDS)]),
        (Asker.PAIR, [(Asker.PAIR, Fit.WORDS), (Asker.INCIDENT, Fit.EVERYDAY)]),
    ],
)
def test_an_alarm_and_a_job_go_before_what_can_wait_and_a_code_before_all(whose, rivals):
    assert asker_of(Claim(asker, fit, NOON) for asker, fit in rivals) is whose
