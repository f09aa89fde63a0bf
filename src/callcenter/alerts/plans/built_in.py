"""The plans that hold where nobody has written one: for every kind of alarm that opens an incident. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from callcenter.alerts.plans.plan import PlanAnswer, PlanStep, Steps, StepType, Whom
from callcenter.devices.signals import Kind


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A plan of the program itself."""

    name: str
    name_en: str
    kinds: Sequence[Kind]
    steps: Steps


def _step(step: str, kind: StepType, text: str, text_en: str, **more: Any) -> PlanStep:
    return PlanStep(id=step, type=kind, text=text, text_en=text_en, **more)


def _say(step: str, text: str, text_en: str, **more: Any) -> PlanStep:
    return _step(step, StepType.INSTRUCTION, text, text_en, **more)


def _ask(step: str, text: str, text_en: str, *answers: tuple[str, str, str | None]) -> PlanStep:
    given = [PlanAnswer(text=zh, text_en=en, next=to) for zh, en, to in answers]
    return _step(step, StepType.QUESTION, text, text_en, answers=given)


def _call(step: str, whom: Whom, text: str, text_en: str, **more: Any) -> PlanStep:
    return _step(step, StepType.CALL, text, text_en, whom=whom, **more)


def _retry(step: str, to: str, times: int, then: str | None) -> PlanStep:
    return _step(step, StepType.RETRY, "", "", to=to, times=times, next=then)


_AMBULANCE = _call("ambulance", Whom.AMBULANCE, "拨打120，报地址、人、病情和进门办法", "Call 120: address, person, condition, way in", next="contact")  # fmt: skip


def _somebody_goes() -> Steps:
    """The first contact, else the next by text and a worker; asked about until somebody is there."""
    return (
        _call("contact", Whom.CONTACT, "请第一联系人前往", "Ask the first contact to go there", rank=1, next="wait", otherwise="text"),
        _step("text", StepType.TEXT, "短信询问下一位联系人能否前往", "Ask the next contact by SMS", next="send"),
        _step("send", StepType.SEND, "派社区人员上门", "Send a worker", next="wait"),
        _step("wait", StepType.WAIT, "等待到场", "Wait for help to arrive", minutes=10, next="there"),
        _ask("there", "有人到场并确认老人平安吗？", "Is somebody there, and is the person safe?", ("是", "Yes", "safe"), ("还没有", "Not yet", "longer")),
        _retry("longer", "wait", 3, "safe"),
        _say("safe", "记录谁确认平安、老人在哪里，然后办结", "Record who confirmed that the person is safe, and where; then close"),
    )  # fmt: skip


def _call_back(text: str, text_en: str, asked: PlanStep) -> Steps:
    """Called twice before anybody else is."""
    return (
        _call("call", Whom.RESIDENT, text, text_en, next="ask", otherwise="again"),
        _retry("again", "call", 1, "contact"),
        asked,
    )


_MISTAKE = _say("mistake", "确认是老人本人、语气平稳，安慰后按误按办结", "It is the resident, calm: reassure, and close as a mistaken press")  # fmt: skip

_SOS = BuiltIn(
    "紧急求助", "Call for help", (Kind.SOS, Kind.MEDICAL, Kind.UNKNOWN),
    (
        *_call_back("回拨老人，问清哪里不舒服", "Call the resident back: what is the matter?", _ask(
            "ask", "老人现在怎样？", "How is the person?",
            ("病情急，要救护车", "Urgent: ambulance", "ambulance"), ("要人上门", "Somebody must go", "contact"), ("误按，平安", "Pressed by mistake, safe", "mistake"),
        )),
        _AMBULANCE, *_somebody_goes(), _MISTAKE,
    ),
)  # fmt: skip

_FALL = BuiltIn(
    "跌倒", "Fall", (Kind.FALL,),
    (
        *_call_back("回拨老人，叮嘱先别自己起身", "Call the resident back: do not get up alone", _ask(
            "ask", "伤得怎样？", "Is the person hurt?",
            ("头部着地、剧痛、动不了或说不清", "Head, severe pain, cannot move, confused", "ambulance"), ("没大碍，但起不来", "Not hurt, cannot get up", "contact"),
            ("没有跌倒，平安", "Did not fall, safe", "mistake"),
        )),
        _AMBULANCE, *_somebody_goes(), _MISTAKE,
    ),
)  # fmt: skip

_FIRE = BuiltIn(
    "烟雾、燃气", "Smoke, gas", (Kind.SMOKE, Kind.GAS),
    (
        _call("call", Whom.RESIDENT, "回拨：请马上离开，不开关电器，不坐电梯", "Call: leave now, touch no switch, take no lift", next="ask", otherwise="fire"),
        _ask("ask", "有烟、火或燃气味吗？", "Smoke, fire or a smell of gas?", ("有，或说不清", "Yes, or unclear", "fire"), ("没有，做饭油烟等", "No: cooking fumes or the like", "air")),
        _call("fire", Whom.FIRE, "拨打119，报地址、楼层、有无人被困", "Call 119: address, floor, anybody inside?", next="contact"),
        *_somebody_goes(),
        _say("air", "请老人开窗、关火，五分钟后再问一次", "Open windows, turn off the stove; ask again in five minutes", next="later"),
        _step("later", StepType.WAIT, "", "", minutes=5, next="sure"),
        _call("sure", Whom.RESIDENT, "再次确认平安", "Confirm once more", otherwise="fire"),
    ),
)  # fmt: skip

