"""A story's centre that rings by itself, at an exchange whose other end the story plays: who picks up, and what they press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.hotline.announcing import Announcer
from callcenter.hotline.deeds import Deed, HangUp, Ring, Say
from callcenter.hotline.ringing_again import Channels, Pauses, Quiet
from callcenter.hotline.unanswered import Unanswered
from callcenter.hotline.voice_out import Exchange, Manner, VoiceOut
from callcenter.telephony.pbx import Answered, Digit, Ended, SaidOut
from tests.support.outbox import SHANGHAI
from tests.support.story import Story

PAUSES = Pauses(
    of_alarms=(timedelta(seconds=30), timedelta(seconds=60)),
    of_lists=(timedelta(minutes=20),),
    quiet=Quiet(time(21), time(8)),
)
AFTER = timedelta(seconds=60)


@dataclass
class Voice:
    """What was ordered of the exchange, and what it says back."""

    story: Story
    announcer: Announcer = field(default_factory=Announcer)
    deeds: list[Deed] = field(default_factory=list)
    is_there: bool = True
    has_prompts: bool = True
    channels: Channels = field(default_factory=lambda: Channels(4, 2))

    def installed(self) -> VoiceOut:
        """Beside the processors of the alarm process; the second of two is another server, with an exchange of its own."""
        out = self.over(self.story.database)
        story = self.story
        story.processors = [*story.processors, Unanswered(story.bench, AFTER), out]
        return out

    def over(self, database: Database) -> VoiceOut:
        """By this way to the database."""
        held = HeldConnections(database, "voice", 1)
        self.story.stack.push_async_callback(held.close)
        exchange = Exchange("trial", lambda: self.is_there, self._has, self.deeds.extend)
        manner = Manner(self.channels, PAUSES, 40, 2, SHANGHAI)
        return VoiceOut(held, self.announcer, exchange, manner, lambda: None)

    def _has(self, _name: str, _language: str) -> bool:
        return self.has_prompts

    # ---- what the exchange says

    @property
    def rung(self) -> Sequence[Ring]:
        return [each for each in self.deeds if isinstance(each, Ring)]

    @property
    def said(self) -> Sequence[Say]:
        return [each for each in self.deeds if isinstance(each, Say)]

    @property
    def leg(self) -> str:
        """The telephone that was rung last."""
        return self.rung[-1].leg

    @property
    def hung_up(self) -> set[str]:
        return {each.leg for each in self.deeds if isinstance(each, HangUp)}

    def picks_up(self) -> None:
        self._hear(Answered(self.leg))

    def ends(self, cause: int) -> None:
        self._hear(Ended(self.leg, cause))

    def presses(self, digit: str) -> None:
        """And hears that it was understood."""
        self._hear(Digit(self.leg, digit))
        self.story.clock.advance(1)
        self.deeds += self.announcer.tick(self.story.clock.now())
        self._hear(SaidOut(self.said[-1].saying, self.leg))

    def hears_all_and_says_nothing(self) -> None:
        """A mailbox."""
        leg = self.leg
        for _ in range(200):
            if leg not in self.announcer.standing:
                return
            self._hear(SaidOut(self.said[-1].saying, leg))
            self.story.clock.advance(1)
            self.deeds += self.announcer.tick(self.story.clock.now())

    def _hear(self, heard: Any) -> None:
        self.deeds += self.announcer.hear(heard, self.story.clock.now())

    # ---- what stands in the rows

    async def calls(self) -> Sequence[tuple[str, str | None, int]]:
        """State, what was pressed, and attempts of each, the oldest first."""
        rows = await self.story.owner.fetch(
            "SELECT state, pressed, attempts FROM voice_call ORDER BY due_at, id"
        )
        return [tuple(row) for row in rows]

    async def steps(self, incident: str) -> Sequence[str]:
        """Of its timeline, without what the alarm itself has written."""
        rows = await self.story.owner.fetch(
            "SELECT kind, data FROM timeline_entry WHERE incident_id = $1::uuid AND kind IN ('voice_called', 'reply') ORDER BY number",
            incident,
        )
        return [row["data"].get("step") or f"reply {row['data']['meaning']}" for row in rows]

    async def lease_is_over(self) -> None:
        await self.story.owner.execute(
            "UPDATE voice_call SET lease_until = lease_until - interval '1 minute'"
        )
