"""Somebody is sent from the seat with two keys; the seat shows who comes and when, that they are there, and hears when they ask for help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

import callcenter.regions.models  # noqa: F401 - a task lies in a region
from callcenter.cli.options import reached_database, read_settings
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.dispatch import moving
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.proof import CheckKind
from tests.e2e.conftest import STORY, Faults, Picture, Seat
from tests.support.show import Demo

pytestmark = STORY

PHONE = Doer(StepBy.PHONE)

_ON_DUTY = """
INSERT INTO duty (staff_id, began_at, began_by)
SELECT id, now(), 'page' FROM staff WHERE kinds && '{grid_worker,social_worker}' AND phone IS NOT NULL
AND NOT EXISTS (SELECT FROM duty WHERE duty.staff_id = staff.id AND ended_at IS NULL) ORDER BY id LIMIT 1
"""

_SOMEBODY = """
SELECT staff.id, staff.name FROM staff JOIN duty ON duty.staff_id = staff.id AND ended_at IS NULL
WHERE kinds && '{grid_worker,social_worker}' AND coalesce(planned_until > now() + interval '10 minutes', true)
ORDER BY staff.id LIMIT 1
"""


class Worker:
    """Somebody of the demo's staff, as their phone would say it."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self.id, self.name = self._ask(self._begin_duty)

    def _ask(self, work: Callable[[AsyncSession], Coroutine[Any, Any, Any]]) -> Any:
        """In a loop of its own: Playwright's stands in this one."""
        with (
            reached_database(read_settings(None, data_dir=self._demo.data_dir)) as place,
            ThreadPoolExecutor(1) as beside,
        ):
            return beside.submit(asyncio.run, self._in_transaction(place.dsn, work)).result()

    async def _in_transaction(
        self, dsn: str, work: Callable[[AsyncSession], Coroutine[Any, Any, Any]]
    ) -> Any:
        database = Database(dsn)
        try:
            async with database.transaction() as session:
                return await work(session)
        finally:
            await database.close()

    async def _begin_duty(self, session: AsyncSession) -> tuple[int, str]:
        await session.execute(text(_ON_DUTY))
        row = (await session.execute(text(_SOMEBODY))).one()
        return row.id, row.name

    def does(self, act: Callable[..., Coroutine[Any, Any, Any]], task: UUID, *more: Any) -> None:
        async def work(session: AsyncSession) -> None:
            row = await moving.held(session, task)
            await act(session, row, self.id, *more, PHONE, datetime.now(UTC))

        self._ask(work)

    def sets_out(self, task: UUID, minutes: int) -> None:
        async def work(session: AsyncSession) -> None:
            row = await moving.held(session, task)
            await moving.set_out(session, row, self.id, PHONE, datetime.now(UTC), minutes)

        self._ask(work)

    def checks(self, task: UUID, kind: CheckKind) -> None:
        self.does(check_in, task, CheckedIn(id=new_id(), kind=kind, said_at=datetime.now(UTC)))


def test_two_keys_send_somebody_and_the_seat_sees_them_come_and_hears_them_call(
    demo: Demo, seat: Seat, accessibility_faults: Faults, keep_picture: Picture
):
    worker = Worker(demo)
    here = seat("operator", "zh-CN")
    demo.send(demo.device_of("尹慧芳", "elder_phone"))
    expect(here.locator(".head")).to_contain_text("尹慧芳")
    here.keyboard.press("t")
    expect(here.get_by_test_id("call-back")).to_be_visible()

    here.keyboard.press("w")
    dialog = here.get_by_role("dialog")
    expect(dialog.get_by_test_id("send-suggestion").filter(has_text=worker.name)).to_be_visible()
    expect(dialog.get_by_test_id("send-best")).to_be_focused()
    assert accessibility_faults(here) == []
    keep_picture(here, "send-dialog-zh")
    here.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    one = here.get_by_test_id("sent-one")
    expect(one).to_contain_text("分钟内应有人到场")

    [incident] = demo.operators[0].get("/incidents", state="taken", limit=1)
    [task] = demo.operators[0].get(f"/incidents/{incident['id']}/field")["tasks"]
    worker.does(moving.accept, UUID(task["id"]))
    worker.sets_out(UUID(task["id"]), 7)
    expect(here.get_by_test_id("sent-state")).to_contain_text("在路上")
    expect(here.get_by_test_id("sent-who")).to_have_text(worker.name)
    expect(here.get_by_test_id("sent-eta")).to_contain_text("分钟后到")
    worker.checks(UUID(task["id"]), CheckKind.ARRIVE)
    expect(here.get_by_test_id("sent-state")).to_contain_text("已到场")
    assert accessibility_faults(here) == []
    keep_picture(here, "send-there-zh")

    worker.does(moving.ask_help, UUID(task["id"]))
    expect(here.get_by_test_id("sent-loud")).to_contain_text("上门人员请求支援")
    expect(here.get_by_test_id("noticed")).to_be_visible()
    keep_picture(here, "send-help-zh")
    worker.checks(UUID(task["id"]), CheckKind.DEPART)
    expect(here.get_by_test_id("sent-loud")).to_have_count(0)
    entries = demo.operators[0].get(f"/incidents/{incident['id']}")["entries"]
    steps = [each["data"]["step"] for each in entries if each["kind"] == "field"]
    done = [each for each in steps if each in ("accepted", "set_out", "arrived", "help", "done")]
    assert done == ["accepted", "set_out", "arrived", "help", "done"]
