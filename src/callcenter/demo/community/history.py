"""The 24 past incidents of the demo community, told relative to the time of loading. Pure.

Eleven were mistaken presses, seven of these by 乔文斌 within the last month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone

from callcenter.demo.community.wording import RELATIONS

SITE_TIME = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Step:
    """A timeline entry `after` so many seconds; `data` as the console writes it."""

    after: int
    kind: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class PastIncident:
    """What happened to whom. `device` is the kind of device that called; `operator` 0 or 1."""

    name: str
    device: str
    kind: str
    outcome: str
    opened_at: datetime
    steps: tuple[Step, ...]
    operator: int
    safe_by: str | None = None
    safe_where: str | None = None


def _step(after: int, step: str, result: str, **more: object) -> Step:
    return Step(after, "step", {"step": step, "result": result, **more})


def _contact(after: int, result: str, who: str, note: str = "") -> Step:
    relation, name = who.split()
    return _step(
        after,
        "contact_called",
        result,
        contact_name=name,
        relation=relation,
        relation_en=RELATIONS[relation],
        note=note,
    )


def _note(after: int, text: str) -> Step:
    return Step(after, "note", {"text": text})


# Name, device, kind, days ago, local time, outcome, seconds to the take, steps, seconds to the close, safe by, safe where.
_Row = tuple[str, str, str, int, str, str, int, tuple[Step, ...], int, str | None, str | None]

_HE_IS_CONFUSED = (_step(34, "call_back", "reached", note="老伴陆美云接听，一切正常"),)

_ROWS: tuple[_Row, ...] = (
    ("乔文斌", "pendant", "sos", 2, "03:41", "mistaken_press", 6, _HE_IS_CONFUSED, 71, None, None),
    ("乔文斌", "pendant", "sos", 5, "21:15", "mistaken_press", 4, _HE_IS_CONFUSED, 62, None, None),
    (
        "乔文斌",
        "pendant",
        "sos",
        9,
        "14:02",
        "mistaken_press",
        9,
        (_step(40, "call_back", "reached", note="本人答非所问，老伴证实误按"),),
        118,
        None,
        None,
    ),
    (
        "乔文斌",
        "pendant",
        "sos",
        12,
        "04:55",
        "mistaken_press",
        5,
        (
            _step(38, "call_back", "no_answer"),
            _step(75, "call_back", "reached", note="老伴在阳台，没听见电话"),
        ),
        131,
        None,
        None,
    ),
    ("乔文斌", "pendant", "sos", 17, "10:27", "mistaken_press", 7, _HE_IS_CONFUSED, 66, None, None),
    ("乔文斌", "pendant", "sos", 21, "19:48", "mistaken_press", 5, _HE_IS_CONFUSED, 58, None, None),
    (
        "乔文斌",
        "pendant",
        "sos",
        27,
        "08:33",
        "mistaken_press",
        8,
        (_step(41, "call_back", "reached", note="找遥控器时按到"),),
        90,
        None,
        None,
    ),
    (
        "阎丽珍",
        "elder_phone",
        "sos",
        3,
        "16:20",
        "mistaken_press",
        5,
        (_step(30, "call_back", "reached", note="手机在包里压到红键"),),
        64,
        None,
        None,
    ),
    (
        "葛青山",
        "bedside_button",
        "sos",
        14,
        "06:12",
        "mistaken_press",
        11,
        (_step(44, "call_back", "reached", note="擦床头时碰到"),),
        77,
        None,
        None,
    ),
    (
        "邵月华",
        "elder_phone",
        "sos",
        23,
        "11:05",
        "mistaken_press",
        6,
        (_step(33, "call_back", "reached", note="外孙玩手机"),),
        70,
        None,
        None,
    ),
    (
        "苗凤英",
        "elder_phone",
        "sos",
        41,
        "22:30",
        "mistaken_press",
        9,
        (_step(47, "call_back", "reached", note="找号码时按错了键"),),
        84,
        None,
        None,
    ),
    (
        "贺长林",
        "pendant",
        "sos",
        8,
        "02:18",
        "emergency",
        4,
        (
            _step(25, "call_back", "reached", note="气喘，说不成句"),
            _step(52, "ambulance_called", "done"),
            _contact(70, "reached", "儿子 贺卫东", "正在下楼接车"),
            _step(1450, "safe", "done", by="120医生", where="市第一医院急诊"),
        ),
        1530,
        "120医生",
        "市第一医院急诊",
    ),
    (
        "满书田",
        "pendant",
        "sos",
        19,
        "05:37",
        "emergency",
        6,
        (
            _step(28, "call_back", "reached", note="老伴接听：胸闷出冷汗"),
            _step(44, "ambulance_called", "done"),
            _step(66, "worker_sent", "done", note="服务站值班员带AED上楼"),
            _step(1820, "safe", "done", by="女儿满英", where="市中医院心内科"),
        ),
        1905,
        "女儿满英",
        "市中医院心内科",
    ),
    (
        "傅淑兰",
        "fall_detector",
        "fall",
        33,
        "20:44",
        "emergency",
        5,
        (
            _step(30, "call_back", "no_answer"),
            _contact(58, "reached", "丈夫 钱守义", "在卫生间跌倒，右腿不能动"),
            _step(80, "ambulance_called", "done"),
            _step(2640, "safe", "done", by="儿子钱程", where="市第一医院骨科"),
        ),
        2700,
        "儿子钱程",
        "市第一医院骨科",
    ),
    (
        "沈玉兰",
        "pendant",
        "sos",
        36,
        "07:25",
        "assistance",
        5,
        (
            _step(27, "call_back", "reached", note="起身头晕，坐着不敢动，未跌倒"),
            _contact(55, "reached", "邻居 邓桂香", "过去陪同"),
            _note(600, "测血压160/90，服药后好转，女儿中午到"),
        ),
        1260,
        None,
        None,
    ),
    (
        "费德海",
        "bedside_button",
        "sos",
        11,
        "23:10",
        "assistance",
        7,
        (
            _step(35, "call_back", "reached", note="敲两下：否；连问后确认要人扶"),
            _step(62, "worker_sent", "done", note="网格员到场，扶回床上"),
        ),
        1420,
        None,
        None,
    ),
    (
        "裴春山",
        "pendant",
        "sos",
        16,
        "17:52",
        "assistance",
        8,
        (
            _step(39, "call_back", "reached", note="家中停电，找不到门"),
            _step(70, "worker_sent", "done"),
        ),
        1105,
        None,
        None,
    ),
    (
        "陆美云",
        "pendant",
        "sos",
        25,
        "11:48",
        "assistance",
        5,
        (
            _step(24, "call_back", "reached", note="答话含糊，疑低血糖，让其喝糖水"),
            _contact(48, "reached", "儿子 乔志远", "正赶来"),
            _note(900, "血糖由2.9升到5.1，神志清楚"),
        ),
        1000,
        None,
        None,
    ),
    (
        "路凤娟",
        "bedside_button",
        "sos",
        45,
        "01:33",
        "assistance",
        10,
        (
            _step(42, "call_back", "reached", note="造口袋渗漏，不会换"),
            _step(77, "worker_sent", "done", note="社区护士上门"),
        ),
        2210,
        None,
        None,
    ),
    (
        "贺长林",
        "smoke_detector",
        "smoke",
        29,
        "18:05",
        "false_alarm",
        4,
        (_step(22, "call_back", "reached", note="炒菜油烟，儿媳在家，已开窗"),),
        95,
        None,
        None,
    ),
    (
        "解玉珍",
        "fall_detector",
        "fall",
        38,
        "09:16",
        "false_alarm",
        6,
        (_step(31, "call_back", "reached", note="腰带掉在地上"),),
        82,
        None,
        None,
    ),
    (
        "凌秋霞",
        "pendant",
        "sos",
        48,
        "10:00",
        "test",
        3,
        (_note(20, "安装后试按，声音和灯正常"),),
        45,
        None,
        None,
    ),
    (
        "狄万春",
        "bedside_button",
        "low_battery",
        7,
        "12:40",
        "technical",
        300,
        (_note(360, "约定周三换电池"),),
        420,
        None,
        None,
    ),
    (
        "尹慧芳",
        "elder_phone",
        "sos",
        52,
        "13:28",
        "nobody_reached",
        9,
        (
            _step(40, "call_back", "no_answer"),
            _contact(72, "no_answer", "儿子 蒋涛"),
            _contact(110, "no_answer", "朋友 白洁"),
            _step(160, "worker_sent", "done", note="敲门无人应；门卫见她一早出门"),
            _note(5400, "傍晚自行回家，手机落在家里"),
        ),
        5460,
        None,
        None,
    ),
)


def past_incidents(now: datetime) -> Iterator[PastIncident]:
    """Oldest first, so that their numbers grow with time."""
    for number, row in enumerate(sorted(_ROWS, key=lambda row: (-row[3], row[4]))):
        name, device, kind, days, clock_time, outcome, taken, steps, closed, safe_by, safe_where = (
            row
        )
        day = now.astimezone(SITE_TIME).date() - timedelta(days=days)
        opened_at = datetime.combine(day, time.fromisoformat(clock_time), SITE_TIME).astimezone(UTC)
        closing: dict[str, object] = {"outcome": outcome}
        if safe_by is not None:
            closing |= {"safe_by": safe_by, "safe_where": safe_where}
        yield PastIncident(
            name=name,
            device=device,
            kind=kind,
            outcome=outcome,
            opened_at=opened_at + timedelta(seconds=(number * 17) % 60),
            steps=(
                Step(0, "opened", {"kind": kind}),
                Step(taken, "taken", {}),
                *steps,
                Step(closed, "closed", closing),
            ),
            operator=number % 2,
            safe_by=safe_by,
            safe_where=safe_where,
        )
