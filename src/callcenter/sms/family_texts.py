"""The words of the texts to families about a call for help, in both languages; rendered like all others (`rendering.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callcenter.sms.catalogue import MessageKind

CHINESE: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
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
    }
)

ENGLISH: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
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
    }
)

WHAT: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "zh-CN": {
            "sos": "发出紧急求助",
            "medical": "发出医疗求助",
            "fall": "的跌倒报警器报警",
            "smoke": "家中烟雾报警",
            "gas": "家中燃气报警",
            "inactivity": "家中敲门、电话均无人应",
        },
        "en": {
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
ANY_ALARM: Final = "sos"
WITH_LINK: Final[Mapping[str, Mapping[MessageKind, str]]] = MappingProxyType(
    {
        "zh-CN": {
            MessageKind.ALARM_RAISED: (
                "⟨【{signature}】⟩{name}{elder}⟨{at}⟩{what}⟨，{more}⟩。能去回1，不能回2。"
                "⟨急询{hotline}⟩⟨ 编号{ref}-{code}⟩ {link}"
            ),
            MessageKind.CAN_YOU_GO: (
                "⟨【{signature}】⟩暂未联系上{name}{elder}，能去回1，不能回2⟨，{more}⟩。"
                "⟨急询{hotline}⟩⟨ 编号{ref}-{code}⟩ {link}"
            ),
        },
        "en": {
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
MORE: Final[Mapping[str, Mapping[MessageKind, str]]] = MappingProxyType(
    {
        "zh-CN": {
            MessageKind.ALARM_RAISED: "中心已收到",
            MessageKind.CAN_YOU_GO: "我们将找下一位",
        },
        "en": {
            MessageKind.ALARM_RAISED: "We have received it",
            MessageKind.CAN_YOU_GO: "we ask the next person",
        },
    }
)
