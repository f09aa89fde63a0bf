"""The words in which people say that they go, or that they cannot, and what stands around these and changes nothing. Pure.

A word is only taken for an answer where the rest of its clause is politeness: whoever is not sure, asks, speaks of somebody else
or of later has said neither. Of the two errors a yes that was none is the worse: nobody else would be asked.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_GOING: Final = (
    *("能", "可以", "能去", "可以去", "我去", "我去吧", "我去了", "去", "过去", "能过去", "可以过去", "我过去了", "去看看", "过去看看", "去一下", "过去一下"),
    *("去看一下", "过去看一下", "可以去看看", "可以过去看看", "能去看看", "会去", "会过去", "愿意去", "马上到", "马上就到", "马上来", "马上过来", "这就来", "这就到"),
    *("赶过去", "赶去", "在赶过去", "正在赶过去", "正赶过去", "在赶", "正在赶", "正在过去", "正在赶来", "往回赶", "往家赶", "正往家赶", "正在往回赶", "正在往家赶"),
    *("在路上", "已在路上", "已经在路上", "正在路上", "在去的路上", "出发", "已出发", "已经出发", "出发了", "这就出发", "马上出发", "马上回家", "马上回去"),
    *("已经在去的路上", "正在去的路上", "去一趟", "过去一趟", "回去一趟", "回家一趟", "跑一趟", "回去", "回家", "马上回", "往回走", "在往回走"),
    *("回去看看", "回家看看", "马上到家", "马上就到家", "就到", "快到了", "我到了", "已经到了", "我来", "我来了"),
)  # fmt: skip
_GOING_IN_ENGLISH: Final = (
    *("i go", "ok i go", "i will be right there", "on our way", "we are coming", "were coming", "well be there", "heading back", "driving over"),
    *("yes", "y", "yeah", "yep", "yup", "sure", "of course", "certainly", "will do", "i can", "i can go", "can go", "i will go", "ill go", "i will", "ill come"),
    *("i will come", "i can come", "i can go there", "i will go there", "ill go there", "im going", "i am going", "going", "going there", "im on my way"),
    *("i am on my way", "on my way", "on the way", "im on the way", "omw", "im coming", "i am coming", "coming", "be right there", "ill be right there"),
    *("ill be there", "i will be there", "heading over", "heading there", "im heading over", "leaving", "im leaving", "leaving home"),
)  # fmt: skip
_STAYING: Final = (
    *("不能", "不能去", "去不了", "不去", "不去了", "不会去", "不行", "不可以", "不可以去", "不能过去", "过不去", "过去不了", "去不成", "没空", "没有空", "没空去"),
    *("没时间", "没有时间", "没时间去", "不方便", "不方便去", "不太方便", "没法去", "没法过去", "没办法去", "没办法过去", "没办法", "无法去", "无法前往", "无法过去"),
    *("不在本地", "人不在本地", "不在这边", "不在市里", "不在城里", "回不了", "过不了", "赶不了", "没办法过来"),
    *("来不了", "到不了", "赶不过去", "赶不到", "赶不回去", "赶不回来", "过不来", "过来不了", "回不去", "回不来", "回去不了", "来不及", "走不开", "抽不开身"),
    *("抽不出身", "抽不出时间", "脱不开身", "在外地", "人在外地", "人在外面出差", "在外省", "在国外", "人在国外", "出差", "出差中", "在出差", "正在出差", "在外出差"),
)  # fmt: skip
_STAYING_IN_ENGLISH: Final = (
    *("no", "n", "nope", "no i cant", "i cant", "cant", "cannot", "i cannot", "cant go", "i cant go", "i cannot go", "cannot go", "cant come", "i cant come"),
    *("i cannot come", "cannot come", "cant make it", "i cant make it", "cannot make it", "i cannot make it", "not possible", "i am not able to", "im not able to"),
    *("not able to", "not able to go", "unable", "unable to go", "unable to come", "wont be able to", "wont be able to go", "i wont be able to", "i couldnt go"),
    *("i wont be able to go", "i couldnt", "out of town", "im out of town", "i am out of town", "not in town", "im not in town", "i am not in town", "abroad"),
    *("im abroad", "i am abroad", "im away", "i am away", "away", "im travelling", "im traveling", "im busy", "i am busy", "too far away", "im too far away"),
)  # fmt: skip
_SAID: Final = {
    **dict.fromkeys(("一", "壹", *_GOING, *_GOING_IN_ENGLISH), True),
    **dict.fromkeys(("二", "贰", *_STAYING, *_STAYING_IN_ENGLISH), False),
}
_UNSAID: Final = frozenset({"去了", "过去了", "可以了", "能了", "到了", "一了", "二了", "放心去"})
"""It is enough, somebody has gone, somebody has passed away: more than these words would be needed."""

_THANKS: Final = r"谢谢您|谢谢你们|谢谢你|谢谢|多谢|感谢|辛苦了|辛苦|麻烦您了|麻烦你们了|麻烦了|请?放心|thank you|thanks|thx"
_POLITE: Final = (
    rf"{_THANKS}|您好|你好|好的|好|行|嗯|恩|哦|喔|呃|额|诶|哎|那个|那|收到|知道了|知道|明白了|明白|没问题|是的|对的|对不起|不好意思|抱歉"
    r"|(?:okay|ok|sorry|i'?m sorry|please|hi|hello)(?![a-z])|👍|👌|🙏|😊|😭|👎|🆗|啊|呀|[ ,，。.!！、;；:：~～…]|-{2,}"
)
_GREETING: Final = re.compile(rf"^(?:{_POLITE}|我们|我)*+")
_BEFORE: Final = re.compile(
    rf"^(?:{_POLITE}|我们|我|现在|马上|立刻|立即|这就|就|正|肯定|一定|暂时|今天|目前)*+"
)
_BEHIND: Final = (
    rf"(?:{_THANKS}|好的|收到|知道了|没问题|对不起|不好意思|抱歉|(?:sorry|please|okay|ok|now|right now|right away|immediately)(?![a-z])"
    r"|👍|👌|🙏|😊|😭|👎|🆗|的|了|啊|呀|哈|哦|呢|[ ,，。.!！、;；:：~～…])*+"
)
_CORE: Final = re.compile(rf"(.*?){_BEHIND}", re.DOTALL)
_AGREEING: Final = re.compile(r"(yes|yeah|yep|sure|of course|no|nope)\b ?")
_REASON: Final = re.compile(
    r"(?:人?在?出差(?:在外)?|在?上班|在?开会|在?加班|在?忙|太远了?|离得?太?远|腿脚不(?:好|便|方便|利索)|身体不(?:好|舒服)|生病|住院"
    r"|人?在[\u3400-\u9fff]{2,4}?|i?m? ?at work|im busy|in a meeting|im in \w+|im ill|im sick) ?[了呢啊]?"
)
"""Why somebody cannot: beside a no, it is a no."""
_INSTEAD: Final = re.compile(
    r"(?:请|麻烦)?(?:您|你们|你)?(?:再)?(?:联系|找|打给|打|让|叫|问|通知)(?:一下)?.{1,20}"
    r"|(?:please )?(?:ask|call|try|contact|phone|ring) (?:my|his|her|our|the) [\w ]{2,30}"
)
"""Whom to ask in their place: beside a no, it is a no."""
_SOON: Final = re.compile(
    r"(?:大概|大约|差不多|估计)?\d{1,2} ?分钟(?:后|内|之内|左右)?(?:就|能|可以)?(?:到|到家|过来|赶到)?|(?:i?ll )?be there (?:in|within) \d{1,2}(?: ?min(?:ute)?s?)?"
    r"|(?:in )?\d{1,2} ?min(?:ute)?s?"
)
"""In how many minutes: beside a yes, it is part of it."""
_ARRIVES: Final = re.compile(r".*(?:到|到家|赶到)|.*be there .*")
_WHOM: Final = re.compile(
    r"(看看|看一下)(?:一下)?我?(?:妈妈|爸爸|妈|爸|奶奶|爷爷|姥姥|姥爷|外婆|外公|老人家|老人|父亲|母亲|她|他)$"
)
_CLAUSE_ENDS: Final = re.compile(r"[,，;；。.!！、]+")
_CHINESE_GAP: Final = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")

_ASKS: Final = re.compile(
    r"吗|么|谁|哪|几[点个时]|多少|是不是|能不能|有没有|要不要|可不可以|是否|怎|咋|啥|何|人呢"
    r"|\b(?:what|who|whose|where|when|why|how|which|is (?:she|he|it|this|that)|are you|can you|could you|do i|does|did|should i)\b"
)
_WAVERS: Final = re.compile(
    r"不|没|无|别|勿|莫|但|可是|然而|除非|如果|要是|假如|万一|等|才能|可能|也许|大概|尽量|看情况|小时|明天|后天|早上|中午|下午|晚上|下班|稍后|晚点|一会|号楼"
    r"|\b(?:not|no|never|cannot|but|if|unless|maybe|perhaps|later|tomorrow|tonight|hours?|after|when|until|wait)\b|n't\b|cant\b|dont\b|wont\b"
)

_FORMS: Final = str.maketrans(
    "❶❷➀➁➊➋馬過這來會願趕沒時間辦對謝為開國無發現還貳請麼嗎誰個給讓點號樓電話",
    "121212马过这来会愿赶没时间办对谢为开国无发现还贰请么吗谁个给让点号楼电话",
)
"""Digits in black or sans-serif circles, which NFKC leaves alone, and the traditional characters of the words above."""
_SIGNATURE: Final = re.compile(
    r"[【\[](?:中国)?(?:移动|联通|电信|广电|铁通)[】\]]"
    r"|[-—–\s]*(?:发自|来自)我?的?\s?(?:iphone|ipad|华为|小米|荣耀|oppo|vivo|三星|苹果|手机)\w{0,12}\s*$"
    r"|[-—–\s]*sent (?:from|via) my [\w ]{2,30}\s*$"
)
"""What a phone or a carrier puts beside the words of whoever wrote."""
_EDGES: Final = " \t.,;:!。、·~…-_()[]【】「」<>《》\"'“”‘’"


def normal(text: str) -> str:
    """In one form: NFKC, lower case, simplified, one kind of space, without signatures and what nobody sees."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_FORMS)
    visible = "".join(
        " " if c.isspace() else c
        for c in _SIGNATURE.sub(" ", folded)
        if unicodedata.category(c) not in _UNSEEN or c.isspace()
    )
    return " ".join(visible.split()).strip(_EDGES)


