"""The words of the texts to neighbours who look after somebody, and to those for whom something was done, in both languages; rendered like all others
(`rendering.py`). Each asks for one digit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callcenter.sms.catalogue import MessageKind

CHINESE: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
        MessageKind.RIDE_HOW_WAS_IT: (
            "⟨【{signature}】⟩{name}，今天的接送您满意吗？请回复1到5，5为最好。⟨疑问请拨{hotline}⟩⟨ 编号{ref}⟩"
        ),
        MessageKind.WORK_HOW_WAS_IT: (
            "⟨【{signature}】⟩{name}，今天的{job}您满意吗？请回复1到5，5为最好。⟨疑问请拨{hotline}⟩⟨ 编号{ref}⟩"
        ),
        MessageKind.PAIR_LOOK: (
            "⟨【{signature}】⟩请今天看看{name}：平安回复1，没人应回复2。⟨{hotline}⟩⟨ 编号{ref}⟩"
        ),
    }
)

ENGLISH: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
        MessageKind.RIDE_HOW_WAS_IT: (
            "⟨[{signature}] ⟩{name}, how was your ride today? Reply 1 to 5, 5 is best.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
        ),
        MessageKind.WORK_HOW_WAS_IT: (
            "⟨[{signature}] ⟩{name}, how was it today⟨ ({job})⟩? Reply 1 to 5, 5 is best.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
        ),
        MessageKind.PAIR_LOOK: (
            "⟨[{signature}] ⟩Please look in on {name} today. Reply 1 well, 2 nobody opens.⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
        ),
    }
)
