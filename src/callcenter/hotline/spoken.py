"""What is said by the centre itself on the telephone, in both languages: recorded prompts by name, and what is put together of them. Pure.

Names, addresses and whatever else differs from call to call is spoken by an engine, as a file of its own that is kept by its words; where
that file is not there (no engine, not made yet) the sentence is said without it. Times and numbers are recorded words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

LANGUAGES: Final = ("zh", "en")
"""As the folders of the exchange's sounds are called."""
LONGEST_SPOKEN: Final = 120
"""Characters of a name or an address that are spoken."""
MOST_COUNTED: Final = 59


class VoiceKind(StrEnum):
    """Why somebody is rung."""

    CONTACT_ALARM = "contact_alarm"
    """A contact has not answered the text about an alarm."""
    WELL_BEING = "well_being"
    SATISFACTION = "satisfaction"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Words:
    zh: str
    en: str

    def in_(self, language: str) -> str:
        return self.en if language == "en" else self.zh


_ZH_DIGITS = "零一二三四五六七八九"
_EN_SMALL = (
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
)  # fmt: skip
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty")


def _zh(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _ZH_DIGITS[ones]
    return ("" if tens == 1 else _ZH_DIGITS[tens]) + "十" + (_ZH_DIGITS[ones] if ones else "")


def _en(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number < len(_EN_SMALL):
        return _EN_SMALL[number]
    return _EN_TENS[tens] + (f" {_EN_SMALL[ones]}" if ones else "")


_COUNTED: Final = {f"cc-n-{each}": Words(_zh(each), _en(each)) for each in range(MOST_COUNTED + 1)}

RECORDED: Final[Mapping[str, Words]] = MappingProxyType(
    {
        # ---- while somebody waits
        "cc-one-moment": Words("您好，请稍候，马上为您接通。", "Hello. One moment please, we are putting you through."),
        "cc-leave-message": Words(
            "现在没有人能接听。请在提示音后说出您的姓名、地址和需要的帮助。", "Nobody can answer at this moment. Please say your name, your address and what you need."
        ),
        "cc-your-place": Words("前面的来电较多，您现在排在第", "All lines are busy. You are number"),
        "cc-call-back": Words("位。如需我们回电，请按一后挂机。", "in the queue. To be called back, press one and hang up."),
        "cc-will-call-back": Words("好的，我们会尽快给您回电。请挂机。", "Thank you. We will call you back as soon as we can. Please hang up."),
        "cc-stay-on-line": Words("请不要挂机，正在为您接通值班人员。", "Please stay on the line. We are ringing somebody on duty."),
        "cc-closed": Words("现在是非服务时间。紧急情况请按求助按钮。", "The office is closed now. In an emergency press your button for help."),
        "cc-closed-keys": Words("需要回电请按一，也可以现在留言，说完请挂机。", "To be called back, press one. Or leave your message now, and hang up."),
        "cc-recorded": Words("为保证服务质量，本次通话将被录音。", "This call is recorded."),
        **{f"cc-{each}": Words(_zh(each), _en(each)) for each in range(1, 11)},
        # ---- numbers and times
        **_COUNTED,
        "cc-n-oh": Words("零", "oh"),
        "cc-oclock": Words("点", "o'clock"),
        "cc-sharp": Words("整", "exactly"),
        "cc-minutes": Words("分", "minutes"),
        "cc-at": Words("时间是", "at"),
        # ---- to a contact who has not answered the text
        "cc-hello-this-is": Words("您好，这里是", "Hello. This is"),
        "cc-hello-centre": Words("您好，这里是紧急呼叫中心。", "Hello. This is the alarm receiving centre."),
        "cc-somebody-you-know": Words("您的亲友", "Somebody who has named you as a contact"),
        "cc-alarm-help": Words("刚刚按下了求助按钮。", "has called for help."),
        "cc-alarm-fall": Words("可能跌倒了。", "may have fallen."),
        "cc-alarm-smoke": Words("家中的烟雾报警器响了。", "has a smoke alarm at home."),
        "cc-alarm-gas": Words("家中的燃气报警器响了。", "has a gas alarm at home."),
        "cc-alarm-silent": Words("已经很久没有活动的迹象。", "has shown no sign of life for a long time."),
        "cc-contact-keys": Words("能去现场请按一。不能去请按二。", "If you are on your way, press one. If you cannot go, press two."),
        "cc-contact-going": Words("已记录您正在赶往现场，谢谢。路上注意安全。", "Thank you. We have noted that you are on your way. Take care."),
        "cc-contact-not-going": Words("已记录，我们将联系下一位。", "Noted. We ask the next person."),
        # ---- lists that are worked by telephone
        "cc-well-being-ask": Words(
            "我们打来问候您。一切都好请按一。需要帮助请按二。想和工作人员通话请按九。",
            "We are calling to ask how you are. If all is well, press one. If you need help, press two. To speak to somebody, press nine.",
        ),
        "cc-well-being-well": Words("很高兴您一切都好。再见。", "We are glad that all is well. Goodbye."),
        "cc-well-being-help": Words("已收到，工作人员马上联系您。", "We have got it. Somebody will be with you at once."),
        "cc-satisfaction-ask": Words(
            "请为我们的服务打分。请按一到五，五分最满意。想和工作人员通话请按九。",
            "Please rate our service from one to five; five is best. To speak to somebody, press nine.",
        ),
        "cc-satisfaction-thanks": Words("谢谢您的评价。再见。", "Thank you for your rating. Goodbye."),
        "cc-notice-ask": Words("听清楚请按一。想和工作人员通话请按九。", "If you have understood, press one. To speak to somebody, press nine."),
        "cc-notice-thanks": Words("谢谢，再见。", "Thank you. Goodbye."),
        "cc-somebody-will-ring": Words("好的，工作人员会尽快给您回电。", "Very well. Somebody will ring you as soon as possible."),
    }
)  # fmt: skip
"""Everything that can be a recording: a site may put files of its own voices in their place."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words that an engine speaks. `otherwise` is the recorded prompt in their place where it has not."""

    words: str
    otherwise: Sequence[str] = ()
    before: Sequence[str] = ()
    """Recorded prompts that make sense only with the words."""


Part = str | Spoken


@dataclass(frozen=True, slots=True)
class Script:
    """What is said, and what is said to each key that counts."""

    parts: Sequence[Part]
    thanks: Mapping[str, Sequence[str]]


def clip_of(words: str, language: str) -> str:
    """The name of the file with these words, the same for the same words."""
    return f"cc-said-{sha256(f'{language}:{words}'.encode()).hexdigest()[:24]}"


def script_of(kind: VoiceKind, params: Mapping[str, Any], language: str, zone: tzinfo) -> Script:
    """`params` as the cause has written them; what is missing is not said."""
    return _SCRIPTS[kind](params, language, zone)


def to_be_spoken(script: Script, language: str) -> Iterator[tuple[str, str]]:
    """Name of the file and words of everything an engine has to make for it."""
    for part in script.parts:
        if isinstance(part, Spoken):
            yield clip_of(part.words, language), part.words


def prompts_of(script: Script, language: str, has: Callable[[str], bool]) -> Sequence[str]:
    """The names of the files, in their order. `has`: whether the exchange has that file."""
    found: list[str] = []
    for part in script.parts:
        if isinstance(part, str):
            found.append(part)
        elif has(clip := clip_of(part.words, language)):
            found += [*part.before, clip]
        else:
            found += part.otherwise
    return found


def time_said(at: datetime, language: str) -> Sequence[str]:
    """14:05 as people say it: 十四点零五分, fourteen oh five."""
    hour, minute = f"cc-n-{at.hour}", f"cc-n-{at.minute}"
    if at.minute == 0:
        return [hour, "cc-oclock", *(["cc-sharp"] if language == "zh" else [])]
    small = ["cc-n-oh"] if at.minute < 10 else []
    if language == "en":
        return [hour, *small, minute]
    return [hour, "cc-oclock", *small, minute, "cc-minutes"]


# ---- the scripts

_ALARMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fall": "cc-alarm-fall",
        "smoke": "cc-alarm-smoke",
        "gas": "cc-alarm-gas",
        "inactivity": "cc-alarm-silent",
    }
)


