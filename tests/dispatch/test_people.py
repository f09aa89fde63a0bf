"""Whoever could be asked, as they stand: on duty, where, with which key, how busy."""

from __future__ import annotations

from datetime import UTC

from callcenter.dispatch import moving
from callcenter.dispatch.choosing import Hindrance, Merit, Spot, hindered, ranked
from callcenter.dispatch.people import need_of, people_for
from tests.dispatch.test_moving import doing
from tests.support.field import NOW, PHONE, later


async def looked_at(field, task_id):
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        return need_of(task), await people_for(session, task, NOW, UTC)


async def test_the_key_holder_goes_before_who_is_nearest_and_both_say_why(field):
    near = await field.staff("近处", at=Spot(40.0007, 104.0))
    holder = await field.staff("拿钥匙", at=Spot(40.01, 104.0))
    task_id = await field.task()
    home = (await field.row(task_id))["home_id"]
    await field.owner.execute(
        "INSERT INTO responsible (home_id, staff_id, duty, from_day) VALUES ($1, $2, 'key_holder', '2020-01-01')",
        home,
        holder,
    )
    need, people = await looked_at(field, task_id)
    best = ranked(need, people, NOW)

    assert [each.person.staff_id for each in best] == [holder, near]
    assert [(reason.merit, reason.value) for reason in best[1].reasons] == [
        (Merit.FREE, ""),
        (Merit.MINUTES, "1"),
        (Merit.JOBS_TODAY, "0"),
    ]


async def test_what_stands_in_the_way_is_told(field):
    off = await field.staff("下班", on_duty=False)
    driver = await field.staff("司机", ["driver"])
    ill = await field.staff("病了")
    await field.owner.execute(
        "INSERT INTO absence (staff_id, from_day) VALUES ($1, '2026-11-12')", ill
    )
    no = await field.staff("不去")
    task_id = await field.accepted(no)
    await doing(field, task_id, moving.decline, no, PHONE, NOW)
    need, people = await looked_at(field, task_id)

    assert {person.staff_id: why for person, why in hindered(need, people)} == {
        off: Hindrance.OFF_DUTY,
        driver: Hindrance.WRONG_KIND,
        ill: Hindrance.ABSENT,
        no: Hindrance.SAID_NO,
    }


async def test_whoever_has_another_task_then_is_busy_until_its_end(field):
    li = await field.staff("李")
    await field.accepted(li, begins_at=later(minutes=-20), minutes=50)
    task_id = await field.task()
    need, people = await looked_at(field, task_id)

    assert [(each.busy_until, each.jobs_today) for each in people] == [(later(minutes=30), 1)]
    assert ranked(need, people, NOW)[0].reasons[0].merit is Merit.BUSY_UNTIL


async def test_staff_of_a_neighbouring_street_are_asked_and_those_of_another_district_are_not(
    field,
):
    community = field.community
    district = await community.region(community.root, "district", "东区")
    other = await community.region(community.root, "district", "西区")
    streets = [await community.region(district, "street", name) for name in ("一街", "二街")]
    far = await community.region(other, "street", "三街")
    there, beside, above = [
        await field.staff(name, region=region)
        for name, region in zip("甲乙丙", (*streets, district), strict=True)
    ]
    await field.staff("丁", region=far)
    home = await community.home(region=streets[0])
    _, people = await looked_at(field, await field.task(region_id=streets[0], home_id=home))

    assert [each.staff_id for each in people] == [there, beside, above]
