"""The texts that people receive, in both languages, each in one part.

A message is stored as kind and parameters and rendered when it is handed to a gateway, so that a provider with approved
templates can be served too. A piece in ⟨ ⟩ is left out when a parameter in it is missing: rendering never fails, because a
text with a hole is better than none. Over-long places, names and signatures are shortened until one part holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from callcenter.sms import field_texts, segments

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
ASKING_ROUNDS = frozenset({MessageKind.RIDE_HOW_WAS_IT, MessageKind.PAIR_LOOK})
"""How a ride was, and how a neighbour is: a digit that was said a moment ago answers these anew."""


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

_TEXTS: Mapping[str, Mapping[MessageKind, str]] = MappingProxyType(
    {
        CHINESE: {
            MessageKind.ALARM_RAISED: (
                "⟨【{signature}】⟩{name}{elder}⟨{at}⟩{what}，中心已收到。"
                "能去现场请回复1，不能回复2。⟨急询{hotline}⟩⟨ 编号{ref}⟩⟨-{code}⟩"
            ),
            MessageKind.CAN_YOU_GO: (
                "⟨【{signature}】⟩暂未联系上{name}{elder}，请问您能去现场吗？"
                "能去回复1，不能回复2，我们将找下一位。⟨{hotline}⟩⟨ 编号{ref}⟩⟨-{code}⟩"
            ),
            MessageKind.ANSWER_NOTED: (
                "⟨【{signature}】⟩已记录您正赶往{name}{elder}处，谢谢。"
                "路上注意安全，请保持电话畅通。⟨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.AMBULANCE_CALLED: (
                "⟨【{signature}】⟩{name}{elder}情况紧急，⟨{called_at}⟩已呼叫120前往住处。"
                "请保持电话畅通，有进展再通知您。⟨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.SAFE_CLOSED: (
                "⟨【{signature}】⟩{name}{elder}已确认安全⟨，现在{where}⟩。"
                "本次求助⟨{closed_at}⟩处置完毕。⟨疑问请拨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.MISTAKEN_PRESS: (
                "⟨【{signature}】⟩{name}{elder}⟨{at}⟩的求助已回电核实为误按，{person}平安，"
                "您不必前往。⟨疑问请拨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.NOBODY_REACHED: (
                "⟨【{signature}】⟩未能联系上{name}{elder}，⟨{at}⟩的求助已办结，"
                "请您尽快联系{person}。⟨疑问请拨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.CLOSED_OTHER: (
                "⟨【{signature}】⟩{name}{elder}⟨{at}⟩的求助⟨于{closed_at}⟩已办结。"
                "⟨疑问请拨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.CORRECTION: (
                "⟨【{signature}】⟩更正：⟨{at}⟩求助的不是{name}{elder}，短信误发，"
                "您不必前往，非常抱歉。⟨疑问请拨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.RIDE_HOW_WAS_IT: (
                "⟨【{signature}】⟩{name}，今天的接送您满意吗？请回复1到5，5为最好。⟨疑问请拨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.PAIR_LOOK: (
                "⟨【{signature}】⟩请今天看看{name}：平安回复1，没人应回复2。⟨{hotline}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.DUTY_ALARM: (
                "⟨【{signature}】⟩值班：{name}⟨共{count}起，⟩⟨{at}⟩紧急求助，现无坐席在岗，接警请回复1。"
                "⟨{where}⟩⟨ 编号{ref}⟩⟨-{code}⟩"
            ),
            MessageKind.DUTY_UNTAKEN: (
                "⟨【{signature}】⟩值班：{name}⟨共{count}起，⟩⟨{at}⟩紧急求助，至今无人接警，接警请回复1。"
                "⟨{where}⟩⟨ 编号{ref}⟩⟨-{code}⟩"
            ),
            MessageKind.DUTY_HAS_IT: (
                "⟨【{signature}】⟩值班：{name}的求助由您接警。"
                "须⟨于{until}前⟩由坐席办结或转交，否则重新响铃。⟨{where}⟩⟨ 编号{ref}⟩"
            ),
            MessageKind.DUTY_TAKEN_ALREADY: (
                "⟨【{signature}】⟩值班：{name}的求助已⟨由{taker}⟩接警，您不必处理。⟨ 编号{ref}⟩"
            ),
            **{MessageKind(kind): words for kind, words in field_texts.CHINESE.items()},
            MessageKind.PHONE_CODE: (
                "⟨【{signature}】⟩上门工作页登录验证码{pin}，10分钟内有效。请勿告诉任何人。"
            ),
        },
        ENGLISH: {
            MessageKind.ALARM_RAISED: (
                "⟨[{signature}] ⟩{name}{what}⟨ at {at}⟩. We have received it. "
                "Can you go there? Reply 1 yes, 2 no.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩⟨-{code}⟩"
            ),
            MessageKind.CAN_YOU_GO: (
                "⟨[{signature}] ⟩{name} not reached yet. Can you go there? "
                "Reply 1 yes, 2 no (we ask the next person).⟨ Tel {hotline}⟩⟨ Ref {ref}⟩⟨-{code}⟩"
            ),
            MessageKind.ANSWER_NOTED: (
                "⟨[{signature}] ⟩Thank you. Noted: you are on your way to {name}. "
                "Keep your phone on.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.AMBULANCE_CALLED: (
                "⟨[{signature}] ⟩Emergency: ambulance called to {name}'s home⟨ at {called_at}⟩. "
                "Keep your phone on.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.SAFE_CLOSED: (
                "⟨[{signature}] ⟩{name} is confirmed safe⟨: {where}⟩.⟨ Closed at {closed_at}.⟩"
                "⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.MISTAKEN_PRESS: (
                "⟨[{signature}] ⟩{name}'s call⟨ at {at}⟩ was a mistaken press. "
                "We phoned: all is well. No need to go.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.NOBODY_REACHED: (
                "⟨[{signature}] ⟩We could not reach {name}. The call⟨ at {at}⟩ is closed⟨ ({closed_at})⟩. "
                "Please contact them soon.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.CLOSED_OTHER: (
                "⟨[{signature}] ⟩{name}'s call⟨ at {at}⟩ has been closed"
                "⟨ ({closed_at})⟩.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.CORRECTION: (
                "⟨[{signature}] ⟩Correction: it was not {name} who called⟨ at {at}⟩. "
                "No need to go. We are sorry.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.RIDE_HOW_WAS_IT: (
                "⟨[{signature}] ⟩{name}, how was your ride today? Reply 1 to 5, 5 is best.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.PAIR_LOOK: (
                "⟨[{signature}] ⟩Please look in on {name} today. Reply 1 well, 2 nobody opens.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.DUTY_ALARM: (
                "⟨[{signature}] ⟩On duty: emergency call of {name}⟨ and {more} more⟩⟨ at {at}⟩. "
                "No operator seat is manned. Reply 1 to take it.⟨ {where}⟩⟨ Ref {ref}⟩⟨-{code}⟩"
            ),
            MessageKind.DUTY_UNTAKEN: (
                "⟨[{signature}] ⟩On duty: emergency call of {name}⟨ and {more} more⟩⟨ at {at}⟩. "
                "Nobody has taken it. Reply 1 to take it.⟨ {where}⟩⟨ Ref {ref}⟩⟨-{code}⟩"
            ),
            MessageKind.DUTY_HAS_IT: (
                "⟨[{signature}] ⟩On duty: the call of {name} is yours. Have it closed at a seat or handed on"
                "⟨ by {until}⟩, or it rings again.⟨ {where}⟩⟨ Ref {ref}⟩"
            ),
            MessageKind.DUTY_TAKEN_ALREADY: (
                "⟨[{signature}] ⟩On duty: the call of {name} is taken already⟨: {taker} has it⟩. "
                "Nothing for you to do.⟨ Ref {ref}⟩"
            ),
            **{MessageKind(kind): words for kind, words in field_texts.ENGLISH.items()},
            MessageKind.PHONE_CODE: (
                "⟨[{signature}] ⟩{pin} is your code for the work page, for 10 minutes. Tell it to nobody."
            ),
        },
    }
)
_WHAT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        CHINESE: {
            "sos": "发出紧急求助",
            "medical": "发出医疗求助",
            "fall": "的跌倒报警器报警",
            "smoke": "家中烟雾报警",
            "gas": "家中燃气报警",
            "inactivity": "家中敲门、电话均无人应",
        },
        ENGLISH: {
            "sos": " sent an emergency call",
            "medical": " sent a medical call",
            "fall": "'s fall detector called",
            "smoke": "'s smoke alarm went off",
            "gas": "'s gas alarm went off",
            "inactivity": " was not found at home and does not answer",
        },
    }
)
"""What a family is told has happened, by the kind of the alarm."""
_ANY_ALARM = "sos"
_WITH_LINK: Mapping[str, Mapping[MessageKind, str]] = MappingProxyType(
    {
        CHINESE: {
            MessageKind.ALARM_RAISED: (
                "⟨【{signature}】⟩{name}{elder}⟨{at}⟩{what}⟨，{more}⟩。能去回1，不能回2。"
                "⟨急询{hotline}⟩⟨ 编号{ref}-{code}⟩ {link}"
            ),
            MessageKind.CAN_YOU_GO: (
                "⟨【{signature}】⟩暂未联系上{name}{elder}，能去回1，不能回2⟨，{more}⟩。"
                "⟨急询{hotline}⟩⟨ 编号{ref}-{code}⟩ {link}"
            ),
        },
        ENGLISH: {
            MessageKind.ALARM_RAISED: (
                "⟨[{signature}] ⟩{name}{what}⟨ at {at}⟩.⟨ {more}.⟩ Can you go there? Reply 1 yes, 2 no."
                "⟨ Tel {hotline}⟩⟨ Ref {ref}-{code}⟩ {link}"
            ),
            MessageKind.CAN_YOU_GO: (
                "⟨[{signature}] ⟩{name} not reached yet. Can you go there? Reply 1 yes, 2 no⟨ ({more})⟩."
                "⟨ Tel {hotline}⟩⟨ Ref {ref}-{code}⟩ {link}"
            ),
        },
    }
)
"""The same with the address of the family page."""
_MORE: Mapping[str, Mapping[MessageKind, str]] = MappingProxyType(
    {
        CHINESE: {
            MessageKind.ALARM_RAISED: "中心已收到",
            MessageKind.CAN_YOU_GO: "我们将找下一位",
        },
        ENGLISH: {
            MessageKind.ALARM_RAISED: "We have received it",
            MessageKind.CAN_YOU_GO: "we ask the next person",
        },
    }
)
_GIVEN_UP = ("more", "at", "ref", "hotline")
"""What goes for the link, in this order; the page has all of it, the number to call as a button. The answer that is asked for, whose call
it is and who writes never go: where they leave no room, the link goes.
"""
_DRILL_MARK = {CHINESE: "【演练】", ENGLISH: "DRILL: "}
_NAMELESS = {CHINESE: "您家", ENGLISH: "your relative"}
_UNKNOWN_CALLER = {CHINESE: "未登记来电", ENGLISH: "an unregistered caller"}
_LATIN_NAMES = {
    "name": "name_latin",
    "signature": "signature_en",
    "where": "where_en",
    "salutation": "salutation_en",
    "way_in": "way_in_en",
    "choices": "choices_en",
}
_TIMES = frozenset({"at", "called_at", "closed_at", "until"})
_SHORTENED = {
    CHINESE: (
        ("where", 6),
        ("signature", 6),
        ("name", 4),
        ("where", 2),
        ("signature", 2),
        ("taker", 4),
    ),
    ENGLISH: (
        ("where", 20),
        ("signature", 12),
        ("name", 20),
        ("where", 6),
        ("name", 6),
        ("taker", 12),
    ),
}
"""In this order, each down to so many units, until the text fits one part. Never the number to call, nor the ref."""
_SHORTENED_IN_FIELD = {
    CHINESE: (
        ("todo", 4),
        ("name", 3),
        ("choices", 12),
        ("way_in", 8),
        ("todo", 0),
        ("way_in", 0),
        ("signature", 4),
        ("where", 12),
        ("signature", 2),
        ("where", 4),
    ),
    ENGLISH: (
        ("todo", 8),
        ("name", 16),
        ("choices", 40),
        ("way_in", 20),
        ("todo", 0),
        ("way_in", 0),
        ("signature", 12),
        ("where", 30),
        ("where", 8),
        ("name", 6),
        ("choices", 8),
    ),
}
"""Down to none: left out. Which door it is and who writes give way last: networks let nothing through but the signature that is registered."""
_OPTIONAL = re.compile(r"⟨([^⟩]*)⟩")
_FIELD = re.compile(r"\{(\w+)\}")


def render(kind: MessageKind, params: Mapping[str, object], language: str, zone: tzinfo) -> str:
    """The text as it goes out, at most one part long. Times are shown in `zone`, the site's; any language but English
    is answered in Chinese."""
    spoken = ENGLISH if language.startswith(ENGLISH) else CHINESE
    mark = _DRILL_MARK[spoken] if params.get(DRILL) else ""
    template = mark + _TEXTS[spoken][kind]
    values = _values(params, spoken, zone)
    shortened = _SHORTENED_IN_FIELD if kind in FOR_FIELD else _SHORTENED
    if kind in FOR_FIELD:
        jobs = field_texts.JOBS[spoken]
        values["job"] = jobs.get(values.get("task", ""), jobs[field_texts.ANY_JOB])
    else:
        values |= _of_family(kind, values, spoken)
    if values.get(LINK) and kind in TO_CONTACTS:
        values["more"] = _MORE[spoken][kind]
        with_link = _without_some(mark + _WITH_LINK[spoken][kind], values)
        if with_link is not None:
            return with_link
    text = _fitted(template, values, shortened[spoken], spoken)
    if segments.overflow(text) > 0:  # the longest names and numbers leave no room for the code
        text = _fitted(template, values | {"code": ""}, shortened[spoken], spoken)
    return _first_part(text)


def _of_family(kind: MessageKind, values: Mapping[str, str], spoken: str) -> dict[str, str]:
    """Who it is about and what happened."""
    nameless = _UNKNOWN_CALLER if kind in FOR_DUTY else _NAMELESS
    words = _WHAT[spoken]
    called = {**values, **_called(kind, values)}
    called["name"] = called.get("name") or nameless[spoken]
    called["what"] = words.get(values.get("alarm", ""), words[_ANY_ALARM])
    return called


def _without_some(template: str, values: Mapping[str, str]) -> str | None:
    """As much of it as one part holds; None where that is not enough."""
    left = dict(values)
    for field in (None, *_GIVEN_UP):
        if field is not None:
            left[field] = ""
        text = _fill(template, left)
        if segments.fits_one(text):
            return text
    return None


def _called(kind: MessageKind, values: Mapping[str, str]) -> dict[str, str]:
    """沈玉兰老人, or what the family calls them. The duty list is told the name: it looks it up."""
    said = "" if kind in FOR_DUTY else values.get("salutation", "")
    if not said:
        return {"elder": "老人", "person": "老人"}
    return {"name": said, "elder": "", "person": "本人"}


def _fitted(
    template: str, values: Mapping[str, str], shortened: Sequence[tuple[str, int]], spoken: str
) -> str:
    """Shortened field by field for as long as it takes."""
    shorter = dict(values)
    for field, least in shortened:
        excess = segments.overflow(_fill(template, shorter))
        if excess <= 0:
            break
        shorter[field] = _shorten(shorter.get(field, ""), excess, least, spoken)
    return _fill(template, shorter)


def _values(params: Mapping[str, object], language: str, zone: tzinfo) -> dict[str, str]:
    values = {name: _printable(value) for name, value in params.items() if value is not None}
    if language == ENGLISH:
        for field, latin in _LATIN_NAMES.items():
            values[field] = _latin(values.get(latin, ""))
        for field in ("hotline", "taker", "todo", "said"):
            values[field] = _latin(values.get(field, ""))
    if "begins" in values:
        values["begins"] = _begins(values["begins"], values.get("at", ""), zone)
    for field in _TIMES & values.keys():
        values[field] = _clock_time(values[field], zone)
    return values


def _fill(template: str, values: Mapping[str, str]) -> str:
    def piece(match: re.Match[str]) -> str:
        fields = _FIELD.findall(match[1])
        return match[1] if all(values.get(field) for field in fields) else ""

    return _FIELD.sub(lambda match: values.get(match[1], ""), _OPTIONAL.sub(piece, template))


def _clock_time(text: str, zone: tzinfo) -> str:
    """HH:MM at the site; nothing for what is not a time, since a text with a hole is better than none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return (
        (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone).strftime("%H:%M")
    )


