"""The words of the texts to those of the office who are called when nobody is at a seat, or nobody takes it, in both languages; rendered like all
others (`rendering.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callcenter.sms.catalogue import MessageKind

CHINESE: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
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
    }
)

ENGLISH: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
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
    }
)
