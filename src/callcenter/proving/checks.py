"""What must hold of a span, as a table of checks over facts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from callcenter.alerts.incident import ESCALATION_OVER, REQUEST_LATE, State
from callcenter.alerts.timers import TimerKind
from callcenter.audit.chain import Broken, Fault
from callcenter.proving.facts import (
    GRACE,
    LATE,
    UNKNOWN_AFTER,
    Alarm,
    ChainFacts,
    Facts,
    Gap,
    Numbers,
    Open,
    WaitingText,
)
from callcenter.proving.report import Check, Finding, Line, Report

DRAWN_BESIDE: Final = timedelta(seconds=5)
"""A number is drawn this near to the time that the rows of its flush carry."""
STARTED_BESIDE: Final = timedelta(minutes=1)
WRITTEN_AFTER_OUTAGE: Final = timedelta(hours=1)
"""What was kept while the database was away is written this soon."""


def prove(facts: Facts) -> Report:
    """Every check over the same facts."""
    return Report(facts.span, [check(facts) for check in CHECKS], facts.regions)


# ---- received


def received(facts: Facts) -> Line:
    """What came in is what has an outcome."""
    said = facts.received
    stored, counted = sum(said.rows.values()), said.counted
    unstored = {name: counted.get(name, 0) for name in ("liveness", "refused", "garbage")}
    figures = {"received": stored + sum(unstored.values()), **said.rows, **unstored}
    found = [
        Finding("opened_without_incident", at, figures={"journal_id": id_})
        for id_, at in said.astray
    ]
    found += [Finding("incident_without_signal", at, about) for about, at in said.unsignalled]
    missing = counted.get("settled", 0) - said.rows_beside
    if missing > 0:
        found.append(Finding("journal_rows_missing", figures={"n": missing}))
    return Line(Check.RECEIVED, figures, found)


# ---- alarms


def alarms(facts: Facts) -> Line:
    """Every alarm was seen, heard and taken, or somebody was reached by phone."""
    own = [each for each in facts.alarms if not each.part_of_other]
    figures: dict[str, int | float | str | None] = {"alarms": len(own)}
    for name in ("seen", "sounding", "taken"):
        figures |= _times(name, [_passed(each.stored, getattr(each, name)) for each in own])
    figures |= _times("stored", [_passed(each.received, each.stored) for each in own])
    found = [each for alarm in own if (each := _of_alarm(alarm, facts.span.now)) is not None]
    return Line(Check.ALARMS, figures, found)


def _of_alarm(alarm: Alarm, now: datetime) -> Finding | None:
    phoned = alarm.answered or alarm.duty
    if alarm.taken is None and phoned is None:
        under_way = now - alarm.stored < GRACE
        return None if under_way else Finding("reached_nobody", alarm.stored, alarm.about)
    if phoned or alarm.by_hand or (alarm.seen and alarm.sounding):
        return None
    code = "taken_unseen" if alarm.seen is None else "taken_unheard"
    return Finding(code, alarm.stored, alarm.about)


def _passed(since: datetime | None, until: datetime | None) -> float | None:
    return None if since is None or until is None else (until - since) / timedelta(seconds=1)


def _times(name: str, passed: Iterable[float | None]) -> dict[str, float | None]:
    """Median, the 99th of a hundred and the worst, in seconds; by the nearest rank."""
    known = sorted(each for each in passed if each is not None)
    ranks = {"p50": 0.5, "p99": 0.99, "worst": 1.0}
    return {f"{name}_{rank}_s": _rank(known, share) for rank, share in ranks.items()}


def _rank(known: Sequence[float], share: float) -> float | None:
    return round(known[ceil(share * len(known)) - 1], 3) if known else None


# ---- texts


def texts(facts: Facts) -> Line:
    """Every text has an end, or a reason why it has none yet."""
    said = facts.texts
    states: dict[str, int] = dict(said.ended)
    for each in said.waiting:
        states[each.state] = states.get(each.state, 0) + 1
    found = [
        Finding(code, each.created_at, each.about, {"kind": each.kind, "text_id": each.id})
        for each in said.waiting
        if (code := _of_text(each, facts.span.now, said.now)) is not None
    ]
    return Line(Check.TEXTS, {"texts": sum(states.values()), **states}, found)


def _of_text(one: WaitingText, now: datetime, clock: datetime) -> str | None:
    """What is wrong with it. `clock`: the database's, by which it is waited."""
    awaited = one.awaited_until is not None and one.awaited_until >= clock - LATE
    match one.state:
        case "queued":
            return None if one.due_at >= now - LATE else "text_overdue"
        case "unknown":
            young = now - one.created_at < UNKNOWN_AFTER
            return None if awaited or young or one.withdrawn else "text_unknown"
        case _:
            return None if awaited else "text_without_end"


