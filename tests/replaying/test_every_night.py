"""Whatever happens in a night, in whatever order: it comes to the same end again, byte for byte."""

from __future__ import annotations

import random

import pytest

from callcenter.auth.permissions import Role
from callcenter.replaying.night import first_difference
from callcenter.replaying.replaying import go_through
from callcenter.replaying.scratch import Place
from tests.replaying.nights import NightStory, kept, notes_seats
from tests.support.story import DUTY, Operator

PHONES = ("+8613900000001", "+8613900000002", "+8613900000077", DUTY)
PENDANTS = ("1234", "2345", "9999")
"""The last is nobody's."""
STEPS = 14
COMMANDS: tuple[tuple[str, dict[str, object]], ...] = (
    ("take", {}),
    ("release", {}),
    ("note", {"text": "听到电视声"}),
    ("steps", {"step": "call_back", "result": "no_answer"}),
    ("steps", {"step": "ambulance_called", "result": "done"}),
    ("follow", {"minutes": 1}),
    ("tell-next", {}),
    ("close", {"outcome": "mistaken_press", "note": "按错了"}),
)


class AnyNight:
    """Draws what happens next."""

    def __init__(self, story: NightStory, chance: random.Random, people: list[Operator]) -> None:
        self.story, self.chance, self.people = story, chance, people
        self.incidents: list[str] = []
        self.there = {one.name for one in people}

    async def goes_on(self) -> None:
        await self.story.moment()
        ways = (
            self.press,
            self.press,
            self.command,
            self.command,
            self.answer,
            self.sit,
            self.time,
        )
        await self.chance.choice(ways)()
        await notes_seats(self.story, self.chance.choice((0, 2, 6, 16)))

    async def press(self) -> None:
        incident = await self.story.press(
            self.chance.choice(PENDANTS), self.chance.choice(("QA", "QA", "FA", "YT"))
        )
        if incident != "None":
            self.incidents.append(incident)

    async def command(self) -> None:
        """Refused or not, as it comes."""
        if self.incidents:
            action, body = self.chance.choice(COMMANDS)
            await self.chance.choice(self.people).do(
                self.chance.choice(self.incidents), action, **body
            )
            await self.story.look()

    async def answer(self) -> None:
        await self.story.answers(
            self.chance.choice(PHONES), self.chance.choice(("1", "2", "好的", "谁？"))
        )

    async def sit(self) -> None:
        one = self.chance.choice(self.people)
        if one.name in self.there:
            self.there.discard(one.name)
            one.leaves()
        else:
            self.there.add(one.name)
            one.sits_down()

    async def time(self) -> None:
        await notes_seats(self.story, self.chance.choice((30, 62)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
async def test_any_night_comes_to_the_same_end(story: NightStory, empty_system: Place, seed: int):
    chance = random.Random(seed)
    people = [await story.operator("wang"), await story.operator("boss", role=Role.SUPERVISOR)]
    await story.owner.execute("UPDATE region SET duty_numbers = $1", [DUTY])
    await story.home("1234", *PHONES[:2])
    await story.home("2345", PHONES[1])
    await notes_seats(story, 4)
    night = AnyNight(story, chance, people)
    for _ in range(STEPS):
        await night.goes_on()

    told = await kept(story)
    came = await go_through(told, empty_system)
    assert came.refused == []
    line = first_difference(told.said, came.said)
    assert line is None, f"{line}:\n{told.said[line - 1]}\n{came.said[line - 1]}"
    assert len(told.said) >= STEPS
