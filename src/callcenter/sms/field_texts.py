"""The words of the texts to those who go there, by kind, in both languages; rendered like all others (`rendering.py`).

A telephone without a screen for maps is all that a worker may have, so a text says what, where, how to get in and when, and how to
answer. Never a diagnosis, and nobody's family name with the given one: 王女士.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callcenter.sms.catalogue import MessageKind

CHINESE: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
        MessageKind.TASK_OFFERED: (
            "⟨【{signature}】⟩{job}⟨：{name}⟩⟨，{where}⟩⟨，{way_in}⟩⟨，{begins}⟩⟨，{todo}⟩。"
            "回1接，回2不接⟨ 编号{ref}⟩"
        ),
        MessageKind.TASK_YOURS: (
            "⟨【{signature}】⟩您已接单：{job}⟨，{name}⟩⟨，{where}⟩⟨，{way_in}⟩⟨，{begins}⟩⟨，{todo}⟩。"
            "3到 4完成 0求助⟨ 编号{ref}⟩"
        ),
        MessageKind.TASK_GIVEN: (
            "⟨【{signature}】⟩派给您：{job}⟨，{name}⟩⟨，{where}⟩⟨，{way_in}⟩⟨，{begins}⟩⟨，{todo}⟩。"
            "2不能去 3到 4完成⟨ 编号{ref}⟩"
        ),
        MessageKind.TASK_TAKEN: "⟨【{signature}】⟩{job}⟨（{name}）⟩已有人接单，您不必前往，谢谢。⟨ 编号{ref}⟩",
        MessageKind.TASK_OFF: "⟨【{signature}】⟩{job}⟨（{name}）⟩不再需要您前往，谢谢。⟨ 编号{ref}⟩",
        MessageKind.TASK_NOTED_THERE: (
            "⟨【{signature}】⟩已记录您到达⟨{name}处⟩。完成请回复4，求助回复0。⟨ 编号{ref}⟩"
        ),
        MessageKind.TASK_NOTED_DONE: "⟨【{signature}】⟩已记录{job}⟨（{name}）⟩完成，辛苦了。⟨ 编号{ref}⟩",
        MessageKind.TASK_NOTED_NO: "⟨【{signature}】⟩已记录您不去⟨{name}处⟩，我们另找他人。⟨ 编号{ref}⟩",
        MessageKind.TASK_NOT_THERE: (
            "⟨【{signature}】⟩还没有您到达⟨{name}处⟩的记录。到过请回复3，即记为完成；没去回复2。⟨ 编号{ref}⟩"
        ),
        MessageKind.TASK_WHICH: "⟨【{signature}】⟩请加编号再回复一次，如：{said} {first}。⟨您的任务：{choices}⟩",
        MessageKind.TASK_HELP_NOTED: (
            "⟨【{signature}】⟩已收到您的求助，调度员马上联系您。危险时请先离开，拨110或120。⟨{hotline}⟩⟨ 编号{ref}⟩"
        ),
        MessageKind.TASK_CHECK_OUT: (
            "⟨【{signature}】⟩您⟨在{name}处⟩还好吗？做完回复4，还没做完回复3，求助回复0，否则我们给您打电话。"
            "⟨{hotline}⟩⟨ 编号{ref}⟩"
        ),
        MessageKind.FIELD_ON_DUTY: "⟨【{signature}】⟩已记录您⟨{at}⟩上班，有任务发短信给您。下班请回复“下班”。⟨{hotline}⟩",
        MessageKind.FIELD_OFF_DUTY: "⟨【{signature}】⟩已记录您⟨{at}⟩下班，不再派单。辛苦了。⟨{hotline}⟩",
        MessageKind.FIELD_STILL_BUSY: (
            "⟨【{signature}】⟩您还有任务（{choices}），做完回复4后即下班，不能做回复2。⟨{hotline}⟩"
        ),
        MessageKind.PHONE_CODE: (
            "⟨【{signature}】⟩上门工作页登录验证码{pin}，10分钟内有效。请勿告诉任何人。"
        ),
    }
)

ENGLISH: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
        MessageKind.TASK_OFFERED: (
            "⟨[{signature}] ⟩{job}⟨: {name}⟩⟨, {where}⟩⟨, {way_in}⟩⟨, {begins}⟩⟨, {todo}⟩. "
            "Reply 1 take, 2 no⟨ Ref {ref}⟩"
        ),
        MessageKind.TASK_YOURS: (
            "⟨[{signature}] ⟩Yours: {job}⟨, {name}⟩⟨, {where}⟩⟨, {way_in}⟩⟨, {begins}⟩⟨, {todo}⟩. "
            "3 there, 4 done, 0 help⟨ Ref {ref}⟩"
        ),
        MessageKind.TASK_GIVEN: (
            "⟨[{signature}] ⟩For you: {job}⟨, {name}⟩⟨, {where}⟩⟨, {way_in}⟩⟨, {begins}⟩⟨, {todo}⟩. "
            "2 cannot, 3 there, 4 done⟨ Ref {ref}⟩"
        ),
        MessageKind.TASK_TAKEN: "⟨[{signature}] ⟩{job}⟨ ({name})⟩ has been taken. No need to go, thank you.⟨ Ref {ref}⟩",
        MessageKind.TASK_OFF: "⟨[{signature}] ⟩{job}⟨ ({name})⟩: you need not go any more, thank you.⟨ Ref {ref}⟩",
        MessageKind.TASK_NOTED_THERE: (
            "⟨[{signature}] ⟩Noted: you are there⟨ with {name}⟩. Reply 4 when done, 0 for help.⟨ Ref {ref}⟩"
        ),
        MessageKind.TASK_NOTED_DONE: "⟨[{signature}] ⟩Noted: {job}⟨ ({name})⟩ is done. Thank you.⟨ Ref {ref}⟩",
        MessageKind.TASK_NOTED_NO: (
            "⟨[{signature}] ⟩Noted: you do not go⟨ to {name}⟩. We ask somebody else.⟨ Ref {ref}⟩"
        ),
        MessageKind.TASK_NOT_THERE: (
            "⟨[{signature}] ⟩You have not said that you were there⟨ with {name}⟩. Reply 3 if you were and it is done, 2 if not.⟨ Ref {ref}⟩"
        ),
        MessageKind.TASK_WHICH: "⟨[{signature}] ⟩Which job? Reply with its number, e.g. {said} {first}.⟨ Yours: {choices}⟩",
        MessageKind.TASK_HELP_NOTED: (
            "⟨[{signature}] ⟩Your call for help is here. A dispatcher will phone you. In danger leave first, dial 110 or 120."
            "⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
        ),
        MessageKind.TASK_CHECK_OUT: (
            "⟨[{signature}] ⟩Are you all right⟨ at {name}'s⟩? Reply 4 done, 3 still at work, 0 help, or we phone you."
            "⟨ Tel {hotline}⟩⟨ Ref {ref}⟩"
        ),
        MessageKind.FIELD_ON_DUTY: (
            "⟨[{signature}] ⟩You are on duty⟨ since {at}⟩. Jobs come by text. Reply OFF to end it.⟨ Tel {hotline}⟩"
        ),
        MessageKind.FIELD_OFF_DUTY: "⟨[{signature}] ⟩You are off duty⟨ since {at}⟩. No more jobs. Thank you.⟨ Tel {hotline}⟩",
        MessageKind.FIELD_STILL_BUSY: (
            "⟨[{signature}] ⟩You still have a job ({choices}). You are off duty once it is done: reply 4, or 2 if you cannot.⟨ Tel {hotline}⟩"
        ),
        MessageKind.PHONE_CODE: (
            "⟨[{signature}] ⟩{pin} is your code for the work page, for 10 minutes. Tell it to nobody."
        ),
    }
)

JOBS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "zh-CN": {
            "rescue": "紧急求助",
            "visit": "上门服务",
            "stop": "巡访",
            "ride": "接送",
            "errand": "代办",
            "inspection": "检查",
            "job": "任务",
        },
        "en": {
            "rescue": "EMERGENCY",
            "visit": "Visit",
            "stop": "Round",
            "ride": "Ride",
            "errand": "Errand",
            "inspection": "Inspection",
            "job": "Job",
        },
    }
)
"""What kind of job it is, by the kind of the task."""
ANY_JOB: Final = "job"
