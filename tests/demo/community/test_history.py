"""The invented past."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter.demo.community.history import past_incidents
from tests.support.outbox import SHANGHAI


def test_the_past_holds_24_incidents_of_which_11_were_mistaken():
    now = datetime(2026, 8, 1, 3, tzinfo=UTC)
    past = list(past_incidents(now, SHANGHAI))
    mistaken = [p for p in past if p.listed.outcome == "mistaken_press"]
    month = now - timedelta(days=30)
    assert (len(past), len(mistaken)) == (24, 11)
    assert sum(p.listed.resident == "乔文斌" and p.opened_at > month for p in mistaken) == 7
    assert all(p.opened_at < now for p in past)
    assert [p.opened_at for p in past] == sorted(p.opened_at for p in past)
    assert all(
        p.listed.safe_by and p.listed.safe_where for p in past if p.listed.outcome == "emergency"
    )


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", 29), ("Etc/GMT+11", 28), ("Pacific/Kiritimati", 29)]
)
def test_it_happened_by_the_clock_and_the_calendar_of_the_site(zone: str, day: int):
    """At half past midnight in Shanghai it is still the day before elsewhere."""
    site, now = ZoneInfo(zone), datetime(2026, 11, 28, 16, 30, tzinfo=UTC)
    today = date(2026, 11, day)
    for past in past_incidents(now, site):
        local = past.opened_at.astimezone(site)
        assert (today - local.date()).days == past.listed.days_ago
        assert local.replace(second=0, tzinfo=None).time() == past.listed.at


def test_a_call_to_the_family_tells_the_relation_in_both_languages():
    steps = [
        step
        for past in past_incidents(datetime(2026, 8, 1, tzinfo=UTC), SHANGHAI)
        for step in past.steps
    ]
    calls = [step.data for step in steps if step.data.get("step") == "contact_called"]
    assert {call["relation"]: call["relation_en"] for call in calls} == {
        "儿子": "son",
        "丈夫": "husband",
        "邻居": "neighbour",
        "朋友": "friend",
    }


def test_what_happened_after_the_alarm_is_told_in_its_order():
    for past in past_incidents(datetime(2026, 8, 1, tzinfo=UTC), SHANGHAI):
        seconds = [step.after for step in past.steps]
        assert seconds == sorted(seconds)
        assert [past.steps[0].kind, past.steps[1].kind, past.steps[-1].kind] == [
            "opened",
            "taken",
            "closed",
        ]