_BURGLARY = BuiltIn(
    "入侵", "Intrusion", (Kind.INTRUSION,),
    (
        *_call_back("回拨老人，用是或否就能回答的问题问", "Call: ask what yes or no answers", _ask(
            "ask", "家里有陌生人吗？", "Is a stranger there?", ("有，或说不清", "Yes, or unclear", "police"), ("没有，平安", "No, safe", "mistake"),
        )),
        _call("police", Whom.POLICE, "拨打110，报地址和情况", "Call 110: address and what happened", next="contact"),
        *_somebody_goes(), _MISTAKE,
    ),
)  # fmt: skip

_LOOK = BuiltIn(
    "无活动、漏水", "Inactivity, water", (Kind.INACTIVITY, Kind.WATER),
    (
        *_call_back("回拨老人，问是否平安", "Call the resident: is everything well?", _ask(
            "ask", "老人平安吗？", "Is the person well?", ("不平安，要救护车", "No: ambulance", "ambulance"), ("要人上门看看", "Somebody must look", "contact"), ("平安", "Yes", "mistake"),
        )),
        _AMBULANCE, *_somebody_goes(), _MISTAKE,
    ),
)  # fmt: skip

_SERVICE = BuiltIn(
    "服务求助", "Request for service", (Kind.HELP,),
    (
        _call("call", Whom.RESIDENT, "回电，先问身体好不好，再问需要什么", "Call back: is all well? Then: what is wanted?", next="ask", otherwise="later"),
        _ask("ask", "需要什么？", "What is wanted?",
            ("其实不舒服或有危险", "Unwell, or in danger", "raise"), ("家政", "Housekeeping", "pass"), ("送餐", "A meal", "pass"), ("维修", "A repair", "pass"),
            ("取药、送药", "Medicine", "pass"), ("代办、跑腿", "An errand", "pass"), ("想说说话", "A chat", "chat"), ("别的", "Something else", "pass"), ("已经答复", "Answered on the phone", "told"),
        ),
        _say("raise", "按 E 转为紧急求助，按紧急预案处置", "Press E: it becomes an alarm, with the plan of an alarm"),
        _step("later", StepType.WAIT, "", "", minutes=5, next="again"),
        _retry("again", "call", 2, "send"),
        _step("send", StepType.SEND, "一直没人接：派人上门看看", "Nobody answers: send somebody to look", next="told"),
        _say("pass", "按 D 记下要什么、转给了谁、几时前办好；到时系统提醒回访", "Press D: what is wanted, whom it was passed to, until when; then ask whether it was done", next="done"),
        _ask("done", "办妥了吗？", "Was it done?", ("办妥了", "Yes", "told"), ("没有，再转一次", "No: pass it on again", "more"), ("办不成", "It cannot be done", "told")),
        _retry("more", "pass", 3, "told"),
        _say("chat", "陪老人说说话，留意心情和身体", "Have a chat; listen for mood and health", next="told"),
        _say("told", "办结：办妥还是没办成，要的是什么", "Close: done or not done, and what was wanted"),
    ),
)  # fmt: skip

_TECHNICAL = BuiltIn(
    "设备故障", "Trouble with a device", (Kind.LOW_BATTERY, Kind.POWER_FAIL, Kind.TAMPER, Kind.TECHNICAL),
    (
        _call("call", Whom.RESIDENT, "致电老人：先问平安，再请按一次测试", "Call: is all well? Then ask for a test press", next="ask", otherwise="contact"),
        _ask("ask", "解决了吗？", "Is it mended?", ("是", "Yes", None), ("要人上门", "Somebody must come", "send")),
        _call("contact", Whom.CONTACT, "致电第一联系人", "Call the first contact", rank=1, next="send"),
        _step("send", StepType.SEND, "派人上门检修或换电池", "Send somebody to mend it or change the battery"),
    ),
)  # fmt: skip

BUILT_IN: Final[Sequence[BuiltIn]] = (
    _SOS, _FALL, _FIRE, _BURGLARY, _LOOK, _SERVICE, _TECHNICAL,
)  # fmt: skip

_OF_KIND: Mapping[str, BuiltIn] = MappingProxyType(
    {kind.value: plan for plan in BUILT_IN for kind in plan.kinds}
)


def built_in(kind: str) -> BuiltIn:
    """For a kind of alarm; what nobody knows is treated as a call for help."""
    return _OF_KIND.get(kind, _SOS)
