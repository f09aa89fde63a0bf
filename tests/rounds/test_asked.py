"""Whose a digit is of somebody who looks in on neighbours, was driven, and may be somebody's daughter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.rounds.asked import Asked, claims_of
from callcenter.rounds.pairs.said import Looked
from callcenter.sms.whose import Asker, asker_of

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


SHEN = Looked(7, 10, ago(30))
GAO = Looked(8, 37)
DAY = 24 * 60


@pytest.mark.parametrize(
    ("words", "asked", "whose"),
    [
        ("1", Asked(pairs=[SHEN]), Asker.PAIR),
        ("1", Asked(pairs=[GAO]), Asker.INCIDENT),  # nobody has asked
        ("平安", Asked(pairs=[GAO]), Asker.PAIR),
        ("1 37", Asked(pairs=[SHEN, GAO]), Asker.PAIR),
        ("平安", Asked(pairs=[SHEN, GAO]), Asker.INCIDENT),  # of two she must say whom
        ("1", Asked(pairs=[SHEN, GAO]), Asker.PAIR),
        ("1", Asked(pairs=[replace(SHEN, asked_at=ago(DAY + 1))]), Asker.INCIDENT),
        ("1", Asked(pairs=[SHEN], alarm_at=ago(5)), Asker.INCIDENT),
        ("1", Asked(pairs=[SHEN], alarm_at=ago(30)), Asker.INCIDENT),
        ("1", Asked(pairs=[SHEN], alarm_at=ago(60)), Asker.PAIR),
        ("平安", Asked(pairs=[SHEN], alarm_at=ago(5)), Asker.PAIR),
        ("平安", Asked(pairs=[SHEN], alarm_open=True, open_alarm_at=ago(60)), Asker.INCIDENT),
        ("1", Asked(pairs=[SHEN], alarm_open=True), Asker.INCIDENT),
        ("1 10", Asked(pairs=[SHEN], alarm_open=True), Asker.PAIR),
        ("4", Asked(ride_at=ago(5)), Asker.RIDE),
        ("4", Asked(ride_at=ago(5), alarm_open=True), Asker.INCIDENT),
        ("4", Asked(ride_at=ago(30), alarm_at=ago(5)), Asker.INCIDENT),
        ("4", Asked(ride_at=ago(DAY + 1)), Asker.INCIDENT),
        ("1", Asked(pairs=[SHEN], ride_at=ago(60)), Asker.PAIR),
        ("1", Asked(pairs=[SHEN], ride_at=ago(5)), Asker.RIDE),
        ("好的谢谢", Asked(pairs=[SHEN], ride_at=ago(5)), Asker.INCIDENT),
    ],
)
def test_whose_it_is(words: str, asked: Asked, whose: Asker):
    assert asker_of(claims_of(words, asked, NOW)) is whose
