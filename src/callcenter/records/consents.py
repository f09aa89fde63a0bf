"""What residents agreed to, refused or took back, by purpose; the last word of a purpose holds.

An emergency is its own ground: no alarm, no text of an alarm and no profile at an alarm asks for any of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import distinct_on

from callcenter.auth.permissions import Action
from callcenter.core.written import Written
from callcenter.records.models import Consent, ConsentBy, ConsentKind, Purpose
from callcenter.residents.access import Asking
from callcenter.residents.fields import Reading
from callcenter.residents.models import Resident
from callcenter.residents.people import note_resident
from callcenter.residents.schemas import Line, View


class ConsentBody(Written):
    """`at` is when it was said: now, unless given; `document` in words, or its number."""

    purpose: Purpose
    kind: ConsentKind
    given_by: ConsentBy
    at: AwareDatetime | None = None
    document: Line = ""


class ConsentView(View):
    id: int
    purpose: Purpose
    kind: ConsentKind
    given_by: ConsentBy
    at: datetime
    document: str
    recorded_by: int | None


class ConsentState(BaseModel):
    """What holds of a purpose. One of which nothing was said is not there: then they were not asked."""

    resident_id: int
    purpose: Purpose
    kind: ConsentKind
    at: datetime


async def consents_of(asking: Asking, resident_id: int) -> list[ConsentView]:
    """Every word, the latest first. Raises NotFound."""
    resident = await asking.resident(resident_id, Action.SEE_PROFILES)
    await note_resident(asking, resident, "consents_seen")
    latest_first = (Consent.at.desc(), Consent.id.desc())
    rows = await asking.session.scalars(
        select(Consent).where(Consent.resident_id == resident_id).order_by(*latest_first)
    )
    return [ConsentView.model_validate(row) for row in rows]


async def record_consent(asking: Asking, resident_id: int, body: ConsentBody) -> ConsentView:
    """Add what was said now. Rows are never changed: who thinks otherwise says so anew. Raises NotFound, InvalidFields."""
    resident = await asking.resident(resident_id, Action.EDIT_RESIDENTS)
    at = body.at or asking.now
    reading = Reading(asking.now.date())
    if at > asking.now:
        reading.blame("at", "after_today", at)
    reading.finish()
    values = body.model_dump() | {"at": at, "recorded_by": asking.principal.user_id}
    row = Consent(resident_id=resident_id, **values)
    asking.session.add(row)
    await asking.session.flush()
    detail = {"consent_id": row.id, "purpose": row.purpose, "kind": row.kind}
    await note_resident(asking, resident, "consent_recorded", detail)
    return ConsentView.model_validate(row)


async def standing_of(asking: Asking, resident_ids: Sequence[int]) -> list[ConsentState]:
    """What holds of each of these, by resident and purpose."""
    wanted = (
        select(Consent)
        .ext(distinct_on(Consent.resident_id, Consent.purpose))
        .where(Consent.resident_id.in_(resident_ids))
        .order_by(Consent.resident_id, Consent.purpose, Consent.at.desc(), Consent.id.desc())
    )
    return [
        ConsentState(
            resident_id=row.resident_id,
            purpose=Purpose(row.purpose),
            kind=ConsentKind(row.kind),
            at=row.at,
        )
        for row in await asking.session.scalars(wanted)
    ]


def granted(purpose: Purpose) -> ColumnElement[bool]:
    """The condition on Resident for a use that must be asked for before: the last word was yes."""
    last = (
        select(Consent.kind)
        .where(Consent.resident_id == Resident.id, Consent.purpose == purpose)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return last == ConsentKind.GRANTED.value
