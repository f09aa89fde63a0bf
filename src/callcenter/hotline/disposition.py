"""What a call may have been about, as a tree: a key at the seat for each leaf. Those that are built in, in both languages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from callcenter.dispatch.task import TaskKind


class Opens(StrEnum):
    """What follows from what a call was about."""

    INCIDENT = "incident"
    COMPLAINT = "complaint"
    CONSULTATION = "consultation"
    FOLLOW_UP = "follow_up"
    VISIT = "visit"
    TASK = "task"
    ORDER = "order"
    """A service that is wanted. Until something takes orders it is a case that is worked off by hand (`filing.following.CASE_OF`)."""
    NOTHING = "nothing"


LONGEST_DUE_MINUTES: Final = 60 * 24 * 90
MISSED: Final = "missed"
"""Of a call that nobody answered and that was worked off. No key: nobody chooses it."""
_CALLS_FOR_HELP: Final = frozenset({SignalClass.ALARM, SignalClass.SERVICE})
_TASKS: Final = frozenset({TaskKind.ERRAND, TaskKind.INSPECTION})
TAKEN_KEYS: Final = frozenset("tm?")
"""They mean something on every page of the console (console: shell/keys.ts)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One leaf or group. `of_kind`: of the signal or the task that it opens; `due_minutes`: until when its case is due."""

    code: str
    parent: str | None = None
    zh: str
    en: str
    key: str | None = None
    effective: bool = False
    opens: Opens = Opens.NOTHING
    of_kind: str | None = None
    due_minutes: int | None = None
    position: int = 0
    is_offered: bool = True


def check(choice: Choice) -> None:
    """Raises Invalid `wrong_kind` where `of_kind` does not belong to what it opens, `key_taken` for a key of every page."""
    if choice.key in TAKEN_KEYS:
        raise Invalid(
            f"The key {choice.key} means something on every page: choose another.",
            code="key_taken",
            key=choice.key,
        )
    if not _fits(choice.opens, choice.of_kind):
        raise Invalid(
            f"What opens {choice.opens} cannot be of the kind {choice.of_kind}.",
            code="wrong_kind",
            opens=choice.opens,
            of_kind=choice.of_kind,
        )


def _fits(opens: Opens, of_kind: str | None) -> bool:
    if opens is Opens.INCIDENT:
        return of_kind in list(Kind) and CLASS_OF[Kind(of_kind)] in _CALLS_FOR_HELP
    if opens is Opens.TASK:
        return of_kind in list(TaskKind) and TaskKind(of_kind) in _TASKS
    return of_kind is None


_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


def _group(code: str, zh: str, en: str, *leaves: Choice) -> tuple[Choice, ...]:
    return (Choice(code=code, zh=zh, en=en), *leaves)


BUILT_IN: Final[tuple[Choice, ...]] = (
    *_group(
        "emergency", "紧急求助", "Emergency",
        Choice(code="alarm_help", parent="emergency", zh="求助，需要救援", en="Needs help now", key="1", effective=True, opens=Opens.INCIDENT, of_kind=Kind.SOS),
        Choice(code="medical", parent="emergency", zh="突发疾病", en="Suddenly ill", key="2", effective=True, opens=Opens.INCIDENT, of_kind=Kind.MEDICAL),
        Choice(code="fall", parent="emergency", zh="摔倒", en="Has fallen", key="3", effective=True, opens=Opens.INCIDENT, of_kind=Kind.FALL),
        Choice(code="gas_smell", parent="emergency", zh="燃气异味", en="Smells gas", key="4", effective=True, opens=Opens.INCIDENT, of_kind=Kind.GAS),
        Choice(code="pressed_by_mistake", parent="emergency", zh="误按红键，已确认平安", en="Red key by mistake, confirmed well", key="5", effective=True),
    ),
    *_group(
        "care", "服务需求", "Wants a service",
        Choice(code="home_care", parent="care", zh="家政、助餐、助浴等服务", en="Home care: cleaning, meals, bathing", key="a", effective=True, opens=Opens.ORDER, due_minutes=4 * _HOUR),
        Choice(code="repair", parent="care", zh="维修", en="A repair", key="b", effective=True, opens=Opens.TASK, of_kind=TaskKind.ERRAND),
        Choice(code="visit", parent="care", zh="希望上门看望", en="Wants somebody to come", key="c", effective=True, opens=Opens.VISIT),
        Choice(code="device_fault", parent="care", zh="设备故障", en="The device does not work", key="d", effective=True, opens=Opens.TASK, of_kind=TaskKind.INSPECTION),
        Choice(code="escort", parent="care", zh="陪诊、出行", en="Somebody to go along", key="e", effective=True, opens=Opens.ORDER, due_minutes=4 * _HOUR),
    ),
    *_group(
        "advice", "咨询", "Asks for advice",
        Choice(code="policy", parent="advice", zh="政策咨询，已答复", en="Policy, answered", key="f", effective=True),
        Choice(code="policy_open", parent="advice", zh="政策咨询，待答复", en="Policy, to be answered", key="g", effective=True, opens=Opens.CONSULTATION, due_minutes=_DAY),
        Choice(code="health_question", parent="advice", zh="健康咨询", en="A question of health", key="h", effective=True),
        Choice(code="legal", parent="advice", zh="维权、法律咨询", en="Rights and law", key="l", effective=True, opens=Opens.CONSULTATION, due_minutes=3 * _DAY),
    ),
    *_group(
        "feedback", "意见反馈", "Feedback",
        Choice(code="complaint", parent="feedback", zh="投诉", en="A complaint", key="k", effective=True, opens=Opens.COMPLAINT, due_minutes=3 * _DAY),
        Choice(code="praise", parent="feedback", zh="表扬", en="Praise", key="p", effective=True),
        Choice(code="suggestion", parent="feedback", zh="建议", en="A suggestion", key="s", effective=True),
    ),
    *_group(
        "talk", "情感陪伴", "Company",
        Choice(code="companionship", parent="talk", zh="聊天陪伴", en="Wanted to talk", key="i", effective=True),
        Choice(code="low_spirits", parent="talk", zh="情绪低落，需要再联系", en="Low spirits, to be rung again", key="j", effective=True, opens=Opens.FOLLOW_UP, due_minutes=_DAY),
    ),
    *_group(
        "other", "其他", "Other",
        Choice(code="call_again", parent="other", zh="要求回电", en="Wants to be rung back", key="r", effective=True, opens=Opens.FOLLOW_UP, due_minutes=10),
        Choice(code="business", parent="other", zh="服务商、工作人员来电", en="A provider or somebody of the staff", key="n", effective=True),
        Choice(code="wrong_number", parent="other", zh="打错电话", en="Wrong number", key="w"),
        Choice(code="prank", parent="other", zh="骚扰电话", en="A prank", key="x"),
        Choice(code="silent", parent="other", zh="无声电话", en="Silent, no voice", key="y"),
        Choice(code="broken_off", parent="other", zh="中途断线", en="Broken off", key="v"),
        Choice(code="test", parent="other", zh="测试来电", en="A test", key="z"),
        Choice(code=MISSED, parent="other", zh="未接来电，已处理", en="Missed, and worked off"),
    ),
)  # fmt: skip
"""What a hotline for elders is asked. Codes stay; words, keys and all else are the site's to change."""