def _begins(text: str, told_at: str, zone: tzinfo) -> str:
    """The hour, with the day where that is another than when the text was written."""
    try:
        begins = datetime.fromisoformat(text).astimezone(zone)
        told = datetime.fromisoformat(told_at).astimezone(zone)
    except ValueError:
        return _clock_time(text, zone)
    return begins.strftime("%H:%M" if begins.date() == told.date() else "%m-%d %H:%M")


def _printable(value: object) -> str:
    """One line, no control characters: names come from spreadsheets."""
    text = str(value)
    if not text.isprintable():
        text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(text.split())


def _latin(text: str) -> str:
    """In GSM-7, since one other character would turn the text into UCS-2 and more than halve its room. Accents that
    GSM-7 lacks are dropped; what has no Latin form at all is left out."""
    letters = (
        character if segments.is_gsm7(character) else unicodedata.normalize("NFKD", character)
        for character in text
    )
    return " ".join("".join(c for c in "".join(letters) if segments.is_gsm7(c)).split())


def _shorten(text: str, excess: int, least: int, language: str) -> str:
    """Shorter by `excess` units, but not below `least`: a minority name at its dot, Latin words at a space where that
    keeps half of the room, anything else anywhere."""
    room = max(segments.units(text) - excess, least)
    if segments.units(text) <= room:
        return text
    if room <= 0:
        return ""
    mark, border = ("…", "·") if language == CHINESE else ("", " ")
    cut = text
    while cut and segments.units(cut + mark) > room:
        cut = cut[:-1]
    whole = text[: text.rfind(border, 0, room + 1)] if border in text[: room + 1] else ""
    if len(whole) >= (2 if language == CHINESE else room / 2):
        return whole
    if text[len(cut) : len(cut) + 1].isdigit():
        cut = cut.rstrip("0123456789")  # half a number is another number
    return cut.rstrip(" ·-,.(") + mark


def _first_part(text: str) -> str:
    """Holds the promise of one part whatever was configured: a signature and hotline of 60 characters, say."""
    limit = segments.LIMITS[segments.encoding_of(text)].single
    while segments.units(text) > limit:
        text = text[:-1]
    return text