def _contact_alarm(params: Mapping[str, Any], language: str, zone: tzinfo) -> Script:
    happened = _ALARMS.get(str(params.get("alarm", "")), "cc-alarm-help")
    return Script(
        [
            _centre(params, language),
            _person(params, language, "cc-somebody-you-know"),
            happened,
            *_at(params, language, zone),
            "cc-contact-keys",
        ],
        {"1": ("cc-contact-going",), "2": ("cc-contact-not-going",)},
    )


def _well_being(params: Mapping[str, Any], language: str, _zone: tzinfo) -> Script:
    thanks = {"1": ("cc-well-being-well",), "2": ("cc-well-being-help",), **_SOMEBODY}
    return Script([_centre(params, language), "cc-well-being-ask"], thanks)


def _satisfaction(params: Mapping[str, Any], language: str, _zone: tzinfo) -> Script:
    thanks = {str(score): ("cc-satisfaction-thanks",) for score in range(1, 6)}
    return Script([_centre(params, language), "cc-satisfaction-ask"], {**thanks, **_SOMEBODY})


def _notice(params: Mapping[str, Any], language: str, _zone: tzinfo) -> Script:
    told = _words(params, "notice", language)
    parts = [_centre(params, language), *([Spoken(told)] if told else []), "cc-notice-ask"]
    return Script(parts, {"1": ("cc-notice-thanks",), **_SOMEBODY})


_SOMEBODY: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {"9": ("cc-somebody-will-ring",), "0": ("cc-somebody-will-ring",)}
)
WISHES: Final = frozenset(_SOMEBODY)
"""Keys of somebody who wants to speak with a person."""

_SCRIPTS: Final[Mapping[VoiceKind, Callable[[Mapping[str, Any], str, tzinfo], Script]]] = (
    MappingProxyType(
        {
            VoiceKind.CONTACT_ALARM: _contact_alarm,
            VoiceKind.WELL_BEING: _well_being,
            VoiceKind.SATISFACTION: _satisfaction,
            VoiceKind.NOTICE: _notice,
        }
    )
)


def _words(params: Mapping[str, Any], name: str, language: str) -> str:
    found = params.get(f"{name}_en") if language == "en" else None
    return str(found or params.get(name) or "")[:LONGEST_SPOKEN]


def _centre(params: Mapping[str, Any], language: str) -> Part:
    signature = _words(params, "signature", language)
    if not signature:
        return "cc-hello-centre"
    return Spoken(signature, otherwise=("cc-hello-centre",), before=("cc-hello-this-is",))


def _person(params: Mapping[str, Any], language: str, otherwise: str) -> Part:
    """As a text calls them: the name that is written in the language that is spoken."""
    latin = params.get("name_latin") if language == "en" else None
    name = str(latin or params.get("name") or "")[:LONGEST_SPOKEN]
    return Spoken(name, otherwise=(otherwise,)) if name else otherwise


def _at(params: Mapping[str, Any], language: str, zone: tzinfo) -> Sequence[str]:
    try:
        at = datetime.fromisoformat(str(params.get("at", "")))
    except ValueError:
        return ()
    return ("cc-at", *time_said(at.astimezone(zone), language)) if at.tzinfo else ()
