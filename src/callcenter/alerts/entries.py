"""What the timeline of an incident can say: one class for each kind of entry. Pure.

From `KINDS` follow the OpenAPI document, the console's types, and the printed page; a kind without words in both languages
fails the tests. Entries carry codes and parameters, never text, except for what people have written themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema
from typing_extensions import TypeAliasType

from callcenter.alerts.shown import SHOWN, ByTelephone, Called, Card, DocumentedAs, Wire


class _Said:
    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signalled(_Said):
    """What a device has sent."""

    kind: str = ""
    identifier: str | None = None
    """Who sent it: the device or the phone, as it names itself."""
    journal_id: UUID | None = None
    received_at: datetime | None = None
    occurred_at: datetime | None = None
    text: str | None = None
    flags: Sequence[str] = ()
    called: Annotated[Mapping[str, Any], DocumentedAs(Called)] | None = None
    """No device: an operator has told of it."""
    telephoned: Annotated[Mapping[str, Any], DocumentedAs(ByTelephone)] | None = None
    """A key that dials has rung; what becomes of the call stands in `call_ended`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(_Signalled):
    """The signal that opened the incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(_Signalled):
    """A further signal, and what it did to the incident."""

    rings: bool = False
    from_state: str = ""
    state: str = ""
    real: bool = False
    """It has made a test real."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(_Said):
    """`taken_from` names the operator who had it before; `not_made` the steps of the escalation that it has spared."""

    taken_from: str | None = None
    not_made: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(_Said):
    """Back to the queue, by its taker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(_Said):
    """To a colleague, who may take it."""

    to: int | None = None
    to_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(_Said):
    """The colleague does not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Following(_Said):
    """Somebody is on the way; `until`: when to call again."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(_Said):
    """It is time to call again. `late`: nobody did, or nobody is there to do it, and it is back in the queue."""

    late: bool = False
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(_Said):
    """From following back to working on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakerLost(_Said):
    """Back to the queue, because its taker was gone."""

    user_id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocated(_Said):
    """Its home is in another region now. `from_path`: the regions it lay in before."""

    from_path: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(_Said):
    """What the operator did, and what came of it."""

    step: str = ""
    result: str = ""
    contact_id: int | None = None
    contact_name: str | None = None
    relation: str | None = None
    relation_en: str | None = None
    note: str = ""
    reference: str = ""
    """Number under which the emergency service has the call."""
    by: str | None = None
    where: str | None = None
    plan_step: str | None = None
    """The step of the plan that was done by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(_Said):
    """Free words."""

    text: str = ""


class Stranger(Wire):
    """An incident of an unknown caller as it stood before somebody said who that is."""

    subject: str
    region_id: int
    region_path: list[int]
    lat: float | None
    lng: float | None
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(_Said):
    """An unknown caller is this resident. `from_path`: the regions it lay in before, if it moved; `before`: what it becomes
    again if that was wrong.
    """

    resident_id: int | None = None
    name: str = ""
    from_path: Sequence[int] = ()
    before: Annotated[Mapping[str, Any], DocumentedAs(Stranger)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned(_Said):
    """It was not this resident, and why that is known now: the caller is unknown again."""

    resident_id: int | None = None
    name: str = ""
    reason: str = ""
    from_path: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(_Said):
    """An answer by text. `unverified`: nobody but the number says who answered: the code of the text is not in it, and the
    number has never answered with one.
    """

    inbound_id: UUID | None = None
    contact_id: int | None = None
    name: str | None = None
    relation: str | None = None
    relation_en: str | None = None
    meaning: str = ""
    text: str = ""
    unverified: bool = False
    takes: bool = False
    """A duty phone has taken the alarm with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(_Said):
    """Contacts were texted at the operator's word; `kind` is that of the text. `by_itself`: because nobody had answered."""

    kind: str = ""
    contacts: Sequence[int | None] = ()
    names: Sequence[str] = ()
    by_itself: bool = False
    plan_step: str | None = None
    """The step of the plan that was done by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingEnded(_Said):
    """No further contact is told by itself. `reason`: operator, nobody_left, not_reachable (dead or moved), reached, coming, too_old."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTold(_Said):
    """So many duty numbers were texted. `passed`: steps before it that had nobody to reach."""

    numbers: int = 0
    passed: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(_Said):
    """A step of the escalation, and how many people it reached: nobody on the duty list is a step that reached none.

    `passed`: steps before it that had nobody to reach. `over`: the alarm is too old to call anybody.
    """

    step: str = ""
    reached: int = 0
    passed: Sequence[str] = ()
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(_Said):
    """The end."""

    outcome: str = ""
    note: str = ""
    safe_by: str | None = None
    safe_where: str | None = None
    wanted: str | None = None
    """Of a request for service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeReal(_Said):
    """It was shown as a test, and somebody is in need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(_Said):
    """By a supervisor, from one operator to another, who has it from now on."""

    to: int | None = None
    to_name: str = ""
    taken_from: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStepDone(_Said):
    """An answer to a step of the action plan; the words are those of the plan."""

    step: str = ""
    type: str = ""
    answer: str = ""
    """`done`, `skipped`, `back`, what a call came to, or the place of the answer to a question."""
    text: str = ""
    text_en: str = ""
    answer_text: str = ""
    answer_text_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChosen(_Said):
    """From here on the incident runs with this plan; `plan_id` None: the built-in one."""

    plan_id: int | None = None
    plan_version: int = 0
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff(_Said):
    """The drill that it belonged to was over before anybody closed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(_Said):
    """What somebody who asks for service wants, whom it was passed to, and until when it is to be done."""

    wanted: str = ""
    note: str = ""
    passed_to: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDue(_Said):
    """Whoever asks for service was to be called back by now. `late`: nobody did, after it was said once."""

    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised(_Said):
    """It came as a request for service, and somebody is in need: an alarm from here on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWaited(_Said):
    """A wait of the plan is over; `step` is what is to be done now."""

    step: str = ""
    text: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWritten(_Said):
    """What an operator (`note`) did while the database was away, and what stood against it when it was to be written."""

    command: str = ""
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised(_Said):
    """The device was looked up too late, and rang as unknown: it is this home's, of this resident where that is clear. `from_path`:
    the regions it lay in before, if it moved; `part_of`: the number of the home's open incident, in which it goes on.
    """

    home_id: int | None = None
    resident_id: int | None = None
    name: str = ""
    from_path: Sequence[int] = ()
    part_of: int | None = None
    part_of_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOpened(_Said):
    """The link of a text was opened for the first time: by the contact, by whoever has it from them, or by a messenger's preview."""

    contact_id: int | None = None
    name: str | None = None
    relation: str | None = None
    relation_en: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCalled(_Said):
    """A contact who did not answer the text is rung by the centre itself. `step`: `rang`, `answered` (by a person or a mailbox), or how it
    ended (`hotline.announcement.Outcome`); what was pressed is an answer, with its `key`. `again_at`: it is tried once more.
    """

    voice_call_id: UUID | None = None
    attempt: int = 0
    step: str = ""
    contact_id: int | None = None
    name: str | None = None
    relation: str | None = None
    relation_en: str | None = None
    key: str = ""
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(_Said):
    """Is shown and never written: what was done before lies in this file of the archive."""

    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded(_Said):
    """It is given to another centre as well: by a rule (`why`: always, unmanned, untaken) or by_hand, with the reason. It stays open
    here.
    """

    forwarding_id: UUID | None = None
    centre_id: int | None = None
    centre: str = ""
    phone: str = ""
    why: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardAnswered(_Said):
    """What the machines have made of a forwarding: `delivered` (received there, by no person yet), `refused`, `unknown` (it may have
    arrived), `expired`, or `waiting` (not reached, tried on). `again`: it is sent once more with the same number.
    """

    forwarding_id: UUID | None = None
    centre_id: int | None = None
    centre: str = ""
    state: str = ""
    error: str | None = None
    attempt: int = 0
    address: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardAccepted(_Said):
    """A person at the other centre has it. `how`: `reported` by their server, or `phone`, told to an operator of ours."""

    forwarding_id: UUID | None = None
    centre_id: int | None = None
    centre: str = ""
    by: str = ""
    how: str = ""
    accepted_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(_Said):
    """Somebody is asked to go there. `task_id` None: it is a drill, and nobody is asked."""

    task_id: UUID | None = None
    what: str = ""
    kinds: Sequence[str] = ()
    skills: Sequence[str] = ()
    staff_id: int | None = None
    staff: str = ""
    """Who is asked by name, where that is known."""
    hazards: str = ""
    until: datetime | None = None
    """When somebody should be there."""
    plan_step: str | None = None
    """The step of the plan that was done by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldStep(_Said):
    """What has become of a task: `step` is one of `dispatch.task.TaskStepKind`, of which `staff` it is about and who (`doer`) said so.
    `happened_at` is earlier than the entry where a phone had no network.
    """

    task_id: UUID | None = None
    n: int = 0
    step: str = ""
    staff_id: int | None = None
    staff: str = ""
    doer: str = ""
    by: str = ""
    happened_at: datetime | None = None
    minutes: int | None = None
    """Until they are there, as they say, or as the crow flies where they are only asked."""
    eta: datetime | None = None
    reason: str = ""
    """In their words, or a code: `incident_closed`, `still_there`, `reached`, `no_answer`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(_Said):
    """The call of a key is over. `cause` as in ITU-T Q.850; seconds rung until somebody answered, or until its end."""

    call: str = ""
    call_id: UUID | None = None
    cause: int | None = None
    rang_s: int = 0
    talked_s: int | None = None
    answered_by: int | None = None
    answered_by_name: str | None = None
    answered: bool = False
    """Somebody has spoken with them; without a name it was not at a seat, as far as is known."""


