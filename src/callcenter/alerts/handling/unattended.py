"""What becomes of an incident while nobody acts: it calls more people, is given back, follows its home. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from callcenter.alerts import telling
from callcenter.alerts.bodies import (
    Climbed,
    Elsewhere,
    Gone,
    RequestWaits,
    TimeToCall,
    WaitOver,
)
from callcenter.alerts.entries import (
    DutyTold,
    Escalated,
    FollowUp,
    PlanWaited,
    Relocated,
    RequestDue,
    TakerLost,
)
from callcenter.alerts.escalation import DUTY_MADE, Step as Rung, duty_numbers
from callcenter.alerts.handling.decision import (
    NO_TAKER,
    By,
    Command,
    Decision,
    Facts,
    Need,
    PlanWait,
    moved,
    without_taker,
)
from callcenter.alerts.handling.telling_next import (
    known,
)
from callcenter.alerts.incident import (
    DUTY_TOLD,
    ESCALATION_OVER,
    FOLLOW_DUE,
    FOLLOW_LATE,
    NOBODY_TOLD,
    PLAN_DUE,
    REQUEST_DUE,
    REQUEST_LATE,
    SUPERVISORS_CALLED,
    Event,
    Incident,
    State,
)
from callcenter.alerts.plans.plan import by_id
from callcenter.alerts.timers import TimerKind, timer_of


def lose_taker(
    incident: Incident, facts: Facts, by: By, body: Gone, now: datetime
) -> Decision | None:
    """Back to the queue, marked; nothing if somebody else has it by now."""
    if incident.state is not State.TAKEN or incident.taken_by != body.user_id:
        return None
    after = without_taker(incident, Event.LOSE_TAKER, by)
    return Decision(after, TakerLost(user_id=body.user_id, name=incident.taken_by_name))


def relocate(
    incident: Incident, facts: Facts, by: By, body: Elsewhere, now: datetime
) -> Decision | None:
    """It follows its home. What waits rings anew there: whoever was called is of another region. A taker who may not see it there
    loses it, so that it rings where it can be seen.
    """
    if incident.state is State.CLOSED or incident.region_path == body.path:
        return None
    waits = incident.state is State.WAITING
    rung = incident.rung_anew() if waits else incident
    after = replace(rung, region_id=body.region_id, region_path=body.path, ring_to=())
    if incident.taken_by is not None and not body.taker_sees_it:
        event = Event.LOSE_TAKER if incident.state is State.TAKEN else Event.RELEASE
        after = without_taker(after, event, by)
    return Decision(after, Relocated(from_path=incident.region_path))


def escalate(
    incident: Incident, facts: Facts, by: By, body: Climbed, now: datetime
) -> Decision | None:
    """Steps of the escalation, each once: whoever was faster, has taken it or made it ring anew has made them needless. Nobody is
    called to a test, or to what is not watched.
    """
    decided_on = incident.ring, incident.escalated
    if timer_of(incident) is not TimerKind.UNTAKEN or decided_on != (body.ring, body.escalated):
        return None
    if body.over:
        after = replace(incident, marks=incident.marked(ESCALATION_OVER))
        return Decision(after, Escalated(over=True))
    last = body.made[-1]
    passed = tuple(one.step.value for one in body.made if one.reached == 0 and one is not last)
    if last.step is Rung.DUTY:
        return _tell_duty(incident, facts, body, passed, now)
    after = replace(incident, escalated=body.after, **_called(incident, body))
    said = Escalated(step=last.step, reached=last.reached, passed=passed)
    return Decision(after, said, due_in=body.due_in)


def _called(incident: Incident, body: Climbed) -> Mapping[str, Any]:
    """What the steps before the duty list change: where it rings, and that supervisors were called."""
    reached = {made.step for made in body.made if made.reached}
    changes: dict[str, Any] = {}
    if reached:
        changes["ring_to"] = ()
    if Rung.SUPERVISORS in reached:
        changes["marks"] = incident.marked(SUPERVISORS_CALLED)
    return changes


def _tell_duty(
    incident: Incident, facts: Facts, body: Climbed, passed: Sequence[str], now: datetime
) -> Decision | None:
    """Without anybody on the list it says so once, stays unmarked as told, and is tried again."""
    caller, reached = known(facts), body.made[-1].reached
    numbers = duty_numbers(caller.settings.duty_at(now), incident.escalated, reached)
    if not numbers:
        if NOBODY_TOLD in incident.marks:
            return None
        marks = (*incident.unmarked(DUTY_TOLD), NOBODY_TOLD)
        after = replace(incident, ring_to=(), marks=marks)
        said = Escalated(step=Rung.DUTY, passed=passed)
        return Decision(after, said, due_in=body.due_in)
    again = incident.escalated if incident.escalated >= DUTY_MADE else None
    texts = telling.duty_texts(caller, numbers, incident.opened_at, manned=body.manned, again=again)
    marks = (*incident.unmarked(NOBODY_TOLD, DUTY_TOLD), DUTY_TOLD)
    after = replace(incident, ring_to=(), escalated=body.after, marks=marks)
    told = DutyTold(numbers=len(texts), passed=passed)
    return Decision(after, told, texts, due_in=body.due_in)


def remind(
    incident: Incident, facts: Facts, by: By, body: TimeToCall, now: datetime
) -> Decision | None:
    """It is time to call again: its taker hears of it once, then everybody."""
    if incident.follow_due_at != body.due_at or timer_of(incident) is not TimerKind.FOLLOW_UP:
        return None
    name = incident.taken_by_name
    if body.taker_there and FOLLOW_DUE not in incident.marks:
        after = replace(incident, ring=incident.ring + 1, marks=incident.marked(FOLLOW_DUE))
        return Decision(moved(after, Event.REMIND, by), FollowUp(name=name))
    rung = incident.rung_anew()
    after = moved(rung, Event.LOSE_TAKER, by, **NO_TAKER, marks=rung.marked(FOLLOW_LATE))
    return Decision(after, FollowUp(late=True, name=name))


def remind_request(
    incident: Incident, facts: Facts, by: By, body: RequestWaits, now: datetime
) -> Decision | None:
    """A request for service that nobody has taken is due, then late: the seats are told, softly, and nobody else."""
    if timer_of(incident) is not TimerKind.REQUEST or incident.call_back_by != body.call_back_by:
        return None
    if (REQUEST_DUE in incident.marks) is not body.late:
        return None
    mark = REQUEST_LATE if body.late else REQUEST_DUE
    after = replace(incident, ring=incident.ring + 1, marks=incident.marked(mark))
    return Decision(after, RequestDue(late=body.late))


def end_wait(
    incident: Incident, facts: Facts, by: By, body: WaitOver, now: datetime
) -> Decision | None:
    """A wait of the plan is over: its taker hears of it. What waits in the queue rings anyway, and whoever only followed it and is
    gone loses it to everybody.
    """
    if incident.state is State.CLOSED or facts.run is None:
        return None
    standing = facts.run.standing(now)
    if standing.due_at is not None:
        return None
    after = incident
    if incident.state is not State.WAITING:
        gone = incident.state is State.FOLLOWING and not body.taker_there
        after = (
            without_taker(incident, Event.LOSE_TAKER, by)
            if gone
            else replace(incident, ring=incident.ring + 1)
        )
    step = by_id(facts.run.steps).get(standing.current or "")
    said = PlanWaited(
        step=step.id if step else "",
        text=step.text if step else "",
        text_en=step.text_en if step else "",
    )
    return Decision(replace(after, marks=after.marked(PLAN_DUE)), said, wait=PlanWait(None))


LOSE_TAKER = Command("taker_lost", Gone, lose_taker)
ESCALATE = Command("escalated", Climbed, escalate, frozenset({Need.CALLER}))
REMIND = Command("follow_up", TimeToCall, remind)
RELOCATE = Command("relocated", Elsewhere, relocate)
REMIND_REQUEST = Command("request_due", RequestWaits, remind_request)
END_WAIT = Command("plan_waited", WaitOver, end_wait, frozenset({Need.RUN}))