_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Mn", "Mc", "Me", "Sk"})


def says_going(plain: str) -> bool | None:
    """True for "I go", False for "I cannot"; None where a clause says neither, or two say both."""
    clauses = [clause for clause in _clauses(plain) if not is_polite(clause)]
    said = {_clause(clause) for clause in clauses}
    if said == {None, False}:  # beside a no, why not and who else are part of it
        said = {False if _explains(each) else _clause(each) for each in clauses}
    if said == {None, True}:  # beside a yes, when is
        said = {
            True if _SOON.fullmatch(without_greeting(each)) else _clause(each) for each in clauses
        }
    return said.pop() if len(said) == 1 else None


def _explains(clause: str) -> bool:
    spoken = without_greeting(clause.replace("'", ""))
    return bool(_REASON.fullmatch(spoken) or _INSTEAD.fullmatch(spoken))


def is_polite(plain: str) -> bool:
    """Whether nothing is said but politeness."""
    return without_politeness(plain) == ""


def without_greeting(plain: str) -> str:
    return _BEFORE.sub("", plain, count=1)


def without_politeness(plain: str) -> str:
    return _core(without_greeting(plain))


def is_in_doubt(plain: str, *, going: bool) -> bool:
    """Whether words beside an answer ask something, or take a yes back."""
    spoken = without_greeting(plain)
    return bool(_ASKS.search(spoken)) or (going and bool(_WAVERS.search(spoken)))


