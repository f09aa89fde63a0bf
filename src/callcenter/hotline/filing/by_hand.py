"""Calls that no exchange has told of: a site without one loses nothing, its operators write down that they spoke."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.hotline.call import State
from callcenter.hotline.filing.attaching import Attached, attached
from callcenter.hotline.filing.schemas import AttachedTo, CallLine, HandCallBody
from callcenter.hotline.filing.seeing import line_of
from callcenter.hotline.models import CallRow, Source
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Contact, Resident
from callcenter.telephony.models import LineRow, NumberRuleRow
from callcenter.telephony.numbers import Caller, NumberRule, Presentation, read

HAND: Final = "hand"
"""The exchange of a call that no exchange has told of."""
LONG_AGO: Final = timedelta(days=31)
AHEAD: Final = timedelta(minutes=5)
"""Clocks of two machines differ."""


async def write_down(asking: Asking, body: HandCallBody) -> CallLine:
    """The call, over already, as it is to be filed. The same `id` sent again is one. Raises Invalid `wrong_time`; Conflict `id_used`;
    NotFound for a person or region that is not the asker's.
    """
    known = await asking.session.get(CallRow, body.id)
    if known is not None:
        if known.pbx != HAND:
            raise Conflict("This id belongs to another call.", code="id_used")
        return await line_of(asking, body.id)
    at = _begun(body, asking.now)
    who = await attached(asking, body.attach or AttachedTo())
    line = await asking.session.scalar(select(LineRow).where(LineRow.number == body.line))
    caller = await _caller(asking, body, who, line)
    row = _row(asking, body, who, caller, at)
    row.region_id = who.region_id or await _region(asking, body)
    asking.session.add(row)
    await asking.session.flush()
    subject = f"hotline_call:{row.id}" if row.home_id is None else f"home:{row.home_id}"
    path = await asking.path_of(row.region_id)
    await asking.note("hotline_call_written_down", subject, path, {"call_id": str(row.id)})
    return await line_of(asking, row.id)


def _begun(body: HandCallBody, now: datetime) -> datetime:
    at = body.at or now - timedelta(minutes=body.minutes)
    if not now - LONG_AGO < at <= now + AHEAD:
        raise Invalid(
            f"at: {at:%Y-%m-%d %H:%M} is not within the last {LONG_AGO.days} days.",
            code="wrong_time",
        )
    return at


def _row(
    asking: Asking, body: HandCallBody, who: Attached, caller: Caller, at: datetime
) -> CallRow:
    by = asking.principal.user_id if body.answered else None
    return CallRow(
        id=body.id,
        version=1,
        pbx=HAND,
        pbx_call=str(body.id),
        source=Source.BY_HAND,
        direction=body.direction,
        kind=body.kind,
        line=body.line,
        caller_raw=caller.raw,
        caller_e164=caller.e164,
        presentation=caller.presentation,
        matches=0,
        home_id=who.home_id,
        resident_id=who.resident_id,
        contact_id=who.contact_id,
        staff_id=who.staff_id,
        organisation_id=who.organisation_id,
        state=State.ENDED,
        offered_at=at,
        answered_at=at if body.answered else None,
        answered_by=by,
        ended_at=at + timedelta(minutes=body.minutes),
    )


async def _caller(
    asking: Asking, body: HandCallBody, who: Attached, line: LineRow | None
) -> Caller:
    """The number as it was written down, else the one that the person has."""
    number = body.number.strip() or await _number_of(asking, who)
    if not number:
        return Caller("", None, Presentation.WITHHELD)
    rows = await asking.session.scalars(select(NumberRuleRow).order_by(NumberRuleRow.position))
    rules = [NumberRule(row.begins, row.drops, row.put, row.digits) for row in rows]
    return read(number, False, rules, "" if line is None else line.area_code)


async def _number_of(asking: Asking, who: Attached) -> str:
    if who.contact_id is not None:
        return (
            await asking.session.scalar(select(Contact.phone).where(Contact.id == who.contact_id))
            or ""
        )
    if who.resident_id is not None:
        query = select(Resident.phone).where(Resident.id == who.resident_id)
        return await asking.session.scalar(query) or ""
    return ""


async def _region(asking: Asking, body: HandCallBody) -> int:
    """As it was said, else the widest in which the asker answers calls."""
    if body.region_id is not None:
        return (await asking.region(body.region_id, Action.ANSWER_CALLS)).id
    own = sorted(asking.principal.regions(Action.ANSWER_CALLS))
    widest = await asking.session.scalars(
        select(Region).where(Region.id.in_(own)).order_by(Region.id)
    )
    return min(widest, key=lambda each: (len(each.path), each.id)).id
