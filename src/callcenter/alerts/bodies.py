"""What operators send with their commands, and what the system itself goes by. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from callcenter.alerts.escalation import Made
from callcenter.alerts.incident import BY_PEOPLE, Outcome, Want
from callcenter.core.written import Written
from callcenter.devices.callers import Caller
from callcenter.records.staff_kinds import StaffKind
from callcenter.sms.inbound import Meaning


class StepKind(StrEnum):
    """What the operator did, recorded by hand until telephony records it."""

    CALL_BACK = "call_back"
    CONTACT_CALLED = "contact_called"
    AMBULANCE_CALLED = "ambulance_called"
    FIRE_CALLED = "fire_called"
    POLICE_CALLED = "police_called"
    WORKER_SENT = "worker_sent"
    SAFE = "safe"
    HELP_ARRIVED = "help_arrived"
    """Whoever went there, or the ambulance, is with the person."""


class StepResult(StrEnum):
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DONE = "done"
    DECLINED = "declined"


Words = Annotated[str, Field(max_length=2_000)]
ShortText = Annotated[str, Field(max_length=200)]


class CommandBody(Written):
    """`command_id` is made by the client: sent again, a command changes nothing and gets the same answer."""

    command_id: UUID


class OfferBody(CommandBody):
    to_user: int


class ReassignBody(CommandBody):
    to_user: int
    reason: ShortText = ""
    """Must be given."""


class FollowBody(CommandBody):
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    """Until whoever is followed is to be called again; null: as the region has it."""


class NoteBody(CommandBody):
    text: Annotated[str, Field(min_length=1, max_length=2_000)]


class ForwardBody(CommandBody):
    """To this other centre as well; why is asked."""

    centre_id: int
    reason: ShortText = ""
    """Must be given."""


class SendBody(CommandBody):
    """Somebody is to go there. Nothing of it must be given: then the best of all who may are asked."""

    what: Words = ""
    """What is to be done, in words that whoever goes there may read."""
    kinds: Annotated[Sequence[StaffKind], Field(max_length=len(StaffKind))] = ()
    """Of staff; none: whoever may go to an alarm."""
    skills: Annotated[Sequence[ShortText], Field(max_length=20)] = ()
    staff_id: int | None = None
    """Asked by name, first and alone; somebody who works in this region."""
    hazards: ShortText = ""
    """What they must know for their own safety."""
    place: ShortText = ""
    """Where, if nobody knows it from the registry; must be given then."""


class AcceptedBody(CommandBody):
    """Somebody at the other centre has said on the phone that they have it: who."""

    forwarding_id: UUID
    by: ShortText = ""
    """Must be given."""
    note: ShortText = ""


class AssignBody(CommandBody):
    resident_id: int


class UnassignBody(CommandBody):
    reason: Words = ""
    """How it is known that it was somebody else; must be given."""


class StepBody(CommandBody):
    step: StepKind
    result: StepResult
    contact_id: int | None = None
    note: Words = ""
    reference: ShortText = ""
    """Number under which the emergency service has the call."""
    by: ShortText | None = None
    where: ShortText | None = None
    tell_contacts: bool = True
    """With `ambulance_called`: text those who know of the alarm."""


def _a_persons(outcome: Outcome) -> Outcome:
    if outcome not in BY_PEOPLE:
        raise ValueError("nobody ends an alarm as part of another by hand")
    return outcome


class CloseBody(CommandBody):
    """An emergency needs `safe_by` and `safe_where`. A mistaken press, a false alarm and nobody reached need a step that
    explains them, or a `note`.
    """

    outcome: Annotated[Outcome, AfterValidator(_a_persons)]
    note: Words = ""
    safe_by: ShortText | None = None
    safe_where: ShortText | None = None
    safe_where_en: ShortText | None = None
    """For the English texts."""
    wanted: Want | None = None
    """Of a request for service, where it is not recorded yet."""


class WantedBody(CommandBody):
    """What somebody who asks for service wants, whom it was passed to, and until when: then it is asked whether it was done."""

    wanted: Want
    note: Words = ""
    passed_to: ShortText = ""
    until: AwareDatetime | None = None


class PlanStepBody(CommandBody):
    """An answer to the step of the plan that the incident stands on: `done`, `skipped`, `back`, what a call came to, or the place
    of the answer to a question, "1" the first.
    """

    step: Annotated[str, Field(max_length=32)]
    answer: Annotated[str, Field(max_length=16)] = "done"


@dataclass(frozen=True, slots=True)
class Answer:
    """A text that came in, as it is understood for one incident; `meaning` None: it may be about another one."""

    inbound_id: UUID
    sender: str
    meaning: Meaning | None
    text: str
    has_code: bool = False
    """It names the code of the texts about this incident."""
    on_duty: bool = False
    """From a number of the duty list that was told of it."""


@dataclass(frozen=True, slots=True)
class PageLook:
    """The family page of this contact was opened for the first time."""

    contact_id: int
    name: str
    relation: str
    relation_en: str


@dataclass(frozen=True, slots=True)
class VoiceNews:
    """What has become of an automatic call to this contact (`entries.VoiceCalled`)."""

    voice_call_id: UUID
    attempt: int
    step: str
    contact_id: int | None
    name: str
    relation: str
    relation_en: str
    key: str = ""
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The taker whose seats have been gone for too long."""

    user_id: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The region that the incident's home is in now."""

    region_id: int
    path: tuple[int, ...]
    taker_sees_it: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The open incident of the home, which has got the presses of this one."""

    incident_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Known:
    """Who an unknown caller is, looked up on an incident in this version."""

    version: int
    caller: Caller
    taker_sees_it: bool = True
    """There."""
    tried: bool = False
    """Its device, its home or a region of it was in test when it called."""
    part_of: Part | None = None

    @property
    def resident_id(self) -> int | None:
        """Whose plan it is: of whoever pressed, else of the first who may have."""
        return next((one.resident_id for one in self.caller.possible_people), None)


@dataclass(frozen=True, slots=True)
class Climbed:
    """Steps of the escalation that are due, decided on an incident as it rang and had been escalated then."""

    ring: int
    escalated: int
    after: int
    """Steps made with these."""
    made: Sequence[Made] = ()
    manned: bool = False
    """Somebody sits where it rings, and does not take it."""
    due_in: timedelta | None = None
    """From these steps to the next."""
    over: bool = False
    """The incident is too old to call anybody."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody has answered since the last contact was told. `over`: the alarm is too old to tell anybody."""

    since: datetime
    over: bool = False


@dataclass(frozen=True, slots=True)
class TimeToCall:
    """Whoever is followed is to be called again. `taker_there`: somebody will see it."""

    due_at: datetime
    taker_there: bool


@dataclass(frozen=True, slots=True)
class RequestWaits:
    """A request for service that nobody has taken, as it stood when it was looked at."""

    call_back_by: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class WaitOver:
    """A wait of the action plan may be over. `taker_there`: somebody will hear of it."""

    taker_there: bool


@dataclass(frozen=True, slots=True)
class ForwardDue:
    """A rule says that the alarm goes to this centre now."""

    rule_id: int
    centre_id: int
    why: str
    forwarding_id: UUID | None = None
    """Under which it has left already; None: it has not."""


@dataclass(frozen=True, slots=True)
class ForwardNews:
    """Something has become of this forwarding."""

    forwarding_id: UUID


@dataclass(frozen=True, slots=True)
class FieldNews:
    """This step of a task has happened, and the timeline does not say so yet. `taker_there`: somebody will hear of it."""

    task_id: UUID
    n: int
    taker_there: bool = True