def _clauses(plain: str) -> list[str]:
    return [
        part.strip()
        for clause in _CLAUSE_ENDS.split(plain)
        for part in _CHINESE_GAP.split(clause)
        if part.strip()
    ]


def _clause(clause: str) -> bool | None:
    flat = re.sub("['’]", "", clause)
    behind = without_greeting(flat)
    if flat in _UNSAID or (flat not in _SAID and behind in _UNSAID):
        return None
    begun = (flat, _GREETING.sub("", flat, count=1), behind)
    forms = (*begun, *(_WHOM.sub(r"\1", each) for each in begun))
    for tried in (*forms, *map(_core, forms)):  # 去不了 ends as politeness does
        if tried in _SAID:
            return _SAID[tried]
    if _SOON.fullmatch(behind) and _ARRIVES.fullmatch(behind):
        return True
    return _after_yes_or_no(behind)


def _after_yes_or_no(spoken: str) -> bool | None:
    """Yes I will; no, I am at work; 上班走不开. What follows must say the same."""
    if match := _AGREEING.match(spoken):
        said = not match[1].startswith("no")
        rest = _core(without_greeting(spoken[match.end() :]))
        agrees = _SAID.get(rest) is said or (not said and bool(_REASON.fullmatch(rest)))
        return said if agrees or rest == "" else None
    if match := _REASON.match(spoken):
        rest = spoken[match.end() :]
        return False if False in (_SAID.get(rest), _SAID.get(_core(rest))) else None
    return None


def _core(spoken: str) -> str:
    match = _CORE.fullmatch(spoken)
    return match[1] if match else spoken
