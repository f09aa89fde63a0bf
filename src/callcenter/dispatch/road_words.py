"""Which words never leave the room towards a phone, a text or a family page: who somebody is to the authorities, and what illness they
have. Pure.

It is a net for what is written in haste, not a judge: what the job needs (a dog, an oxygen bottle, stairs) passes.
"""

from __future__ import annotations

import re
from typing import Final

from callcenter.core.errors import Invalid

_STATUS: Final = (
    "失独", "计生特殊", "计划生育特殊", "低保", "特困", "五保", "低收入", "孤寡", "残疾证", "信访", "刑满", "社区矫正",
)  # fmt: skip
_ILLNESS: Final = (
    "诊断", "病史", "艾滋", "HIV", "梅毒", "乙肝", "肝炎", "结核", "肿瘤", "癌", "痴呆", "阿尔茨海默", "精神分裂", "抑郁", "躁狂",
    "糖尿病", "高血压", "冠心病", "心脏病", "脑梗", "中风后遗症", "帕金森",
)  # fmt: skip
_ENGLISH: Final = re.compile(
    r"\b(diagnos\w*|hiv|aids|cancer|tumou?r|hepatitis|tuberculosis|dementia|alzheimer\w*|schizophren\w*|depress\w*|diabet\w*|"
    r"hypertension|parkinson\w*|bereaved of their only child|social assistance|welfare recipient)\b",
    re.IGNORECASE,
)


def unfit_words(*texts: str) -> list[str]:
    """What stands in these texts and belongs to nobody on the road, in the order of the list."""
    whole = "\n".join(texts)
    upper = whole.upper()
    found = [word for word in (*_STATUS, *_ILLNESS) if word.upper() in upper]
    return [*found, *(each[0] for each in _ENGLISH.finditer(whole))]


def demand_fit(*texts: str) -> None:
    """Raises Invalid `not_for_phones` with the first word that belongs to nobody on the road."""
    unfit = unfit_words(*texts)
    if unfit:
        raise Invalid(
            f"{unfit[0]!r} is nobody's business on a phone: say only what the job needs.",
            code="not_for_phones",
            word=unfit[0],
        )
