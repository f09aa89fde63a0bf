"""Whether everything that was done on phones came to the centre, each once: what they were told beside the steps of the tasks. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

STEP_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accept": "accepted",
        "decline": "declined",
        "set_out": "set_out",
        "arrive": "arrived",
        "depart": "done",
    }
)
"""What the centre writes of a command that it carries out."""


@dataclass(slots=True)
class Command:
    """What somebody did on their phone, until the centre has said what became of it."""

    name: str
    task_id: UUID | None
    staff_id: int
    sent: int = 0
    """Times that it left the phone."""
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What was said on phones beside what stands at the centre."""

    commands: int
    unanswered: int
    again: int
    """Sent more than once, since nobody knew whether they had come through."""
    steps: int
    missing: int
    """Said to be done, and no step is there."""
    twice: int
    """A step more than was said."""

    @property
    def holds(self) -> bool:
        """Nothing was dropped, nothing came twice."""
        return not (self.unanswered or self.missing or self.twice)

    def line(self) -> str:
        """For the terminal."""
        return (
            f"balance       {self.commands} commands, {self.again} of them sent again: {self.unanswered} without an answer; "
            f"{self.steps} steps of theirs: {self.missing} missing, {self.twice} too many"
        )


Said = Counter[tuple[UUID, int, str]]
"""How often, by task, member of staff and kind of step."""


def said_by_phones(commands: Iterable[Command]) -> Said:
    """The steps there must be."""
    done = (each for each in commands if each.answer == "done" and each.task_id is not None)
    return Counter(
        (each.task_id, each.staff_id, STEP_OF[each.name])
        for each in done
        if each.task_id is not None and each.name in STEP_OF
    )


def written_of(task_id: UUID, steps: Sequence[Mapping[str, Any]], since: datetime) -> Said:
    """The steps there are since then, from `GET /desk/tasks/{id}`: of phones alone, the office may do the same."""
    kinds = set(STEP_OF.values())
    ours = (each for each in steps if each["by"] == "phone" and each["kind"] in kinds)
    own = (each for each in ours if datetime.fromisoformat(each["at"]) >= since)
    return Counter((task_id, each["staff_id"], each["kind"]) for each in own)


def balance(commands: Mapping[str, Command], written: Said, whose: frozenset[int]) -> Balance:
    """Of these members of staff."""
    said = said_by_phones(commands.values())
    there: Said = Counter({key: n for key, n in written.items() if key[1] in whose})
    return Balance(
        commands=len(commands),
        unanswered=sum(each.answer is None for each in commands.values()),
        again=sum(each.sent > 1 for each in commands.values()),
        steps=there.total(),
        missing=(said - there).total(),
        twice=(there - said).total(),
    )
