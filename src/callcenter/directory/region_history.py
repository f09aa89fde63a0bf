"""Who has changed what a region says, when, and how it stood before and after: read from the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel
from sqlalchemy import select

from callcenter.audit.models import AuditEntry
from callcenter.auth.models import User
from callcenter.auth.permissions import Action
from callcenter.residents.access import Asking

MOST: Final = 50
KEPT: Final = ("escalation_changed", "call_policies_changed", "region_changed", "region_added")

What = Literal["escalation_changed", "call_policies_changed", "region_changed", "region_added"]


class RegionChange(BaseModel):
    """`before` and `after` hold only what differs. `fields` names what was changed where the trail kept no more."""

    at: datetime
    what: What
    name: str
    name_en: str
    before: dict[str, Any]
    after: dict[str, Any]
    fields: list[str]


async def region_history(asking: Asking, region_id: int) -> list[RegionChange]:
    """The latest first, at most 50. Raises NotFound for a region that the asker does not supervise or administer."""
    await asking.region(region_id, Action.MANAGE_ESCALATION)
    wanted = (
        select(AuditEntry.at, AuditEntry.action, AuditEntry.detail, User.name, User.name_en)
        .join(User, User.id == AuditEntry.user_id, isouter=True)
        .where(AuditEntry.subject == f"region:{region_id}", AuditEntry.action.in_(KEPT))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST)
    )
    return [
        RegionChange(
            at=row.at,
            what=row.action,
            name=row.name or "",
            name_en=row.name_en or "",
            before=differing(row.detail.get("before", {}), row.detail.get("after", {})),
            after=differing(row.detail.get("after", {}), row.detail.get("before", {})),
            fields=row.detail.get("fields", []),
        )
        for row in await asking.session.execute(wanted)
    ]


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What of the one is not so in the other, down to the single values of mappings in it."""
    found: dict[str, Any] = {}
    for name, value in one.items():
        beside = other.get(name)
        if isinstance(value, dict) and isinstance(beside, dict):
            if within := differing(value, beside):
                found[name] = within
        elif value != beside:
            found[name] = value
    return found
