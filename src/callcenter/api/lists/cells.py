"""The columns that a list may have in a file, and what stands in their cells. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final, Generic, Literal, TypeVar

from callcenter.alerts.incident import Incident
from callcenter.alerts.printing.wording import words
from callcenter.api.trail.shown import AuditView
from callcenter.api.trail.wording import Both, Language, words_for
from callcenter.auth.permissions import Role
from callcenter.auth.users.schemas import UserView
from callcenter.core.phone import national
from callcenter.devices.inventory import DeviceView
from callcenter.devices.standing import Standing
from callcenter.directory.columns import LIVING, RISK, SEX, STATUS, WELFARE, spelled
from callcenter.hotline.call import Direction
from callcenter.hotline.filing.schemas import CallLine
from callcenter.hotline.models import WorkedOff
from callcenter.residents.schemas import ResidentLine

Row = TypeVar("Row")

ResidentColumn = Literal[
    "name", "sex", "age", "address", "phone", "status", "risk", "living", "marks"
]
DeviceColumn = Literal[
    "identifier", "kind", "standing", "serves", "heard", "sim", "model", "source"
]
IncidentColumn = Literal["opened", "number", "kind", "who", "where", "taker", "outcome"]
UserColumn = Literal["name", "login", "roles", "standing", "added"]
CallColumn = Literal[
    "offered", "direction", "line", "number", "who", "where", "answered_by", "waited", "talked", "about", "effective", "note",
    "incident", "worked_off",
]  # fmt: skip
AuditColumn = Literal["number", "time", "who", "what", "about", "address", "details"]


@dataclass(frozen=True, slots=True)
class Say:
    """In which language a file speaks, and by which clock."""

    language: Language
    zone: tzinfo

    def either(self, written: str | None, latin: str | None) -> str:
        """The name in the asked language; where that has none, the other."""
        return (latin if self.language == "en" else "") or written or ""

    def moment(self, at: datetime | None) -> str:
        return "" if at is None else f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def word(self, key: str, code: str | None) -> str:
        """Of an incident; a code without a word stands as it is."""
        return words(self.language).get(f"{key}.{code}", code or "")

    def several(self, parts: Sequence[str]) -> str:
        return ("; " if self.language == "en" else "、").join(each for each in parts if each)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A heading, and the cell of a row below it. `digits`: a spreadsheet would take it for an amount."""

    heading: Both
    cell: Callable[[Row, Say], str]
    digits: bool = False


@dataclass(frozen=True, slots=True)
class Layout(Generic[Row]):
    """What the file of a list is called, and which columns it may have."""

    name: str
    title: Both
    columns: Mapping[str, Column[Row]]


# ---- residents


def _marks(line: ResidentLine, say: Say) -> str:
    """What the list shows beside a name, because it is not as usual."""
    risk = Both("高风险", "high risk").in_(say.language) if line.risk == "high" else ""
    status = spelled(STATUS, line.status, say.language) if line.status != "home" else ""
    alone = spelled(LIVING, line.living, say.language) if line.living == "alone" else ""
    families = [spelled(WELFARE, each, say.language) for each in line.welfare]
    return say.several([risk, status, *families, alone])


RESIDENTS: Final[Layout[ResidentLine]] = Layout(
    "residents",
    Both("老人", "Residents"),
    {
        "name": Column(
            Both("姓名", "Name"), lambda line, say: say.either(line.name, line.name_latin)
        ),
        "sex": Column(Both("性别", "Sex"), lambda line, say: spelled(SEX, line.sex, say.language)),
        "age": Column(
            Both("年龄", "Age"), lambda line, _: "" if line.age is None else str(line.age)
        ),
        "address": Column(
            Both("地址", "Address"), lambda line, say: say.either(line.address, line.address_en)
        ),
        "phone": Column(Both("电话", "Phone"), lambda line, _: national(line.phone) or ""),
        "status": Column(
            Both("状态", "Status"), lambda line, say: spelled(STATUS, line.status, say.language)
        ),
        "risk": Column(
            Both("风险", "Risk"), lambda line, say: spelled(RISK, line.risk, say.language)
        ),
        "living": Column(
            Both("居住情况", "Living"), lambda line, say: spelled(LIVING, line.living, say.language)
        ),
        "marks": Column(Both("类别与提示", "Marks"), _marks),
    },
)

# ---- devices

_STANDINGS: Final = {
    Standing.STOCK: Both("在库", "in stock"),
    Standing.ISSUED: Both("已领出", "handed out"),
    Standing.ATTACHED: Both("在用", "at a home"),
    Standing.LOW: Both("电量低", "battery low"),
    Standing.SILENT: Both("失联", "silent"),
    Standing.IN_TEST: Both("测试中", "in test"),
    Standing.FAULTY: Both("故障", "faulty"),
}


def _standing(device: DeviceView, say: Say) -> str:
    holds = [
        (Standing.ATTACHED, bool(device.assignments)),
        (Standing.FAULTY, bool(device.fault)),
        (Standing.ISSUED, device.issue is not None and not device.assignments),
        (Standing.SILENT, device.late),
        (Standing.LOW, device.battery_low),
        (Standing.IN_TEST, device.in_test_until is not None),
    ]
    told = [standing for standing, is_so in holds if is_so] or [Standing.STOCK]
    return say.several([_STANDINGS[each].in_(say.language) for each in told])


