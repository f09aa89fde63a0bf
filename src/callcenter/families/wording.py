"""The words of the family page, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

CHINESE: Final = "zh-CN"
ENGLISH: Final = "en"

Words = Mapping[str, str]

_WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        CHINESE: {
            "title": "求助进展",
            "heading": "{person}的求助",
            "nameless": "您家老人",
            "other_language": "English",
            "received": "中心已收到求助，正在安排接警员。",
            "operator": "接警员正在处理。",
            "asked": "{who}将前往住处。",
            "on_the_way": "{who}正在赶去的路上。",
            "arrived": "{who}已经到达住处。",
            "safe": "已确认平安，求助处置完毕。",
            "nobody_reached": "求助已办结，但未能联系上本人。请您尽快联系。",
            "closed": "求助已办结。",
            "over": "这次求助已经结束。",
            "somebody": "工作人员",
            "who": "{name}（{kind}）",
            "eta": "预计{time}到达。",
            "eta_past": "原预计{time}到达，还没有到达的消息。",
            "ended_at": "结束时间：{time}",
            "step_received": "中心收到求助",
            "step_operator": "接警员处理",
            "step_on_the_way": "有人前往",
            "step_arrived": "到达住处",
            "step_end": "处置完毕",
            "is_done": "已完成",
            "is_now": "当前",
            "is_to_come": "还没有",
            "progress": "进展",
            "as_of": "以上是{time}的情况，本页不会自动更新。",
            "reload": "查看最新情况",
            "ring": "打电话给中心",
            "ring_number": "拨打 {number}",
            "ring_text": "请拨打短信里的电话。",
            "answer": "您能去现场吗？",
            "yes": "我正在赶去",
            "no": "我去不了",
            "said_yes": "您在{time}说了：我正在赶去。",
            "said_no": "您在{time}说了：我去不了。",
            "yes_after_all": "我还是能去，正在赶去",
            "no_after_all": "我还是去不了",
            "note": "给接警员留言",
            "note_hint": "最多{most}个字。接警员会看到原话。着急请打电话。",
            "note_send": "发送留言",
            "note_sent": "您在{time}留言：",
            "note_seen": "已记入处置记录，接警员可以看到。",
            "note_waits": "正在记入处置记录。",
            "no_words": "留言是空的，没有发送。",
            "stale": "页面太旧，刚才的没有发送。请再点一次。",
            "too_many": "您已经留了很多话，这一条没有发送。请打电话给中心。",
            "ended": "求助已经结束，刚才的没有发送。如有事请打电话。",
            "privacy": "本页只显示这一次求助。链接请不要转发给不相干的人。",
            "bad_title": "打不开这个链接",
            "bad_unreadable": "链接不完整或有错。请从短信里完整打开，或打电话给中心。",
            "bad_unknown": "链接不对或已经失效。请从短信里重新打开，或打电话给中心。",
            "bad_expired": "链接已经过期。如有事请打电话给中心。",
            "bad_too_many": "打开错误链接的次数太多，请过几分钟再试，或打电话给中心。",
            "away_title": "求助正在处理中",
            "away": "页面暂时打不开，但求助照常处理。请打电话给中心，或回复短信1（能去）、2（不能去）。",
            "away_not_said": "您刚才点的没有送到。请打电话给中心，或回复短信1（能去）、2（不能去）。",
        },
        ENGLISH: {
            "title": "How the call for help stands",
            "heading": "The call for help of {person}",
            "nameless": "your relative",
            "other_language": "中文",
            "received": "The centre has received the call. An operator is being found.",
            "operator": "An operator is dealing with it.",
            "asked": "{who} will go there.",
            "on_the_way": "{who} is on the way.",
            "arrived": "{who} has arrived.",
            "safe": "Confirmed safe. The call is closed.",
            "nobody_reached": "The call is closed, but we could not reach them. Please contact them soon.",
            "closed": "The call is closed.",
            "over": "This call has ended.",
            "somebody": "One of our staff",
            "who": "{name} ({kind})",
            "eta": "Expected at {time}.",
            "eta_past": "Was expected at {time}; we have not heard of the arrival yet.",
            "ended_at": "Ended at {time}",
            "step_received": "The centre received the call",
            "step_operator": "An operator deals with it",
            "step_on_the_way": "Somebody goes there",
            "step_arrived": "They have arrived",
            "step_end": "Closed",
            "is_done": "done",
            "is_now": "now",
            "is_to_come": "to come",
            "progress": "Progress",
            "as_of": "This is how it stood at {time}. The page does not change by itself.",
            "reload": "Show how it stands now",
            "ring": "Ring the centre",
            "ring_number": "Ring {number}",
            "ring_text": "Please ring the number in the text.",
            "answer": "Can you go there?",
            "yes": "I am on my way",
            "no": "I cannot go",
            "said_yes": "At {time} you said: I am on my way.",
            "said_no": "At {time} you said: I cannot go.",
            "yes_after_all": "I can go after all and am on my way",
            "no_after_all": "I cannot go after all",
            "note": "A note to the operator",
            "note_hint": "At most {most} characters. The operator reads your own words. If it is urgent, please ring.",
            "note_send": "Send the note",
            "note_sent": "Your note of {time}:",
            "note_seen": "It stands on the record that the operator sees.",
            "note_waits": "It is on its way to that record.",
            "no_words": "The note was empty and was not sent.",
            "stale": "The page was too old, and nothing was sent. Please press again.",
            "too_many": "You have left many notes; this one was not sent. Please ring the centre.",
            "ended": "The call has ended, and nothing was sent. Please ring if there is anything.",
            "privacy": "This page shows this one call alone. Please do not pass the link on to people whom it does not concern.",
            "bad_title": "This link cannot be opened",
            "bad_unreadable": "The link is incomplete or has a mistake. Open all of it from the text, or ring the centre.",
            "bad_unknown": "The link is wrong or no longer valid. Open it from the text again, or ring the centre.",
            "bad_expired": "The link has run out. If there is anything, please ring the centre.",
            "bad_too_many": "Too many wrong links were opened. Try again in some minutes, or ring the centre.",
            "away_title": "The call for help is being handled",
            "away": "The page cannot be shown just now; the call is handled all the same. Please ring the centre, or answer the text with 1 (I can go) or 2 (I cannot).",
            "away_not_said": "What you pressed has not reached us. Please ring the centre, or answer the text with 1 (I can go) or 2 (I cannot).",
        },
    }
)

_KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        CHINESE: {
            "grid_worker": "网格员",
            "social_worker": "社工",
            "caregiver": "护理员",
            "volunteer": "志愿者",
            "driver": "司机",
            "doctor": "医生",
            "nurse": "护士",
            "technician": "技术员",
            "cook": "厨师",
            "neighbour": "邻居",
            "key_holder": "钥匙保管人",
        },
        ENGLISH: {
            "grid_worker": "community grid worker",
            "social_worker": "social worker",
            "caregiver": "caregiver",
            "volunteer": "volunteer",
            "driver": "driver",
            "doctor": "doctor",
            "nurse": "nurse",
            "technician": "technician",
            "cook": "cook",
            "neighbour": "neighbour",
            "key_holder": "key holder",
        },
    }
)


def spoken(language: str) -> str:
    """Of the two, the one that is meant."""
    return ENGLISH if language.startswith(ENGLISH) else CHINESE


def words(language: str) -> Words:
    return _WORDS[spoken(language)]


def kind_in_words(kind: str, language: str) -> str:
    """What somebody of the staff is; empty for what has no word."""
    return _KINDS[spoken(language)].get(kind, "")
