"""Those who work outside, in a story of a whole centre: the office's processors of the field beside those of the alarms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx

from callcenter.dispatch.addressing import FieldQuestions
from callcenter.dispatch.catching_up import TasksToTell
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.desk.booking import WithBooking
from callcenter.dispatch.field_answers import FieldAnswers
from callcenter.dispatch.placing import Placing
from callcenter.dispatch.task import TaskKind
from callcenter.rounds.answers import claims_in
from callcenter.rounds.reading import RoundAnswers
from callcenter.rounds.rides.booking import price
from callcenter.rounds.rides.rating import Ratings
from callcenter.sms.arrivals import whose_by
from callcenter.sms.hooks import Readers
from tests.support.api import browser, person, sign_in
from tests.support.field import Field
from tests.support.outbox import SHANGHAI
from tests.support.phones import InHand
from tests.support.sealing import SEAL
from tests.support.story import Story

AT_HOME = Spot(40.0, 104.0)
"""Where the homes of a story are."""
HUNDRED_METRES = 0.0009  # degrees of latitude


@dataclass
class Hand:
    """Somebody with a phone whose page is open."""

    story: Story
    staff_id: int
    phone: str
    page: InHand

    async def jobs(self) -> list[str]:
        """Ids of what the page shows."""
        return [job["id"] for job in (await self.page.get("/jobs"))["jobs"]]

    async def says(self, name: str, task_id: UUID, **body: object) -> dict[str, Any]:
        """One command, now; then everybody's phone is looked at. What it was told."""
        command = {
            "id": str(uuid4()),
            "name": name,
            "task_id": str(task_id),
            "said_at": self.story.clock.now().isoformat(),
            "clock_error_s": 0,
            "body": body,
        }
        sent = {"commands": [command]}
        answer = await self.page.client.post("/api/v1/phone/commands", json=sent)
        assert answer.status_code == 200, answer.text
        await self.story.look()
        told: dict[str, Any] = answer.json()["answers"][0]
        return told


@dataclass
class Outside:
    """The office works for those outside as well; everybody is on duty from now on."""

    story: Story
    field: Field

    async def hand(self, name: str, phone: str, *kinds: str, hundred_metres: float = 0.0) -> Hand:
        """On duty, so far from where the homes are, the page open."""
        staff_id = await self.field.staff(name, kinds, on_duty=False, phone=phone)
        now = self.story.clock.now()
        await self.field.begin_duty(staff_id, now)
        there = Spot(AT_HOME.lat + hundred_metres * HUNDRED_METRES, AT_HOME.lng)
        await self.field.place(staff_id, there, now)
        client = await self.story.stack.enter_async_context(browser(self.story.app))
        hand = Hand(self.story, staff_id, phone, InHand(self.field, client))
        self.story.phones.expect(phone, "登录验证码")
        await hand.page.log_in(staff_id)
        await self.story.look()
        return hand

    async def office(self, login: str, role: str) -> httpx.AsyncClient:
        """Somebody at a screen of the office, for the whole site."""
        await person(self.story.owner, login, (role, self.story.community.root))
        client = await self.story.stack.enter_async_context(browser(self.story.app))
        await sign_in(client, login)
        return client


def going_outside(story: Story) -> Outside:
    """Adds the processors that `runtime/field.py` puts into the office, their readers of texts, and what a ride costs."""
    database = story.database
    context = story.app.state.context
    also = WithBooking({TaskKind.RIDE: partial(price, zone=SHANGHAI)})
    story.app.state.context = replace(context, ports={**context.ports, WithBooking: also})
    whose = whose_by(FieldQuestions(database).claims, claims_in(SHANGHAI))
    story.phones.hooks = replace(story.phones.hooks, readers=Readers(whose))
    office = [
        FieldAnswers(database, SEAL, story.clock),
        Placing(database, SHANGHAI),
        TasksToTell(database),
        Ratings(database, SHANGHAI),
        RoundAnswers(database, SHANGHAI),
    ]
    story.processors = [*story.processors, *office]
    return Outside(story, Field(database, story.owner, story.community))