def _served(device: DeviceView, say: Say) -> str:
    """Whom it serves, else who signed for it."""
    served = [
        say.either(each.resident_name, each.resident_name_latin) or each.address
        for each in device.assignments
    ]
    return say.several(served) or (device.issue.received_by if device.issue else "")


DEVICES: Final[Layout[DeviceView]] = Layout(
    "devices",
    Both("设备", "Devices"),
    {
        "identifier": Column(
            Both("设备号", "Number"), lambda device, _: device.identifier, digits=True
        ),
        "kind": Column(Both("类型", "Kind"), lambda device, say: say.word("device", device.kind)),
        "standing": Column(Both("状态", "State"), _standing),
        "serves": Column(Both("使用人", "Serves"), _served),
        "heard": Column(
            Both("最近收到", "Last heard"), lambda device, say: say.moment(device.seen_at)
        ),
        "sim": Column(Both("SIM 卡", "SIM"), lambda device, _: device.sim, digits=True),
        "model": Column(Both("型号", "Model"), lambda device, _: device.model),
        "source": Column(Both("接入源", "Source"), lambda device, _: device.source),
    },
)

# ---- incidents


@dataclass(frozen=True, slots=True)
class TakenIncident:
    """An incident, and what its taker is called in English."""

    incident: Incident
    taker_en: str


def _kind(row: TakenIncident, say: Say) -> str:
    incident = row.incident
    wanted = say.word("wanted", incident.wanted) if incident.wanted else ""
    return " · ".join(part for part in (say.word("kind", incident.kind), wanted) if part)


def _caller(row: TakenIncident, say: Say) -> str:
    """Who pressed; where that is not known, everybody of the home."""
    people: Sequence[Mapping[str, Any]] = row.incident.card.get("people") or ()
    pressed = [person for person in people if person.get("pressed")] or people
    named = say.several([say.either(each["name"], each["name_latin"]) for each in pressed])
    named = named or words(say.language)["unknown_caller"]
    if row.incident.mode == "real":
        return named
    return f"{say.word('mode', row.incident.mode)}: {named}"


def _place(row: TakenIncident, say: Say) -> str:
    card = row.incident.card
    return say.either(card.get("address"), card.get("address_en")) or row.incident.identifier or ""


def _end(row: TakenIncident, say: Say) -> str:
    if row.incident.closed_at is None:
        return words(say.language)["still_open"]
    return say.word("outcome", row.incident.outcome)


INCIDENTS: Final[Layout[TakenIncident]] = Layout(
    "incidents",
    Both("求助记录", "Incidents"),
    {
        "opened": Column(
            Both("求助时间", "Opened"), lambda row, say: say.moment(row.incident.opened_at)
        ),
        "number": Column(Both("编号", "No."), lambda row, _: str(row.incident.number)),
        "kind": Column(Both("类型", "Kind"), _kind),
        "who": Column(Both("求助人", "Who"), _caller),
        "where": Column(Both("地点", "Where"), _place),
        "taker": Column(
            Both("接警人", "Taken by"),
            lambda row, say: say.either(row.incident.taken_by_name, row.taker_en),
        ),
        "outcome": Column(Both("结果", "Outcome"), _end),
    },
)

# ---- users

_ROLES: Final = {
    Role.OPERATOR: Both("接线员", "Operator"),
    Role.SUPERVISOR: Both("班长", "Supervisor"),
    Role.DISPATCHER: Both("信息分配员", "Dispatcher"),
    Role.GRID_WORKER: Both("网格员", "Grid worker"),
    Role.COMMUNITY_WORKER: Both("社区工作者", "Community worker"),
    Role.RESPONDER: Both("上门人员", "Responder"),
    Role.CAREGIVER: Both("护理员", "Caregiver"),
    Role.VOLUNTEER: Both("志愿者", "Volunteer"),
    Role.PROVIDER: Both("服务商人员", "Provider staff"),
    Role.OFFICIAL: Both("主管领导", "Official"),
    Role.ADMINISTRATOR: Both("管理员", "Administrator"),
    Role.AUDITOR: Both("审计员", "Auditor"),
    Role.WATCHDOG: Both("看门狗", "Watchdog"),
}


def _roles(user: UserView, say: Say) -> str:
    held = dict.fromkeys(grant.role for grant in user.grants if grant.in_force)
    return say.several([_ROLES[role].in_(say.language) for role in held])


def _account(user: UserView, say: Say) -> str:
    troubles = [
        (Both("已停用", "blocked"), not user.active),
        (Both("密码错误，等待中", "waits after wrong tries"), user.locked_until is not None),
        (Both("尚未设密码", "has no password yet"), not user.has_password),
    ]
    told = [each for each, is_so in troubles if is_so] or [Both("可登录", "may log in")]
    return say.several([each.in_(say.language) for each in told])