Said = (
    Opened | Joined | Taken | Released | Offered | Declined | Following | FollowUp | Resumed
    | TakerLost | Relocated | Step | Note | Assigned | Unassigned | Reply | Told | DutyTold
    | Escalated | MadeReal | Closed | Reassigned | PlanStepDone | PlanChosen
    | TellingEnded | CalledOff | Wanted | RequestDue | Raised | PlanWaited | NotWritten | Recognised
    | Archived | Forwarded | ForwardAnswered | ForwardAccepted | Sent | FieldStep | PageOpened
    | CallEnded
    | VoiceCalled
)  # fmt: skip

KINDS: Mapping[str, type[Said]] = MappingProxyType(
    {
        "opened": Opened,
        "joined": Joined,
        "taken": Taken,
        "released": Released,
        "offered": Offered,
        "declined": Declined,
        "following": Following,
        "follow_up": FollowUp,
        "resumed": Resumed,
        "taker_lost": TakerLost,
        "relocated": Relocated,
        "step": Step,
        "note": Note,
        "assigned": Assigned,
        "unassigned": Unassigned,
        "reply": Reply,
        "told": Told,
        "duty_told": DutyTold,
        "escalated": Escalated,
        "made_real": MadeReal,
        "closed": Closed,
        "reassigned": Reassigned,
        "plan_step": PlanStepDone,
        "plan_chosen": PlanChosen,
        "telling_ended": TellingEnded,
        "called_off": CalledOff,
        "wanted": Wanted,
        "request_due": RequestDue,
        "raised": Raised,
        "plan_waited": PlanWaited,
        "recognised": Recognised,
        "not_written": NotWritten,
        "archived": Archived,
        "forwarded": Forwarded,
        "forward_answered": ForwardAnswered,
        "forward_accepted": ForwardAccepted,
        "sent": Sent,
        "field": FieldStep,
        "page_opened": PageOpened,
        "call_ended": CallEnded,
        "voice_called": VoiceCalled,
    }
)
KIND_OF: Mapping[type[Said], str] = MappingProxyType({said: kind for kind, said in KINDS.items()})

