"""The incident on one page (处置单): who, where, what, each step with its time, the outcome. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from types import MappingProxyType
from typing import Any

from callcenter.alerts import entries as said
from callcenter.alerts.detail import IncidentDetail
from callcenter.alerts.entries import KIND_OF, Entry
from callcenter.alerts.incident import Incident, IncidentMode
from callcenter.alerts.milestones import COURSE
from callcenter.alerts.printing.around import Around, Reach
from callcenter.alerts.printing.wording import words

Say = Mapping[str, str]


def print_page(
    detail: IncidentDetail, language: str, zone: tzinfo, now: datetime, around: Around
) -> str:
    """A whole HTML document for the printer, without script and without anything to load but one style sheet."""
    say = words(language)
    incident = detail.incident
    title = f"{say['title']} {incident.number}"
    rows = [*_head(incident, say, zone, around), *_end(incident, say, zone)]
    rows += [*_storm(detail, say, zone), *_course(detail, say, zone)]
    of = around.letterhead.name_en if say["language"] == "en" else around.letterhead.name
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<link rel="stylesheet" href="/print.css"></head><body>'
        f'<p class="of">{escape(of or around.letterhead.name)}</p><h1>{escape(title)}</h1><table>{_table(rows)}</table>'
        f"<h2>{escape(say['timeline'])}</h2><ol>{_timeline(detail, say, zone)}</ol>"
        f'<p class="sign"><span>{escape(say["handled_by"])}</span><span>{escape(say["checked_by"])}</span>'
        f"<span>{escape(say['date'])}</span></p>"
        f"<footer>{escape(say['printed'])} {_time(now, zone)}</footer></body></html>"
    )


def _head(incident: Incident, say: Say, zone: tzinfo, around: Around) -> list[tuple[str, str]]:
    card = incident.card
    people = [_person(person, say) for person in card.get("people", ())]
    who = say["and"].join(people) or f"{say['unknown_caller']} {incident.identifier or ''}"
    rows = [(say["who"], who), (say["where"], _where(card, say))]
    rows += [(say["phone"], _numbers(around.residents.values(), say))] if around.residents else []
    rows += [(say["contacts"], _numbers(around.contacts.values(), say))] if around.contacts else []
    if incident.mode is not IncidentMode.REAL:
        rows.insert(0, (say["mode"], _word(say, "mode", incident.mode)))
    return [
        *rows,
        (say["device"], _device(incident, say)),
        (say["what"], say["and"].join(_kinds(incident, say))),
        (say["opened"], _time(incident.opened_at, zone)),
        (say["presses"], str(incident.press_count)),
        *_request(incident, say, zone),
        (say["taker"], incident.taken_by_name or ""),
    ]


def _request(incident: Incident, say: Say, zone: tzinfo) -> list[tuple[str, str]]:
    """What somebody who asked for service wanted, and when they were to be called back."""
    rows = []
    if incident.call_back_by is not None:
        rows.append((say["call_back_by"], _time(incident.call_back_by, zone)))
    if incident.wanted is not None:
        rows.append((say["wanted"], _word(say, "wanted", incident.wanted)))
    return rows


def _where(card: Mapping[str, Any], say: Say) -> str:
    """The address as registered; entrance, floor and door only as far as it does not name them itself."""
    english = say["language"] == "en" and card.get("address_en")
    address = str(card["address_en"] if english else card.get("address") or "")
    place = [
        (card.get("entrance"), say["entrance"]),
        (card.get("floor"), say["floor"]),
        (card.get("door"), ""),
    ]
    more = [f"{value}{unit}" for value, unit in place if value and str(value) not in address]
    return " ".join([address, *more]).strip()


def _numbers(people: Iterable[Reach], say: Say) -> str:
    english = say["language"] == "en"
    lines = []
    for person in people:
        name = (person.name_latin if english else "") or person.name
        relation = (person.relation_en if english else "") or person.relation
        lines.append(" ".join(part for part in (name, relation, *person.numbers) if part))
    return say["list"].join(lines)


def _device(incident: Incident, say: Say) -> str:
    kind = incident.card.get("device_kind")
    named = say.get(f"device.{kind}", kind or "")
    return " ".join(
        part for part in (named, incident.card.get("device_label"), incident.identifier) if part
    )


def _end(incident: Incident, say: Say, zone: tzinfo) -> list[tuple[str, str]]:
    if incident.closed_at is None:
        return [(say["outcome"], say["still_open"])]
    outcome = say.get(f"outcome.{incident.outcome}", incident.outcome or "")
    rows = [(say["outcome"], outcome), (say["closed"], _time(incident.closed_at, zone))]
    if incident.safe_by:
        safe = f"{incident.safe_by} {incident.safe_where or ''}"
        rows.append((say["safe"], safe))
    return rows


def _course(detail: IncidentDetail, say: Say, zone: tzinfo) -> list[tuple[str, str]]:
    """The milestones that were reached, in one row."""
    reached = [(name, getattr(detail.milestones, name, None)) for name in COURSE]
    lines = [f"{say[f'milestone.{name}']} {_time(at, zone)}" for name, at in reached if at]
    return [(say["milestones"], say["list"].join(lines))] if lines else []


def _storm(detail: IncidentDetail, say: Say, zone: tzinfo) -> list[tuple[str, str]]:
    storm = detail.storm
    if storm is None:
        return []
    english = say["language"] == "en" and storm.region_name_en
    where = storm.region_name_en if english else storm.region_name
    facts = _word(say, "kind", storm.kind), where, _time(storm.since, zone)
    return [(say["storm"], " · ".join(each for each in facts if each))]


def _kinds(incident: Incident, say: Say) -> list[str]:
    """What heads it, then whatever else it has gathered."""
    kinds = (incident.kind, *(kind for kind in incident.kinds if kind != incident.kind))
    return [say.get(f"kind.{kind}", kind) for kind in kinds]


def _person(person: Mapping[str, Any], say: Say) -> str:
    name = person["name_latin"] if say["language"] == "en" else person["name"]
    age = "" if person["age"] is None else f" {person['age']}{say['age']}"
    sex = say.get(f"sex.{person.get('sex')}", "")
    return f"{name or person['name']}{age}{f' {sex}' if sex else ''}"


def _table(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows
    )


def _timeline(detail: IncidentDetail, say: Say, zone: tzinfo) -> str:
    lines = [(entry.at, _entry(entry, say, zone)) for entry in detail.entries]
    lines += [(m["created_at"], _message(m, say)) for m in detail.messages]
    lines.sort(key=lambda line: line[0])
    return "".join(f"<li><time>{_time(at, zone)}</time> {escape(text)}</li>" for at, text in lines)


def _entry(entry: Entry, say: Say, zone: tzinfo) -> str:
    details = DETAILS.get(type(entry.data), _nothing)(entry.data, say)
    what = say.get(f"entry.{entry.kind}", entry.kind)
    until = _until(entry.data, say, zone)
    return " · ".join(part for part in (what, *details, until, entry.user_name) if part)


def _until(data: object, say: Say, zone: tzinfo) -> str | None:
    """When it is to be done, as JSON keeps it or as a time."""
    if not isinstance(data, said.Wanted) or data.until is None:
        return None
    at: datetime | str = data.until
    return (
        f"{say['until']} {_time(datetime.fromisoformat(at) if isinstance(at, str) else at, zone)}"
    )


Details = Callable[[Any, Say], Sequence[str | None]]


def _nothing(_data: object, _say: Say) -> Sequence[str | None]:
    return ()


def _signal(data: said.Opened | said.Joined, say: Say) -> Sequence[str | None]:
    called = data.called or {}
    who = [str(called[each]) for each in ("caller", "user") if called.get(each)]
    real = say["entry.made_real"] if isinstance(data, said.Joined) and data.real else None
    rang = _rang(data, say) if data.telephoned else (data.identifier,)
    return _word(say, "kind", data.kind), *rang, *who, data.text, real


def _rang(data: said.Opened | said.Joined, say: Say) -> Sequence[str | None]:
    """A key that dialled."""
    told = data.telephoned or {}
    english = say["language"] == "en"
    relation = (told.get("relation_en") if english else "") or told.get("relation")
    late = say["read_back"] if "late" in data.flags else None
    number = told.get("number") or say["number_withheld"]
    return say["rang"], str(number), told.get("contact"), relation, late


def _call_ended(data: said.CallEnded, say: Say) -> Sequence[str | None]:
    spoke = f"{say['spoke']} {data.talked_s} {say['seconds']}" if data.talked_s is not None else ""
    who = data.answered_by_name or ("" if data.answered else say["nobody_spoke"])
    return f"{say['rang_for']} {data.rang_s} {say['seconds']}", spoke, who


def _step(data: said.Step, say: Say) -> Sequence[str | None]:
    did = _word(say, "step", data.step), _word(say, "result", data.result)
    return (
        *did,
        data.contact_name,
        _relation(data, say),
        _reference(data, say),
        data.by,
        data.where,
        data.note,
    )


def _reference(data: said.Step, say: Say) -> str | None:
    return f"{say['reference']} {data.reference}" if data.reference else None


def _reply(data: said.Reply, say: Say) -> Sequence[str | None]:
    proof = say["unverified"] if data.unverified else None
    return _word(say, "meaning", data.meaning), data.name, _relation(data, say), data.text, proof


def _plan_step(data: said.PlanStepDone, say: Say) -> Sequence[str | None]:
    english = say["language"] == "en"
    text = (data.text_en if english else "") or data.text or _word(say, "plan", data.type)
    answer = (data.answer_text_en if english else "") or data.answer_text
    came_of = say.get(f"answer.{data.answer}") or _word(say, "result", data.answer)
    return text, came_of if data.answer == "back" else answer or came_of


def _told(data: said.Told, say: Say) -> Sequence[str | None]:
    why = say["telling.by_itself"] if data.by_itself else None
    return _word(say, "sms", data.kind), *data.names, why


def _relation(
    data: said.Step | said.Reply | said.PageOpened | said.VoiceCalled, say: Say
) -> str | None:
    return data.relation_en if say["language"] == "en" else data.relation


def _word(say: Say, group: str, code: str) -> str:
    return say.get(f"{group}.{code}", code)


def _escalated(data: said.Escalated, say: Say) -> tuple[str, ...]:
    if data.over:
        return (say["escalation.over"],)
    reached = say["escalation.nobody"] if data.reached == 0 else str(data.reached)
    return (f"{_word(say, 'escalation', data.step)}: {reached}", *_passed(data, say))


def _passed(data: said.DutyTold | said.Escalated, say: Say) -> tuple[str, ...]:
    """Steps that had nobody to reach."""
    return tuple(
        f"{_word(say, 'escalation', step)}: {say['escalation.nobody']}" for step in data.passed
    )


DETAILS: Mapping[type, Details] = MappingProxyType(
    dict.fromkeys(KIND_OF, _nothing)
    | {
        said.Opened: _signal,
        said.Joined: _signal,
        said.Taken: lambda data, _: (data.taken_from,),
        said.Offered: lambda data, _: (data.to_name,),
        said.Reassigned: lambda data, _: (data.to_name, data.reason),
        said.DutyTold: lambda data, say: (str(data.numbers), *_passed(data, say)),
        said.Escalated: _escalated,
        said.FollowUp: lambda data, say: (data.name, say["late"] if data.late else ""),
        said.TakerLost: lambda data, _: (data.name,),
        said.Step: _step,
        said.Note: lambda data, _: (data.text,),
        said.Assigned: lambda data, _: (data.name,),
        said.Unassigned: lambda data, _: (data.name, data.reason),
        said.Recognised: lambda data, say: (
            data.name,
            f"{say['part_of']} {data.part_of}" if data.part_of else "",
        ),
        said.Reply: _reply,
        said.PageOpened: lambda data, say: (data.name, _relation(data, say)),
        said.VoiceCalled: lambda data, say: (
            data.name,
            _relation(data, say),
            _word(say, "voice", data.step),
            data.key,
        ),
        said.PlanStepDone: _plan_step,
        said.PlanChosen: lambda data, say: (
            (data.name_en if say["language"] == "en" else "") or data.name,
        ),
        said.Told: _told,
        said.Forwarded: lambda data, say: (
            data.centre,
            _word(say, "forwarding", data.why),
            data.reason,
        ),
        said.ForwardAnswered: lambda data, say: (
            data.centre,
            _word(say, "forwarded", data.state),
            say["forwarded.again"] if data.again and data.state == "unknown" else None,
            data.error,
        ),
        said.ForwardAccepted: lambda data, say: (
            data.centre,
            data.by,
            _word(say, "accepted", data.how),
            data.note,
        ),
        said.Sent: lambda data, say: (
            data.staff,
            data.what,
            *(_word(say, "staff", kind) for kind in data.kinds),
            *data.skills,
            data.hazards,
            say["field.practice"] if data.task_id is None else "",
        ),
        said.FieldStep: lambda data, say: (
            data.staff,
            _word(say, "field", data.step),
            f"{data.minutes} {say['field.minutes']}" if data.minutes is not None else "",
            _word(say, "because", data.reason) if data.reason else "",
            data.doer if data.doer != data.staff else "",
        ),
        said.NotWritten: lambda data, say: (
            say["text_left"] if data.command == "text" else "",
            data.note,
        ),
        said.CallEnded: _call_ended,
        said.TellingEnded: lambda data, say: (_word(say, "telling", data.reason),),
        said.Closed: lambda data, say: (
            _word(say, "outcome", data.outcome),
            _word(say, "wanted", data.wanted) if data.wanted else "",
            data.note,
        ),
        said.Wanted: lambda data, say: (
            _word(say, "wanted", data.wanted),
            f"{say['passed_to']} {data.passed_to}" if data.passed_to else "",
            data.note,
        ),
        said.RequestDue: lambda data, say: (say["late"] if data.late else "",),
        said.PlanWaited: lambda data, say: (
            (data.text_en if say["language"] == "en" else "") or data.text,
        ),
    }
)
"""What a kind of entry says besides its name."""


def _message(message: Mapping[str, Any], say: Say) -> str:
    to = message["contact_name"] or message["recipient"]
    kind = say.get(f"sms.{message['kind']}", message["kind"])
    state = say.get(f"state.{message['state']}", message["state"])
    return f"{say['sms']} · {to} · {kind} · {state}"


def _time(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