USERS: Final[Layout[UserView]] = Layout(
    "users",
    Both("账号", "Users"),
    {
        "name": Column(Both("姓名", "Name"), lambda user, say: say.either(user.name, user.name_en)),
        "login": Column(Both("登录名", "Log-in"), lambda user, _: user.login),
        "roles": Column(Both("角色", "Roles"), _roles),
        "standing": Column(Both("账号状态", "Account"), _account),
        "added": Column(Both("建立时间", "Added"), lambda user, say: say.moment(user.created_at)),
    },
)

# ---- telephone calls

_DIRECTIONS: Final = {
    Direction.IN: Both("呼入", "in"),
    Direction.OUT: Both("呼出", "out"),
    Direction.AUTOMATIC: Both("自动外呼", "automatic"),
}
_WORKED_OFF: Final = {
    WorkedOff.REACHED: Both("已联系上", "reached"),
    WorkedOff.RUNG_BACK: Both("已回拨", "rung back"),
    WorkedOff.NEEDS_NOTHING: Both("无需处理", "needs nothing"),
}


@dataclass(frozen=True, slots=True)
class FiledCall:
    """A call with the words of what it was about."""

    line: CallLine
    about: Both
    effective: bool


def _who_called(call: FiledCall, say: Say) -> str:
    line = call.line
    who = say.either(line.contact_name, line.contact_latin), say.either(line.name, line.name_latin)
    return say.several([*who, line.staff_name or "", line.organisation_name or ""])


def _seconds(span: int | None) -> str:
    return "" if span is None else f"{span // 60}:{span % 60:02}"


CALLS: Final[Layout[FiledCall]] = Layout(
    "calls",
    Both("来电", "Calls"),
    {
        "offered": Column(Both("时间", "Time"), lambda call, say: say.moment(call.line.offered_at)),
        "direction": Column(
            Both("方向", "Direction"),
            lambda call, say: _DIRECTIONS[call.line.direction].in_(say.language),
        ),
        "line": Column(
            Both("线路", "Line"),
            lambda call, say: (
                say.either(call.line.line_name, call.line.line_name_en) or call.line.line
            ),
        ),
        "number": Column(
            Both("号码", "Number"),
            lambda call, _: national(call.line.caller_e164) or call.line.caller_raw,
            digits=True,
        ),
        "who": Column(Both("人员", "Person"), _who_called),
        "where": Column(
            Both("地址", "Address"),
            lambda call, say: say.either(call.line.address, call.line.address_en),
        ),
        "answered_by": Column(
            Both("接听人", "Answered by"), lambda call, _: call.line.answered_by_name or ""
        ),
        "waited": Column(
            Both("等候（分:秒）", "Waited (min:s)"), lambda call, _: _seconds(call.line.waited_s)
        ),
        "talked": Column(
            Both("通话（分:秒）", "Talked (min:s)"), lambda call, _: _seconds(call.line.talked_s)
        ),
        "about": Column(Both("事由", "About"), lambda call, say: call.about.in_(say.language)),
        "effective": Column(
            Both("有效", "Effective"),
            lambda call, say: Both("是", "yes").in_(say.language) if call.effective else "",
        ),
        "note": Column(Both("备注", "Note"), lambda call, _: call.line.note),
        "incident": Column(
            Both("求助事件", "Incident"), lambda call, _: str(call.line.incident_number or "")
        ),
        "worked_off": Column(
            Both("未接处理", "Missed call"),
            lambda call, say: say.several(
                [
                    _WORKED_OFF[call.line.worked_off_how].in_(say.language)
                    if call.line.worked_off_how
                    else "",
                    call.line.worked_off_reason,
                ]
            ),
        ),
    },
)

# ---- the audit trail


def _details(entry: AuditView, _say: Say) -> str:
    return json.dumps(entry.detail, ensure_ascii=False, sort_keys=True) if entry.detail else ""


AUDIT: Final[Layout[AuditView]] = Layout(
    "audit",
    Both("审计记录", "Audit trail"),
    {
        "number": Column(Both("序号", "No."), lambda entry, _: str(entry.number or "")),
        "time": Column(Both("时间", "Time"), lambda entry, say: say.moment(entry.at)),
        "who": Column(
            Both("人员", "Person"),
            lambda entry, say: say.either(entry.user_name, entry.user_name_en),
        ),
        "what": Column(
            Both("操作", "What"), lambda entry, say: words_for(entry.action).in_(say.language)
        ),
        "about": Column(
            Both("对象", "About"),
            lambda entry, say: (
                say.either(entry.subject_name, entry.subject_name_en) or entry.subject
            ),
        ),
        "address": Column(Both("来自地址", "From address"), lambda entry, _: entry.address or ""),
        "details": Column(Both("详情", "Details"), _details),
    },
)


def headings(columns: Sequence[Column[Row]], say: Say) -> list[str]:
    return [column.heading.in_(say.language) for column in columns]


def cells(columns: Sequence[Column[Row]], rows: Sequence[Row], say: Say) -> Iterator[list[str]]:
    """A line for each row."""
    for row in rows:
        yield [column.cell(row, say) for column in columns]
