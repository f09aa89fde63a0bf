"""What was done, in the words of both languages, for the page and for the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Language = Literal["zh-CN", "en"]


class Both(NamedTuple):
    """A text in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.en if language == "en" else self.zh


ACTIONS: Final[Mapping[str, Both]] = {
    # looks at people
    "profile_seen": Both("查看住户档案", "profile seen"),
    "resident_seen": Both("查看老人档案", "resident's record seen"),
    "identity_seen": Both("查看身份证号", "identity number seen"),
    "photo_seen": Both("查看照片", "photograph seen"),
    "photographs_seen": Both("查看入户照片列表", "list of photographs of the way in seen"),
    "photograph_seen": Both("查看入户照片", "photograph of the way in seen"),
    "contacts_seen": Both("查看联系人", "contacts seen"),
    "past_seen": Both("查看历史记录", "past seen"),
    "consents_seen": Both("查看知情同意", "consents seen"),
    "agents_seen": Both("查看代办人", "agents seen"),
    "numbers_seen": Both("查看号码记录", "numbers seen"),
    "responsible_seen": Both("查看照看人员", "who looks after the home seen"),
    "home_seen": Both("查看住址", "home seen"),
    "device_seen": Both("查看设备", "device seen"),
    "residents_searched": Both("搜索老人（列表中出现）", "shown in a list of residents"),
    "residents_seen_as_of": Both("按日期查询老人（列表中出现）", "shown in a list as of a day"),
    "homes_searched": Both("搜索住户（列表中出现）", "shown in a list of homes"),
    "devices_searched": Both("搜索设备", "devices searched"),
    "residents_exported": Both("导出老人档案", "residents exported"),
    "proof_asked": Both("要求运行证明", "proof of operation asked for"),
    "proof_seen": Both("查看运行证明", "proof of operation seen"),
    # alarms
    "card_pushed": Both("求助卡片显示在值守坐席", "card shown at the seats on duty"),
    "board_opened": Both("打开值守台", "board opened"),
    "incident_opened_by_hand": Both("人工登记求助", "incident opened by hand"),
    "incident_seen": Both("查看求助事件", "incident seen"),
    "incident_printed": Both("打印处置单", "incident printed"),
    "incident_plan_seen": Both("查看求助预案", "plan of an incident seen"),
    "incidents_listed": Both("浏览求助记录（列表中出现）", "shown in a list of incidents"),
    "caller_assigned": Both("关联未知来电", "caller assigned"),
    "caller_unassigned": Both("撤回来电关联", "caller taken back"),
    "storm_ordered": Both("成批处理告警", "storm handled"),
    "storm_order_taken_back": Both("撤销成批处理", "order for a storm taken back"),
    "emergency_search": Both("跨区应急搜索", "searched in an emergency"),
    "emergency_access_opened": Both("应急查看已打开", "opened with a reason"),
    "emergency_access_over": Both("应急查看到期", "access with a reason is over"),
    "emergency_access_ended": Both("应急查看已结束", "access with a reason ended"),
    "emergency_access_listed": Both("查看应急查看记录", "accesses with a reason seen"),
    "escalation_foreseen": Both("预演呼叫顺序", "escalation foreseen"),
    "announced": Both("发布全席通知", "message to all seats"),
    "announcement_read": Both("确认全席通知", "message to all seats read"),
    "announcement_ended": Both("结束全席通知", "message to all seats ended"),
    "announcements_seen": Both("查看全席通知", "messages to all seats seen"),
    "shift_began": Both("接班", "shift begun"),
    "shift_ended": Both("交班", "shift ended"),
    "shift_note_read": Both("阅读交班记录", "note of a shift read"),
    "shift_notes_seen": Both("查看交班记录", "notes of shifts seen"),
    # calls
    "call_taken": Both("领取外呼", "call taken"),
    "call_reported": Both("记录外呼结果", "call reported"),
    "calls_listed": Both("浏览呼叫名单（列表中出现）", "shown in a call list"),
    "calls_printed": Both("打印呼叫名单", "call list printed"),
    "call_list_added": Both("新建呼叫名单", "call list added"),
    "call_list_changed": Both("修改呼叫名单", "call list changed"),
    "call_plan_added": Both("登记定期呼叫", "regular call added"),
    "call_plan_removed": Both("取消定期呼叫", "regular call removed"),
    "call_plans_seen": Both("查看定期呼叫", "regular calls seen"),
    "roll_call_made": Both("生成中断后点名", "roll-call made"),
    # records
    "resident_added": Both("登记老人", "resident added"),
    "resident_changed": Both("修改老人档案", "resident changed"),
    "resident_removed": Both("删除老人档案", "resident removed"),
    "past_corrected": Both("更正历史记录", "past corrected"),
    "photo_changed": Both("更换照片", "photograph changed"),
    "photo_removed": Both("删除照片", "photograph removed"),
    "photograph_added": Both("添加地点照片", "photograph of a place added"),
    "photograph_changed": Both("修改地点照片", "photograph of a place changed"),
    "photograph_removed": Both("删除地点照片", "photograph of a place removed"),
    "contact_added": Both("登记联系人", "contact added"),
    "contact_changed": Both("修改联系人", "contact changed"),
    "contact_removed": Both("删除联系人", "contact removed"),
    "home_added": Both("登记住户", "home added"),
    "home_changed": Both("修改住户", "home changed"),
    "home_removed": Both("删除住户", "home removed"),
    "building_added": Both("登记楼栋", "building added"),
    "building_changed": Both("修改楼栋", "building changed"),
    "building_removed": Both("删除楼栋", "building removed"),
    "point_added": Both("登记地点", "place of interest added"),
    "point_changed": Both("修改地点", "place of interest changed"),
    "point_removed": Both("删除地点", "place of interest removed"),
    "organisation_added": Both("登记单位", "organisation added"),
    "organisation_changed": Both("修改单位", "organisation changed"),
    "facility_added": Both("登记养老设施", "facility added"),
    "facility_changed": Both("修改养老设施", "facility changed"),
    "staff_added": Both("登记服务人员", "staff added"),
    "staff_changed": Both("修改服务人员", "staff changed"),
    "responsible_added": Both("登记照看人员", "who looks after them added"),
    "responsible_changed": Both("修改照看人员", "who looks after them changed"),
    "responsible_removed": Both(
        "删除误登的照看人员", "mistaken entry of who looks after them removed"
    ),
    "consent_recorded": Both("登记知情同意", "consent recorded"),
    "agent_added": Both("登记代办人", "agent added"),
    "agent_changed": Both("修改代办人", "agent changed"),
    "number_confirmed": Both("核实号码", "number confirmed"),
    "doubles_parted": Both("标记为并非重复", "said to be no doubles"),
    "doubles_proposed_again": Both("撤销“并非重复”", "mark of no doubles taken back"),
    "residents_imported": Both("导入老人档案", "residents imported"),
    "calendar_changed": Both("修改工作日历", "calendar changed"),
    # devices
    "device_added": Both("登记设备", "device added"),
    "device_changed": Both("修改设备", "device changed"),
    "device_removed": Both("删除设备", "device removed"),
    "device_assigned": Both("设备配发", "device assigned"),
    "device_released": Both("设备收回", "device released"),
    "test_begun": Both("开始测试", "test begun"),
    "test_ended": Both("结束测试", "test ended"),
    "source_added": Both("新增接入源", "source added"),
    "source_renewed": Both("更换接入密钥", "secret of a source renewed"),
    "source_closed": Both("关闭接入源", "source closed"),
    "source_horizon_set": Both("设置重发时限", "repeat horizon of a source set"),
    # plans, drills, screens, regions
    "plan_added": Both("新建预案", "plan added"),
    "plan_changed": Both("修改预案", "plan changed"),
    "plan_seen": Both("查看预案", "plan seen"),
    "plan_versions_seen": Both("查看预案版本", "versions of a plan seen"),
    "plans_listed": Both("浏览预案（列表中出现）", "shown in a list of plans"),
    "drill_drawn": Both("安排演练", "drill drawn up"),
    "drill_started": Both("开始演练", "drill started"),
    "drill_stopped": Both("停止演练", "drill stopped"),
    "drill_reported": Both("查看演练报告", "report of a drill seen"),
    "wall_added": Both("登记大屏", "wall screen added"),
    "wall_changed": Both("修改大屏", "wall screen changed"),
    "wall_code_given": Both("生成大屏配对码", "pairing code given"),
    "wall_paired": Both("大屏已配对", "wall screen paired"),
    "wall_revoked": Both("停用大屏", "wall screen revoked"),
    "site_setting_changed": Both("修改站点设置", "setting of the site changed"),
    "retention_run": Both("按保存期限清理", "old rows taken"),
    "trial_alarm_sent": Both("发送试警", "test alarm sent"),
    "region_added": Both("新建区域", "region added"),
    "region_changed": Both("修改区域", "region changed"),
    "escalation_changed": Both("修改呼叫顺序", "escalation changed"),
    "call_policies_changed": Both("修改外呼规则", "call policies changed"),
    # log-ins and rights
    "logged_in": Both("登录", "logged in"),
    "logged_out": Both("退出登录", "logged out"),
    "login_failed": Both("登录失败", "log-in failed"),
    "password_changed": Both("修改密码", "password changed"),
    "user_created": Both("新建账号", "account created"),
    "user_changed": Both("修改账号", "account changed"),
    "grant_added": Both("授予角色", "role given"),
    "grant_removed": Both("收回角色", "role taken away"),
    "skills_changed": Both("修改语言技能", "languages changed"),
    "list_exported": Both("导出列表", "list exported"),
    # the trail itself
    "trail_read": Both("查看审计记录", "audit trail read"),
    "trail_searched": Both("在审计中搜索人员", "people searched in the audit trail"),
    "trail_exported": Both("导出审计记录", "audit trail exported"),
}


def words_for(action: str) -> Both:
    """Of an action without words its code: an entry is shown, whatever it tells of."""
    return ACTIONS.get(action, Both(action, action.replace("_", " ")))


HEADINGS: Final = (
    Both("序号", "No."),
    Both("时间", "Time"),
    Both("人员", "Person"),
    Both("操作", "What"),
    Both("代码", "Code"),
    Both("对象", "About"),
    Both("对象编号", "Id"),
    Both("来自地址", "From address"),
    Both("详情", "Details"),
)
"""The columns of the file."""
