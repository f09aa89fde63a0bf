"""Keeping the numbers that ring here: added, changed, closed. None is ever deleted: calls are counted by it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version
from callcenter.telephony.emergency import EMERGENCY
from callcenter.telephony.keeping.bodies import LineBody, LineChanges, LineView
from callcenter.telephony.models import LineRow

_MAY: Final = Action.MANAGE_LINES


async def list_lines(asking: Asking) -> list[LineView]:
    """Those of the granted regions: open ones first, then by number."""
    query = _lines().where(asking.within(_MAY)).order_by(LineRow.is_open.desc(), LineRow.number)
    return [_view(row) for row in (await asking.session.execute(query)).all()]


async def add_line(asking: Asking, body: LineBody) -> LineView:
    """Raises NotFound, Conflict `number_taken`, Invalid `emergency_number`."""
    await asking.region(body.region_id, _MAY)
    line = LineRow(number=body.number, version=1, is_open=True)
    asking.session.add(line)
    return await _write(asking, line, body, "line_added")


async def change_line(asking: Asking, line_id: int, body: LineChanges) -> LineView:
    """Raises NotFound, Conflict `changed_meanwhile`, Invalid `emergency_number`."""
    line = (await _find(asking, line_id)).LineRow
    if body.region_id != line.region_id:
        await asking.region(body.region_id, _MAY)
    check_version(line, body.version)
    return await _write(asking, line, body, "line_changed")


async def _write(
    asking: Asking, line: LineRow, body: LineBody | LineChanges, action: str
) -> LineView:
    _check_overflow(body.overflow_number)
    given = body.model_dump(exclude={"version", "number", "hours"}, mode="json")
    given["hours"] = [each.kept() for each in body.hours]
    changed = sorted(name for name, value in given.items() if getattr(line, name) != value)
    for name, value in given.items():
        setattr(line, name, value)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict(
            f"{line.number} is a line already, perhaps a closed one or one of another region: change that.",
            code="number_taken",
            number=line.number,
        ) from error
    row = await _find(asking, line.id)
    detail = {"number": line.number, "kind": line.kind, "open": line.is_open, "changed": changed}
    await asking.note(action, f"line:{line.id}", row.Region.path, detail)
    return _view(row)


def _check_overflow(number: str) -> None:
    """The exchange would not dial it, and whoever waits would hear nothing."""
    if number in EMERGENCY:
        raise Invalid(
            f"{number} is an emergency number: the exchange never dials it by itself. Give that of a centre with people.",
            code="emergency_number",
            number=number,
        )


def _lines() -> Any:
    return select(LineRow, Region).join(Region, Region.id == LineRow.region_id)


async def _find(asking: Asking, line_id: int) -> Row[Any]:
    query = _lines().where(LineRow.id == line_id, asking.within(_MAY))
    row: Row[Any] | None = (await asking.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("no such line", what="line")
    return row


def _view(row: Row[Any]) -> LineView:
    line = {each.name: getattr(row.LineRow, each.name) for each in LineRow.__table__.columns}
    return LineView(**line, region_name=row.Region.name, region_name_en=row.Region.name_en)