# ---- forwardings to other centres


def forwards(facts: Facts) -> Line:
    """Every forwarding has an end that the timeline tells, or is under way. A receipt counts as one, and as nothing more."""
    said = facts.forwards
    states: dict[str, int] = dict(said.ended)
    for each in said.waiting:
        states[each.state] = states.get(each.state, 0) + 1
    found = [
        Finding("forward_without_end", each.waits_until, each.about, {"state": each.state})
        for each in said.waiting
        if facts.span.now - each.waits_until >= LATE
    ]
    found += [Finding("forward_untold", at, about) for about, at in said.untold]
    figures = {"forwards": sum(states.values()), **states, "accepted": said.accepted}
    return Line(Check.FORWARDS, figures, found)


# ---- commands, timers, numbers


def commands(facts: Facts) -> Line:
    """Every command has its entry, and every timeline all of its entries."""
    said = facts.commands
    found = [
        Finding("command_without_entry", at, about, {"action": action})
        for about, action, at in said.lost
    ]
    found += [Finding("timeline_torn", at, about) for about, at in said.torn]
    return Line(Check.COMMANDS, {"commands": said.carried_out}, found)


def due(facts: Facts) -> Line:
    """Nothing that was due has been looked past."""
    found = [
        Finding("overdue", each.due_at, each.about, {"kind": each.kind}) for each in facts.overdue
    ]
    return Line(Check.DUE, {"overdue": len(found)}, found)


def numbers(facts: Facts) -> Line:
    """Every number has its incident, or a reason why it has none."""
    said = facts.numbers
    drawn = sorted(said.drawn)
    found = []
    reasons: dict[str, int] = {}
    for gap in said.gaps:
        if facts.span.now - gap.before < GRACE:
            continue  # its neighbour may be on its way
        reason = _reason(gap, said, drawn, facts)
        reasons[reason or "unexplained"] = reasons.get(reason or "unexplained", 0) + gap.size
        if reason is None:
            figures = {"first": gap.first, "last": gap.last}
            found.append(Finding("numbers_missing", gap.after, figures=figures))
    return Line(Check.NUMBERS, {"incidents": said.incidents, **reasons}, found)


def _reason(gap: Gap, said: Numbers, drawn: list[datetime], facts: Facts) -> str | None:
    """What is known of it; draws that explain it are used up."""
    if any(first <= gap.first and gap.last <= last for first, last, _ in said.recorded):
        return "given_up"
    since, until = min(gap.after, gap.before), max(gap.after, gap.before)
    near = [at for at in drawn if since - DRAWN_BESIDE <= at <= until + DRAWN_BESIDE]
    if len(near) >= gap.size:
        for at in near[: gap.size]:
            drawn.remove(at)
        return "joined"
    if any(since - STARTED_BESIDE <= at <= until + STARTED_BESIDE for at in said.started):
        return "started_anew"
    away = any(each.since <= until and since <= each.until for each in facts.outages)
    return "outage" if away else None


# ---- open incidents


