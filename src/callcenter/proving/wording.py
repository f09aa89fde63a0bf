"""What a proof says, in Chinese and English. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Language = Literal["zh-CN", "en"]


class Both(NamedTuple):
    """A text in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """In one of them."""
        return self.en if language == "en" else self.zh


TITLE: Final = Both("运行证明", "Proof of operation")
SPAN: Final = Both(
    "{since} 至 {until}，读取于 {read_at}", "{since} until {until}, read at {read_at}"
)
RESULT: Final = {
    True: Both("结论：全部成立，没有发现问题。", "Result: everything holds; nothing was found."),
    False: Both(
        "结论：有不成立的项目，请逐条处理。", "Result: something does not hold; see each finding."
    ),
}
MORE: Final = Both("另有 {n} 条未列出", "{n} more are not listed")
HIDDEN: Final = Both(
    "另有 {n} 条属于您无权查看的区域", "{n} more are of regions that you may not see"
)
INCIDENT: Final = Both("求助 {number}（{region}）：", "Incident {number} ({region}): ")

VERDICTS: Final[Mapping[str, Both]] = {
    "clean": Both("成立", "holds"),
    "noted": Both("成立，有说明", "holds, with notes"),
    "findings": Both("不成立", "does not hold"),
}

CHECKS: Final[Mapping[str, Both]] = {
    "received": Both("收到的每条信号都有结果", "Every signal received has an outcome"),
    "alarms": Both("每个求助都有人看到、听到、接手", "Every alarm was seen, heard and taken"),
    "texts": Both("每条短信都有结果或原因", "Every text has an end or a reason"),
    "forwards": Both("每次转送其他中心都有结果", "Every forwarding to another centre has an end"),
    "commands": Both("每个操作只记一次且有记录", "Every command once, with its entry"),
    "due": Both("到期的事项都已处理", "Nothing due was looked past"),
    "numbers": Both("求助编号连续，空号都有原因", "Numbers without holes, or each explained"),
    "open": Both("未结束的求助都有人或计时盯着", "Every open incident is watched"),
    "outages": Both("无法保存求助的时段", "Times in which no alarm could be stored"),
    "chains": Both("记录没有被改动、删除或插入", "No row was changed, removed or slipped in"),
    "spool": Both("本地暂存已全部写入", "Nothing waits in the spool"),
}

FIGURES: Final[Mapping[str, Both]] = {
    "received": Both("收到", "received"),
    "opened": Both("新开求助", "opened"),
    "joined": Both("并入求助", "joined"),
    "recorded": Both("仅记录", "recorded"),
    "duplicate": Both("重复", "duplicate"),
    "unknown_device": Both("未知设备", "unknown device"),
    "undecodable": Both("无法解读", "undecodable"),
    "liveness": Both("仅心跳", "life signs only"),
    "refused": Both("已拒收", "refused"),
    "garbage": Both("超量乱码", "garbage beyond the share"),
    "alarms": Both("求助", "alarms"),
    "stored_p50_s": Both("收到到保存，中位（秒）", "received to stored, median (s)"),
    "stored_p99_s": Both("收到到保存，99%（秒）", "received to stored, 99 % (s)"),
    "stored_worst_s": Both("收到到保存，最慢（秒）", "received to stored, worst (s)"),
    "seen_p50_s": Both("保存到显示，中位（秒）", "stored to seen, median (s)"),
    "seen_p99_s": Both("保存到显示，99%（秒）", "stored to seen, 99 % (s)"),
    "seen_worst_s": Both("保存到显示，最慢（秒）", "stored to seen, worst (s)"),
    "sounding_p50_s": Both("保存到响铃，中位（秒）", "stored to sounding, median (s)"),
    "sounding_p99_s": Both("保存到响铃，99%（秒）", "stored to sounding, 99 % (s)"),
    "sounding_worst_s": Both("保存到响铃，最慢（秒）", "stored to sounding, worst (s)"),
    "taken_p50_s": Both("保存到接手，中位（秒）", "stored to taken, median (s)"),
    "taken_p99_s": Both("保存到接手，99%（秒）", "stored to taken, 99 % (s)"),
    "taken_worst_s": Both("保存到接手，最慢（秒）", "stored to taken, worst (s)"),
    "texts": Both("短信", "texts"),
    "queued": Both("待发送", "queued"),
    "submitting": Both("正在提交", "being handed over"),
    "submitted": Both("已提交，等回执", "handed over, receipt awaited"),
    "buffered": Both("运营商缓存", "buffered by the network"),
    "delivered": Both("已送达", "delivered"),
    "failed": Both("失败", "failed"),
    "expired": Both("已过期", "expired"),
    "unknown": Both("结果不明", "unknown"),
    "combined": Both("合并发送", "combined"),
    "cancelled": Both("已取消", "cancelled"),
    "drill": Both("演练", "of drills"),
    "forwards": Both("转送", "forwardings"),
    "sending": Both("正在发送", "being sent"),
    "accepted": Both("对方有人接手", "a person there has it"),
    "commands": Both("操作", "commands"),
    "overdue": Both("逾期", "overdue"),
    "incidents": Both("求助事件", "incidents"),
    "given_up": Both("空号：取号后放弃", "unused: drawn and given up"),
    "started_anew": Both("空号：进程或数据库重启", "unused: a process or PostgreSQL started anew"),
    "outage": Both("空号：数据库中断", "unused: the database was away"),
    "unexplained": Both("空号：原因不明", "unused: unexplained"),
    "open": Both("未结束", "open"),
    "outages": Both("次数", "times"),
    "seconds": Both("合计（秒）", "altogether (s)"),
    "waiting": Both("等待写入", "waiting"),
    "journal_links": Both("信号记录：已核对", "journal: links checked"),
    "journal_archived": Both("信号记录：已归档", "journal: rows in the archive"),
    "journal_head": Both("信号记录：最新序号", "journal: newest link"),
    "journal_hash": Both("信号记录：校验值", "journal: hash of the newest"),
    "timeline_links": Both("处置记录：已核对", "timelines: links checked"),
    "timeline_archived": Both("处置记录：已归档", "timelines: rows in the archive"),
    "timeline_head": Both("处置记录：最新序号", "timelines: newest link"),
    "timeline_hash": Both("处置记录：校验值", "timelines: hash of the newest"),
    "audit_links": Both("审计记录：已核对", "audit trail: links checked"),
    "audit_archived": Both("审计记录：已归档", "audit trail: rows in the archive"),
    "audit_head": Both("审计记录：最新序号", "audit trail: newest link"),
    "audit_hash": Both("审计记录：校验值", "audit trail: hash of the newest"),
}

