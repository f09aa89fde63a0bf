"""Which incident a text is about, when several are open or a code is given."""

from __future__ import annotations

from callcenter.alerts.handling.answering import Candidate, meant, names_another
from callcenter.sms.inbound import Meaning, meaning
from callcenter.sms.outbox import code_of
from tests.support.incidents import incident

FIRST, SECOND, ON_DUTY = (incident(number=number) for number in (37, 38, 39))
ASKED = [Candidate(FIRST, asked=True), Candidate(SECOND, asked=True)]


def said(text: str, candidates: list[Candidate]) -> list[tuple[int, Meaning | None, bool]]:
    return [(one.incident.number, one.meaning, one.has_code) for one in meant(text, candidates)]


def test_the_only_one_that_asked_is_meant():
    assert said("1", [ASKED[0], Candidate(ON_DUTY, asked=False)]) == [(37, Meaning.YES, False)]


def test_of_two_the_number_or_the_code_decides():
    assert said("2 38", ASKED) == [(38, Meaning.NO, False)]
    assert said(f"1 {code_of(FIRST.id)}", ASKED) == [(37, Meaning.YES, True)]
    assert said(f"1{code_of(SECOND.id)}", ASKED) == [(38, Meaning.YES, True)]
    assert said(f"1 38-{code_of(SECOND.id)}", ASKED) == [(38, Meaning.YES, True)]


def test_without_either_it_may_be_about_each():
    assert said("1", ASKED) == [(37, None, False), (38, None, False)]


def test_a_small_number_that_is_none_of_theirs_makes_an_answer_doubtful():
    for text in ("1 2", "1/2", "2,1", "1-30", "10-1"):
        assert said(text, ASKED[:1]) == [(37, Meaning.OTHER, False)]
    assert said("1 99999", ASKED[:1]) == [(37, Meaning.YES, False)]


def test_a_phone_that_was_told_and_not_asked_answers_nothing():
    assert said("1", [Candidate(ON_DUTY, asked=False)]) == [(39, Meaning.OTHER, False)]


def test_a_number_that_none_of_them_has_may_be_of_one_that_has_ended():
    assert names_another(meaning("1 12"), ASKED)
    assert not names_another(meaning("1 38"), ASKED)
    assert not names_another(meaning("1"), ASKED)
