"""What stands in the cells of a list's file, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from callcenter.api.lists import cells
from callcenter.api.lists.cells import (
    AUDIT,
    CALLS,
    DEVICES,
    INCIDENTS,
    RESIDENTS,
    USERS,
    FiledCall,
    Say,
    headings,
)
from callcenter.api.trail.wording import Both
from callcenter.auth.permissions import Role
from callcenter.auth.users.schemas import GrantView, UserView
from callcenter.devices.inventory import AssignmentView, DeviceView, IssueView
from callcenter.hotline.call import Direction
from callcenter.hotline.filing.schemas import CallLine
from callcenter.hotline.models import WorkedOff
from callcenter.residents.schemas import ResidentLine

CHINESE = Say("zh-CN", ZoneInfo("Asia/Shanghai"))
ENGLISH = Say("en", ZoneInfo("Asia/Shanghai"))
NOON = datetime(2026, 3, 14, 4, tzinfo=UTC)


def row(layout: Any, item: Any, say: Say) -> dict[str, str]:
    columns = list(layout.columns.values())
    [line] = cells.cells(columns, [item], say)
    return dict(zip(layout.columns, line, strict=True))


@pytest.mark.parametrize(
    ("layout", "names"),
    [
        (RESIDENTS, cells.ResidentColumn),
        (DEVICES, cells.DeviceColumn),
        (INCIDENTS, cells.IncidentColumn),
        (USERS, cells.UserColumn),
        (AUDIT, cells.AuditColumn),
        (CALLS, cells.CallColumn),
    ],
)
def test_every_column_that_may_be_asked_for_has_a_heading_of_its_own_in_both_languages(
    layout, names
):
    assert set(layout.columns) == set(get_args(names))
    for say in (CHINESE, ENGLISH):
        told = headings(list(layout.columns.values()), say)
        assert len(set(told)) == len(told)


def resident(**more: Any) -> ResidentLine:
    known: dict[str, Any] = {
        "id": 1, "version": 1, "home_id": 1, "region_id": 1, "name": "沈玉兰", "name_latin": "Shen Yulan",
        "sex": "female", "birth_date": None, "age": 83, "phone": "+8613901000137", "status": "home",
        "living": "alone", "ability": None, "risk": "high", "welfare": ["preferential"], "disability": None,
        "address": "榆荫里7号楼", "address_en": "",
    }  # fmt: skip
    return ResidentLine.model_validate(known | more)


def test_a_resident_is_told_in_the_asked_language_and_numbers_as_they_are_dialled():
    chinese = row(RESIDENTS, resident(), CHINESE)
    assert chinese["name"] == "沈玉兰"
    assert chinese["sex"] == "女"
    assert chinese["phone"] == "13901000137"
    assert chinese["marks"].startswith("高风险、")
    english = row(RESIDENTS, resident(age=None, phone=None), ENGLISH)
    assert english["name"] == "Shen Yulan"
    assert english["address"] == "榆荫里7号楼"  # there is no other
    assert (english["age"], english["phone"]) == ("", "")


def device(**more: Any) -> DeviceView:
    known: dict[str, Any] = {
        "id": 1, "version": 1, "region_id": 1, "source": "dc09", "identifier": "861000000000001", "kind": "pendant",
        "model": "", "label": "", "battery_low": False, "heartbeat_s": None, "encrypted_only": None,
    }  # fmt: skip
    return DeviceView.model_validate(known | more)


SERVING = AssignmentView(
    id=1, home_id=1, resident_id=1, valid_from=NOON, valid_until=None, address="榆荫里7号楼",
    resident_name="沈玉兰", resident_name_latin="Shen Yulan",
)  # fmt: skip
SIGNED_FOR = IssueView(
    received_by="林晓雯", received_at=NOON, handed_by_name="王", returned_at=None, returned_to_name=None
)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "standing", "serves"),
    [
        (device(), "in stock", ""),
        (device(fault="broken"), "faulty", ""),
        (device(issue=SIGNED_FOR), "handed out", "林晓雯"),
        (device(assignments=[SERVING], issue=SIGNED_FOR), "at a home", "Shen Yulan"),
        (
            device(assignments=[SERVING], late=True, battery_low=True),
            "at a home; silent; battery low",
            "Shen Yulan",
        ),
    ],
)
def test_a_device_is_told_with_all_that_holds_of_it(found, standing, serves):
    told = row(DEVICES, found, ENGLISH)
    assert (told["standing"], told["serves"], told["kind"]) == (standing, serves, "Pendant")


def test_a_user_is_told_with_the_roles_in_force_each_once_and_what_is_wrong_with_the_account():
    def grant(role: Role, *, in_force: bool) -> GrantView:
        return GrantView(
            id=1, role=role, region_id=1, until_at=None, in_force=in_force, given_at=None,
            given_by_name="", given_by_name_en="",
        )  # fmt: skip

    grants = [
        grant(Role.OPERATOR, in_force=True),
        grant(Role.OPERATOR, in_force=True),
        grant(Role.AUDITOR, in_force=False),
    ]
    user = UserView(
        id=1, login="wang", name="王敏", name_en="", language="zh-CN", active=False, skills=[], created_at=NOON,
        grants=grants, has_password=False, slip_until=None, locked_until=None, sessions=0,
    )  # fmt: skip
    told = row(USERS, user, CHINESE)
    assert told["roles"] == "接线员"
    assert told["standing"] == "已停用、尚未设密码"
    assert told["added"] == "2026-03-14 12:00:00"  # by the clock of the site
    assert row(USERS, user, ENGLISH)["name"] == "王敏"


def test_every_role_has_its_word():
    assert set(cells._ROLES) == set(Role)


def test_a_call_is_told_with_whoever_rang_for_whom_and_how_it_was_worked_off():
    line = CallLine.model_construct(
        direction=Direction.IN, line="12349", line_name="便民热线", line_name_en="", caller_e164="+8613912345678",
        caller_raw="", contact_name="林建", contact_latin="Lin Jian", name="沈玉兰", name_latin="Shen Yulan", staff_name=None,
        organisation_name=None, waited_s=65, talked_s=None, offered_at=NOON, worked_off_how=WorkedOff.NEEDS_NOTHING,
        worked_off_reason="推销", incident_number=None, note="", answered_by_name=None, address="", address_en="",
    )  # fmt: skip
    call = FiledCall(line, Both("未接来电，已处理", "Missed, and worked off"), effective=False)
    chinese, english = row(CALLS, call, CHINESE), row(CALLS, call, ENGLISH)
    assert (chinese["number"], chinese["who"]) == ("13912345678", "林建、沈玉兰")
    assert (chinese["waited"], chinese["talked"], chinese["effective"]) == ("1:05", "", "")
    assert chinese["worked_off"] == "无需处理、推销"
    assert (english["who"], english["line"]) == ("Lin Jian; Shen Yulan", "便民热线")
    assert english["about"] == "Missed, and worked off"