NO_SPOOL: Final = Both("本机没有暂存", "there is no spool here")
OF_NUMBERS: Final = {
    "joined": Both("空号：信号并入已有求助", "unused: the signal joined an incident")
}
"""Where a name means something else than elsewhere."""

FINDINGS: Final[Mapping[str, Both]] = {
    "opened_without_incident": Both(
        "信号 {journal_id} 开过求助，但该求助已不存在", "signal {journal_id} opened an incident that is not there"
    ),
    "incident_without_signal": Both("没有对应的信号记录", "there is no signal that opened it"),
    "journal_rows_missing": Both(
        "服务进程记了数、但信号记录中缺少 {n} 条", "{n} signals that the server has counted as stored are not in the journal"
    ),
    "reached_nobody": Both("没有人接手，也没有人被电话联系到", "nobody took it, and nobody was reached by phone"),
    "taken_unseen": Both("已接手，但没有坐席证明显示过", "it was taken, and no seat has proved that it was shown"),
    "taken_unheard": Both("已接手，但没有坐席证明响过铃", "it was taken, and no seat has proved that it sounded"),
    "forward_without_end": Both("转送其他中心没有结果（{state}）", "a forwarding to another centre has no end ({state})"),
    "forward_untold": Both("转送的结果没有记入处置记录", "what became of a forwarding is not in the timeline"),
    "text_overdue": Both("短信（{kind}）早该发出，仍在排队", "a text ({kind}) should have left and is still queued"),
    "text_unknown": Both("短信（{kind}）是否送达始终不明", "whether a text ({kind}) arrived is still unknown"),
    "text_without_end": Both("短信（{kind}）没有结果，也不在等回执", "a text ({kind}) has no end, and no receipt is awaited"),
    "command_without_entry": Both("操作（{action}）没有对应的处置记录", "the command {action} has no entry in the timeline"),
    "timeline_torn": Both("处置记录条数与版本不符", "its timeline lacks entries or has too many"),
    "overdue": Both("计时（{kind}）已到期，却没有执行", "the timer {kind} was due and has not fired"),
    "numbers_missing": Both("编号 {first} 至 {last} 没有求助，也没有原因", "numbers {first} to {last} have no incident and no reason"),
    "escalation_over": Both("仍在等待，但已不再呼叫任何人", "it still waits, and nobody is called to it any more"),
    "request_late": Both("服务请求已超时，无人回电", "a request for service is late, and nobody has called back"),
    "forgotten": Both("没有坐席、也没有计时盯着", "no seat and no timer has an eye on it"),
    "outage": Both("服务器在 {seconds} 秒内无法保存求助", "no server could store alarms for {seconds} s"),
    "row_changed": Both("{table} 的 {row}（第 {link} 环）与写入时不一致", "{row} of {table} (link {link}) is not as it was written"),
    "row_gone": Both("{table} 的 {row}（第 {link} 环）已不存在", "{row} of {table} (link {link}) is gone"),
    "row_late": Both(
        "{table} 的 {row}（第 {link} 环）是事后插入的，或时钟曾被回拨",
        "{row} of {table} (link {link}) was slipped in later, or a clock had been put back",
    ),
    "row_written_after_outage": Both(
        "{table} 的 {row}（第 {link} 环）在中断结束后补写", "{row} of {table} (link {link}) was written after an outage"
    ),
    "row_cut": Both("{table}：保留的链环与归档记录对不上（第 {link} 环起）", "{table}: kept links and cuts do not make the whole chain (from link {link})"),
    "archive_gone": Both("归档文件 {file} 不见了", "the archive file {file} is not there"),
    "archive_changed": Both("归档文件 {file} 与归档时不一致", "the archive file {file} is not as it was written"),
    "row_outside": Both("{table} 的 {row} 不在校验链中", "{row} of {table} has no link in the chain"),
    "spool_not_empty": Both("暂存中还有 {n} 条记录未写入", "{n} entries of the spool are not written yet"),
    "office_spool_not_empty": Both(
        "办公进程的暂存（spool-office）中还有 {n} 条短信记录未写入",
        "{n} entries about texts on the office's own spool (spool-office) are not written yet",
    ),
}  # fmt: skip
