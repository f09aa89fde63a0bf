"""When an incident reached each point of its course, from its timeline and its proofs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import ConfigDict

from callcenter.alerts.bodies import StepKind, StepResult
from callcenter.alerts.entries import Closed, Entry, FieldStep, Joined, Opened, Reply, Step, Taken
from callcenter.alerts.incident import Incident
from callcenter.alerts.shown import SHOWN
from callcenter.dispatch.task import TaskStepKind
from callcenter.sms.inbound import Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """The first time of each; None: not yet, or nobody has recorded it."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    received: datetime | None = None
    """Its first signal, where the bytes were read."""
    stored: datetime
    seen: datetime | None = None
    """On the screen of a seat, in any of its rings."""
    sounding: datetime | None = None
    taken: datetime | None = None
    first_contact: datetime | None = None
    """Somebody was spoken to, or has answered that they go."""
    help_on_site: datetime | None = None
    safe: datetime | None = None
    closed: datetime | None = None


COURSE: Sequence[str] = tuple(Milestones.__slots__)
"""Their names, in the order in which they are usually reached."""


def milestones(
    incident: Incident, entries: Sequence[Entry], proofs: Iterable[Mapping[str, Any]]
) -> Milestones:
    """Of an incident with its whole timeline. `proofs` are rows with `proof` and `at`."""
    proved = [(each["proof"], each["at"]) for each in proofs]
    return Milestones(
        received=_earliest(_received(entry.data) for entry in entries),
        stored=incident.opened_at,
        seen=_earliest(at for proof, at in proved if proof == "seen"),
        sounding=_earliest(at for proof, at in proved if proof == "sounding"),
        taken=_earliest(entry.at for entry in entries if _takes(entry.data)),
        first_contact=_earliest(entry.at for entry in entries if _is_contact(entry.data)),
        help_on_site=_earliest(_help_at(entry) for entry in entries),
        safe=_earliest(entry.at for entry in entries if _is_safe(entry.data)),
        closed=incident.closed_at,
    )


def _earliest(times: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in times if at is not None), default=None)


def _received(said: object) -> datetime | None:
    """As JSON keeps it, or as a time."""
    if not isinstance(said, Opened | Joined):
        return None
    at: datetime | str | None = said.received_at
    return datetime.fromisoformat(at) if isinstance(at, str) else at


def _takes(said: object) -> bool:
    return isinstance(said, Taken) or (isinstance(said, Reply) and said.takes)


_CALLS = frozenset({StepKind.CALL_BACK, StepKind.CONTACT_CALLED})
_CAME = frozenset({StepResult.DONE, StepResult.REACHED})


def _is_contact(said: object) -> bool:
    """A duty phone that takes the alarm is no contact."""
    if isinstance(said, Reply):
        return said.meaning == Meaning.YES and not said.takes
    return isinstance(said, Step) and said.step in _CALLS and said.result == StepResult.REACHED


def _help_at(entry: Entry) -> datetime | None:
    """Whoever was sent has arrived before the timeline heard of it, where their phone had no network."""
    said = entry.data
    if isinstance(said, FieldStep) and said.step == TaskStepKind.ARRIVED:
        at: datetime | str | None = said.happened_at
        return datetime.fromisoformat(at) if isinstance(at, str) else at or entry.at
    return entry.at if _is_help(said) else None


def _is_help(said: object) -> bool:
    return isinstance(said, Step) and said.step == StepKind.HELP_ARRIVED and said.result in _CAME


def _is_safe(said: object) -> bool:
    if isinstance(said, Closed):
        return bool(said.safe_by)
    return isinstance(said, Step) and said.step == StepKind.SAFE and said.result in _CAME
