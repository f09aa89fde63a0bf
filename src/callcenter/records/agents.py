"""Who may act for a resident, and in what. Without a row a relative may ask, and may not spend."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid, NotFound
from callcenter.core.written import Written
from callcenter.records.entering import seen
from callcenter.records.models import Agent, Power, Staff
from callcenter.residents.access import Asking
from callcenter.residents.dating import FIRST_DAY
from callcenter.residents.fields import Reading
from callcenter.residents.models import Contact, Resident
from callcenter.residents.people import note_resident
from callcenter.residents.schemas import Line, View


class AgentChanges(Written):
    """`from_day`: today, unless given; from `until_day` on they may no more. A power with another end has a row of its own."""

    powers: Annotated[list[Power], Field(min_length=1, max_length=len(Power))]
    from_day: date | None = None
    until_day: date | None = None
    document: Line = ""


class AgentBody(AgentChanges):
    """A contact of the resident or somebody of the staff: one of the two."""

    contact_id: int | None = None
    staff_id: int | None = None


class AgentView(View):
    """`relation` is empty for staff."""

    id: int
    contact_id: int | None
    staff_id: int | None
    name: str
    name_latin: str
    relation: str
    relation_en: str
    phone: str | None
    powers: list[Power]
    from_day: date
    until_day: date | None
    document: str


async def agents_of(asking: Asking, resident_id: int) -> list[AgentView]:
    """All there were, the latest first. Raises NotFound."""
    resident = await asking.resident(resident_id, Action.SEE_PROFILES)
    await note_resident(asking, resident, "agents_seen")
    wanted = select(Agent, Contact, Staff).outerjoin(Contact, Contact.id == Agent.contact_id)
    rows = await asking.session.execute(
        wanted.outerjoin(Staff, Staff.id == Agent.staff_id)
        .where(Agent.resident_id == resident_id)
        .order_by(Agent.from_day.desc(), Agent.id.desc())
    )
    return [_view(agent, contact or staff) for agent, contact, staff in rows]


async def add_agent(asking: Asking, resident_id: int, body: AgentBody) -> AgentView:
    """Raises NotFound, also for a contact of somebody else, Invalid `one_person`, InvalidFields."""
    resident = await asking.resident(resident_id, Action.EDIT_RESIDENTS)
    row = Agent(resident_id=resident_id, contact_id=body.contact_id, staff_id=body.staff_id)
    if body.contact_id is None and body.staff_id is None:
        raise Invalid("Give contact_id or staff_id.", code="one_person")
    person = await _person(asking, row)
    if body.contact_id is not None and body.staff_id is not None:
        raise Invalid("Give contact_id or staff_id, not both.", code="one_person")
    return await _write(asking, resident, row, person, body, "agent_added")


async def change_agent(asking: Asking, agent_id: int, body: AgentChanges) -> AgentView:
    """Other powers, or an end. Raises NotFound, InvalidFields."""
    row = await asking.session.get(Agent, agent_id)
    if row is None:
        raise NotFound("no such agent", what="agent")
    resident = await asking.resident(row.resident_id, Action.EDIT_RESIDENTS)
    person = await _person(asking, row)
    return await _write(asking, resident, row, person, body, "agent_changed")


async def _person(asking: Asking, row: Agent) -> Contact | Staff:
    if row.staff_id is not None:
        return await seen(asking, Staff, row.staff_id, "staff")
    contact = await asking.session.get(Contact, row.contact_id)
    if contact is None or contact.resident_id != row.resident_id:
        raise NotFound("no such contact", what="contact")
    return contact


async def _write(
    asking: Asking,
    resident: Resident,
    row: Agent,
    person: Contact | Staff,
    body: AgentChanges,
    action: str,
) -> AgentView:
    begins = body.from_day or row.from_day or asking.now.date()
    reading = Reading(asking.now.date())
    if begins < FIRST_DAY:
        reading.blame("from_day", "unlikely_day", begins)
    if body.until_day is not None and body.until_day <= begins:
        reading.blame("until_day", "ends_before_it_begins", body.until_day)
    reading.finish()
    before = {} if row.id is None else _told(row)
    row.powers = [power.value for power in dict.fromkeys(body.powers)]
    row.from_day, row.until_day, row.document = begins, body.until_day, body.document
    asking.session.add(row)
    await asking.session.flush()
    await note_resident(asking, resident, action, {"before": before, "after": _told(row)})
    return _view(row, person)


def _told(row: Agent) -> dict[str, object]:
    return {
        "agent_id": row.id,
        "powers": row.powers,
        "from_day": row.from_day.isoformat(),
        "until_day": row.until_day.isoformat() if row.until_day else None,
    }


def _view(row: Agent, person: Contact | Staff) -> AgentView:
    own: dict[str, Any] = {
        name: getattr(row, name) for name in AgentView.model_fields if hasattr(row, name)
    }
    theirs = {
        name: getattr(person, name, "")
        for name in ("name", "name_latin", "relation", "relation_en", "phone")
    }
    return AgentView.model_validate(own | theirs)
