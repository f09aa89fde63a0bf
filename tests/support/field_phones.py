"""Telephones of people who work outside, without a screen: they get texts and answer them, through the real tables and processors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from callcenter.core.ids import new_id
from callcenter.dispatch.addressing import FieldQuestions
from callcenter.dispatch.catching_up import TasksToTell
from callcenter.dispatch.field_answers import FieldAnswers
from callcenter.dispatch.placing import Placing
from callcenter.sms import arrivals
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.gateway import InboundText
from callcenter.sms.models import Reader
from callcenter.sms.rendering import render
from tests.support.clock import HandClock
from tests.support.field import Field
from tests.support.sealing import SEAL

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class FieldPhones:
    """The office's two processors, run by hand; `zhang` and others are numbers of staff."""

    field: Field
    clock: HandClock
    placing: Placing = field(init=False)
    answers: FieldAnswers = field(init=False)
    to_tell: TasksToTell = field(init=False)
    questions: FieldQuestions = field(init=False)
    _read: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.placing = Placing(self.field.database, SHANGHAI)
        self.answers = FieldAnswers(self.field.database, SEAL, self.clock)
        self.questions = FieldQuestions(self.field.database)
        self.to_tell = TasksToTell(self.field.database)

    async def number(self, staff_id: int) -> str:
        return await self.field.owner.fetchval("SELECT phone FROM staff WHERE id = $1", staff_id)

    async def keep(
        self, staff_id: int, words: str, provider_id: str | None = None
    ) -> Reader | None:
        """A gateway hands it in."""
        sender = await self.number(staff_id)
        async with self.field.database.transaction() as session:
            arrival = InboundText(sender, words, provider_id)
            whose = arrivals.whose_by(self.questions.claims)
            now = self.clock.now()
            return await arrivals.keep(session, "kannel", arrival, now, new_id(), whose)

    async def writes(self, staff_id: int, words: str) -> Reader | None:
        reader = await self.keep(staff_id, words)
        await self.come()
        return reader

    async def come(self) -> None:
        """The office works until nothing is due."""
        while await self.answers.run_once(self.clock.now()):
            pass
        while await self.placing.run_once(self.clock.now()):
            pass
        await self.to_tell.run_once(self.clock.now())

    async def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.come()

    async def new_texts(self, staff_id: int) -> list[str]:
        """Kinds of what has come since they looked last."""
        return [row["kind"] for row in await self._new(staff_id)]

    async def reads(self, staff_id: int) -> list[str]:
        """The same, word for word."""
        return [
            render(MessageKind(row["kind"]), row["params"], row["language"], SHANGHAI)
            for row in await self._new(staff_id)
        ]

    async def _new(self, staff_id: int) -> list[dict[str, Any]]:
        rows = await self.field.owner.fetch(
            "SELECT id, kind, params, language FROM sms_message WHERE recipient = $1 AND state <> 'drill'"
            " ORDER BY created_at, xmin::text::bigint, dedup",
            await self.number(staff_id),
        )
        new = [dict(row) for row in rows if row["id"] not in self._read]
        self._read |= {row["id"] for row in new}
        return new

    async def unread(self, reader: Reader) -> list[str]:
        rows = await self.field.owner.fetch(
            "SELECT text FROM sms_inbound WHERE handled_at IS NULL AND reader = $1 ORDER BY received_at, id",
            reader,
        )
        return [row["text"] for row in rows]
