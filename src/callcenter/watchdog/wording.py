"""What the watchdog says to people, in both languages: which leg failed, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from callcenter.liveness.circle import Leg
from callcenter.watchdog.alarming import Event, Notice

Language = Literal["zh-CN", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class Said:
    """`short` fits one SMS; `long` says what to do."""

    short: str
    long: str


_FAILED: Mapping[Leg, Mapping[Language, tuple[str, str]]] = MappingProxyType(
    {
        Leg.SEAT: {
            "zh-CN": (
                "坐席连不上服务器",
                "检查服务器是否开机、网络是否通；在服务器上看 systemctl status callcenter，必要时重启。在恢复之前让值班员守电话。",
            ),
            "en": (
                "seats cannot reach the server",
                "See that the server is on and the network works; look at systemctl status callcenter there, restart it if need be. Have somebody at the phones until then.",
            ),
        },
        Leg.DEVICE: {
            "zh-CN": (
                "设备端口没有确认按键",
                "老人按键可能收不到。检查设备端口、防火墙和服务器磁盘；看日志中的 not_stored、spool_refuses。",
            ),
            "en": (
                "the device port acknowledges no press",
                "Presses may not get in. Check the device port, the firewall and the server's disk; look for not_stored and spool_refuses in the log.",
            ),
        },
        Leg.SHOWN: {
            "zh-CN": (
                "按键已收到但坐席上没有出现",
                "坐席看不到新告警。请值班员刷新页面；若仍无，重启服务，并把日志交给技术支持。",
            ),
            "en": (
                "a press is received and not shown at the seat",
                "Seats do not get new alarms. Have operators reload; if that does not help restart the server, and keep its log for support.",
            ),
        },
        Leg.JOURNAL: {
            "zh-CN": (
                "按键没有写入接收台账",
                "告警能响但没有记录。检查数据库是否运行、磁盘是否写满。",
            ),
            "en": (
                "the press is not in the journal",
                "Alarms ring and are not recorded. See that the database runs and its disk has room.",
            ),
        },
        Leg.PROOF: {
            "zh-CN": (
                "“已看到、已响铃”的证明没有保存",
                "查看“必须运行”页中的处理器 proofs；检查数据库。",
            ),
            "en": (
                "the proof of seen and sounding is not kept",
                "Look at the processor proofs on the page What must be alive; check the database.",
            ),
        },
        Leg.TEXT: {
            "zh-CN": (
                "告警的短信没有生成",
                "家属可能收不到短信。检查数据库和短信页面，先打电话通知家属。",
            ),
            "en": (
                "the text of the alarm was not made",
                "Families may get no text. Check the database and the page of texts; ring them up meanwhile.",
            ),
        },
        Leg.CLOSED: {
            "zh-CN": ("事件无法办结", "坐席上的操作可能不成功。检查数据库和服务日志。"),
            "en": (
                "the incident cannot be closed",
                "Commands of operators may fail. Check the database and the log of the server.",
            ),
        },
    }
)

_TITLE: Mapping[Event, Mapping[Language, str]] = MappingProxyType(
    {
        Event.ALARM: {"zh-CN": "【呼叫中心看门狗】告警：{what}", "en": "WATCHDOG ALARM: {what}"},
        Event.AGAIN: {
            "zh-CN": "【呼叫中心看门狗】仍未恢复：{what}",
            "en": "WATCHDOG, STILL: {what}",
        },
        Event.CLEAR: {"zh-CN": "【呼叫中心看门狗】已恢复正常", "en": "WATCHDOG: all clear"},
        Event.TRIAL: {
            "zh-CN": "【呼叫中心看门狗】测试，无需处理",
            "en": "WATCHDOG: a trial, nothing to do",
        },
    }
)
_SINCE: Mapping[Language, str] = MappingProxyType({"zh-CN": "自 {at} 起。", "en": "Since {at}."})
_DETAIL: Mapping[Language, str] = MappingProxyType(
    {"zh-CN": "细节：{detail}", "en": "Detail: {detail}"}
)


def failed_said(leg: Leg, language: Language) -> str:
    """What does not work, in a line."""
    return _FAILED[leg][language][0]


def to_do(leg: Leg, language: Language) -> str:
    """What whoever reads it is to do."""
    return _FAILED[leg][language][1]


def notice_said(notice: Notice, site: str, language: Language) -> Said:
    """One notice in one language."""
    what = failed_said(notice.leg, language) if notice.leg is not None else ""
    title = _TITLE[notice.event][language].format(what=what)
    since = _SINCE[language].format(at=_time(notice.since))
    short = f"{title} ({site}) {since}" if notice.event is not Event.TRIAL else f"{title} ({site})"
    lines = [short]
    if notice.event in (Event.ALARM, Event.AGAIN) and notice.leg is not None:
        lines.append(to_do(notice.leg, language))
        if notice.detail:
            lines.append(_DETAIL[language].format(detail=notice.detail))
    return Said(short, "\n".join(lines))


def in_all(notice: Notice, site: str, language: Language | None) -> Said:
    """In the language that is set, else in both."""
    found = [notice_said(notice, site, each) for each in ([language] if language else LANGUAGES)]
    return Said(" / ".join(one.short for one in found), "\n\n".join(one.long for one in found))


def _time(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
