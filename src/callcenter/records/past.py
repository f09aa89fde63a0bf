"""The past of one resident: shown, and corrected by taking rows back with a reason and putting others in their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import insert, select, text, update

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict
from callcenter.core.sealed import Seal
from callcenter.records.models import FactKind, Residence, ResidentEvent, ResidentFact
from callcenter.records.schemas import (
    Correction,
    EventCorrection,
    EventView,
    FactBody,
    FactCorrection,
    FactView,
    PastView,
    ResidenceCorrection,
    ResidenceView,
    RowOfThePast,
)
from callcenter.records.spans import Span, holds_on, succeeded
from callcenter.residents.access import Asking
from callcenter.residents.dating import fitting_the_past, read_day
from callcenter.residents.fields import Reading
from callcenter.residents.identity import mask_number
from callcenter.residents.models import Resident
from callcenter.residents.people import note_resident

DOCUMENT: Final = "resident_fact.document"
"""Context of the sealed number of a certificate."""

Table = type[Residence | ResidentFact | ResidentEvent]
Row = TypeVar("Row", Residence, ResidentFact, ResidentEvent)
ViewOfRow = TypeVar("ViewOfRow", bound=RowOfThePast)


# ---- shown


async def past_of(
    asking: Asking, seal: Seal, resident_id: int, *, day: date | None, with_withdrawn: bool
) -> PastView:
    """All of it, or what held on a day. Raises NotFound."""
    resident = await asking.resident(resident_id, Action.SEE_PROFILES)
    detail = {} if day is None else {"day": day.isoformat()}
    await note_resident(asking, resident, "past_seen", detail)
    return await _view(asking, seal, resident_id, day, with_withdrawn=with_withdrawn)


async def _view(
    asking: Asking, seal: Seal, resident_id: int, day: date | None, *, with_withdrawn: bool
) -> PastView:
    stays = await _rows(asking, Residence, resident_id, with_withdrawn=with_withdrawn)
    facts = await _rows(asking, ResidentFact, resident_id, with_withdrawn=with_withdrawn)
    events = await _rows(asking, ResidentEvent, resident_id, with_withdrawn=with_withdrawn)
    if day is not None:
        stays = [stay for stay in stays if holds_on(stay.from_day, stay.until_day, day)]
        facts = [fact for fact in facts if holds_on(fact.from_day, fact.until_day, day)]
        events = [event for event in events if event.day <= day]
    return PastView(
        resident_id=resident_id,
        residences=[ResidenceView.model_validate(stay) for stay in stays],
        facts=[_fact_view(seal, fact) for fact in facts],
        events=[EventView.model_validate(event) for event in events],
    )


async def _rows(
    asking: Asking, table: type[Row], resident_id: int, *, with_withdrawn: bool = False
) -> list[Row]:
    begun = table.day if table is ResidentEvent else table.from_day  # type: ignore[attr-defined]
    query = select(table).where(table.resident_id == resident_id).order_by(begun, table.id)
    if not with_withdrawn:
        query = query.where(table.withdrawn_at.is_(None))
    found = await asking.session.scalars(query.execution_options(populate_existing=True))
    return list(found)


def _fact_view(seal: Seal, fact: ResidentFact) -> FactView:
    view = FactView.model_validate(fact)
    if fact.document_sealed is not None:
        number = seal.open(fact.document_sealed, context=DOCUMENT).decode()
        view.document_masked = mask_number(number)
    return view


# ---- corrected


async def correct_residences(
    asking: Asking, seal: Seal, resident_id: int, body: ResidenceCorrection
) -> PastView:
    """Raises NotFound, InvalidFields, Conflict `not_in_force`, `past_overlaps`, `home_disagrees`."""
    resident = await _held(asking, resident_id)
    rows = []
    for place, put in enumerate(body.put):
        home = await asking.home(put.home_id, Action.EDIT_RESIDENTS)
        _check_span(asking, f"put.{place}", put.from_day, put.until_day)
        rows.append(put.model_dump() | {"region_id": home.region_id, "address": home.address})
    return await _correct(asking, seal, resident, Residence, body, rows)


async def correct_facts(
    asking: Asking, seal: Seal, resident_id: int, body: FactCorrection
) -> PastView:
    """Raises NotFound, InvalidFields, Conflict `not_in_force`, `past_overlaps`."""
    resident = await _held(asking, resident_id)
    for place, put in enumerate(body.put):
        _check_span(asking, f"put.{place}", put.from_day, put.until_day, may_end_later=True)
    known = await _rows(asking, ResidentFact, resident_id)
    standing = [fact for fact in known if fact.id not in body.withdraw]
    ended = _ended_by(standing, body.put)
    rows = [_fact_row(seal, put) for put in body.put] + ended
    return await _correct(
        asking, seal, resident, ResidentFact, body, rows, [row.pop("id") for row in ended]
    )


async def correct_events(
    asking: Asking, seal: Seal, resident_id: int, body: EventCorrection
) -> PastView:
    """Raises NotFound, InvalidFields, Conflict `not_in_force`, `died_already`."""
    resident = await _held(asking, resident_id)
    for place, put in enumerate(body.put):
        _check_span(asking, f"put.{place}", put.day, None)
    rows = [put.model_dump() for put in body.put]
    return await _correct(asking, seal, resident, ResidentEvent, body, rows)


async def _held(asking: Asking, resident_id: int) -> Resident:
    return await asking.resident(resident_id, Action.EDIT_RESIDENTS, to_change=True)


def _check_span(
    asking: Asking, column: str, begins: date, ends: date | None, *, may_end_later: bool = False
) -> None:
    reading = Reading(asking.now.date())
    read_day(reading, f"{column}.from_day", begins)
    if not may_end_later:
        read_day(reading, f"{column}.until_day", ends)
    if ends is not None and ends <= begins:
        reading.blame(f"{column}.until_day", "ends_before_it_begins", ends)
    reading.finish()


def _group(fact: ResidentFact | FactBody) -> tuple[str, ...]:
    return (fact.kind, fact.value) if fact.kind == FactKind.WELFARE else (fact.kind,)


def _ended_by(standing: Sequence[ResidentFact], begun: Sequence[FactBody]) -> list[dict[str, Any]]:
    """What stands without an end and is followed by what begins: the same, with its end and with the id of what it replaces."""
    spans = [Span(fact.id, _group(fact), fact.from_day, fact.until_day) for fact in standing]
    by_id = {fact.id: fact for fact in standing}
    ended: dict[int, dict[str, Any]] = {}
    for put in sorted(begun, key=lambda each: each.from_day):
        span = succeeded(spans, _group(put), put.from_day)
        if span is not None and span.id not in ended:
            fact = by_id[span.id]
            kept = ("id", "kind", "value", "level", "document_sealed", "assessed_by", "from_day")
            row = {name: getattr(fact, name) for name in kept}
            ended[span.id] = row | {"until_day": put.from_day}
    return list(ended.values())


def _fact_row(seal: Seal, put: FactBody) -> dict[str, Any]:
    row = put.model_dump()
    number = row.pop("document_no").strip()
    sealed = seal.seal(number.encode(), context=DOCUMENT) if number else None
    return row | {"document_sealed": sealed}


async def _correct(
    asking: Asking,
    seal: Seal,
    resident: Resident,
    table: Table,
    body: Correction,
    rows: list[dict[str, Any]],
    ended: Sequence[int] = (),
) -> PastView:
    """Take back and put in, in one transaction; the database keeps the present-day copy and refuses what does not fit."""
    reading = Reading(asking.now.date())
    if body.withdraw and not body.reason.strip():
        reading.blame("reason", "missing")
    if not body.withdraw and not rows:
        reading.blame("put", "missing")
    reading.finish()
    await asking.dated(why=body.reason.strip())
    await _withdraw(asking, table, resident.id, body.withdraw, body.reason.strip())
    await _withdraw(asking, table, resident.id, ended, "")
    with fitting_the_past():
        await _put(asking, table, resident.id, rows)
    await asking.session.refresh(resident)
    detail = {
        "table": table.__tablename__,
        "withdrawn": body.withdraw,
        "put": len(rows) - len(ended),
    }
    await note_resident(asking, resident, "past_corrected", detail)
    return await _view(asking, seal, resident.id, None, with_withdrawn=False)


async def _withdraw(
    asking: Asking, table: Table, resident_id: int, ids: Sequence[int], why: str
) -> None:
    if not ids:
        return
    done = await asking.session.execute(
        update(table)
        .where(table.resident_id == resident_id, table.id.in_(ids), table.withdrawn_at.is_(None))
        .values(withdrawn_at=asking.now, withdrawn_by=asking.principal.user_id, withdrawn_why=why)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    gone = sorted(set(ids) - set(done.scalars()))
    if gone:
        raise Conflict(
            f"Not in force any more: {', '.join(map(str, gone))}; load it again and repeat your correction.",
            code="not_in_force",
            ids=gone,
        )


async def _put(asking: Asking, table: Table, resident_id: int, rows: list[dict[str, Any]]) -> None:
    recorded = {
        "resident_id": resident_id,
        "recorded_at": asking.now,
        "recorded_by": asking.principal.user_id,
        "source": "api",
    }
    for row in rows:
        await asking.session.execute(insert(table).values(**row, **recorded))
    await asking.session.execute(text("SET CONSTRAINTS residence_agrees IMMEDIATE"))