_NAMES = {kind: frozenset(field.name for field in fields(said)) for kind, said in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """Entry `number` of an incident's timeline; documented as the union of all kinds."""

    incident_id: UUID
    number: int
    at: datetime
    kind: str
    user_id: int | None
    user_name: str | None
    data: Said | Mapping[str, Any]
    """A mapping where a newer server has written a kind unknown here."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Entry:
        """From a row of ENTRY_COLUMNS. What a kind does not know is left out."""
        kind, data = row["kind"], row["data"]
        if kind in KINDS:
            known = {name: value for name, value in data.items() if name in _NAMES[kind]}
            data = KINDS[kind](**known)
        return cls(
            row["incident_id"], row["number"], row["at"], kind, row["user_id"], row["user_name"], data
        )  # fmt: skip

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return handler.generate_schema(TimelineView)


ENTRY_COLUMNS = ", ".join(field.name for field in fields(Entry))


class _Entry(Wire):
    incident_id: UUID
    number: int
    at: datetime
    user_id: int | None = None
    user_name: str | None = None


def _documented(kind: str, said: type[Said]) -> Any:
    named: Any = Literal[kind]
    return create_model(
        f"{said.__name__}Entry",
        __base__=_Entry,
        __doc__=said.__doc__,
        kind=(named, ...),
        data=(said, ...),
    )


TimelineView: Any = TypeAliasType(
    "TimelineView",
    Annotated[
        reduce(or_, [_documented(kind, said) for kind, said in KINDS.items()]),
        Field(discriminator="kind"),
    ],
)
"""The union of all entries, for the OpenAPI document."""
