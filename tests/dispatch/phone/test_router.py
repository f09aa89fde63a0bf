"""What a phone sees and sends, by its addresses: its owner's jobs, no more of a home than the job needs, and every bad word refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from callcenter.dispatch import moving
from callcenter.dispatch.asking import offer
from callcenter.dispatch.offering import OfferBy
from tests.support.api import trail
from tests.support.field import DESK, NOW, Field, later, suggested
from tests.support.phones import InHand
from tests.support.photos import photo

NewPhone = Callable[[], Awaitable[InHand]]


@pytest.fixture
async def anna(field: Field) -> int:
    return await field.staff("王敏", ["caregiver"])


@pytest.fixture
async def mine(hand: NewPhone, anna: int) -> InHand:
    phone = await hand()
    await phone.log_in(anna)
    return phone


async def furnished(field: Field, **parts: object) -> dict[str, object]:
    """A visit to somebody whose record says much."""
    home = await field.community.home()
    resident = await field.community.resident(home)
    await field.owner.execute(
        "UPDATE home SET access_note = '门禁先按501', key_note = '钥匙在3单元王姐处' WHERE id = $1",
        home,
    )
    await field.owner.execute(
        "UPDATE resident SET health_note = '糖尿病', welfare = '{lost_only_child}' WHERE id = $1",
        resident,
    )
    return {"home_id": home, "resident_id": resident, "hazards": "家里有狗", **parts}


async def test_an_offer_says_where_and_what_and_a_yes_opens_how_to_get_in(
    field: Field, mine: InHand, anna: int
):
    task_id = await field.task(**await furnished(field, check_list=["量体温", "收拾厨房"]))
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        until = later(minutes=9)
        await offer(session, task, suggested(anna), OfferBy.SCREEN, until, DESK, NOW)
    [asked] = (await mine.get("/jobs"))["jobs"]
    assert (asked["mine"], asked["what"], asked["place"]) == (False, "打扫", "榆荫里7号楼2单元501")
    assert (asked["person"], asked["way_in"], asked["hazards"], asked["check_list"]) == (
        None,
        None,
        "",
        [],
    )
    assert "job_seen" not in [each[0] for each in await trail(field.owner)]
    assert (await mine.does("accept", task_id))["answer"] == "done"
    whole = await mine.get("/jobs")
    [job] = whole["jobs"]
    assert (job["mine"], job["person"], job["call"]) == (True, "沈玉兰", "0999-8012349")
    assert (job["way_in"]["access"], job["way_in"]["key"]) == ("门禁先按501", "钥匙在3单元王姐处")
    assert (job["hazards"], job["check_list"]) == ("家里有狗", ["量体温", "收拾厨房"])
    assert not any(
        word in str(whole) for word in ("糖尿病", "lost_only", "welfare", "birth", "risk")
    )
    await mine.get(f"/jobs/{task_id}")
    looks = [row for row in await trail(field.owner, "action", "subject") if row[0] == "job_seen"]
    assert looks == [("job_seen", f"task:{task_id}:staff:{anna}")], "once, however often it asks"


async def test_a_job_of_somebody_else_is_not_there(field: Field, mine: InHand):
    theirs = await field.accepted(await field.staff("刘师傅"))
    assert (await mine.get("/jobs"))["jobs"] == []
    assert (await mine.client.get(f"/api/v1/phone/jobs/{theirs}")).status_code == 404
    told = await mine.does("arrive", theirs)
    assert (told["answer"], told["code"]) == ("refused", "no_such_task")


async def test_after_the_end_of_a_job_how_to_get_in_is_gone(field: Field, mine: InHand, anna: int):
    task_id = await field.accepted(anna, **await furnished(field))
    for name in ("arrive", "depart"):
        assert (await mine.does(name, task_id))["answer"] == "done"
    [job] = (await mine.get("/jobs"))["jobs"]
    assert (job["state"], job["person"], job["way_in"], job["call"]) == ("done", None, None, None)


async def test_a_photograph_by_its_address(field: Field, mine: InHand, anna: int, desk):
    task_id = await field.accepted(anna)
    photo_id, nonce = uuid4(), (await mine.get("/time"))["nonce"]
    path = f"/api/v1/phone/photos/{photo_id}?task_id={task_id}&nonce={nonce}"
    answer = await mine.client.put(path, content=photo(4))
    assert answer.json() == {"id": str(photo_id), "refused": "", "alike": False}
    [shown] = (await desk.get(f"/api/v1/tasks/{task_id}/photos")).json()
    assert (shown["nonce"], shown["nonce_at"] is not None) == (nonce, True)
    picture = await desk.get(f"/api/v1/tasks/{task_id}/photos/{photo_id}")
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert (await trail(field.owner))[-1] == ("field_photo_seen", f"task:{task_id}")


@pytest.mark.parametrize("megabytes", [12, 40])
async def test_a_body_too_large_is_refused_before_it_is_read(
    field: Field, mine: InHand, anna: int, megabytes: int
):
    task_id = await field.accepted(anna)
    path = f"/api/v1/phone/photos/{uuid4()}?task_id={task_id}"
    answer = await mine.client.put(path, content=bytes(megabytes * 1024 * 1024))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


async def test_a_stranger_sends_no_photograph(hand: NewPhone):
    nobody = await hand()
    answer = await nobody.client.put(
        f"/api/v1/phone/photos/{uuid4()}?task_id={uuid4()}", content=photo()
    )
    assert answer.status_code == 401


async def test_a_hundred_commands_are_taken_and_one_more_is_told_so(
    field: Field, mine: InHand, anna: int
):
    task_id = await field.accepted(anna)

    def batch(count: int) -> dict[str, object]:
        return {
            "commands": [
                {
                    "id": str(uuid4()),
                    "name": "report",
                    "task_id": str(task_id),
                    "said_at": NOW.isoformat(),
                }
                for _ in range(count)
            ]
        }

    answer = await mine.client.post("/api/v1/phone/commands", json=batch(100))
    assert [each["answer"] for each in answer.json()["answers"]] == ["done"] * 100
    answer = await mine.client.post("/api/v1/phone/commands", json=batch(101))
    assert answer.status_code == 422
    assert await field.owner.fetchval("SELECT count(*) FROM field_command") == 100


@pytest.mark.parametrize(
    "said_at",
    [
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59-08:00",
        "1969-12-31T00:00:00Z",
        "yesterday",
        "2026-11-12T09:00:00",
        None,
    ],
)
async def test_a_time_that_cannot_be_costs_that_command_alone(
    field: Field, mine: InHand, anna: int, said_at: object
):
    task_id = await field.accepted(anna)
    names = ("set_out", "report", "arrive")
    commands = [
        {
            "id": str(uuid4()),
            "name": name,
            "task_id": str(task_id),
            "said_at": said_at if name == "report" else NOW.isoformat(),
        }
        for name in names
    ]
    for _ in range(2):
        answer = await mine.client.post("/api/v1/phone/commands", json={"commands": commands})
        assert answer.status_code == 200, answer.text
        told = [(each["answer"], each["code"]) for each in answer.json()["answers"]]
        assert told == [("done", ""), ("refused", "said_at_impossible"), ("done", "")]
    kept = await field.owner.fetchval("SELECT count(*) FROM field_command")
    assert kept == 3, "what it was told stands, and a repeat is told the same"


async def test_a_cry_for_help_is_heard_whatever_the_clock_says(
    field: Field, mine: InHand, anna: int
):
    task_id = await field.accepted(anna)
    cry = {"id": str(uuid4()), "name": "help", "task_id": str(task_id), "said_at": "0001-01-01"}
    answer = await mine.client.post("/api/v1/phone/commands", json={"commands": [cry]})
    assert [each["answer"] for each in answer.json()["answers"]] == ["done"]
    assert "help" in await field.steps(task_id)


async def test_a_position_is_kept_on_duty_alone_and_only_one_of_this_earth(
    field: Field, mine: InHand, anna: int
):
    async def put(content: str) -> int:
        headers = {"content-type": "application/json"}
        return (
            await mine.client.put("/api/v1/phone/position", content=content, headers=headers)
        ).status_code

    assert await put('{"lat": 40.0, "lng": 104.0, "accuracy_m": 8}') == 204
    assert await field.owner.fetchval("SELECT lat FROM staff_position") == 40.0
    assert await field.owner.fetchval("SELECT lat FROM staff_track") == 40.0
    for wrong in ('{"lat": NaN, "lng": 1}', '{"lat": 91, "lng": 1}', '{"lat": 1e999, "lng": 1}'):
        assert await put(wrong) == 422, wrong
    assert (await mine.does("off_duty", None))["answer"] == "done"
    assert await put('{"lat": 40.0, "lng": 104.0}') == 204
    assert await field.owner.fetchval("SELECT count(*) FROM staff_position") == 0


async def test_my_hours_of_a_month(field: Field, mine: InHand, anna: int, clock):
    await field.owner.execute("DELETE FROM duty")
    await field.begin_duty(anna, later(hours=-3))
    await field.end_duty(anna, later(hours=-1))
    task_id = await field.accepted(anna)
    await mine.does("arrive", task_id)
    await mine.does("depart", task_id)
    hours = await mine.get("/hours?month=2026-11")
    assert (hours["on_duty_min"], len(hours["duties"]), len(hours["work"])) == (120, 1, 1)
    assert (hours["work"][0]["minutes"], hours["at_work_min"]) == (0, 0)
    assert (await mine.get("/hours?month=2026-10"))["on_duty_min"] == 0
    for no_month in ("2026-13", "9999-12"):  # no calendar has the month after the last
        answer = await mine.client.get(f"/api/v1/phone/hours?month={no_month}")
        assert answer.status_code == 422
