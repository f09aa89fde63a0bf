"""The texts that people receive: their kinds, how each is sent, and what it takes.

A message is stored as kind and parameters and rendered (`rendering.py`) when it is handed to a gateway, so that a provider with approved
templates can be served too. Its words stand with those of the same readers: `family_texts.py`, `neighbour_texts.py`, `duty_texts.py`,
`field_texts.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

CHINESE = "zh-CN"
ENGLISH = "en"


class MessageKind(StrEnum):
    ALARM_RAISED = "alarm_raised"
    CAN_YOU_GO = "can_you_go"
    ANSWER_NOTED = "answer_noted"
    AMBULANCE_CALLED = "ambulance_called"
    SAFE_CLOSED = "safe_closed"
    MISTAKEN_PRESS = "mistaken_press"
    NOBODY_REACHED = "nobody_reached"
    CLOSED_OTHER = "closed_other"
    CORRECTION = "correction"
    RIDE_HOW_WAS_IT = "ride_how_was_it"
    WORK_HOW_WAS_IT = "work_how_was_it"
    PAIR_LOOK = "pair_look"
    DUTY_ALARM = "duty_alarm"
    DUTY_UNTAKEN = "duty_untaken"
    DUTY_HAS_IT = "duty_has_it"
    DUTY_TAKEN_ALREADY = "duty_taken_already"
    TASK_OFFERED = "task_offered"
    TASK_YOURS = "task_yours"
    TASK_GIVEN = "task_given"
    TASK_TAKEN = "task_taken"
    TASK_OFF = "task_off"
    TASK_NOTED_THERE = "task_noted_there"
    TASK_NOTED_DONE = "task_noted_done"
    TASK_NOTED_NO = "task_noted_no"
    TASK_NOT_THERE = "task_not_there"
    TASK_WHICH = "task_which"
    TASK_HELP_NOTED = "task_help_noted"
    TASK_CHECK_OUT = "task_check_out"
    FIELD_ON_DUTY = "field_on_duty"
    FIELD_OFF_DUTY = "field_off_duty"
    FIELD_STILL_BUSY = "field_still_busy"
    PHONE_CODE = "phone_code"


TO_DUTY = frozenset({MessageKind.DUTY_ALARM, MessageKind.DUTY_UNTAKEN})
"""To the duty list: nobody sits there, or nobody who sits there takes it."""
ANSWERING_DUTY = frozenset({MessageKind.DUTY_HAS_IT, MessageKind.DUTY_TAKEN_ALREADY})
"""To a duty phone that would take an alarm: it has it, or somebody else has. They ask for nothing."""
FOR_DUTY = TO_DUTY | ANSWERING_DUTY
TO_CONTACTS = frozenset({MessageKind.ALARM_RAISED, MessageKind.CAN_YOU_GO})
"""To a contact, who may go there."""
ASKING = TO_CONTACTS | TO_DUTY
"""Those that ask for an answer. They carry a code, by which it is known that whoever answers has read them."""
TO_FIELD = frozenset(kind for kind in MessageKind if kind.startswith("task_"))
"""To whoever is asked to go somewhere, or goes: about one task, whose code is their `ref`."""
FOR_FIELD = TO_FIELD | {
    MessageKind.FIELD_ON_DUTY,
    MessageKind.FIELD_OFF_DUTY,
    MessageKind.FIELD_STILL_BUSY,
}
ASKING_FIELD = frozenset(
    {
        MessageKind.TASK_OFFERED,
        MessageKind.TASK_GIVEN,
        MessageKind.TASK_NOT_THERE,
        MessageKind.TASK_WHICH,
        MessageKind.TASK_CHECK_OUT,
    }
)
"""Those of them that ask for an answer: the same words afterwards are a new one."""
ASKING_ROUNDS = frozenset(
    {MessageKind.RIDE_HOW_WAS_IT, MessageKind.WORK_HOW_WAS_IT, MessageKind.PAIR_LOOK}
)
"""How a ride or a piece of work was, and how a neighbour is: a digit that was said a moment ago answers these anew."""


def in_sql(kinds: frozenset[MessageKind]) -> str:
    """The kinds as the right side of an IN."""
    return f"({', '.join(repr(kind.value) for kind in sorted(kinds))})"


FOLDS = "fold"
"""The parameter by which the cause of a text says that it may be combined with others of its kind to the same number."""

LINK = "link"
"""The parameter with the address of the family page. It is in no row: it is added where the text is written out."""

DRILL = "drill"
"""The parameter of a text that belongs to a drill: it says so before anything else."""

EMERGENCY = 1
NORMAL = 5
BULK = 9
"""Priorities: the least goes first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a kind is sent. After `valid_for` it expires, and shows so: its words would be wrong by then."""

    priority: int
    """An emergency text is sent again when nobody can say whether it went out."""
    valid_for: timedelta
    each_ring: bool = False
    """It goes to a number once about each ring of an incident, not once about the incident."""


_WHILE_IT_LASTS = Rule(EMERGENCY, timedelta(minutes=10))
_TO_DUTY = Rule(EMERGENCY, timedelta(minutes=30), each_ring=True)
_HOW_IT_ENDED = Rule(EMERGENCY, timedelta(hours=6))
_OF_FIELD = Rule(NORMAL, timedelta(hours=1))
"""Those of a rescue are written as emergencies (`dispatch/telling.py`)."""

RULES: Mapping[MessageKind, Rule] = MappingProxyType(
    {
        MessageKind.ALARM_RAISED: _WHILE_IT_LASTS,
        MessageKind.CAN_YOU_GO: _WHILE_IT_LASTS,
        MessageKind.ANSWER_NOTED: _WHILE_IT_LASTS,
        MessageKind.AMBULANCE_CALLED: Rule(EMERGENCY, timedelta(hours=1)),
        MessageKind.SAFE_CLOSED: _HOW_IT_ENDED,
        MessageKind.MISTAKEN_PRESS: _HOW_IT_ENDED,
        MessageKind.NOBODY_REACHED: _HOW_IT_ENDED,
        MessageKind.CLOSED_OTHER: _HOW_IT_ENDED,
        MessageKind.CORRECTION: Rule(EMERGENCY, timedelta(hours=24)),
        MessageKind.RIDE_HOW_WAS_IT: Rule(BULK, timedelta(hours=6)),
        MessageKind.WORK_HOW_WAS_IT: Rule(BULK, timedelta(hours=6)),
        MessageKind.PAIR_LOOK: Rule(NORMAL, timedelta(hours=10)),
        MessageKind.DUTY_ALARM: _TO_DUTY,
        MessageKind.DUTY_UNTAKEN: _TO_DUTY,
        MessageKind.DUTY_HAS_IT: Rule(EMERGENCY, timedelta(minutes=15), each_ring=True),
        MessageKind.DUTY_TAKEN_ALREADY: Rule(EMERGENCY, timedelta(minutes=15), each_ring=True),
        **dict.fromkeys(FOR_FIELD, _OF_FIELD),
        MessageKind.TASK_HELP_NOTED: Rule(EMERGENCY, timedelta(minutes=30)),
        MessageKind.TASK_CHECK_OUT: Rule(EMERGENCY, timedelta(minutes=30)),
        MessageKind.PHONE_CODE: Rule(NORMAL, timedelta(minutes=10)),
    }
)

_OF_TASK = frozenset({"task", "where", "where_en", "way_in", "way_in_en", "begins", "at", "todo"})
"""`task`: its kind; `at`: when the text was written."""

PARAMS: Mapping[MessageKind, frozenset[str]] = MappingProxyType(
    {
        MessageKind.ALARM_RAISED: frozenset({"at", "code", "alarm"}),
        MessageKind.CAN_YOU_GO: frozenset({"code"}),
        MessageKind.ANSWER_NOTED: frozenset(),
        MessageKind.AMBULANCE_CALLED: frozenset({"called_at"}),
        MessageKind.SAFE_CLOSED: frozenset({"where", "where_en", "closed_at"}),
        MessageKind.MISTAKEN_PRESS: frozenset({"at"}),
        MessageKind.NOBODY_REACHED: frozenset({"at", "closed_at"}),
        MessageKind.CLOSED_OTHER: frozenset({"at", "closed_at"}),
        MessageKind.CORRECTION: frozenset({"at"}),
        MessageKind.RIDE_HOW_WAS_IT: frozenset(),
        MessageKind.WORK_HOW_WAS_IT: frozenset({"task"}),
        MessageKind.PAIR_LOOK: frozenset(),
        MessageKind.DUTY_ALARM: frozenset({"at", "where", "where_en", "count", "more", "code"}),
        MessageKind.DUTY_UNTAKEN: frozenset({"at", "where", "where_en", "count", "more", "code"}),
        MessageKind.DUTY_HAS_IT: frozenset({"where", "where_en", "until"}),
        MessageKind.DUTY_TAKEN_ALREADY: frozenset({"taker"}),
        MessageKind.TASK_OFFERED: _OF_TASK,
        MessageKind.TASK_YOURS: _OF_TASK,
        MessageKind.TASK_GIVEN: _OF_TASK,
        MessageKind.TASK_TAKEN: frozenset({"task"}),
        MessageKind.TASK_OFF: frozenset({"task"}),
        MessageKind.TASK_NOTED_THERE: frozenset(),
        MessageKind.TASK_NOTED_DONE: frozenset({"task"}),
        MessageKind.TASK_NOTED_NO: frozenset(),
        MessageKind.TASK_NOT_THERE: frozenset(),
        MessageKind.TASK_WHICH: frozenset({"said", "first", "choices", "choices_en"}),
        MessageKind.TASK_HELP_NOTED: frozenset(),
        MessageKind.TASK_CHECK_OUT: frozenset(),
        MessageKind.FIELD_ON_DUTY: frozenset({"at"}),
        MessageKind.FIELD_OFF_DUTY: frozenset({"at"}),
        MessageKind.FIELD_STILL_BUSY: frozenset({"choices", "choices_en"}),
        MessageKind.PHONE_CODE: frozenset({"pin"}),
    }
)
"""What a kind takes besides name, name_latin, salutation, salutation_en, signature, signature_en, hotline and ref. `at` is the time of the press;
times are ISO 8601 with an offset."""
