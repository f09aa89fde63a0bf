"""How soon somebody was there: nine of ten in 45 minutes, the rest in 60."""

from __future__ import annotations

from datetime import timedelta

from callcenter.alerts.field.figures import Went, sent_figures
from callcenter.core.ids import new_id
from callcenter.dispatch.task import TaskKind
from tests.alerts.conftest import Centre
from tests.support.community import LONG_AGO
from tests.support.field import Field

NOW = LONG_AGO + timedelta(hours=3)


def went(there: float | None = None, ended: float | None = None, yes: float = 2) -> Went:
    """Minutes after it was asked for; None: not."""

    def at(minutes: float | None):
        return None if minutes is None else LONG_AGO + timedelta(minutes=minutes)

    return Went(LONG_AGO, at(yes if there is not None else None), at(there), at(ended))


def levels(*tasks: Went, now=NOW) -> list[tuple[int, int, int, bool | None]]:
    found = sent_figures(tasks, now, 30).levels
    return [(each.seconds // 60, each.decided, each.met, each.reached) for each in found]


def test_nine_of_ten_in_45_minutes_and_the_rest_in_60():
    ten = [*[went(30)] * 9, went(59)]
    assert levels(*ten) == [(45, 10, 9, True), (60, 10, 10, True)]
    assert levels(*ten, went(61)) == [(45, 11, 9, False), (60, 11, 10, False)]


def test_the_minute_itself_is_in_time():
    assert levels(went(45), went(60)) == [(45, 2, 1, False), (60, 2, 2, True)]


def test_what_was_called_off_before_counts_for_nothing_and_what_nobody_came_to_counts():
    assert levels(went(None, ended=10)) == [(45, 0, 0, None), (60, 0, 0, None)]
    assert levels(went(None, ended=50)) == [(45, 1, 0, False), (60, 0, 0, None)]
    assert levels(went(None)) == [(45, 1, 0, False), (60, 1, 0, False)]


def test_what_is_still_under_way_counts_when_its_time_has_passed():
    assert levels(went(None), now=LONG_AGO + timedelta(minutes=46))[0] == (45, 1, 0, False)
    assert levels(went(None), now=LONG_AGO + timedelta(minutes=44))[0] == (45, 0, 0, None)


def test_medians_are_of_those_who_said_yes_and_of_those_who_came():
    found = sent_figures([went(10), went(20, yes=4), went(60, yes=9), went(None)], NOW, 30)
    assert (found.asked, found.to_accept_min, found.to_arrive_min) == (4, 4.0, 20.0)
    nobody = sent_figures([], NOW, 30)
    assert (nobody.asked, nobody.to_accept_min, nobody.to_arrive_min) == (0, None, None)


async def test_an_official_sees_those_of_the_regions_they_see_and_a_visit_is_none(centre: Centre):
    field = Field(centre.desk.database, centre.desk.owner, centre.desk.community)
    li = await field.staff("李萍")
    rescue = await field.accepted(li, kind=TaskKind.RESCUE, incident_id=new_id())
    await field.task()
    now = centre.desk.clock.now()
    await centre.desk.owner.execute(
        "UPDATE task SET created_at = $2, accepted_at = $2::timestamptz + interval '3 min',"
        " arrived_at = $2::timestamptz + interval '20 min' WHERE id = $1",
        rescue,
        now - timedelta(hours=2),
    )
    await centre.desk.owner.execute("UPDATE task SET created_at = $1 WHERE kind = 'visit'", now)
    shown = (await centre.boss.client.get("/api/v1/sent/figures")).json()
    assert (shown["asked"], shown["to_accept_min"], shown["to_arrive_min"]) == (1, 3.0, 20.0)
    assert [(each["seconds"], each["met"]) for each in shown["levels"]] == [(2_700, 1), (3_600, 1)]
    short = (await centre.boss.client.get("/api/v1/sent/figures", params={"days": 1})).json()
    assert short["asked"] == 1
    assert (await centre.wang.client.get("/api/v1/sent/figures")).status_code == 403