def still_open(facts: Facts) -> Line:
    """Somebody or something has an eye on every open incident."""
    found = [
        Finding(code, each.opened_at, each.about, {"state": each.state})
        for each in facts.open
        if (code := _of_open(each)) is not None
    ]
    return Line(Check.OPEN, {"open": len(facts.open)}, found)


def _of_open(one: Open) -> str | None:
    if one.state == State.WAITING and one.signal_class not in _WATCHED:
        return None  # faults of technology stand in the queue without a clock
    for mark, code in ((ESCALATION_OVER, "escalation_over"), (REQUEST_LATE, "request_late")):
        if one.state == State.WAITING and mark in one.marks:
            return code
    watched = one.there or not _EYES[State(one.state)].isdisjoint(one.timers)
    return None if watched else "forgotten"


_WATCHED: Final = frozenset({"alarm", "service"})
_EYES: Final = {
    State.WAITING: frozenset({TimerKind.UNTAKEN, TimerKind.REQUEST}),
    State.TAKEN: frozenset({TimerKind.TAKER_GONE, TimerKind.FOLLOW_UP}),
    State.FOLLOWING: frozenset({TimerKind.FOLLOW_UP}),
}


# ---- outages, chains, spool


def outages(facts: Facts) -> Line:
    """When no server could store alarms."""
    found = [
        Finding("outage", each.since, figures=_lasted(each.length), noted=True)
        for each in facts.outages
    ]
    away = sum((each.length for each in facts.outages), timedelta())
    return Line(Check.OUTAGES, {"outages": len(found), **_lasted(away)}, found)


def _lasted(time: timedelta) -> dict[str, int]:
    return {"seconds": time // timedelta(seconds=1)}


def chains(facts: Facts) -> Line:
    """Nothing was changed, removed or slipped in."""
    figures: dict[str, int | float | str | None] = {}
    found: list[Finding] = []
    for chain in facts.chains:
        figures[f"{chain.name}_links"] = max(0, chain.last - chain.first + 1)
        figures[f"{chain.name}_archived"] = chain.archived
        figures[f"{chain.name}_head"] = chain.head
        figures[f"{chain.name}_hash"] = chain.head_hash
        found += _of_chain(chain, facts)
    return Line(Check.CHAINS, figures, found)


def _of_chain(chain: ChainFacts, facts: Facts) -> Iterable[Finding]:
    for broken in chain.broken:
        after_outage = broken.fault is Fault.LATE and _waited_out(broken, facts)
        row = "/".join(str(part) for part in broken.key) or "?"
        figures: dict[str, str | int] = {"table": chain.table, "row": row, "link": broken.number}
        code = "row_written_after_outage" if after_outage else f"row_{broken.fault.value}"
        yield Finding(code, broken.at or broken.linked_at, figures=figures, noted=after_outage)
    for file, fault in chain.files:
        yield Finding(f"archive_{fault}", figures={"file": file})
    for row, at in chain.outside:
        yield Finding("row_outside", at, figures={"table": chain.table, "row": row})


def _waited_out(broken: Broken, facts: Facts) -> bool:
    """It is of a time when the database was away, and was linked soon after it came back."""
    at, linked_at = broken.at, broken.linked_at
    if at is None or linked_at is None:
        return False
    return any(
        each.since <= at <= each.until and linked_at <= each.until + WRITTEN_AFTER_OUTAGE
        for each in facts.outages
    )


def spool(facts: Facts) -> Line:
    """Nothing waits to be written, neither what came in nor what gateways have said and which texts have left."""
    both = {"spool_not_empty": facts.spool, "office_spool_not_empty": facts.office_spool}
    found = [Finding(code, figures={"n": left}) for code, left in both.items() if left]
    there = [left for left in both.values() if left is not None]
    return Line(Check.SPOOL, {"waiting": sum(there) if there else None}, found)


CHECKS: Final[Sequence[Callable[[Facts], Line]]] = (
    received, alarms, texts, forwards, commands, due, numbers, still_open, outages, chains, spool,
)  # fmt: skip
