"""What follows from a call and what it was about: one decision, without I/O. Pure.

A call is filed with its key, and may be filed anew when that was wrong. What an earlier filing has opened stays as it is, but for a case
that nobody has touched: it goes with the word that it came from. An incident is never taken back by a word about a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.core.errors import Conflict, Invalid
from callcenter.devices.signals import Kind
from callcenter.dispatch.task import TaskKind
from callcenter.hotline.call import State
from callcenter.hotline.disposition import MISSED, Choice, Opens

FILED_IN: Final = frozenset({State.TALKING, State.HELD, State.ENDED})
"""Somebody spoke, or it is over. What still rings is not about anything yet."""


class CaseKind(StrEnum):
    """What is worked off in a list."""

    COMPLAINT = "complaint"
    CONSULTATION = "consultation"
    FOLLOW_UP = "follow_up"
    WISH = "wish"
    """A service that is wanted, until orders are taken."""


CASE_OF: Final = {
    Opens.COMPLAINT: CaseKind.COMPLAINT,
    Opens.CONSULTATION: CaseKind.CONSULTATION,
    Opens.FOLLOW_UP: CaseKind.FOLLOW_UP,
    Opens.ORDER: CaseKind.WISH,  # the port of orders: what takes them takes the place of this line
}
USUALLY_DUE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the call before this word about it."""

    state: State
    filings: int
    """So often it was filed."""
    has_incident: bool
    has_task: bool
    open_case: Opens | None = None
    """Of the last filing, open still."""
    case_touched: bool = False
    """Somebody has worked on it."""
    has_home: bool
    """Of whoever it is attached to now."""
    has_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """`signal`: of the incident that the alarm process raises. `call_again_at`: somebody is to ring, beside all else."""

    case: CaseKind | None = None
    due_at: datetime | None = None
    signal: Kind | None = None
    task: TaskKind | None = None
    call_again_at: datetime | None = None
    withdraws_case: bool = False
    opens: Opens = Opens.NOTHING
    """What was opened by this word; nothing where it stood already."""


def following(
    known: Known,
    choice: Choice,
    now: datetime,
    *,
    is_group: bool = False,
    due: timedelta | None = None,
    call_again: timedelta | None = None,
) -> Follows:
    """Raises Conflict `not_spoken_yet`; Invalid `is_a_group`, `not_offered`, `needs_person`."""
    _refuse(known, choice, is_group)
    withdraws = (
        known.open_case is not None
        and known.open_case is not choice.opens
        and not known.case_touched
    )
    again = None if call_again is None else now + call_again
    after = Follows(call_again_at=again, withdraws_case=withdraws)
    return _opened(known, choice, now, due, after)


def _refuse(known: Known, choice: Choice, is_group: bool) -> None:
    if known.state not in FILED_IN:
        raise Conflict(
            f"A call that is {known.state} is about nothing yet: file it when somebody has spoken, or when it is over.",
            code="not_spoken_yet",
            state=known.state,
        )
    if is_group:
        raise Invalid(
            f"{choice.code} is a group: say which of it.",
            code="is_a_group",
            disposition=choice.code,
        )
    if not choice.is_offered or choice.code == MISSED:
        raise Invalid(
            f"{choice.code} is not offered: choose another.",
            code="not_offered",
            disposition=choice.code,
        )


def _opened(
    known: Known, choice: Choice, now: datetime, due: timedelta | None, after: Follows
) -> Follows:
    again, withdraws = after.call_again_at, after.withdraws_case
    if choice.opens is Opens.INCIDENT and not known.has_incident:
        if not (known.has_home or known.has_number):
            raise _needs_person(choice)
        return Follows(
            signal=Kind(choice.of_kind or Kind.SOS), call_again_at=again, withdraws_case=withdraws, opens=choice.opens
        )  # fmt: skip
    if choice.opens in (Opens.VISIT, Opens.TASK) and not known.has_task:
        if not known.has_home:
            raise _needs_person(choice)
        kind = TaskKind(choice.of_kind) if choice.of_kind else TaskKind.VISIT
        return Follows(task=kind, call_again_at=again, withdraws_case=withdraws, opens=choice.opens)
    if choice.opens in CASE_OF and known.open_case is not choice.opens:
        return Follows(
            case=CASE_OF[choice.opens],
            due_at=now + (due or _usually(choice)),
            call_again_at=again,
            withdraws_case=withdraws,
            opens=choice.opens,
        )
    return after


def _usually(choice: Choice) -> timedelta:
    return USUALLY_DUE if choice.due_minutes is None else timedelta(minutes=choice.due_minutes)


def _needs_person(choice: Choice) -> Invalid:
    return Invalid(
        f"{choice.code} opens something for a home: say first who called.",
        code="needs_person",
        disposition=choice.code,
    )
